"""How a file differs, line by line, and a part of a difference put in place. Pure; used by the executor and the façade."""

from collections.abc import Collection, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from assistant.domain.change import DiffLine, FileDiff, Hunk

AROUND = 3
"""Unchanged lines shown on both sides of a change."""
MOST_LINES = 20_000
"""Lines above which a file is not compared line by line: the time grows with their product."""


class _Texts(NamedTuple):
    old: list[str]
    new: list[str]


def compare(diff: FileDiff, old: bytes, new: bytes) -> FileDiff:
    """Return `diff` with the sizes and hunks of these contents; bytes that are not text have sizes alone."""
    sized = diff.model_copy(update={"old_size": len(old), "new_size": len(new)})
    texts = _texts(old, new)
    if texts is None:
        return sized.model_copy(update={"binary": True})
    if len(texts.old) + len(texts.new) > MOST_LINES:
        return sized.model_copy(update={"truncated": True})
    hunks = tuple(_hunk(n, group, texts) for n, group in enumerate(_groups(texts)))
    ends = {"old_eol": not old or old.endswith(b"\n"), "new_eol": not new or new.endswith(b"\n")}
    return sized.model_copy(update={"hunks": hunks, **ends})


def without(old: bytes, new: bytes, left_out: Collection[int]) -> bytes:
    """Return the new contents with these hunks left as they were; contents that cannot be compared by line are wholly new."""
    texts = _texts(old, new)
    if texts is None or not left_out or len(texts.old) + len(texts.new) > MOST_LINES:
        return new
    parts: list[str] = []
    done = 0
    for n, group in enumerate(_groups(texts)):
        for tag, first, last, start, end in group:
            if tag == "equal":
                continue
            parts += texts.old[done:first]
            parts += texts.old[first:last] if n in left_out else texts.new[start:end]
            done = last
    return "".join(parts + texts.old[done:]).encode("utf-8")


def _texts(old: bytes, new: bytes) -> _Texts | None:
    """Return both as lines with their ends, None where one is not text."""
    if b"\0" in old or b"\0" in new:
        return None
    try:
        return _Texts(lines(old.decode("utf-8")), lines(new.decode("utf-8")))
    except UnicodeDecodeError:
        return None


def lines(text: str) -> list[str]:
    """Return the lines of a text with their ends; only a line feed ends a line, so that joining them gives the text again."""
    cut = text.split("\n")
    return [line + "\n" for line in cut[:-1]] + ([cut[-1]] if cut[-1] else [])


def _groups(texts: _Texts) -> list[list[tuple[str, int, int, int, int]]]:
    return [list(group) for group in SequenceMatcher(None, texts.old, texts.new, autojunk=False).get_grouped_opcodes(AROUND)]


def _hunk(n: int, group: Sequence[tuple[str, int, int, int, int]], texts: _Texts) -> Hunk:
    shown: list[DiffLine] = []
    for tag, first, last, start, end in group:
        if tag == "equal":
            pairs = enumerate(texts.old[first:last])
            shown += [DiffLine(sign=" ", text=_bare(text), old=first + at + 1, new=start + at + 1) for at, text in pairs]
            continue
        shown += [DiffLine(sign="-", text=_bare(texts.old[at]), old=at + 1) for at in range(first, last)]
        shown += [DiffLine(sign="+", text=_bare(texts.new[at]), new=at + 1) for at in range(start, end)]
    return Hunk(n=n, old_start=group[0][1] + 1, new_start=group[0][3] + 1, lines=tuple(shown))


def _bare(line: str) -> str:
    return line.removesuffix("\n").removesuffix("\r")
