"""The lines of a difference as they are shown: below each other, or old and new side by side. Pure; used by the diff view."""

from collections.abc import Iterable
from typing import Literal, NamedTuple

from assistant.api.views import DiffLine, FileDiff, Hunk

Sign = Literal[" ", "-", "+", "@", ""]


class DiffRow(NamedTuple):
    """A shown line: its sign (@ begins a hunk, "" fills up beside a longer other side), text, numbers, and its hunk."""

    sign: Sign
    text: str
    old: int | None = None
    new: int | None = None
    hunk: int = -1


def _head(hunk: Hunk) -> DiffRow:
    old = sum(line.sign != "+" for line in hunk.lines)
    new = sum(line.sign != "-" for line in hunk.lines)
    return DiffRow("@", f"@@ -{hunk.old_start},{old} +{hunk.new_start},{new} @@", hunk=hunk.n)


def _row(line: DiffLine, hunk: Hunk) -> DiffRow:
    return DiffRow(line.sign, line.text, line.old, line.new, hunk.n)


def unified(diff: FileDiff) -> list[DiffRow]:
    """Return all lines below each other, each hunk with a head."""
    return [row for hunk in diff.hunks for row in (_head(hunk), *(_row(line, hunk) for line in hunk.lines))]


def side_by_side(diff: FileDiff) -> tuple[list[DiffRow], list[DiffRow]]:
    """Return the lines before and after, equally many: what was taken out stands beside what was put in for it."""
    left: list[DiffRow] = []
    right: list[DiffRow] = []
    for hunk in diff.hunks:
        left.append(_head(hunk))
        right.append(_head(hunk))
        for out, put, kept in _blocks(hunk.lines):
            height = max(len(out), len(put))
            left += [_row(line, hunk) for line in out] + [DiffRow("", "", hunk=hunk.n)] * (height - len(out))
            right += [_row(line, hunk) for line in put] + [DiffRow("", "", hunk=hunk.n)] * (height - len(put))
            if kept is not None:
                left.append(_row(kept, hunk)._replace(new=None))
                right.append(_row(kept, hunk)._replace(old=None))
    return left, right


def _blocks(lines: Iterable[DiffLine]) -> Iterable[tuple[list[DiffLine], list[DiffLine], DiffLine | None]]:
    """Yield runs of lines taken out with those put in for them, and the kept line that ends each run (None at the end)."""
    out: list[DiffLine] = []
    put: list[DiffLine] = []
    for line in lines:
        if line.sign == "-":
            if put:
                yield out, put, None
                out, put = [], []
            out.append(line)
        elif line.sign == "+":
            put.append(line)
        else:
            yield out, put, line
            out, put = [], []
    if out or put:
        yield out, put, None
