"""The memory's door for vector spaces: a second one is filled beside the first, and answering moves between them.

Used by the orchestrator; the scheduler keeps other writing away where it says so.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol

from assistant.domain.document import Source
from assistant.domain.errors import ModelError
from assistant.domain.spaces import SpaceRecord
from assistant.memory.embed import takes_part
from assistant.memory.service import Memory
from assistant.memory.store import VectorSpace
from assistant.memory.upkeep import Gap, fill, gap, misfits, requeue
from assistant.ports.spaces import SpaceRegistry, VectorStore
from assistant.ports.system import Clock

__all__ = ["Gap", "SpaceFactory", "Spaces"]


class SpaceFactory(Protocol):
    """Opens the vectors and the model of a space; of each model's vectors there is one object. Closes them all at the end."""

    def name(self, model_id: str) -> tuple[str, int]:
        """Return id and revision of an installed model, and its dimensions; raises ModelError when it is not installed."""
        ...

    def index(self, model: str, dimensions: int) -> VectorStore:
        """Return the vectors of a space; they open on first use."""
        ...

    async def load(self, model_id: str) -> VectorSpace:
        """Load an installed model and open its vectors, emptied when damaged; raises ModelError and StorageError."""
        ...

    def answering(self, space: VectorSpace) -> VectorSpace:
        """Return a space as it answers: what guards it against damage stands before its vectors."""
        ...

    async def discard(self, model: str, dimensions: int) -> None:
        """Close the vectors of a space and delete their files; raises StorageError."""
        ...


