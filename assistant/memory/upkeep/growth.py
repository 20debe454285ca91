"""Fills a vector space beside the one that answers, and tells what it lacks. Called by the room's door for spaces."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from assistant.domain.document import Chunk, Source, SourceState
from assistant.memory.embed import cache_keys, takes_part
from assistant.memory.store import Stores, VectorSpace, dense_point
from assistant.ports.records import VectorCache
from assistant.ports.stores import Vector


@dataclass(frozen=True, slots=True)
class Gap:
    """What a space lacks: sources with chunks that have no vector there, those a person changed last first."""

    sources: tuple[Source, ...]
    done: int
    total: int


async def gap(stores: Stores, space: VectorSpace) -> Gap:
    """Compare a space with the records, and remove the vectors that have none."""
    marks = await stores.chunks.marks()
    held = await space.dense.ids()
    if stray := held - {mark.chunk_id for mark in marks}:
        await space.dense.delete(stray)
        await space.dense.commit()
    expected = [mark for mark in marks if takes_part(mark, space.embedder)]
    missing = [mark for mark in expected if mark.chunk_id not in held]
    wanting = {mark.source_id for mark in missing}
    sources = [source for source in await stores.sources.find() if source.id in wanting] if wanting else []
    sources.sort(key=lambda source: (-source.modified, source.path))
    return Gap(tuple(sources), len(expected) - len(missing), len(expected))


async def fill(
    stores: Stores,
    space: VectorSpace,
    chunks: Sequence[Chunk],
    vectors: Sequence[Vector],
    cache: VectorCache,
) -> int:
    """Write vectors of chunks that are still recorded as they were; what vanished meanwhile leaves the cache as well.

    The caller keeps all other writing away. Return how many were written.
    """
    present = await stores.chunks.get({chunk.id for chunk in chunks})
    sources = await stores.sources.get({chunk.source_id for chunk in present.values()})
    kept = [
        (chunk, vector)
        for chunk, vector in zip(chunks, vectors, strict=True)
        if chunk.id in present and chunk.source_id in sources
    ]
    gone = [chunk for chunk in chunks if chunk.id not in present]
    if gone:
        await cache.erase(cache_keys(gone) - cache_keys(present.values()))
    await space.dense.upsert([dense_point(chunk, vector, sources[chunk.source_id]) for chunk, vector in kept])
    return len(kept)


async def requeue(stores: Stores, lacking: Sequence[Source]) -> list[Source]:
    """Return these sources as searchable, to be embedded by the scheduler; those that were ready are recorded so."""
    waiting = [source.model_copy(update={"state": SourceState.SEARCHABLE}) for source in lacking]
    ready = {source.id for source in lacking if source.state is SourceState.READY}
    await stores.sources.put([source for source in waiting if source.id in ready])
    busy = {SourceState.QUEUED, SourceState.READING, SourceState.FAILED, SourceState.EXCLUDED}
    skip = {source.id for source in lacking if source.state in busy}
    return [source for source in waiting if source.id not in skip]


async def misfits(
    stores: Stores, sources: Sequence[Source], limit: int, count: Callable[[Sequence[str]], Awaitable[list[int]]]
) -> list[Source]:
    """Return those of the sources with a chunk of more than `limit` tokens, as `count` measures for the model in use."""
    chunks = await stores.chunks.of_sources([source.id for source in sources])
    counts = await count([chunk.text for chunk in chunks])
    long = {chunk.source_id for chunk, tokens in zip(chunks, counts, strict=True) if tokens > limit}
    return [source for source in sources if source.id in long]
