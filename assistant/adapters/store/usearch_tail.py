"""The increment of a usearch shard, in memory: what was written since the last base. Used by `usearch_shard`."""

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store.usearch_base import Codes, best
from assistant.ports.stores import Vector

FIRST_ROWS = 256


class Names:
    """Texts and their codes; a code is the place of its text in `texts`."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.texts = list(texts)
        self._codes = {text: code for code, text in enumerate(self.texts)}

    def code(self, text: str) -> int:
        """Return the code of a text, giving it one if it has none."""
        found = self._codes.get(text)
        if found is None:
            found = self._codes[text] = len(self.texts)
            self.texts.append(text)
        return found

    def known(self, texts: Iterable[str]) -> NDArray[np.uint32]:
        """Return the codes of those texts that have one."""
        return np.array([self._codes[text] for text in texts if text in self._codes], dtype=np.uint32)


Wanted = Sequence[NDArray[np.uint32] | None]
"""For each field the codes that are allowed, None where all are."""


def admitted(rows: NDArray[np.bool_], codes: Codes, wanted: Wanted) -> NDArray[np.bool_]:
    """Narrow a mask of rows to the wanted codes, in place."""
    for field, allowed in enumerate(wanted):
        if allowed is not None:
            rows &= np.isin(codes[:, field], allowed)
    return rows


class Tail:
    """Rows by id, the last state of each; freed rows stay until the next base is made."""

    def __init__(self, dimensions: int, fields: int) -> None:
        self._rows: dict[bytes, int] = {}
        self._ids: list[bytes] = []
        self._vectors = np.zeros((FIRST_ROWS, dimensions), np.float32)
        self._codes = np.zeros((FIRST_ROWS, fields), np.uint32)
        self._live = np.zeros(FIRST_ROWS, np.bool_)

    def __len__(self) -> int:
        return len(self._rows)

    @property
    def ids(self) -> list[bytes]:
        """The ids held, in the order of `copy`."""
        return list(self._rows)

    def put(self, ids: Sequence[bytes], vectors: Vector, codes: Codes) -> None:
        """Add or replace rows."""
        for key, vector, coded in zip(ids, vectors, codes, strict=True):
            row = self._rows.get(key)
            if row is None:
                row = self._rows[key] = self._new(key)
            self._vectors[row], self._codes[row] = vector, coded

    def cut(self, ids: Sequence[bytes]) -> None:
        """Remove rows; unknown ids are ignored."""
        for key in ids:
            row = self._rows.pop(key, None)
            if row is not None:
                self._live[row] = False
                self._vectors[row] = 0

    def nearest(self, asked: Vector, k: int, wanted: Wanted) -> Iterator[tuple[bytes, float]]:
        """Yield the ids nearest to a unit vector and their cosines, at most `k`, of rows with the wanted codes."""
        size = len(self._ids)
        rows = np.flatnonzero(admitted(self._live[:size].copy(), self._codes[:size], wanted))
        if len(rows):
            # All rows, since picking some costs a copy.
            scores = (self._vectors[:size] @ asked)[rows]
            for at in best(scores, k):
                yield self._ids[int(rows[at])], float(scores[at])

    def vectors(self, ids: Sequence[bytes]) -> dict[bytes, Vector]:
        """Return copies of the vectors of those ids that are held."""
        return {key: self._vectors[self._rows[key]].copy() for key in ids if key in self._rows}

    def copy(self) -> tuple[list[bytes], Vector, Codes]:
        """Return ids, vectors and codes as they are now."""
        rows = np.fromiter(self._rows.values(), np.intp, len(self._rows))
        return self.ids, self._vectors[rows], self._codes[rows]

    def _new(self, key: bytes) -> int:
        row = len(self._ids)
        if row == len(self._live):
            self._vectors = np.concatenate([self._vectors, np.zeros_like(self._vectors)])
            self._codes = np.concatenate([self._codes, np.zeros_like(self._codes)])
            self._live = np.concatenate([self._live, np.zeros_like(self._live)])
        self._ids.append(key)
        self._live[row] = True
        return row
