"""Lines of a text, 1-based, ending at \\n, \\r\\n or \\r. Used by chunkers, answering and whoever checks a citation."""

import re
from bisect import bisect_right
from collections.abc import Sequence

_BREAK = re.compile(r"\r\n?|\n")


def line_starts(text: str) -> list[int]:
    """Return the character offset at which each line begins; the first is 0. A break at the very end opens no line."""
    starts = [0]
    starts.extend(match.end() for match in _BREAK.finditer(text))
    if len(starts) > 1 and starts[-1] == len(text):
        starts.pop()
    return starts


def line_of(starts: Sequence[int], offset: int) -> int:
    """Return the 1-based number of the line that holds the character at `offset`."""
    return bisect_right(starts, offset)


def line_range(starts: Sequence[int], start: int, end: int) -> tuple[int, int]:
    """Return the first and last line of the stretch [start, end); an empty stretch lies on one line."""
    return line_of(starts, start), line_of(starts, max(start, end - 1))


def count_breaks(text: str) -> int:
    """Return how many line breaks the text holds; \\r\\n counts once."""
    return text.count("\n") + text.count("\r") - text.count("\r\n")
