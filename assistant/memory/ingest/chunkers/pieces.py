"""The stretches chunks are packed from, and their measuring in few large batches. Used by every chunking strategy."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import ceil

from assistant.ports.content import TokenCounter

CHARS_PER_TOKEN = 16
"""A stretch costs at least one token per this many characters: tokenizers count an endless word as one unknown."""

_TAIL = 4


@dataclass(slots=True)
class Leaf:
    """The smallest stretch [start, end) kept together: a sentence, a list item, a line. `end` takes the blanks behind.

    `cost` is in tokens, measured later. `begins` tells that a reader may start here: a sentence of running prose.
    """

    start: int
    end: int
    begins: bool = False
    cost: int = 0


@dataclass(slots=True)
class Block:
    """Neighbouring leaves: a paragraph, list, table, fence. `whole` asks not to divide it where it fits a chunk."""

    leaves: list[Leaf]
    whole: bool = False

    @property
    def cost(self) -> int:
        """Tokens of all leaves."""
        return sum(leaf.cost for leaf in self.leaves)


@dataclass(slots=True)
class Cut:
    """A stretch of a part that will be a chunk, as a run of neighbouring leaves, with what is known of its place."""

    leaves: list[Leaf]
    scope: str = ""
    symbols: tuple[str, ...] = field(default=())

    @property
    def start(self) -> int:
        """Where it begins, in characters of the part."""
        return self.leaves[0].start

    @property
    def end(self) -> int:
        """Where it ends, blanks behind it included."""
        return self.leaves[-1].end


class Ruler:
    """Measures leaves with the model's tokenizer; one object per document."""

    def __init__(self, counter: TokenCounter, limit: int) -> None:
        """Take the counter and the most tokens of a chunk."""
        self._counter = counter
        self.limit = limit

    def measure(self, jobs: Iterable[tuple[str, Sequence[Block]]]) -> None:
        """Set the cost of every leaf, dividing in place those above the limit: at lines, words, then anywhere.

        One call of the counter serves all leaves of the document; further calls see only what was too long.
        """
        pending: list[tuple[str, Leaf]] = []
        work: list[tuple[str, Block]] = []
        longest = self.limit * CHARS_PER_TOKEN
        for text, blocks in jobs:
            for block in blocks:
                if any(leaf.end - leaf.start > longest for leaf in block.leaves):
                    block.leaves = [part for leaf in block.leaves for part in self._shorten(text, leaf, longest)]
                pending.extend((text, leaf) for leaf in block.leaves)
                work.append((text, block))
        while pending:
            self._count(pending)
            pending = []
            work = [(text, block) for text, block in work if any(self._too_long(text, leaf) for leaf in block.leaves)]
            for text, block in work:
                fresh: list[Leaf] = []
                for leaf in block.leaves:
                    if self._too_long(text, leaf):
                        parts = divide(text, leaf, ceil(leaf.cost / (0.9 * self.limit)))
                        pending.extend((text, part) for part in parts)
                        fresh.extend(parts)
                    else:
                        fresh.append(leaf)
                block.leaves = fresh

    def verify(self, text: str, cuts: Sequence[Cut]) -> list[tuple[Cut, int]]:
        """Return each cut with its exact tokens, dividing those that came out longer than the sum of their leaves."""
        done: list[tuple[Cut, int]] = []
        counts = self._counter.count([text[cut.start : trimmed(text, cut.start, cut.end)[1]] for cut in cuts])
        for cut, count in zip(cuts, counts, strict=True):
            if count <= self.limit:
                done.append((cut, count))
                continue
            leaves = cut.leaves if len(cut.leaves) > 1 else divide(text, cut.leaves[0], 2)
            if len(leaves) == 1:
                done.append((cut, count))
                continue
            middle = len(leaves) // 2
            halves = [Cut(part, cut.scope, cut.symbols) for part in (leaves[:middle], leaves[middle:])]
            done.extend(self.verify(text, halves))
        return done

    def _shorten(self, text: str, leaf: Leaf, longest: int) -> list[Leaf]:
        start, end = trimmed(text, leaf.start, leaf.end)
        return [leaf] if end - start <= longest else divide(text, leaf, ceil((end - start) / (0.9 * longest)))

    def _too_long(self, text: str, leaf: Leaf) -> bool:
        if leaf.cost <= self.limit:
            return False
        start, end = trimmed(text, leaf.start, leaf.end)
        return end - start > 1

    def _count(self, pending: Sequence[tuple[str, Leaf]]) -> None:
        ends = [leaf.start + len(text[leaf.start : leaf.end].rstrip()) for text, leaf in pending]
        stretches = [text[leaf.start : min(leaf.end, end + _TAIL)] for (text, leaf), end in zip(pending, ends, strict=True)]
        for (_, leaf), end, count in zip(pending, ends, self._counter.count(stretches), strict=True):
            cost = max(1, count, (end - leaf.start) // CHARS_PER_TOKEN)
            blank = (leaf.end - end) // CHARS_PER_TOKEN
            leaf.cost = cost if cost > self.limit else min(self.limit, cost + blank)


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """Return the stretch without the blanks around it."""
    stretch = text[start:end]
    stop = start + len(stretch.rstrip())
    if stop > start and not stretch[0].isspace():  # nearly always: what is cut begins with a visible character
        return start, stop
    return start + len(stretch) - len(stretch.lstrip()), stop


def tile(spans: Sequence[tuple[int, int]], end: int, *, begins: bool = False) -> list[Leaf]:
    """Turn spans with only blanks between them into leaves that touch, the last one ending at `end`."""
    edges = [start for start, _ in spans[1:]] + [end]
    return [Leaf(start, edge, begins) for (start, _), edge in zip(spans, edges, strict=True)]


def divide(text: str, leaf: Leaf, count: int) -> list[Leaf]:
    """Divide a leaf into about `count` (at least two) parts at line breaks, else at blanks, else anywhere.

    Every part holds a visible character; only the first may begin a quotation.
    """
    start, stop = trimmed(text, leaf.start, leaf.end)
    step = max(1, ceil((stop - start) / max(2, count)))
    parts: list[Leaf] = []
    at = start
    while stop - at > step:
        cut = _boundary(text, at + max(1, step // 2), at + step)
        parts.append(Leaf(at, cut, leaf.begins and not parts))
        at = trimmed(text, cut, stop)[0]
        parts[-1].end = at
    parts.append(Leaf(at, leaf.end, leaf.begins and not parts))
    return parts


def _boundary(text: str, low: int, high: int) -> int:
    """Return the best place to cut in [low, high]: behind the last line break, behind the last blank, or `high`."""
    line = max(text.rfind("\n", low, high), text.rfind("\r", low, high))
    if line >= 0:
        return line + 1
    for at in range(high, low, -1):
        if text[at - 1].isspace():
            return at
    return high
