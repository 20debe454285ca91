"""Makes what hides in untrusted names and texts harmless before it reaches a terminal or a JSON reader. Used by `output`."""

import json
import re
from typing import Any

from assistant.domain.visible import HIDDEN
from assistant.domain.visible import visible as marked


def visible(text: str, *, lines: bool = False) -> str:
    """Return a text as `domain.visible` shows it; with `lines` a carriage return before a line feed goes."""
    return marked(text.replace("\r\n", "\n") if lines else text, lines=lines)


def as_json(value: Any) -> str:
    """Return JSON whose strings read back letter for letter, with everything hidden written as an escape.

    Names of files that are no valid text come as lone surrogates; they too become escapes instead of failing.
    """
    return HIDDEN.sub(_escape, json.dumps(value, ensure_ascii=False, indent=2))


def _escape(found: re.Match[str]) -> str:
    char = found[0]
    if char == "\n":  # between the values: inside strings json has escaped it already
        return char
    return json.dumps(char)[1:-1] if ord(char) != 0x7F else "\\u007f"
