"""One bit for each number of a vector: a first look that reads a thirtieth of what the vectors take. Used by `sealed_matrix`."""

import numpy as np
from numpy.typing import NDArray

from assistant.ports.stores import Vector

WORD = 64


class Signs:
    """The signs of up to `rows` vectors, kept by columns of 64 numbers: a look runs through memory in order."""

    def __init__(self, dimensions: int, rows: int) -> None:
        self._table: NDArray[np.uint64] = np.zeros((-(-dimensions // WORD), rows), dtype=np.uint64)

    def put(self, start: int, vectors: NDArray[np.float32]) -> None:
        """Write the signs of `vectors` (n, dimensions) from row `start` on."""
        self._table[:, start : start + len(vectors)] = _packed(vectors).T

    def grow(self, rows: int) -> None:
        """Make room for this many rows."""
        old = self._table
        self._table = np.zeros((len(old), rows), dtype=np.uint64)
        self._table[:, : old.shape[1]] = old

    def nearest(self, asked: Vector, allowed: NDArray[np.bool_], most: int) -> NDArray[np.intp]:
        """Return the rows among the allowed ones with the fewest differing signs: at least `most`, with all that tie."""
        held = len(allowed)
        apart: NDArray[np.uint16] = np.zeros(held, dtype=np.uint16)
        for column, word in zip(self._table, _packed(asked[None])[0], strict=True):
            apart += np.bitwise_count(column[:held] ^ word)
        rows = np.flatnonzero(allowed)
        among = apart if len(rows) == held else apart[rows]
        counted = np.cumsum(np.bincount(among))
        furthest = int(np.searchsorted(counted, min(most, len(rows))))
        return rows[among <= furthest]


def _packed(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Return (n, words): one bit for each number, set where it is above 0."""
    bits = np.packbits(vectors > 0, axis=1)
    spare = -bits.shape[1] % (WORD // 8)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, spare)))).view(np.uint64)
