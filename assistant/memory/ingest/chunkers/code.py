"""Cuts source code by its symbols: small neighbours together, big ones at blank and statement lines."""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

from assistant.domain.document import Symbol
from assistant.memory.ingest.chunkers.pieces import Block, Cut, Leaf, tile, trimmed

_DEPTH = 32
_MOST_NAMES = 40
_SMALL = 3
_TINY = 8
_CONTINUES = re.compile(r"[ \t]*(?:[)}\]]|else\b|elif\b|except\b|finally\b|catch\b|end\b)")
_BREAK = re.compile(r"\r\n?|\n")


@dataclass(slots=True)
class _Node:
    """A symbol with what it holds, or (symbol None) the code between symbols."""

    symbol: Symbol | None
    start: int
    end: int
    children: list["_Node"] = field(default_factory=list["_Node"])
    blocks: list[Block] = field(default_factory=list[Block])
    cost: int = 0


@dataclass(slots=True)
class _Open:
    """Whole neighbours gathered for one chunk."""

    nodes: list[_Node] = field(default_factory=list[_Node])
    cost: int = 0


class CodeOutline:
    """The tree of a source file's symbols; first `blocks` are measured, then `cuts` packs them."""

    def __init__(self, text: str, symbols: Sequence[Symbol]) -> None:
        """Take the text and its symbols in any order; their lines are those that end at a line feed."""
        self._text = text
        starts = [0, *(match.end() for match in re.finditer("\n", text)), len(text)]
        self._root = _Node(None, 0, len(text))
        self._named: list[tuple[int, str]] = []
        stack = [self._root]
        for symbol in sorted(symbols, key=lambda found: (found.line, -found.line_end)):
            if not 1 <= symbol.line < len(starts):
                continue
            start, end = starts[symbol.line - 1], starts[min(max(symbol.line_end, symbol.line), len(starts) - 1)]
            self._named.append((start, symbol.name))
            while len(stack) > 1 and stack[-1].end <= start:
                stack.pop()
            siblings = stack[-1].children
            start, end = max(start, siblings[-1].end if siblings else 0), min(end, stack[-1].end)
            if start < end and len(stack) <= _DEPTH and text[start:end].strip():
                siblings.append(_Node(symbol, start, end))
                stack.append(siblings[-1])
        self._fill(self._root)

    def blocks(self) -> list[Block]:
        """Return the blocks to be measured: one per stretch without inner symbols, a leaf per line."""
        return [block for node in _walk(self._root) for block in node.blocks]

    def cuts(self, limit: int) -> list[Cut]:
        """Return cuts of at most `limit` tokens in order; none holds a part of one top-level symbol and of another."""
        _weigh(self._root)
        return self._pack(self._root, (), limit)

    def _fill(self, node: _Node) -> None:
        """Put the code between symbols into nodes of its own, and lines into nodes without inner ones."""
        if not node.children:
            leaves = _lines(self._text, node.start, node.end)
            node.blocks = [Block(leaves)] if leaves else []
            return
        filled: list[_Node] = []
        at = node.start
        for child in node.children:
            filled.extend((_Node(None, at, child.start), child))
            at = child.end
        filled.append(_Node(None, at, node.end))
        node.children = [child for child in filled if self._text[child.start : child.end].strip()]
        for child in node.children:
            self._fill(child)

    def _pack(self, node: _Node, path: tuple[Symbol, ...], limit: int) -> list[Cut]:
        if node.cost <= limit:
            leaves = [leaf for inner in _walk(node) for block in inner.blocks for leaf in block.leaves]
            return [self._cut(leaves, path)] if leaves else []
        if not node.children:
            leaves = [leaf for block in node.blocks for leaf in block.leaves]
            return [self._cut(part, path) for part in split_lines(self._text, leaves, limit)]
        cuts: list[Cut] = []
        current = _Open()
        for child in node.children:
            if child.cost > limit:
                cuts.extend(self._flush(current, path))
                current = _Open()
                cuts.extend(self._pack(child, _deeper(path, child), limit))
            else:
                if current.nodes and not _fits(current.cost, child.cost, limit):
                    cuts.extend(self._flush(current, path))
                    current = _Open()
                current.nodes.append(child)
                current.cost += child.cost
        cuts.extend(self._flush(current, path))
        return cuts

    def _flush(self, current: _Open, path: tuple[Symbol, ...]) -> list[Cut]:
        named = [node for node in current.nodes if node.symbol]
        if len(named) == 1:
            path = _deeper(path, named[0])
        nodes = [inner for node in current.nodes for inner in _walk(node)]
        leaves = [leaf for node in nodes for block in node.blocks for leaf in block.leaves]
        return [self._cut(leaves, path)] if leaves else []

    def _cut(self, leaves: list[Leaf], path: tuple[Symbol, ...]) -> Cut:
        low = bisect_left(self._named, (leaves[0].start, ""))
        high = bisect_left(self._named, (leaves[-1].end, ""))
        names = [name for _, name in self._named[low : min(high, low + _MOST_NAMES)]]
        names.extend(symbol.name for symbol in reversed(path))
        return Cut(leaves, path[-1].scope if path else "", tuple(dict.fromkeys(names)))


def split_lines(text: str, leaves: Sequence[Leaf], limit: int) -> list[list[Leaf]]:
    """Share leaves out evenly over runs of at most `limit` tokens, best before a line that follows a blank one."""
    total = sum(leaf.cost for leaf in leaves)
    goal = total / max(1, ceil(total / limit))
    parts: list[list[Leaf]] = []
    at = 0
    while at < len(leaves):
        cost, end = 0, at
        choices: list[tuple[tuple[int, int, float], int]] = []
        while end < len(leaves) and cost + leaves[end].cost <= limit:
            cost += leaves[end].cost
            end += 1
            if end < len(leaves) and cost >= goal * 0.6:
                choices.append(((*_seam(text, leaves[end - 1], leaves[end]), -abs(cost - goal)), end))
        if end < len(leaves) and choices:
            end = max(choices)[1]
        end = max(end, at + 1)
        parts.append(list(leaves[at:end]))
        at = end
    return parts


def _seam(text: str, before: Leaf, after: Leaf) -> tuple[int, int]:
    """Rate a cut between two lines: whether a blank line stands there, then how far left the next one begins."""
    stop = trimmed(text, before.start, before.end)[1]
    blank = len(_BREAK.findall(text, stop, min(after.start, stop + 200))) > 1
    if _CONTINUES.match(text, after.start):
        return 0, -1000
    indent = trimmed(text, after.start, after.end)[0] - after.start
    return int(blank), -indent


def _fits(first: int, second: int, limit: int) -> bool:
    if first + second > limit:
        return False
    return min(first, second) <= limit // _TINY or max(first, second) <= limit // _SMALL


def _deeper(path: tuple[Symbol, ...], node: _Node) -> tuple[Symbol, ...]:
    return (*path, node.symbol) if node.symbol else path


def _weigh(node: _Node) -> int:
    node.cost = sum(block.cost for block in node.blocks) + sum(_weigh(child) for child in node.children)
    return node.cost


def _walk(node: _Node) -> list[_Node]:
    """Return the node and all within, in order of the text."""
    found = [node]
    for child in node.children:
        found.extend(_walk(child))
    return found


def _lines(text: str, start: int, end: int) -> list[Leaf]:
    edges = [start, *(match.end() for match in _BREAK.finditer(text, start, end)), end]
    spans = [(a, b) for a, b in pairwise(edges) if not text[a:b].isspace() and b > a]
    return tile(spans, end) if spans else []
