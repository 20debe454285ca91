"""The fallback vector index over usearch, memory-mapped. Built by `app`, used as DenseIndex and Optimisable."""

import asyncio
import sys
from collections.abc import Collection, Sequence
from pathlib import Path
from uuid import UUID

import numpy as np

from assistant.adapters.store.edge_child import Optimiser
from assistant.adapters.store.edge_folder import STORE, EdgeFolder
from assistant.adapters.store.edge_shard import checked, known, uuid_of
from assistant.adapters.store.lane import Lane
from assistant.adapters.store.usearch_merge import hand_over
from assistant.adapters.store.usearch_shard import Shard, Snapshot, batch_of
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

EVERYTHING = Filter()

CHILD = (sys.executable, "-m", "assistant.adapters.store.usearch_merge")

REMEDY = (
    "Nothing is lost: close Mneme, delete the folder `usearch` in its memory and start again; they are rebuilt from the records."
)

KIND = "f16"
"""How the base keeps numbers: half the bytes of f32, with the same results (recall@20 1.00 against .88 for i8)."""

GRAPH_FROM = 1_000_000
"""Rows from which a graph pays; below, scanning all of them takes less than 50 ms and misses nothing."""

MERGE_BYTES = 4_000_000
"""Size of the log from which a new base is worth its writing."""


