"""The vectors of the sealed index while it is open: one matrix in memory. Used by `sealed_dense` on one thread.

A row is written once and never changed: replacing a point adds a row and marks the old one dead, so that whoever copies
the rows (compaction) sees them whole.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store.sealed_signs import Signs
from assistant.ports.stores import Filter, Vector

FIRST_ROWS = 1024
EXACT = 4_000
"""Allowed rows up to which all of them are scored."""
LOOKED_AT = 20
"""Rows scored for each one asked for, where more than EXACT are allowed: those whose signs differ least."""
SHARE = 0.04
"""Share of the allowed rows that is scored at least: of text, 0.999 of the 20 nearest are among them."""
AT_ONCE = 512
"""Rows scored in one step: they stay in the processor's cache."""
SHRINK_ABOVE = 0.25
"""Share of dead rows above which the matrix is packed."""


class Row(NamedTuple):
    """What a point is found by besides its vector; `point` is the chunk id's 16 bytes."""

    point: bytes
    project: str
    modality: str
    language: str
    source: str


class Matrix:
    """Rows of float32 vectors with the texts that filters ask for, each text kept once.

    A row takes 4 bytes for each number, 1 bit more for each, and some 150 for its id and texts: 1.8 KiB with 384 numbers.
    """

    def __init__(self, dimensions: int, rows: int = 0) -> None:
        self._dimensions = dimensions
        self._vectors: NDArray[np.float32] = np.empty((max(rows, FIRST_ROWS), dimensions), dtype=np.float32)
        self._signs = Signs(dimensions, len(self._vectors))
        self._codes: NDArray[np.int32] = np.empty((len(self._vectors), 4), dtype=np.int32)
        self._alive: NDArray[np.bool_] = np.zeros(len(self._vectors), dtype=np.bool_)
        self._points: list[bytes] = []
        self._row_of: dict[bytes, int] = {}
        self._texts: list[str] = []
        self._code_of: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._row_of)

    @property
    def dead(self) -> int:
        """How many rows were replaced or removed."""
        return len(self._points) - len(self._row_of)

    def points(self) -> Iterable[bytes]:
        """Return the points held."""
        return self._row_of.keys()

    def add(self, rows: Sequence[Row], vectors: NDArray[np.float32]) -> None:
        """Add or replace; `vectors` has the shape (len(rows), dimensions)."""
        start = len(self._points)
        self._grow(start + len(rows))
        self._vectors[start : start + len(rows)] = vectors
        self._signs.put(start, vectors)
        for place, row in enumerate(rows, start):
            self._codes[place] = [self._code(text) for text in row[1:]]
            self._alive[place] = True
            self._points.append(row.point)
            if (before := self._row_of.get(row.point)) is not None:
                self._alive[before] = False
            self._row_of[row.point] = place

    def remove(self, points: Iterable[bytes]) -> list[bytes]:
        """Remove points; return those that were there."""
        gone: list[bytes] = []
        for point in points:
            place = self._row_of.pop(point, None)
            if place is not None:
                self._alive[place] = False
                gone.append(point)
        return gone

    def search(self, asked: Vector, k: int, where: Filter) -> list[tuple[bytes, float]]:
        """Return the `k` nearest points with their cosines, best first."""
        allowed = self._allowed(where, len(self._points))
        count = int(np.count_nonzero(allowed))
        if count <= EXACT:
            rows = np.flatnonzero(allowed)
        else:
            rows = self._signs.nearest(asked, allowed, max(EXACT, LOOKED_AT * k, int(SHARE * count)))
        if not len(rows):
            return []
        scores = self._scores(rows, asked)
        best = np.argpartition(-scores, k - 1)[:k] if k < len(scores) else np.arange(len(scores))
        best = best[np.argsort(-scores[best], kind="stable")]
        return [(self._points[int(rows[place])], float(scores[place])) for place in best]

    def _scores(self, rows: NDArray[np.intp], asked: Vector) -> NDArray[np.float32]:
        """Return the cosines of some rows, on this thread: a matrix product would spread over all processors and wait."""
        scores = np.empty(len(rows), dtype=np.float32)
        for start in range(0, len(rows), AT_ONCE):
            scores[start : start + AT_ONCE] = np.vecdot(self._vectors[rows[start : start + AT_ONCE]], asked)
        return scores

    def vectors(self, points: Iterable[bytes]) -> dict[bytes, Vector]:
        """Return copies of the vectors of those points that are held."""
        return {point: self._vectors[self._row_of[point]].copy() for point in points if point in self._row_of}

    def rows(self, batch: int) -> Iterator[tuple[list[Row], NDArray[np.float32]]]:
        """Yield what is alive in batches, in the order it came."""
        alive = np.flatnonzero(self._alive[: len(self._points)])
        for start in range(0, len(alive), batch):
            places = alive[start : start + batch]
            yield [self._row(int(place)) for place in places], self._vectors[places]

    def packed(self) -> "Matrix":
        """Return this matrix without its dead rows: itself where they are few."""
        if self.dead <= FIRST_ROWS or self.dead < SHRINK_ABOVE * len(self._points):
            return self
        smaller = Matrix(self._dimensions, len(self))
        for rows, vectors in self.rows(4 * FIRST_ROWS):
            smaller.add(rows, vectors)
        return smaller

    def _allowed(self, where: Filter, held: int) -> NDArray[np.bool_]:
        allowed = self._alive[:held].copy()
        asked = (
            ((where.project,) if where.project else None),
            (where.modality or None),
            (where.languages or None),
            where.sources,
        )
        for column, texts in enumerate(asked):
            if texts is not None:
                codes = [code for text in texts if (code := self._code_of.get(text)) is not None]
                allowed &= np.isin(self._codes[:held, column], codes)
        return allowed

    def _row(self, place: int) -> Row:
        return Row(self._points[place], *(self._texts[code] for code in self._codes[place]))

    def _code(self, text: str) -> int:
        code = self._code_of.get(text)
        if code is None:
            code = self._code_of[text] = len(self._texts)
            self._texts.append(text)
        return code

    def _grow(self, needed: int) -> None:
        held = len(self._vectors)
        if needed <= held:
            return
        more = max(needed, held + held // 2)
        self._signs.grow(more)
        for name in ("_vectors", "_codes", "_alive"):
            old = getattr(self, name)
            new = np.zeros((more, *old.shape[1:]), dtype=old.dtype)
            new[:held] = old
            setattr(self, name, new)
