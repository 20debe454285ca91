"""The vector index over Qdrant Edge, int8-quantised in a child process. Built by `app`, used as DenseIndex and Optimisable."""

import asyncio
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from assistant.adapters.store import edge_shard
from assistant.adapters.store.edge_child import Optimiser
from assistant.adapters.store.edge_folder import REMEDY, STORE, EdgeFolder, copy_with_holes
from assistant.adapters.store.lane import Lane
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

EVERYTHING = Filter()

IDS_PER_TURN = 5000
"""Ids read before other calls get their turn."""
VECTORS_PER_TURN = 200
ROOM = 16 * 1024 * 1024
"""Bytes that must be free to open the index, or to write one batch into the holes of its files."""
ROOM_AGAIN = 2 * ROOM
"""Bytes that must be free before an index that ran short of room is asked for again: more, or it would come and go."""


class EdgeDense:
    """The DenseIndex of one model in `folder`; `batch` is the number of points written in one call.

    Opens on first use or by `open`. Raises StorageError (disk, damage, vectors of another model or size, odd ids),
    CrampedError (less than ROOM is free) and InUseError (another process holds this folder).
    """

    def __init__(
        self, folder: Path, dimensions: int, batch: int = 100, model: str = "", optimiser: Optimiser | None = None
    ) -> None:
        self._folder = EdgeFolder(folder, dimensions, model)
        self._dimensions = dimensions
        self._batch = max(1, batch)
        self._lane = Lane(STORE, REMEDY)
        self._upkeep = Lane(f"{STORE} upkeep", REMEDY)
        self._optimiser = optimiser or Optimiser()
        self._shard: Any = None
        self._live: Path | None = None
        # Held by every write, and by the optimisation while it copies and while it swaps; searches never wait for it.
        self._writes = asyncio.Lock()
        self._optimising = asyncio.Lock()
        # What was written since the copy was made, the last state of each point; None while there is no copy.
        self._since: dict[UUID, DensePoint | None] | None = None

    async def open(self) -> None:
        """Open or create; later calls do nothing."""
        if self._shard is None:
            await self._lane.run(self._ready)

    async def roomy(self) -> None:
        """Raise CrampedError unless there is room to go on after it had run out."""
        await self._lane.run(lambda: self._folder.require_room(ROOM_AGAIN))

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points; visible to `search` at once, on disk after `commit`."""
        for start in range(0, len(points), self._batch):
            part = points[start : start + self._batch]
            async with self._writes:
                await self._lane.run(lambda part=part: self._upsert(part))

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points; unknown ids are ignored."""
        known = [found for chunk_id in chunk_ids if (found := edge_shard.uuid_of(chunk_id))]
        for start in range(0, len(known), self._batch):
            part = known[start : start + self._batch]
            async with self._writes:
                await self._lane.run(lambda part=part: self._delete(part))

    async def search(self, vector: Vector, k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return at most `k` points, best first; scores are cosines in -1..1."""
        if k < 1:
            return []
        asked = edge_shard.checked(vector, self._dimensions)
        return await self._lane.run(lambda: edge_shard.search(self._ready(), asked, k, where))

    async def ids(self) -> set[str]:
        """Return every chunk id held: the ground truth for verification."""
        found: set[str] = set()
        place: Any = None
        while True:
            part, place = await self._lane.run(lambda place=place: edge_shard.scroll(self._ready(), place, IDS_PER_TURN))
            found.update(part)
            if place is None:
                return found

    async def count(self) -> int:
        """Return the number of points, without listing them."""
        return await self._lane.run(lambda: edge_shard.count(self._ready()))

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of those points that are held."""
        wanted = [point for chunk_id in chunk_ids if (point := edge_shard.uuid_of(chunk_id))]
        found: dict[str, Vector] = {}
        for start in range(0, len(wanted), VECTORS_PER_TURN):
            part = wanted[start : start + VECTORS_PER_TURN]
            found |= await self._lane.run(lambda part=part: edge_shard.vectors(self._ready(), part))
        return found

    async def commit(self) -> None:
        """Make everything written so far survive a crash.

        The engine syncs some 25 files while it blocks all threads, however little is new: 50 to 200 ms. Ask for it rarely.
        """
        async with self._writes:
            await self._lane.run(lambda: self._ready().flush())

    async def optimise(self) -> bool:
        """Quantise new vectors and drop deleted ones in a child process, then swap in; return whether anything changed.

        Searches go on all the while; writes wait while the shard is copied and while it is swapped. A failure, a full disk
        included, leaves the live shard as it was and raises StorageError.
        """
        if self._optimising.locked():
            return False
        async with self._optimising:
            if self._upkeep.closed or not await self._lane.run(self._worth_it):
                return False
            spare = self._folder.spare()
            try:
                async with self._writes:
                    live = await self._lane.run(self._flushed)
                    await self._upkeep.run(lambda: _copy(live, spare))
                    erased = await self._lane.run(self._folder.erased)
                    self._since = {}
                changed = await self._upkeep.run(lambda: self._optimiser.run(spare, self._dimensions, erased=erased))
                if changed is None:
                    return False
                async with self._writes:
                    if changed:
                        fresh = await self._upkeep.run(lambda: self._replayed(spare))
                        await self._lane.run(lambda: self._take(spare, fresh))
                    await self._lane.run(self._clean)
                return changed
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
        """Commit and release files and threads, stopping an optimisation; safe to call twice."""
        self._optimiser.stop()
        async with self._optimising:
            await self._upkeep.close(lambda: None)
            await self._lane.close(self._close)

    def _ready(self) -> Any:
        if self._shard is None:
            self._folder.hold()
            with self._folder.opening():
                self._shard = self._open()
        return self._shard

    def _open(self) -> Any:
        live = self._folder.live()
        self._folder.require_room(ROOM)
        if live is not None:
            shard = edge_shard.load(str(live), self._dimensions)
        else:
            live = self._folder.spare()
            shard = edge_shard.create(str(live), self._dimensions)
            self._folder.point_at(live)
        self._live = live
        self._folder.tidy(live)
        return shard

    def _upsert(self, points: Sequence[DensePoint]) -> None:
        operation = edge_shard.upserting(points, self._dimensions)
        shard = self._ready()
        self._folder.require_room(ROOM)
        shard.update(operation)
        if self._since is not None:
            self._since.update({edge_shard.known(point.chunk_id): point for point in points})

    def _delete(self, ids: Sequence[UUID]) -> None:
        shard = self._ready()
        self._folder.require_room(ROOM)
        self._folder.mark_erased(True)
        shard.update(edge_shard.deleting(ids))
        if self._since is not None:
            self._since.update(dict.fromkeys(ids))

    def _worth_it(self) -> bool:
        waiting = edge_shard.unquantised(self._ready()) * self._dimensions * 4 / 1024
        return waiting > edge_shard.INDEXING_KB or self._folder.erased()

    def _flushed(self) -> Path:
        self._ready().flush()
        assert self._live is not None, "an open index has a live shard"
        return self._live

    def _replayed(self, spare: Path) -> Any:
        """Open the optimised copy and bring it up to date."""
        since = self._since or {}
        self._folder.require_room(ROOM)
        shard = edge_shard.load(str(spare), self._dimensions)
        changed = [point for point in since.values() if point is not None]
        for start in range(0, len(changed), self._batch):
            shard.update(edge_shard.upserting(changed[start : start + self._batch], self._dimensions))
        removed = [point_id for point_id, point in since.items() if point is None]
        if removed:
            shard.update(edge_shard.deleting(removed))
        shard.flush()
        return shard

    def _take(self, spare: Path, fresh: Any) -> None:
        """Make the copy the live shard: from the moment the pointer names it, a crash leaves the new one."""
        self._folder.point_at(spare)
        old, self._shard, self._live = self._shard, fresh, spare
        old.close()

    def _clean(self) -> None:
        """Deleted points are off the disk now, but for those deleted since the copy was made."""
        self._folder.mark_erased(any(point is None for point in (self._since or {}).values()))

    def _tidy(self) -> None:
        if self._live is not None:
            self._folder.tidy(self._live)

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
                shard.flush()
                shard.close()
            finally:
                self._folder.let_go()


def _copy(live: Path, spare: Path) -> None:
    shutil.copytree(live, spare, copy_function=copy_with_holes)
