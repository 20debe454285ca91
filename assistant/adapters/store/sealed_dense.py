"""The vectors of an encrypted memory: a matrix in memory, AES-GCM on disk. Built by `app`, used as DenseIndex and Optimisable."""

import asyncio
import json
import struct
from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store.edge_shard import PREFIX, known, uuid_of
from assistant.adapters.store.failures import damaged
from assistant.adapters.store.lane import Lane
from assistant.adapters.store.sealed_folder import REMEDY, STORE, SealedFolder
from assistant.adapters.store.sealed_matrix import Matrix, Row
from assistant.domain.errors import MnemeError, StorageError
from assistant.domain.secret import Secret
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

EVERYTHING = Filter()
HEAD = struct.Struct("<I")
BATCH = 1000
"""Points in one encrypted frame when everything is written anew."""
WASTE = 0.2
"""Share of rows on disk that no longer count above which `optimise` writes them anew, even when nothing was removed."""

Put = tuple[list[Row], NDArray[np.float32]]


class SealedDense:
    """The DenseIndex of one model in `folder`, encrypted with a 32-byte `key`.

    Everything is held in memory (1.8 KiB for a vector of 384 numbers); what comes near by signs is scored exactly.
    Opens on first use or by `open`. Raises StorageError (disk, vectors of another model or size, odd ids), DamagedError
    (files changed, cut or missing, or another key) and InUseError (another process holds this folder).
    """

    def __init__(self, folder: Path, dimensions: int, key: Secret, model: str = "") -> None:
        self._folder = SealedFolder(folder, key, dimensions, model)
        self._dimensions = dimensions
        self._lane = Lane(STORE, REMEDY)
        self._disk = Lane(STORE, REMEDY)
        self._matrix: Matrix | None = None
        # What was written since the last commit, as it will be on disk: touched on the lane alone.
        self._waiting: list[Put | list[bytes]] = []
        self._removed = False
        self._committing = asyncio.Lock()

    async def open(self) -> None:
        """Open or create and read everything; later calls do nothing."""
        if self._matrix is None:
            await self._lane.run(self._ready)

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points; visible to `search` at once, on disk after `commit`."""
        if not points:
            return
        rows = [Row(known(p.chunk_id).bytes, p.project, p.modality, p.language, p.source_id) for p in points]
        vectors = np.stack([self._checked(point.vector) for point in points])

        def work() -> None:
            self._ready().add(rows, vectors)
            self._waiting.append((rows, vectors))

        await self._lane.run(work)

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points; unknown ids are ignored."""
        points = [found.bytes for chunk_id in chunk_ids if (found := uuid_of(chunk_id))]

        def work() -> None:
            if gone := self._ready().remove(points):
                self._waiting.append(gone)
                self._removed = True

        await self._lane.run(work)

    async def search(self, vector: Vector, k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return at most `k` points, best first; scores are cosines in -1..1."""
        asked = self._checked(vector)
        if k < 1:
            return []
        hits = await self._lane.run(lambda: self._ready().search(asked, k, where))
        return [Scored(_chunk_id(point), max(-1.0, min(1.0, score))) for point, score in hits]

    async def ids(self) -> set[str]:
        """Return every chunk id held: the ground truth for verification."""
        return {_chunk_id(point) for point in await self._lane.run(lambda: list(self._ready().points()))}

    async def count(self) -> int:
        """Return the number of points, without listing them."""
        return await self._lane.run(lambda: len(self._ready()))

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of those points that are held."""
        points = [found.bytes for chunk_id in chunk_ids if (found := uuid_of(chunk_id))]
        found = await self._lane.run(lambda: self._ready().vectors(points))
        return {_chunk_id(point): vector for point, vector in found.items()}

    async def commit(self) -> None:
        """Make everything written so far survive a crash; searches go on meanwhile."""
        async with self._committing:
            await self._lane.run(self._ready)
            await self._commit()

    async def optimise(self) -> bool:
        """Write everything anew where points were removed or many replaced; return whether that was so.

        What was removed leaves the disk; searches and writes go on meanwhile, commits wait.
        """
        if self._committing.locked() or self._lane.closed:
            return False
        async with self._committing:
            matrix = await self._lane.run(self._ready)
            await self._commit()
            if not await self._lane.run(lambda: self._wasteful(matrix)):
                return False
            batches = await self._lane.run(lambda: list(matrix.rows(BATCH)))
            removed, self._removed = self._removed, False
            try:
                rows = sum(len(batch[0]) for batch in batches)
                await self._disk.run(lambda: self._folder.replace((_frame(batch) for batch in batches), rows))
            except MnemeError:
                self._removed = removed
                raise
            await self._lane.run(self._pack)
            return True

    async def reset(self) -> None:
        """Throw everything away, damaged or not, and start empty: the first step of a rebuild."""
        async with self._committing:
            await self._lane.run(self._empty)

    async def close(self) -> None:
        """Commit and release files and threads; safe to call twice."""
        async with self._committing:
            if self._lane.closed:
                return
            try:
                if self._matrix is not None:
                    await self._commit()
            finally:
                await self._disk.close(lambda: None)
                await self._lane.close(self._let_go)

    async def _commit(self) -> None:
        waiting = await self._lane.run(lambda: self._waiting[:])
        if not waiting:
            return
        rows = sum(len(each[0]) for each in waiting if isinstance(each, tuple))
        await self._disk.run(lambda: self._folder.append((_frame(each) for each in waiting), rows))
        await self._lane.run(lambda: self._waiting.__delitem__(slice(len(waiting))))

    def _ready(self) -> Matrix:
        if self._matrix is None:
            self._folder.hold()
            with self._folder.opening():
                self._folder.open()
                self._matrix = self._read()
        return self._matrix

    def _read(self) -> Matrix:
        matrix = Matrix(self._dimensions, self._folder.rows)
        for frame in self._folder.frames():
            try:
                put, gone = _parsed(frame, self._dimensions)
            except (ValueError, KeyError, TypeError, struct.error) as error:
                raise damaged(STORE, "a batch", REMEDY) from error
            if put is not None:
                matrix.add(*put)
            if gone:
                matrix.remove(gone)
                self._removed = True
        return matrix.packed()

    def _wasteful(self, matrix: Matrix) -> bool:
        return self._removed or self._folder.rows - len(matrix) > WASTE * self._folder.rows

    def _pack(self) -> None:
        if self._matrix is not None:
            self._matrix = self._matrix.packed()

    def _empty(self) -> None:
        self._folder.hold()
        self._folder.empty()
        self._matrix, self._waiting, self._removed = Matrix(self._dimensions), [], False

    def _let_go(self) -> None:
        self._matrix = None
        self._folder.let_go()

    def _checked(self, vector: Vector) -> Vector:
        """Return a vector as float32. Raises StorageError unless it has this length and is finite."""
        array = np.asarray(vector, dtype=np.float32)
        if array.shape != (self._dimensions,) or not bool(np.isfinite(array).all()):
            raise StorageError(
                f"The vector index holds {self._dimensions} finite numbers per vector, not an array of shape {array.shape}.",
                kept="Nothing was changed.",
                remedy="Check that the installed model is the one the memory was made with.",
            )
        return array


def _chunk_id(point: bytes) -> str:
    return PREFIX + point.hex()


def _frame(batch: Put | list[bytes]) -> bytes:
    """Return a batch as bytes: the length of a JSON head, the head, the vectors as little-endian float32."""
    if isinstance(batch, tuple):
        rows, vectors = batch
        head = json.dumps({"put": [[row.point.hex(), *row[1:]] for row in rows]}, separators=(",", ":")).encode()
        return HEAD.pack(len(head)) + head + vectors.astype("<f4", copy=False).tobytes()
    head = json.dumps({"gone": [point.hex() for point in batch]}).encode()
    return HEAD.pack(len(head)) + head


def _parsed(frame: bytes, dimensions: int) -> tuple[Put | None, Iterable[bytes]]:
    (size,) = HEAD.unpack_from(frame)
    head = json.loads(frame[HEAD.size : HEAD.size + size])
    if "gone" in head:
        return None, [bytes.fromhex(point) for point in head["gone"]]
    rows = list(_rows(head["put"]))
    vectors = np.frombuffer(frame, dtype="<f4", offset=HEAD.size + size).reshape(len(rows), dimensions)
    return (rows, vectors), ()


def _rows(listed: Sequence[Sequence[str]]) -> Iterator[Row]:
    for point, project, modality, language, source in listed:
        yield Row(UUID(hex=point).bytes, project, modality, language, source)
