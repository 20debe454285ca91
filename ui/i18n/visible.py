"""Makes what hides in untrusted names and texts visible before a person reads them. Used for paths and texts of files."""

import os
import re
from html import escape

from PySide6.QtCore import QDir

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
_FIRST_SCRIPT_THAT_JOINS = 0x590


def visible(text: str, *, lines: bool = False) -> str:
    """Show control, direction-changing and zero-width characters as marks such as ␀ or ⟨U+202E⟩.

    With `lines`, line feeds and tabs keep their meaning (a file's text); without, they are marked too (a name).
    Joiners stay where a script or an emoji needs them.
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

    return _HIDDEN.sub(mark, text)


def homely(path: str) -> str:
    """Return a path as `visible`, with ~ for the person's own folder: shorter, and fit for a screen that others see."""
    home = QDir.homePath()
    inside = len(home) > 1 and (path == home or path.startswith((home + "/", home + os.sep)))
    return visible("~" + path[len(home) :] if inside else path)


def plain_tip(text: str) -> str:
    """Return a tooltip that shows `text` letter for letter: Qt guesses whether a tooltip is HTML, and HTML may load things."""
    return f'<p style="white-space: pre-wrap;">{escape(text)}</p>'
