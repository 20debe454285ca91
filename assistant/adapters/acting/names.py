"""Which paths can be meant at all, and which names may be given to something new. Used by the guard and the workspace."""

import os
import re
import sys
import unicodedata

from assistant.domain.errors import PathRefusedError

MOST_NAME_BYTES = 255
LEFTOVER = ".mneme-"
"""How the files begin that exist only while a change is made; what a crash left of them is removed at recovery."""

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\..*)?", re.IGNORECASE)
JOINT = "\u200d"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that no one sees in a name, or that change how the rest of it is read."""
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and marks that look like nothing."""


def shown(path: str) -> str:
    """Return a path as it can be printed: unseen characters and bytes that are no text are written out."""
    clean = "".join(letter if _seen(letter) else f"\\u{ord(letter):04x}" for letter in path)
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
    why = ""
    if not all(map(_seen, _without_joints(name))):
        why = "holds characters that are not seen, or that turn the text around them"
    elif "\\" in name or ":" in name or (sys.platform == "win32" and set(name) & set('<>"|?*')):
        why = "holds a character that Windows reads as part of a path"
    elif _RESERVED.fullmatch(name):
        why = "is a name that Windows keeps for a device"
    elif name.endswith((".", " ")):
        why = "ends with a space or a dot"
    elif len(os.fsencode(name)) > MOST_NAME_BYTES:
        why = "is longer than a disk can hold"
    elif name.startswith(LEFTOVER):
        why = "is a name that Mneme itself uses while it works"
    if why:
        raise _refused(path, why)


def folded(name: str) -> str:
    """Return what a disk compares that does not tell case or composed letters apart."""
    return unicodedata.normalize("NFC", name).casefold()


def _without_joints(name: str) -> str:
    """Return a name without the joints inside emoji, which are unseen anywhere else."""
    kinds = [unicodedata.category(letter) for letter in name]
    return "".join(
        letter
        for place, letter in enumerate(name)
        if not (letter == JOINT and kinds[place - 1] in ("So", "Sk", "Mn") and kinds[place + 1 : place + 2] == ["So"] and place)
    )


def _seen(letter: str) -> bool:
    return (letter.isascii() and letter.isprintable()) or (unicodedata.category(letter) not in _UNSEEN and letter not in _BLANK)


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
    elif any(_RESERVED.fullmatch(name) for name in rest.split("\\")):
        why = "is a name that Windows keeps for a device"
    if why:
        raise _refused(path, why)
    return (drive + "\\", *(name for name in rest.split("\\") if name))


def _refused(path: str, why: str) -> PathRefusedError:
    return PathRefusedError(f"{shown(path)} {why}.", kept="Nothing was changed.", remedy="Choose another path or name.")
