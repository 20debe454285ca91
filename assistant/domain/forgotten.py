"""Keyed digests of forgotten text: they find it again where it comes back and say nothing of it themselves. Pure.

Text is told by windows of words, so that it is known again in another cut, in other white space, and between new neighbours.
"""

import re
from collections.abc import Collection
from datetime import datetime
from hashlib import blake2b
from typing import Literal

from assistant.domain.base import Value

WINDOW = 8
"""Words in a window: few enough to know a sentence again, so many that another text hardly has them."""
_WORD = re.compile(r"\w+")

StoneKind = Literal["source", "chunk", "vector", "words", "open"]


class Tombstone(Value):
    """One thing that was forgotten: a file, a passage's id, the key of its cached vector, or a window of its words.

    "open" stands for passages of a source whose traces are being wiped off the disk: after a kill the next start ends it.

    `mark` is a keyed digest. Those of `words` keep a passage out of its source for as long as the stone stands.
    """

    source_id: str
    kind: StoneKind
    mark: str
    at: datetime


def marked(value: str, key: bytes) -> str:
    """Return the keyed digest of a value."""
    return blake2b(value.encode("utf-8", "surrogatepass"), digest_size=16, key=key).hexdigest()


def windows(text: str, key: bytes) -> set[str]:
    """Return the marks of a text: one for each run of WINDOW words, or one for all of a shorter text."""
    words = [match[0].casefold() for match in _WORD.finditer(text)]
    size = min(WINDOW, len(words))
    return {_window(words[at : at + size], key) for at in range(len(words) - size + 1)} if words else set()


def stretches(text: str, marks: Collection[str], key: bytes) -> list[tuple[int, int]]:
    """Return where windows with these marks stand in a text, as [start, end) in order, merged where they touch."""
    sizes = sorted({int(mark.partition(":")[0]) for mark in marks})
    found = [(match.start(), match.end(), match[0].casefold()) for match in _WORD.finditer(text)] if sizes else []
    words = [word for _, _, word in found]
    spans = [
        (found[at][0], found[at + size - 1][1])
        for size in sizes
        for at in range(len(words) - size + 1)
        if _window(words[at : at + size], key) in marks
    ]
    return merged(spans)


def merged(spans: Collection[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the same places in order and without overlaps."""
    result: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if result and start <= result[-1][1]:
            result[-1] = (result[-1][0], max(end, result[-1][1]))
        else:
            result.append((start, end))
    return result


def _window(words: list[str], key: bytes) -> str:
    data = "\0".join(words).encode("utf-8", "surrogatepass")
    return f"{len(words)}:{blake2b(data, digest_size=8, key=key).hexdigest()}"
