"""Which path lies where, by whole names and never by prefix. Pure; used by rules, risk and grants."""

import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import PurePath

STREAMS = os.name == "nt"
"""A colon in a name leads into a stream of the file."""

_WILD = {"*": "[^/]*", "?": "[^/]"}
_VOLUME = re.compile(
    r"/+|/(?:mnt|Volumes)/[^/]+|(?:/run)?/media/[^/]+(?:/[^/]+)?"  # a stick is a folder below /media or /media/USER
    r"|[A-Za-z]:\\?|\\\\[^\\]+\\[^\\]+\\?"
)
_BIDI = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")


def fault_of(path: str) -> str:
    """Return why a path is no plain absolute one, "" when it is: such a path is never acted on."""
    if "\0" in path:
        return "a path with a zero byte in it"
    if not (
        path.startswith("/") if os.name == "posix" else PurePath(path).is_absolute()
    ):  # a path object takes ten times as long
        return "a path that is not absolute"
    # Two slashes at the beginning stay two for normpath; on Windows they may be a share, which can be granted, or a device.
    if os.path.normpath(path) != path or path.startswith(("//", "\\\\?\\", "\\\\.\\")):
        return "a path that does not say plainly where it leads"
    if STREAMS and ":" in os.path.splitdrive(path)[1]:
        return "a path into a stream of a file"
    return ""


def within(path: str, folder: str) -> bool:
    """Tell whether a path is this folder or lies below it."""
    return Folders([folder]).cover(path)


class Folders:
    """Folders with all that is below them, made ready to be compared with many paths."""

    def __init__(self, folders: Iterable[str]) -> None:
        self._exact = {os.path.normcase(folder.rstrip(os.sep) or os.sep) for folder in folders if folder}
        self._below = tuple(folder.rstrip(os.sep) + os.sep for folder in self._exact)

    def cover(self, path: str) -> bool:
        """Tell whether a path is one of the folders or lies below one."""
        place = os.path.normcase(path)
        return place in self._exact or place.startswith(self._below)

    def name(self, path: str) -> bool:
        """Tell whether a path is one of the folders itself."""
        return os.path.normcase(path) in self._exact

    def outside(self, paths: Iterable[str]) -> str:
        """Return the first path that none of the folders covers, "" when all are covered."""
        return next((path for path in paths if not self.cover(path)), "")


def is_volume(path: str) -> bool:
    """Tell whether a path is a whole drive or share."""
    return _VOLUME.fullmatch(path) is not None


def ancestors(path: str) -> list[str]:
    """Return the folders above a path, nearest first."""
    return [str(folder) for folder in PurePath(path).parents]


def matches(path: str, pattern: str) -> bool:
    """Tell whether a pattern names a path or a folder above it.

    `*` and `?` stay within one name, `**` stands for any number of them. A pattern without a separator is a name anywhere.
    """
    return _compiled(pattern).fullmatch(os.path.normcase(path).replace(os.sep, "/")) is not None


def hidden_signs(path: str) -> bool:
    """Tell whether a path holds characters that cannot be seen or that turn the direction of reading."""
    return _BIDI.search(path) is not None


@lru_cache(512)
def _compiled(pattern: str) -> re.Pattern[str]:
    text = os.path.normcase(pattern).replace(os.sep, "/")
    names = text.rstrip("/").split("/") if "/" in text else ["**", text]
    parts: list[str] = []
    for at, name in enumerate(names):
        last = at == len(names) - 1
        if name == "**":
            parts.append(".*" if last else "(?:[^/]*/)*")
        else:
            parts.append("".join(_WILD.get(sign) or re.escape(sign) for sign in name) + ("" if last else "/"))
    return re.compile("".join(parts) + "(?:/.*)?", re.DOTALL)
