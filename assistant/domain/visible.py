"""Marks what hides in untrusted names and texts. Pure; used by the window (through the façade's door) and by the command line."""

import re

HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
"""Control characters, what changes direction, what has no width or looks like a blank, and halves of pairs."""
_JOINERS = "\u200c\u200d"
_FIRST_SCRIPT_THAT_JOINS = 0x590


def visible(text: str, *, lines: bool = False) -> str:
    """Show control characters, escape sequences and what changes direction or has no width as marks: ␛, ⟨U+202E⟩.

    With `lines`, line feeds and tabs keep their meaning (a file's text); without, they are marked too (a name). Joiners stay
    where a script or an emoji needs them.
    """

    def mark(found: re.Match[str]) -> str:
        char = found[0]
        if lines and char in "\n\t":
            return char
        if char in _JOINERS and found.start() and ord(text[found.start() - 1]) >= _FIRST_SCRIPT_THAT_JOINS:
            return char
        code = ord(char)
        if code < 0x20:
            return chr(0x2400 + code)
        if code == 0x7F:
            return "\u2421"
        return f"⟨U+{code:04X}⟩"

    return HIDDEN.sub(mark, text)
