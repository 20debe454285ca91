"""Texts and regular expressions that are looked for in lines. Pure; used by text commands.

Python's engine cannot be stopped, so what it could need long for is refused: a repetition in a repetition, alternatives in one,
references back, looking around, too many ways to read the rest. More open repetitions mean shorter lines.
"""

import re
from typing import NamedTuple

from assistant.domain.errors import ArgumentError

LONGEST_PATTERN = 300
_LINES = (20_000, 5_000, 500, 160)
"""Characters of the longest line that is looked at, by the number of open repetitions."""
_WAYS = 1024
"""Ways in which the bounded repetitions and the alternatives of an expression may be read together."""
_TOKEN = re.compile(
    r"(?P<escape>\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[\s\S]))|(?P<klass>\[\^?\]?(?:\\[\s\S]|[^\]\\])*\])"
    r"|(?P<open>\(\?:|\((?!\?))|(?P<close>\))|(?P<either>\|)|(?P<special>\(\?)"
    r"|(?P<repeat>[*+?]|\{\d*,?\d*\})(?P<lazy>[?+]?)|(?P<plain>[\s\S])"
)


class Pattern(NamedTuple):
    """A compiled pattern, and the length in characters of the longest line it may be given."""

    compiled: re.Pattern[str]
    longest: int


def pattern(wanted: str, *, regex: bool = False, whole_word: bool = False, case: bool = False) -> Pattern:
    """Return what finds a text or an expression in a line; raises ArgumentError for one that is malformed or refused."""
    opened = _repetitions(wanted) if regex else 0
    body = wanted if regex else re.escape(wanted)
    body = rf"(?<!\w)(?:{body})(?!\w)" if whole_word else body
    try:
        compiled = re.compile(body, 0 if case else re.IGNORECASE)
    except re.error as error:
        raise _refused(wanted, f"it is malformed: {error.msg}") from error
    return Pattern(compiled, _LINES[opened])


def _repetitions(wanted: str) -> int:
    """Return how many open repetitions an expression has; raises ArgumentError for what could take long."""
    if len(wanted) > LONGEST_PATTERN:
        raise _refused(wanted[:40] + "…", f"it is longer than {LONGEST_PATTERN} characters")
    groups = [False]
    closed: bool | None = None
    opened, ways = 0, 1
    for token in _TOKEN.finditer(wanted):
        kind = "repeat" if token.group("repeat") else token.lastgroup
        repeated, closed = closed, None
        if kind == "special":
            raise _refused(wanted, "groups that begin with (? are not supported")
        if kind == "escape" and token.group()[1] in "123456789":
            raise _refused(wanted, "references back are not supported")
        if kind == "open":
            groups.append(False)
        elif kind == "close" and len(groups) > 1:
            closed = groups.pop()
            groups[-1] = groups[-1] or closed
        elif kind == "either":
            groups[-1] = True
            ways *= 2 if len(groups) > 1 else 1
        elif kind == "repeat":
            if repeated and token.group("repeat") != "?":
                raise _refused(wanted, "a repetition within a repetition, or alternatives within one, are not supported")
            times = _times(token.group("repeat"))
            opened += times == 0
            ways *= times or 1
            groups[-1] = True
    if opened >= len(_LINES) or ways > _WAYS:
        raise _refused(wanted, "it holds too many repetitions or alternatives")
    return opened


def _times(repeat: str) -> int:
    """Return in how many numbers a repetition may repeat, 0 for any number."""
    if repeat in ("*", "+") or repeat.endswith(",}"):
        return 0
    bounds = [int(bound) for bound in re.findall(r"\d+", repeat)] or [1]
    return 2 if repeat == "?" else max(bounds) - (min(bounds) if len(bounds) > 1 else 0 if "," in repeat else max(bounds)) + 1


def _refused(wanted: str, why: str) -> ArgumentError:
    return ArgumentError(
        f"The expression {wanted} cannot be used: {why}.",
        kept="Nothing was done.",
        remedy="Look for a plain text, or simplify it.",
    )
