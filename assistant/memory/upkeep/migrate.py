"""Moves what an index holds to one of another engine and compares the two. Called by `app.migration`."""

from collections.abc import AsyncIterator, Callable, Collection, Sequence
from dataclasses import dataclass
from statistics import fmean

from assistant.domain.document import Chunk, Source
from assistant.domain.errors import MigrationError
from assistant.domain.upkeep import Comparison
from assistant.memory.embed.batcher import cache_key, embedded_text
from assistant.memory.store.writer import dense_point, sparse_row
from assistant.ports.records import ChunkStore, SourceStore, VectorCache
from assistant.ports.stores import DenseIndex, Scored, SparseIndex, SparseQuery, Vector

BATCH = 1000
"""Chunks read, written and reported at a time."""

COMMIT_EVERY = 20_000
"""Chunks after which the new index is committed: what an engine gathers until then has its bounds."""

PROBES = 20
"""Searches made in both indexes."""

TOP = 10
PROBE_WORDS = 12

SHARE_APART = 0.1
"""How far the best hits of a search for words may lie apart on average, in shares: engines round the lengths of texts."""

COSINE_APART = 0.03
"""The same for vectors, in cosines: some engines keep a byte for each number."""

Tell = Callable[[str, int, int], None]
"""Hears what is being done, and how many of how many passages are finished."""


@dataclass(frozen=True, slots=True)
class Moved:
    """What is in the new index, how it compares, and how many passages go without a vector until the next start."""

    count: int
    comparisons: tuple[Comparison, ...]
    lacking: int = 0


class Migration:
    """Fills a new index from the records, never from the old index, and asks both the same questions."""

    def __init__(self, sources: SourceStore, chunks: ChunkStore, cache: VectorCache, tell: Tell) -> None:
        self._sources = sources
        self._chunks = chunks
        self._cache = cache
        self._tell = tell

    async def text(self, old: SparseIndex | None, new: SparseIndex) -> Moved:
        """Write every chunk to an empty text index and compare; raises MigrationError. `old` is None where it is damaged."""
        written: set[str] = set()
        async for batch in self._batches("text", await self._chunks.ids()):
            await new.upsert([sparse_row(chunk, source) for chunk, source in batch])
            written.update(chunk.id for chunk, _ in batch)
            if len(written) % COMMIT_EVERY < len(batch):
                await new.commit()
        await new.commit()
        self._tell("compare text", 0, 0)
        comparisons = [_same_ids("passages in the text index", written, await new.ids())]
        if old is not None and await old.ids() == written:
            comparisons.append(await self._same_words(written, old, new))
        return _sound(Moved(len(written), tuple(comparisons)))

    async def vectors(self, model: str, old: DenseIndex | None, new: DenseIndex) -> Moved:
        """Write the cached vectors of what the old index holds to an empty one and compare; raises MigrationError.

        Where the old index is damaged (None), every passage with a cached vector is written.
        """
        held = await old.ids() if old is not None else None
        wanted = await self._chunks.ids()
        wanted = wanted if held is None else wanted & held
        written: set[str] = set()
        async for batch in self._batches("vectors", wanted):
            known = await self._cached(model, [chunk for chunk, _ in batch])
            points = [dense_point(chunk, known[chunk.id], source) for chunk, source in batch if chunk.id in known]
            await new.upsert(points)
            written.update(point.chunk_id for point in points)
            if len(written) % COMMIT_EVERY < len(points):
                await new.commit()
        await new.commit()
        self._tell("compare vectors", 0, 0)
        comparisons = [_same_ids("vectors", written, await new.ids())]
        if old is not None:
            comparisons.append(await self._same_neighbours(model, written, old, new))
        return _sound(Moved(len(written), tuple(comparisons), len(wanted - written) if held is not None else 0))

    async def _batches(self, what: str, ids: Collection[str]) -> AsyncIterator[list[tuple[Chunk, Source]]]:
        """Yield chunks with their sources; one without a source is left out, as it is in every search."""
        ordered = sorted(ids)
        for start in range(0, len(ordered), BATCH):
            self._tell(what, start, len(ordered))
            chunks = list((await self._chunks.get(ordered[start : start + BATCH])).values())
            sources = await self._sources.get({chunk.source_id for chunk in chunks})
            yield [(chunk, sources[chunk.source_id]) for chunk in chunks if chunk.source_id in sources]
        self._tell(what, len(ordered), len(ordered))

    async def _cached(self, model: str, chunks: Sequence[Chunk]) -> dict[str, Vector]:
        """Return the vectors that are known, by chunk id."""
        keys = {chunk.id: cache_key(embedded_text(chunk)) for chunk in chunks}
        known = await self._cache.get(model, set(keys.values()))
        return {chunk_id: known[key] for chunk_id, key in keys.items() if key in known}

    async def _same_words(self, written: Collection[str], old: SparseIndex, new: SparseIndex) -> Comparison:
        """Search both for the beginnings of some chunks: the best hits must hold as much of what was asked."""
        probes = await self._chunks.get(_some(written))
        apart: list[float] = []
        for chunk in probes.values():
            query = SparseQuery(" ".join(chunk.text.split()[:PROBE_WORDS]))
            apart.append(_apart(await old.search(query, TOP), await new.search(query, TOP), lambda hit: hit.share))
        return _agreement("searches for words", apart, SHARE_APART)

    async def _same_neighbours(self, model: str, written: Collection[str], old: DenseIndex, new: DenseIndex) -> Comparison:
        """Search both for the neighbours of some chunks: they must be as near."""
        probes = await self._cached(model, list((await self._chunks.get(_some(written))).values()))
        apart: list[float] = []
        for vector in probes.values():
            before = [hit for hit in await old.search(vector, TOP) if hit.chunk_id in written]
            apart.append(_apart(before, await new.search(vector, TOP), lambda hit: hit.score))
        return _agreement("searches for neighbours", apart, COSINE_APART)


def _some(ids: Collection[str]) -> list[str]:
    """Return up to PROBES ids, spread evenly."""
    ordered = sorted(ids)
    return ordered[:: max(1, len(ordered) // PROBES)][:PROBES]


def _apart(before: Sequence[Scored], after: Sequence[Scored], value: Callable[[Scored], float]) -> float:
    """Return how much worse the hits of the new index are on average, place by place; a missing one counts whole.

    By value and not by id: of equal texts any may come first.
    """
    losses = [max(0.0, value(hit) - (value(after[place]) if place < len(after) else 0.0)) for place, hit in enumerate(before)]
    return fmean(losses) if losses else 0.0


def _same_ids(name: str, expected: set[str], found: set[str]) -> Comparison:
    wrong = sorted(expected ^ found)
    return Comparison(
        name=name,
        expected=len(expected),
        found=len(found),
        agrees=not wrong,
        detail=f"{len(wrong)} missing or too many" if wrong else "",
    )


def _agreement(name: str, apart: Sequence[float], allowed: float) -> Comparison:
    agreeing = sum(loss <= allowed for loss in apart)
    return Comparison(name=name, expected=len(apart), found=agreeing, agrees=agreeing == len(apart))


def _sound(moved: Moved) -> Moved:
    wrong = [comparison for comparison in moved.comparisons if not comparison.agrees]
    if wrong:
        told = "; ".join(f"{one.name}: {one.found} of {one.expected}" for one in wrong)
        raise MigrationError(
            f"The new engine does not answer as the old one does ({told}).",
            kept="The memory stays in its old engine, nothing is lost.",
            remedy="Try again; if it happens again, keep the old engine.",
        )
    return moved
