"""Which paths can be meant at all, and which names may be given to something new. Used by the guard and the workspace."""

import os
import re
import sys

from assistant.domain.errors import PathRefusedError
from assistant.domain.file_names import is_device, seen, unfit

LEFTOVER = ".mneme-"
"""How the files begin that exist only while a change is made; what a crash left of them is removed at recovery."""


def shown(path: str) -> str:
    """Return a path as it can be printed: unseen characters and bytes that are no text are written out."""
    clean = "".join(letter if seen(letter) else f"\\u{ord(letter):04x}" for letter in path)
    return clean.encode("utf-8", "backslashreplace").decode("utf-8")


def parts_of(path: str) -> tuple[str, ...]:
    """Cut an absolute, literal path into its names; raises PathRefusedError for every other."""
    why = ""
    if "\0" in path:
        why = "holds a NUL character"
    elif not _is_text(path):
        why = "holds bytes that are no text"
    elif sys.platform == "win32":
        return _windows_parts(path)
    elif not path.startswith("/") or path.startswith("//"):
        why = "is not an absolute path"
    elif os.path.normpath(path) != path:
        why = "is not a plain path: it holds “.”, “..” or a doubled slash"
    if why:
        raise _refused(path, why)
    return tuple(path[1:].split("/")) if path != "/" else ()


def refuse_new_name(path: str) -> None:
    """Raise PathRefusedError when the last name of a path is none that anybody should be given."""
    name = os.path.basename(path)
    why = unfit(name) or ("is a name that Mneme itself uses while it works" if name.startswith(LEFTOVER) else "")
    if why:
        raise _refused(path, why)


def _is_text(path: str) -> bool:
    try:
        path.encode("utf-8")
    except UnicodeEncodeError:
        return False
    return True


def _windows_parts(path: str) -> tuple[str, ...]:
    """The same on Windows: only `C:\\names`, no other volumes, streams, devices or shares."""
    drive, rest = os.path.splitdrive(path)
    why = ""
    if not re.fullmatch("[A-Za-z]:", drive) or not rest.startswith("\\"):
        why = "is not an absolute path"
    elif ":" in rest or "/" in rest:
        why = "names a hidden stream of a file"
    elif os.path.normpath(path) != path or any(name.endswith((".", " ")) for name in rest.split("\\")):
        why = "is not a plain path: it holds “.”, “..” or a doubled slash"
    elif any(is_device(name) for name in rest.split("\\")):
        why = "is a name that Windows keeps for a device"
    if why:
        raise _refused(path, why)
    return (drive + "\\", *(name for name in rest.split("\\") if name))


def _refused(path: str, why: str) -> PathRefusedError:
    return PathRefusedError(f"{shown(path)} {why}.", kept="Nothing was changed.", remedy="Choose another path or name.")