class UsearchDense:
    """The DenseIndex of one model in `folder`; `batch` is the number of points written in one call.

    Opens on first use or by `open`. Raises StorageError (disk, damage, vectors of another model or size, odd ids) and
    InUseError (another process holds this folder).
    """

    def __init__(
        self,
        folder: Path,
        dimensions: int,
        batch: int = 500,
        model: str = "",
        graph_from: int = GRAPH_FROM,
        optimiser: Optimiser | None = None,
    ) -> None:
        self._folder = EdgeFolder(folder, dimensions, model, REMEDY)
        self._dimensions = dimensions
        self._batch = max(1, batch)
        self._graph_from = graph_from
        self._lane = Lane(STORE, REMEDY)
        self._upkeep = Lane(f"{STORE} upkeep", REMEDY)
        self._optimiser = optimiser or Optimiser(CHILD)
        self._shard: Shard | None = None
        # Held by every write, and by the merge while it notes what there is and while it swaps; searches never wait for it.
        self._writes = asyncio.Lock()
        self._optimising = asyncio.Lock()
        # What was written since the snapshot, the last state of each point; None while there is no merge.
        self._since: dict[UUID, DensePoint | None] | None = None

    async def open(self) -> None:
        """Open or create; later calls do nothing."""
        if self._shard is None:
            await self._lane.run(self._ready)

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points; visible to `search` at once, on disk after `commit`."""
        for start in range(0, len(points), self._batch):
            part = points[start : start + self._batch]
            async with self._writes:
                await self._lane.run(lambda part=part: self._upsert(part))

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points; unknown ids are ignored."""
        found = [point_id for chunk_id in chunk_ids if (point_id := uuid_of(chunk_id))]
        if found:
            async with self._writes:
                await self._lane.run(lambda: self._delete(found))

    async def search(self, vector: Vector, k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return at most `k` points, best first; scores are cosines in -1..1."""
        if k < 1:
            return []
        asked = np.array(checked(vector, self._dimensions), np.float32)
        return await self._lane.run(lambda: self._ready().search(asked, k, where))

    async def ids(self) -> set[str]:
        """Return every chunk id held: the ground truth for verification."""
        return await self._lane.run(lambda: self._ready().ids())

    async def count(self) -> int:
        """Return the number of points, without listing them."""
        return await self._lane.run(lambda: len(self._ready()))

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of those points that are held, as the base's halved numbers keep them."""
        wanted = [found.bytes for chunk_id in chunk_ids if (found := uuid_of(chunk_id))]
        return await self._lane.run(lambda: self._ready().vectors(wanted))

    async def commit(self) -> None:
        """Make everything written so far survive a crash."""
        async with self._writes:
            await self._lane.run(lambda: self._ready().commit())

    async def optimise(self) -> bool:
        """Merge what was written since into a new mapped base, without deleted points; return whether anything changed.

        Done in a child process: searches go on all the while, writes wait while the rows are noted and while the base is
        swapped. A failure, a full disk included, leaves the live shard as it was and raises StorageError.
        """
        if self._optimising.locked():
            return False
        async with self._optimising:
            if self._upkeep.closed or not await self._lane.run(self._worth_it):
                return False
            spare = self._folder.spare()
            try:
                async with self._writes:
                    live, rows = await self._lane.run(self._noted)
                    self._since = {}
                await self._upkeep.run(lambda: hand_over(spare, live, rows, KIND, len(rows) >= self._graph_from))
                if not await self._upkeep.run(lambda: self._optimiser.run(spare, self._dimensions)):
                    return False
                async with self._writes:
                    fresh = await self._upkeep.run(lambda: self._replayed(spare))
                    await self._lane.run(lambda: self._take(fresh))
                return True
            except asyncio.CancelledError:
                self._optimiser.kill()
                raise
            finally:
                self._since = None
                await self._upkeep.run(self._tidy)

    async def reset(self) -> None:
        """Throw all vectors away, damaged or not, and start empty for this model: the first step of a rebuild."""
        async with self._optimising, self._writes:
            await self._lane.run(self._reset)

    async def close(self) -> None:
        """Commit and release files and threads, stopping a merge; safe to call twice."""
        self._optimiser.stop()
        async with self._optimising:
            await self._upkeep.close(lambda: None)
            await self._lane.close(self._close)

    def _ready(self) -> Shard:
        if self._shard is None:
            self._folder.hold()
            with self._folder.opening():
                self._shard = self._open()
        return self._shard

    def _open(self) -> Shard:
        live = self._folder.live()
        if live is not None:
            shard = Shard.load(live, self._dimensions, STORE, REMEDY)
        else:
            shard = Shard.create(self._folder.spare(), self._dimensions, KIND, STORE, REMEDY)
            self._folder.point_at(shard.folder)
        self._folder.tidy(shard.folder)
        return shard

    def _upsert(self, points: Sequence[DensePoint]) -> None:
        self._ready().put(batch_of(points, self._dimensions))
        if self._since is not None:
            self._since.update({known(point.chunk_id): point for point in points})

    def _delete(self, ids: Sequence[UUID]) -> None:
        shard = self._ready()
        self._folder.mark_erased(True)
        shard.cut([point_id.bytes for point_id in ids])
        if self._since is not None:
            self._since.update(dict.fromkeys(ids))

    def _worth_it(self) -> bool:
        shard = self._ready()
        return shard.waiting > MERGE_BYTES or self._folder.erased() or (len(shard) >= self._graph_from and not shard.graph)

    def _noted(self) -> tuple[Path, Snapshot]:
        shard = self._ready()
        return shard.folder, shard.snapshot()

    def _replayed(self, spare: Path) -> Shard:
        """Open the new base and bring it up to date."""
        shard = Shard.over(spare, self._dimensions, STORE, REMEDY)
        try:
            self._catch_up(shard)
        except BaseException:
            shard.close()
            raise
        return shard

    def _catch_up(self, shard: Shard) -> None:
        since = self._since or {}
        changed = [point for point in since.values() if point is not None]
        for start in range(0, len(changed), self._batch):
            shard.put(batch_of(changed[start : start + self._batch], self._dimensions))
        removed = [point_id.bytes for point_id, point in since.items() if point is None]
        if removed:
            shard.cut(removed)
        shard.commit()

    def _take(self, fresh: Shard) -> None:
        """Make the new shard the live one: from the moment the pointer names it, a crash leaves it."""
        self._folder.point_at(fresh.folder)
        old, self._shard = self._shard, fresh
        # Deleted points are off the disk when the old shard is, but for those deleted since the snapshot.
        self._folder.mark_erased(any(point is None for point in (self._since or {}).values()))
        if old is not None:
            old.close()

    def _tidy(self) -> None:
        if self._shard is not None:
            self._folder.tidy(self._shard.folder)

    def _reset(self) -> None:
        shard, self._shard = self._shard, None
        if shard is None:
            self._folder.hold()
        else:
            shard.close()
        with self._folder.opening():
            self._folder.empty()
            self._shard = self._open()

    def _close(self) -> None:
        shard, self._shard = self._shard, None
        if shard is not None:
            try:
                shard.commit()
            finally:
                shard.close()
                self._folder.let_go()
