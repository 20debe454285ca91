"""Erases sources everywhere and proves it. Called by the service."""

from collections.abc import Sequence
from hashlib import sha256

from assistant.domain.document import Chunk, Source
from assistant.domain.upkeep import ForgetReport
from assistant.memory.embed import embedded_text
from assistant.memory.store import Stores, Writer, sparse_row
from assistant.ports.stores import DatabaseUpkeep, Optimisable, SparseQuery, VectorCache

BATCH = 2000
PROBES = 20


class Forgetting:
    """Erases text, rows, vectors, cached vectors, records and journal entries, then looks for what is left."""

    def __init__(
        self, stores: Stores, writer: Writer, cache: VectorCache, upkeep: DatabaseUpkeep, compact: Optimisable | None
    ) -> None:
        self._stores = stores
        self._writer = writer
        self._cache = cache
        self._upkeep = upkeep
        self._compact = compact

    async def forget(self, path: str, sources: Sequence[Source]) -> ForgetReport:
        """Erase these sources; `path` is what the person named. Can be repeated after an interruption."""
        ids = [source.id for source in sources]
        chunks = await self._stores.chunks.of_sources(ids)
        seqs = await self._stores.journal.begin("forget", sources)
        await self._writer.drop(ids)
        await self._cache.erase(_cached(chunks))
        await self._stores.sources.delete(ids)
        roots = [root.path for root in await self._stores.sources.roots() if not await self._stores.sources.find(root.path)]
        await self._stores.sources.set_roots(remove=roots)
        await self._rewrite_text_index()
        await self._stores.journal.finish(seqs)
        await self._stores.journal.redact(ids)
        if self._compact is not None:
            await self._compact.optimise()
        await self._upkeep.scrub()
        remains = await self._remains(ids, chunks)
        return ForgetReport(path=path, sources=len(ids), chunks=len(chunks), proved=not any(remains.values()), remains=remains)

    async def _rewrite_text_index(self) -> None:
        """Write the text index anew from the records: a deleted row's words otherwise stay in its segment on disk."""
        await self._stores.sparse.delete(await self._stores.sparse.ids())
        await self._stores.sparse.commit()
        sources = {source.id: source for source in await self._stores.sources.find() if source.chunks}
        ids = list(sources)
        for start in range(0, len(ids), BATCH):
            chunks = await self._stores.chunks.of_sources(ids[start : start + BATCH])
            await self._stores.sparse.upsert([sparse_row(chunk, sources[chunk.source_id]) for chunk in chunks])
        await self._stores.sparse.commit()

    async def _remains(self, source_ids: Sequence[str], chunks: Sequence[Chunk]) -> dict[str, int]:
        """Count what each store still holds of these chunks, and what a search for their text still finds."""
        ids = {chunk.id for chunk in chunks}
        found = 0
        for chunk in chunks[:: max(1, len(chunks) // PROBES)]:
            hits = await self._stores.sparse.search(SparseQuery(chunk.text), 50)
            found += sum(hit.chunk_id in ids for hit in hits)
        return {
            "sources": len(await self._stores.sources.get(source_ids)),
            "records": len(await self._stores.chunks.get(ids)),
            "text rows": len(ids & await self._stores.sparse.ids()),
            "vectors": len(ids & await self._stores.dense.ids()) if self._stores.dense else 0,
            "cached vectors": await self._cached_left(chunks),
            "found by search": found,
        }

    async def _cached_left(self, chunks: Sequence[Chunk]) -> int:
        return await self._cache.count(_cached(chunks))


def _cached(chunks: Sequence[Chunk]) -> set[str]:
    return {sha256(embedded_text(chunk).encode("utf-8", "surrogatepass")).hexdigest() for chunk in chunks}
