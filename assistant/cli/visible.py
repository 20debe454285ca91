"""Makes what hides in untrusted names and texts harmless before it reaches a terminal or a JSON reader. Used by `output`."""

import json
import re
from typing import Any

_HIDDEN = re.compile(
    "[\x00-\x1f\x7f-\x9f\u00ad\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb"
    "\ud800-\udfff\U000e0000-\U000e007f]"
)
_JOINERS = "\u200c\u200d"
_FIRST_SCRIPT_THAT_JOINS = 0x590


def visible(text: str, *, lines: bool = False) -> str:
    """Show control characters, escape sequences and what changes direction or has no width as marks: ␛, ⟨U+202E⟩.

    With `lines`, line feeds and tabs keep their meaning and a carriage return before a line feed goes (a file's text);
    without, they are marked too (a name). Joiners stay where a script or an emoji needs them.
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

    if lines:
        text = text.replace("\r\n", "\n")
    return _HIDDEN.sub(mark, text)


def as_json(value: Any) -> str:
    """Return JSON whose strings read back letter for letter, with everything hidden written as an escape.

    Names of files that are no valid text come as lone surrogates; they too become escapes instead of failing.
    """
    return _HIDDEN.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2))


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\n":  # between the values: inside strings json has escaped it already
        return char
    return json.dumps(char)[1:-1] if ord(char) != 0x7F else "\\u007f"
