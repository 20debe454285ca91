"""Loads fastembed without what it would fetch models and open pictures with. Called before the engine is made, in this room.

Here models come from a folder and texts are all they see; yet loading fastembed loads a client of a model hub, two clients
of the web and a picture library: 35 MiB at rest and half a second of the start.
"""

import sys
import threading
from types import ModuleType
from typing import Any

LEFT_OUT = (
    "PIL",
    "huggingface_hub",
    "huggingface_hub.file_download",
    "huggingface_hub.hf_api",
    "huggingface_hub.utils",
    "requests",
)

_loading = threading.Lock()


class _Names(type):
    """Whatever is taken from what was left out: a class, so that it may stand in annotations and behind `except`."""

    def __getattr__(cls, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return cls

    def __call__(cls, *_places: object, **_names: object) -> Any:
        raise RuntimeError("Mneme loads fastembed without the parts that fetch models and open pictures.")


class Absent(Exception, metaclass=_Names):  # it stands for errors and for everything else
    """Stands for every name of a module that was left out; calling it raises RuntimeError."""


class _Empty(ModuleType):
    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return Absent


def load_lean() -> None:
    """Load fastembed; what of LEFT_OUT is in this process already is used as it is. Later calls do nothing.

    Whoever imports one of these modules afterwards gets the real one: the empty ones stand only while fastembed loads.
    """
    with _loading:
        if "fastembed" in sys.modules:
            return
        there = {name for name in LEFT_OUT if name.partition(".")[0] in sys.modules}
        empty = {name: _Empty(name) for name in LEFT_OUT if name not in there}
        sys.modules.update(empty)
        try:
            import fastembed

            del fastembed  # it is in place for whoever imports it next
        finally:
            for name in empty:
                sys.modules.pop(name, None)
