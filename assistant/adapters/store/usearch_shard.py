"""One shard of the usearch index: a mapped base, the log of what came since, and its rows in memory. Used by `usearch_dense`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store.edge_shard import FILTERED, PREFIX, checked, known
from assistant.adapters.store.failures import damaged
from assistant.adapters.store.usearch_base import Base, Codes, seal_empty
from assistant.adapters.store.usearch_log import Log
from assistant.adapters.store.usearch_tail import Names, Tail, Wanted, admitted
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

PUT, CUT = "put", "cut"


@dataclass(frozen=True, slots=True)
class Batch:
    """Points as the shard takes them: ids, unit vectors (n, dim), and for each of FILTERED the text of every point."""

    ids: list[bytes]
    vectors: Vector
    fields: list[list[str]]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All rows of a shard at one moment: the live rows of its base, and a copy of the rest."""

    rows: NDArray[np.intp]
    ids: list[bytes]
    vectors: Vector
    codes: Codes
    names: list[list[str]]

    def __len__(self) -> int:
        return len(self.rows) + len(self.ids)


def batch_of(points: Sequence[DensePoint], dimensions: int) -> Batch:
    """Return points as a batch, the last of equal ids. Raises StorageError for ids and vectors that do not fit."""
    last = list({point.chunk_id: point for point in points}.values())
    ids = [known(point.chunk_id).bytes for point in last]
    vectors = np.array([checked(point.vector, dimensions) for point in last], np.float32).reshape(-1, dimensions)
    return Batch(ids, unit(vectors), [list(texts) for texts in zip(*map(_texts, last), strict=True)])


def _texts(point: DensePoint) -> tuple[str, ...]:
    """What filters ask for, in the order of FILTERED."""
    return point.project, str(point.modality), point.language, point.source_id


def unit(vectors: Vector) -> Vector:
    """Return vectors of length one; a vector of zeros stays what it is."""
    lengths = np.linalg.norm(vectors.astype(np.float64), axis=-1, keepdims=True)
    return (vectors / np.where(lengths > 0, lengths, 1.0)).astype(np.float32)


class Shard:
    """The open shard in `folder`; not for two threads at once. Raises DamagedError and OSError."""

    def __init__(self, folder: Path, dimensions: int, store: str, remedy: str) -> None:
        self.folder = folder
        self._dimensions = dimensions
        self._store = store
        self._remedy = remedy
        self._base = Base(folder, dimensions, store, remedy)
        self._dead = np.zeros(len(self._base), np.bool_)
        self._names = [Names(texts) for texts in self._base.names]
        self._tail = Tail(dimensions, len(FILTERED))
        self._log = Log(folder, store, remedy)

    @classmethod
    def create(cls, folder: Path, dimensions: int, kind: str, store: str, remedy: str) -> "Shard":
        """Make an empty shard, on disk when this returns."""
        folder.mkdir(parents=True)
        seal_empty(folder, kind, len(FILTERED))
        return cls.over(folder, dimensions, store, remedy)

    @classmethod
    def over(cls, folder: Path, dimensions: int, store: str, remedy: str) -> "Shard":
        """Open a new base, with an empty log."""
        shard = cls(folder, dimensions, store, remedy)
        shard._log.create()
        return shard

    @classmethod
    def load(cls, folder: Path, dimensions: int, store: str, remedy: str) -> "Shard":
        """Open an existing shard as its last whole write left it."""
        shard = cls(folder, dimensions, store, remedy)
        try:
            shard._replay()
        except BaseException:
            shard.close()
            raise
        return shard

    def __len__(self) -> int:
        return len(self._base) - int(np.count_nonzero(self._dead)) + len(self._tail)

    @property
    def waiting(self) -> int:
        """Bytes of vectors that no base holds yet, replaced and deleted ones included."""
        return self._log.size

    @property
    def graph(self) -> bool:
        """Whether the base has a graph."""
        return self._base.graph

    def put(self, batch: Batch) -> None:
        """Add or replace points."""
        ids = [key.hex() for key in batch.ids]
        self._log.append({"op": PUT, "ids": ids, "fields": batch.fields}, batch.vectors)
        self._put(batch)

    def cut(self, ids: Sequence[bytes]) -> None:
        """Remove points; unknown ids are ignored."""
        self._log.append({"op": CUT, "ids": [key.hex() for key in ids]})
        self._cut(ids)

    def search(self, vector: Vector, k: int, where: Filter) -> list[Scored]:
        """Return the `k` nearest of those allowed, or all of them where there are fewer."""
        asked = unit(vector)
        wanted = self._wanted(where)
        allowed: NDArray[np.bool_] | None = None
        if self._dead.any() or any(codes is not None for codes in wanted):
            allowed = admitted(~self._dead, self._base.codes, wanted)
        found = [(self._base_id(row), score) for row, score in self._base.nearest(asked, k, allowed)]
        found += self._tail.nearest(asked, k, wanted)
        found.sort(key=lambda hit: -hit[1])
        return [Scored(PREFIX + key.hex(), max(-1.0, min(1.0, score))) for key, score in found[:k]]

    def ids(self) -> set[str]:
        """Return every chunk id held."""
        held = {PREFIX + self._base_id(int(row)).hex() for row in np.flatnonzero(~self._dead)}
        return held | {PREFIX + key.hex() for key in self._tail.ids}

    def vectors(self, ids: Sequence[bytes]) -> dict[str, Vector]:
        """Return the vectors of those ids that are held, by chunk id."""
        rows = self._base.rows_of(ids)
        rows = rows[~self._dead[rows]]
        found = {
            PREFIX + self._base_id(int(row)).hex(): vector for row, vector in zip(rows, self._base.vectors(rows), strict=True)
        }
        return found | {PREFIX + key.hex(): vector for key, vector in self._tail.vectors(ids).items()}

    def commit(self) -> None:
        """Make everything so far survive a power cut."""
        self._log.commit()

    def snapshot(self) -> Snapshot:
        """Return all rows as they are now."""
        rows = np.flatnonzero(~self._dead)
        return Snapshot(rows, *self._tail.copy(), [list(names.texts) for names in self._names])

    def close(self) -> None:
        """Release the files; what was not committed may be lost."""
        self._log.close()
        self._base.close()

    def _wanted(self, where: Filter) -> Wanted:
        project, modality, language, source = self._names
        return (
            project.known([where.project]) if where.project else None,
            modality.known(where.modality) if where.modality else None,
            language.known(where.languages) if where.languages else None,
            source.known(where.sources) if where.sources is not None else None,
        )

    def _base_id(self, row: int) -> bytes:
        # The array's own items lose their trailing zeros.
        return bytes(self._base.ids[row]).ljust(16, b"\0")

    def _put(self, batch: Batch) -> None:
        self._dead[self._base.rows_of(batch.ids)] = True
        codes = [[names.code(text) for text in texts] for names, texts in zip(self._names, batch.fields, strict=True)]
        self._tail.put(batch.ids, batch.vectors, np.array(codes, np.uint32).T)

    def _cut(self, ids: Sequence[bytes]) -> None:
        self._dead[self._base.rows_of(ids)] = True
        self._tail.cut(ids)

    def _replay(self) -> None:
        for head, vectors in self._log.open(self._dimensions):
            try:
                ids = [bytes.fromhex(key) for key in cast(list[str], head["ids"])]
                if head["op"] == CUT:
                    self._cut(ids)
                else:
                    self._put(Batch(ids, vectors, cast(list[list[str]], head["fields"])))
            except (KeyError, ValueError, TypeError) as error:
                raise damaged(self._store, f"log: {error}", self._remedy) from error
