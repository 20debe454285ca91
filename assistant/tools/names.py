"""Literal paths and names, taken apart and put together as texts. Pure; used by tools."""

import os
import re

from assistant.domain.file_names import MOST_NAME_BYTES

_ENDING = re.compile(r"(?<=.)(?:\.tar)?\.(?=\w*[^\W\d_])\w{1,10}$", re.IGNORECASE | re.DOTALL)
_SEPARATOR = re.compile(r"[\\/]" if os.name == "nt" else "/")


def is_literal_path(path: str) -> bool:
    """Tell whether a path is absolute, without NUL, and without "." and ".." or empty parts."""
    drive, tail = os.path.splitdrive(path)
    if "\0" in path or not os.path.isabs(path):  # noqa: PTH117 the text itself is looked at, not what it leads to
        return False
    parts = _SEPARATOR.split(tail)[1:]
    return not drive.startswith((r"\\", "//")) and (parts == [""] or not {"", ".", ".."}.intersection(parts))


def folder_of(path: str) -> str:
    """Return the folder that a literal path stands in."""
    return os.path.dirname(path)  # noqa: PTH120 literal paths stay texts, letter for letter


def name_of(path: str) -> str:
    """Return the last part of a literal path."""
    return os.path.basename(path)  # noqa: PTH119


def joined(folder: str, name: str) -> str:
    """Return the path of a name, or of a path from there, in a folder."""
    return folder + name if folder.endswith(os.sep) else f"{folder}{os.sep}{name}"


def within(path: str, folder: str) -> bool:
    """Tell whether a literal path is a folder or lies below it; /allowed-evil does not lie below /allowed."""
    return path == folder or path.startswith(folder if folder.endswith(os.sep) else folder + os.sep)


def split(name: str) -> tuple[str, str]:
    """Return stem and ending of a name: "a.tar.gz" gives "a" and ".tar.gz"; ".profile" and "17.05.2024" have no ending."""
    found = _ENDING.search(name)
    return (name[: found.start()], found.group()) if found else (name, "")


def ending(path: str) -> str:
    """Return a file's ending in lower case without its points, "" when it has none; that of "a.tar.gz" is "gz"."""
    return split(name_of(path))[1].rpartition(".")[2].lower()


def numbered(name: str, n: int) -> str:
    """Return a name with a number before its ending ("plan (2).md"), shortened where it would get too long."""
    stem, ending = split(name)
    mark = f" ({n}){ending}"
    room = MOST_NAME_BYTES - len(mark.encode("utf-8", "surrogatepass"))
    return stem.encode("utf-8", "surrogatepass")[: max(room, 1)].decode("utf-8", "ignore") + mark
