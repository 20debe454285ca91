"""The vector index over Qdrant Edge, int8-quantised in a child process. Built by `app`, used as DenseIndex and Optimisable."""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from assistant.adapters.store import edge_shard
from assistant.adapters.store.edge_folder import REMEDY, STORE, EdgeFolder
from assistant.adapters.store.lane import Lane
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

IDS_PER_TURN = 5000
"""Ids read before other calls get their turn."""


class EdgeDense:
    """The DenseIndex of one model in `folder`; `batch` is the number of points written in one call.

    Opens on first use or by `open`. Raises StorageError (disk, damage, vectors of another model or size, odd ids) and
    InUseError (another process holds this folder).
    """

    def __init__(self, folder: Path, dimensions: int, batch: int = 100, model: str = "") -> None:
        self._folder = EdgeFolder(folder, dimensions, model)
        self._dimensions = dimensions
        self._batch = max(1, batch)
        self._lane = Lane(STORE, REMEDY)
        self._shard: Any = None

    async def open(self) -> None:
        """Open or create; later calls do nothing."""
        if self._shard is None:
            await self._lane.run(self._ready)

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points; visible to `search` at once, on disk after `commit`."""
        for start in range(0, len(points), self._batch):
            part = points[start : start + self._batch]
            await self._lane.run(lambda part=part: self._upsert(part))

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points; unknown ids are ignored."""
        known = [found for chunk_id in chunk_ids if (found := edge_shard.uuid_of(chunk_id))]
        if known:
            await self._lane.run(lambda: self._ready().update(edge_shard.deleting(known)))

    async def search(self, vector: Vector, k: int, where: Filter = Filter()) -> list[Scored]:  # noqa: B008  # frozen value
        """Return at most `k` points, best first; scores are cosines in -1..1."""
        if k < 1:
            return []
        return await self._lane.run(lambda: edge_shard.search(self._ready(), vector, k, where))

    async def ids(self) -> set[str]:
        """Return every chunk id held: the ground truth for verification."""
        found: set[str] = set()
        place: Any = None
        while True:
            part, place = await self._lane.run(lambda place=place: edge_shard.scroll(self._ready(), place, IDS_PER_TURN))
            found.update(part)
            if place is None:
                return found

    async def commit(self) -> None:
        """Make everything written so far survive a crash."""
        await self._lane.run(lambda: self._ready().flush())

    async def close(self) -> None:
        """Commit and release files and threads; safe to call twice."""
        await self._lane.close(self._close)

    def _ready(self) -> Any:
        if self._shard is None:
            self._folder.hold()
            try:
                self._shard = self._open()
            except BaseException:
                self._folder.let_go()
                raise
        return self._shard

    def _open(self) -> Any:
        live = self._folder.live()
        if live is not None:
            self._folder.tidy(live)
            return edge_shard.load(str(live), self._dimensions)
        fresh = self._folder.spare()
        shard = edge_shard.create(str(fresh), self._dimensions)
        self._folder.point_at(fresh)
        return shard

    def _upsert(self, points: Sequence[DensePoint]) -> None:
        self._ready().update(edge_shard.upserting(points))

    def _close(self) -> None:
        shard, self._shard = self._shard, None
        if shard is not None:
            try:
                shard.flush()
                shard.close()
            finally:
                self._folder.let_go()
