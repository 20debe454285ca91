"""Packs measured blocks of one section into cuts of even length. Used by the strategies for prose, pages and tables."""

from collections.abc import Sequence
from math import ceil

from assistant.memory.ingest.chunkers.pieces import Block, Cut, Leaf

_EARLY = 0.5


def pack(blocks: Sequence[Block], limit: int, overlap: int) -> list[Cut]:
    """Return cuts of at most `limit` tokens that cover the blocks in order.

    A section that fits is one cut; a longer one is shared out evenly rather than leaving a scrap at the end. Up to
    `overlap` tokens of whole sentences are repeated from the cut before.
    """
    packer = _Packer(limit, overlap, sum(block.cost for block in blocks))
    for block in blocks:
        packer.add(block)
    return packer.finish()


class _Packer:
    def __init__(self, limit: int, overlap: int, total: int) -> None:
        self._limit = limit
        self._overlap = overlap
        self._even = total / max(1, ceil(total / limit))
        self._repeated: list[Leaf] = []
        self._fresh: list[Leaf] = []
        self._cost = 0
        self._cuts: list[Cut] = []

    def add(self, block: Block) -> None:
        cost = block.cost
        if self._evens(cost):
            self._take(block.leaves, cost)
            return
        if self._cost >= self._even * _EARLY or (block.whole and cost <= self._limit and not self._room(cost)):
            self._close()
        if block.whole and self._room(cost):
            self._take(block.leaves, cost)
            return
        for leaf in block.leaves:
            if self._fresh and not self._evens(leaf.cost):
                self._close()
            self._take([leaf], leaf.cost)

    def finish(self) -> list[Cut]:
        self._close()
        return self._cuts

    def _room(self, cost: int) -> bool:
        """Tell whether so many more tokens stay within the limit."""
        return self._cost + cost + sum(leaf.cost for leaf in self._repeated) <= self._limit

    def _evens(self, cost: int) -> bool:
        """Tell whether so many more tokens bring the cut nearer to an even share of the section."""
        return self._cost + cost / 2 <= self._even and self._room(cost)

    def _take(self, leaves: Sequence[Leaf], cost: int) -> None:
        while self._repeated and not self._room(cost):
            self._repeated.pop(0)
        self._fresh.extend(leaves)
        self._cost += cost

    def _close(self) -> None:
        if not self._fresh:
            return
        self._cuts.append(Cut([*self._repeated, *self._fresh]))
        repeated: list[Leaf] = []
        budget = self._overlap
        for leaf in reversed(self._fresh[1:]):
            budget -= leaf.cost
            if not leaf.begins or budget < 0:
                break
            repeated.insert(0, leaf)
        self._repeated, self._fresh, self._cost = repeated, [], 0
