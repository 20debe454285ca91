"""Which names may be given to something new, and when two names are one. Pure; used by tools and the hands of acting."""

import os
import re
import sys
import unicodedata

MOST_NAME_BYTES = 255

_RESERVED = re.compile(r"(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)\s*(\..*)?", re.IGNORECASE)
_JOINT = "\u200d"
_UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of characters that no one sees in a name, or that change how the rest of it is read."""
_BLANK = "\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
"""Letters and marks that look like nothing."""


def unfit(name: str) -> str:
    """Return why nobody should give this name to a file or folder, "" when it is fit: “holds …”, “is …”, “ends …”."""
    if name in {"", ".", ".."} or "/" in name:
        return "is no name"
    if not all(map(seen, _without_joints(name))):
        return "holds characters that are not seen, or that turn the text around them"
    if "\\" in name or ":" in name or (sys.platform == "win32" and set(name) & set('<>"|?*')):
        return "holds a character that Windows reads as part of a path"
    if is_device(name):
        return "is a name that Windows keeps for a device"
    if name.endswith((".", " ")):
        return "ends with a space or a dot"
    return "is longer than a disk can hold" if len(os.fsencode(name)) > MOST_NAME_BYTES else ""


def folded(name: str) -> str:
    """Return what a disk compares that does not tell case or composed letters apart."""
    return unicodedata.normalize("NFC", name).casefold()


def is_device(name: str) -> bool:
    """Tell whether Windows keeps a name for a device, whatever its ending."""
    return _RESERVED.fullmatch(name) is not None


def seen(letter: str) -> bool:
    """Tell whether a character shows itself."""
    return (letter.isascii() and letter.isprintable()) or (unicodedata.category(letter) not in _UNSEEN and letter not in _BLANK)


def _without_joints(name: str) -> str:
    """Return a name without the joints inside emoji, which are unseen anywhere else."""
    kinds = [unicodedata.category(letter) for letter in name]
    return "".join(
        letter
        for place, letter in enumerate(name)
        if not (letter == _JOINT and kinds[place - 1] in ("So", "Sk", "Mn") and kinds[place + 1 : place + 2] == ["So"] and place)
    )
