"""The vector index on a Qdrant server or cluster. Built by `app` when the profile names it; DenseIndex and Optimisable."""

import threading
from collections.abc import Callable, Collection, Sequence
from pathlib import Path
from typing import Any, TypeVar

from assistant.adapters.store import qdrant_collection
from assistant.adapters.store.edge_shard import checked, uuid_of
from assistant.adapters.store.lane import Lane
from assistant.adapters.store.qdrant_server import QdrantServer, Server
from assistant.config.schema import Qdrant
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

T = TypeVar("T")

EVERYTHING = Filter()

STORE = "vector server"
REMEDY = "Nothing is lost: the vectors can be made again from the records."

IDS_PER_TURN = 5000
"""Ids read in one request."""
VECTORS_PER_TURN = 500


class QdrantDense:
    """The DenseIndex of one model, in a collection of its own; `batch` is the number of points sent in one request.

    `folder` keeps the name of this memory's collections. Connects on first use or by `open`. Requests run on two threads,
    so that a search never waits behind a write. Raises StorageError (server, network, vectors of another size, odd ids)
    and ConfigError (an address that may not be used).
    """

    def __init__(
        self,
        settings: Qdrant,
        folder: Path,
        dimensions: int,
        model: str = "",
        api_key: str | None = None,
        batch: int = 100,
        server: Server | None = None,
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._dimensions = dimensions
        self._model = model
        self._batch = max(1, batch)
        self._server: Server = server or QdrantServer(settings, api_key)
        self._writes = Lane(STORE, REMEDY)
        self._reads = Lane(f"{STORE} search", REMEDY) if self._server.parallel else self._writes
        self._connecting = threading.Lock()
        self._opening = threading.Lock()
        self._client: Any = None
        self._ready = False
        self._name = ""

    async def open(self) -> None:
        """Connect and create the collection where it is missing; later calls do nothing."""
        if not self._ready:
            await self._ask(self._writes, lambda client: None)

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points; visible to `search` at once, and safe in the server's own log."""
        if not points:
            return
        checked_points = await self._writes.run(lambda: qdrant_collection.batch_of(points, self._dimensions))
        for start in range(0, len(checked_points), self._batch):
            part = checked_points[start : start + self._batch]
            await self._ask(self._writes, lambda client, part=part: qdrant_collection.upsert(client, self._name, part))

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points; unknown ids are ignored."""
        known = [found for chunk_id in chunk_ids if (found := uuid_of(chunk_id))]
        for start in range(0, len(known), IDS_PER_TURN):
            part = known[start : start + IDS_PER_TURN]
            await self._ask(self._writes, lambda client, part=part: qdrant_collection.delete(client, self._name, part))

    async def search(self, vector: Vector, k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Return at most `k` points, best first; scores are cosines in -1..1."""
        if k < 1:
            return []
        asked, wide = checked(vector, self._dimensions), self._settings.oversampling
        return await self._ask(self._reads, lambda client: qdrant_collection.search(client, self._name, asked, k, where, wide))

    async def ids(self) -> set[str]:
        """Return every chunk id held: the ground truth for verification."""
        found: set[str] = set()
        place: Any = None
        copies = self._settings.replication_factor
        while True:
            part, place = await self._ask(
                self._reads,
                lambda client, place=place: qdrant_collection.scroll(client, self._name, place, IDS_PER_TURN, copies),
            )
            found.update(part)
            if place is None:
                return found

    async def count(self) -> int:
        """Return the number of points, without listing them."""
        return await self._ask(self._reads, lambda client: qdrant_collection.count(client, self._name))

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of those points that are held."""
        wanted = [point for chunk_id in chunk_ids if (point := uuid_of(chunk_id))]
        found: dict[str, Vector] = {}
        for start in range(0, len(wanted), VECTORS_PER_TURN):
            part = wanted[start : start + VECTORS_PER_TURN]
            found |= await self._ask(self._reads, lambda client, part=part: qdrant_collection.vectors(client, self._name, part))
        return found

    async def commit(self) -> None:
        """Wait for the writes asked before; the server has each in its log before it answers."""
        await self._writes.run(lambda: None)

    async def optimise(self) -> bool:
        """Have the server build its graph above the configured size; quantising and merging it does by itself."""
        if self._writes.closed:
            return False
        size = self._settings.graph_chunks
        return await self._ask(self._writes, lambda client: qdrant_collection.graph(client, self._name, size))

    async def reset(self) -> None:
        """Throw all vectors of this model away, whatever their size, and start empty: the first step of a rebuild."""
        await self._writes.run(self._drop)
        await self.open()

    async def drop(self) -> None:
        """Remove the collection from the server, for a memory that has moved to another engine; the next use makes a new one."""
        await self._writes.run(self._drop)

    async def close(self) -> None:
        """Release connections and threads; safe to call twice."""
        self._server.stop()
        if self._reads is not self._writes:
            await self._reads.close(lambda: None)
        await self._writes.close(self._close)

    async def _ask(self, lane: Lane, work: Callable[[Any], T]) -> T:
        return await lane.run(lambda: self._opened_for(work))

    def _opened_for(self, work: Callable[[Any], T]) -> T:
        client = self._connected()
        with self._opening:
            if not self._ready:
                self._server.call(lambda: qdrant_collection.ready(client, self._name, self._settings, self._dimensions))
                self._ready = True
        return self._server.call(lambda: work(client))

    def _connected(self) -> Any:
        with self._connecting:
            if self._client is None:
                owner = qdrant_collection.owner_of(self._folder)
                self._name = qdrant_collection.collection_name(self._settings, self._model, owner)
                self._client = self._server.connect()
            return self._client

    def _drop(self) -> None:
        client = self._connected()
        with self._opening:
            self._ready = False
            self._server.call(lambda: client.delete_collection(self._name))

    def _close(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()