class Spaces:
    """All spaces of one memory. At most one answers; `answering` is the one opened at start, None without a model."""

    def __init__(
        self, memory: Memory, registry: SpaceRegistry, factory: SpaceFactory, answering: VectorSpace | None, clock: Clock
    ) -> None:
        self._memory = memory
        self._registry = registry
        self._factory = factory
        self._clock = clock
        self._loaded: dict[str, VectorSpace] = {answering.model: answering} if answering else {}

    async def open(self) -> None:
        """Record the answering space and put all others beside it, so that what is forgotten leaves them too."""
        model = self._memory.model
        for record in await self._registry.all():
            if record.model != model:
                self._memory.spaces.beside[record.model] = self._factory.index(record.model, record.dimensions)
        if model and (await self.record(model)).state != "active":
            await self._put(await self.record(model), state="active", reason="")

    async def all(self) -> list[SpaceRecord]:
        """Return every space, ordered by model."""
        return await self._registry.all()

    async def record(self, model: str) -> SpaceRecord:
        """Return what is recorded of a space; a new record for one that is not known yet."""
        known = {record.model: record for record in await self._registry.all()}
        if model in known:
            return known[model]
        space = self._loaded.get(model)
        dimensions = space.embedder.dimensions if space else 0
        return SpaceRecord(model=model, dimensions=dimensions, state="building", updated=self._clock.now())

    async def begin(self, model_id: str) -> SpaceRecord:
        """Load a model and record its space as building; one that is active or building already stays as it is.

        Raises ModelError when the model is not installed or another space is being built.
        """
        model, dimensions = self._factory.name(model_id)
        known = {record.model: record for record in await self._registry.all()}
        if model in known and known[model].state in ("active", "building"):
            return known[model]
        under_way = [
            record.model_id for record in known.values() if record.state in ("building", "ready") and record.model != model
        ]
        if under_way:
            raise ModelError(
                f"The vectors of {under_way[0]} are being prepared already.",
                kept="That work goes on.",
                remedy=f"Wait until it has ended, or end it with: mneme models drop {under_way[0]}.",
            )
        fresh = SpaceRecord(model=model, dimensions=dimensions, state="building", updated=self._clock.now())
        await self.load(model_id)
        return await self._put(known.get(model, fresh), state="building", reason="")

    async def load(self, model_id: str) -> VectorSpace:
        """Return the space of an installed model with its model in memory; raises ModelError and StorageError."""
        model, _ = self._factory.name(model_id)
        if model not in self._loaded:
            self._loaded[model] = await self._factory.load(model_id)
        space = self._loaded[model]
        if model != self._memory.model:
            self._memory.spaces.beside[model] = space.dense
        return space

    async def gap(self, model_id: str) -> Gap:
        """Tell what a space lacks; vectors without a record leave it."""
        return await gap(self._memory.engines.stores, await self.load(model_id))

    async def embed(
        self,
        model_id: str,
        sources: Sequence[Source],
        proceed: Callable[[], Awaitable[None]],
        writing: asyncio.Lock,
    ) -> int:
        """Give the chunks of these sources their vectors in a space; return how many were written.

        `proceed` is awaited before each batch and may raise to give way: what was embedded stays in the cache. `writing`
        is held while vectors are written.
        """
        space = await self.load(model_id)
        stores, cache = self._memory.engines.stores, self._memory.engines.cache
        batcher = self._memory.batcher(space.embedder)
        chunks = await stores.chunks.of_sources([source.id for source in sources])
        wanted = [chunk for chunk in chunks if takes_part(chunk, space.embedder)]
        if batcher is None or not wanted:
            return 0
        vectors = await batcher.vectors(wanted, lambda _: None, proceed)
        async with writing:
            return await fill(stores, space, wanted, vectors, cache)

    async def note(self, model: str, **changes: object) -> SpaceRecord:
        """Change what is recorded of a space."""
        return await self._put(await self.record(model), **changes)

    async def commit(self, model_id: str) -> None:
        """Make what was embedded survive a crash."""
        await (await self.load(model_id)).dense.commit()

    async def activate(self, model_id: str) -> list[Source]:
        """Let this space answer, and keep the one before; return the sources that the scheduler must embed for it.

        The caller keeps writing away. A crash at any point leaves one of the two spaces answering, whole.
        """
        space = await self.load(model_id)
        before = self._memory.model
        await self._put(await self.record(space.model), state="active", reason="", recut=True)
        beside = self._memory.spaces.beside
        space = self._loaded[space.model] = self._factory.answering(space)
        self._memory.turn(space)
        beside.pop(space.model, None)
        if before and before != space.model:
            # Its model leaves memory with the last question that uses it.
            beside[before] = self._factory.index(before, self._loaded.pop(before).embedder.dimensions)
        stores = self._memory.engines.stores
        return await requeue(stores, (await gap(stores, space)).sources)

    async def misfits(self, sources: Sequence[Source], limit: int) -> list[Source]:
        """Return the sources with chunks too long for the model in use."""
        space = self._loaded.get(self._memory.model)
        if space is None:
            return []

        async def count(texts: Sequence[str]) -> list[int]:
            return await asyncio.to_thread(space.counter.count, texts)

        return await misfits(self._memory.engines.stores, sources, min(limit, space.counter.limit), count)

    async def drop(self, model: str) -> None:
        """Delete a space that does not answer: its vectors, its cached vectors, its record."""
        record = await self.record(model)
        self._memory.spaces.beside.pop(model, None)
        self._loaded.pop(model, None)
        await self._factory.discard(model, record.dimensions)
        await self._memory.engines.cache.clear(model)
        await self._registry.delete(model)

    async def sweep(self) -> None:
        """Remove vectors without a record from the spaces beside the answering one: what a crash can leave there."""
        recorded = await self._memory.engines.stores.chunks.ids()
        for dense in list(self._memory.spaces.beside.values()):
            if stray := await dense.ids() - recorded:
                await dense.delete(stray)
                await dense.commit()

    async def _put(self, record: SpaceRecord, **changes: object) -> SpaceRecord:
        changed = record.model_copy(update={**changes, "updated": self._clock.now()})
        await self._registry.put(changed)
        return changed
