"""Erases sources everywhere and proves it. Called by the service."""

from collections.abc import Sequence
from pathlib import Path

from assistant.domain.document import Chunk, Source, SourceState
from assistant.domain.upkeep import ForgetReport
from assistant.memory.embed import cache_keys
from assistant.memory.store import Stores, Writer, sparse_row
from assistant.ports.spaces import ConfirmedStore
from assistant.ports.records import DatabaseUpkeep, Journal, JournalEntry, RecallLog, VectorCache
from assistant.ports.stores import Optimisable, SparseQuery

BATCH = 2000
PROBES = 20
JOURNAL_PAGE = 10_000


class Forgetting:
    """Erases text, rows, vectors, cached vectors, records and journal entries, then looks for what is left."""

    def __init__(
        self,
        stores: Stores,
        writer: Writer,
        cache: VectorCache,
        upkeep: DatabaseUpkeep,
        compact: Optimisable | None,
        recalls: RecallLog,
        confirmed: ConfirmedStore | None = None,
    ) -> None:
        self._stores = stores
        self._writer = writer
        self._cache = cache
        self._upkeep = upkeep
        self._compact = compact
        self._recalls = recalls
        self._confirmed = confirmed

    async def forget(self, path: str, sources: Sequence[Source]) -> ForgetReport:
        """Erase these sources; `path` is what the person named. What an interruption leaves undone `resume` finishes."""
        ids = [source.id for source in sources]
        chunks = await self._stores.chunks.of_sources(ids)
        seqs = await self._stores.journal.begin("forget", sources)
        await self._erase(ids)
        await self.withdraw_roots(path)
        await self._clean(ids)
        await self._stores.journal.finish(seqs)
        remains = await self._remains(ids, chunks)
        return ForgetReport(path=path, sources=len(ids), chunks=len(chunks), proved=not any(remains.values()), remains=remains)

    async def resume(self) -> None:
        """Finish what was being forgotten when Mneme stopped; what was added again since then stays."""
        entries = [entry for entry in await self._stores.journal.pending() if entry.op == "forget"]
        if not entries:
            return
        held = await self._stores.sources.get({entry.source_id for entry in entries})
        later = await self._remembered_after(min(entry.seq for entry in entries))
        doomed = [e for e in entries if later.get(e.source_id, 0) < e.seq and not _queued_again(held.get(e.source_id), e)]
        ids = [entry.source_id for entry in doomed]
        await self._erase(ids)
        for path in {entry.path for entry in doomed if entry.path}:
            await self.withdraw_roots(path)
        await self._clean(ids)
        await self._stores.journal.finish([entry.seq for entry in entries])

    async def _remembered_after(self, seq: int) -> dict[str, int]:
        """Return the last entry of remembering by source: the journal's order holds whatever the clock did."""
        found: dict[str, int] = {}
        while entries := await self._stores.journal.read(seq, JOURNAL_PAGE):
            seq = entries[-1].seq
            found |= {entry.source_id: entry.seq for entry in entries if entry.op == "remember"}
        return found

    async def withdraw_roots(self, path: str) -> int:
        """Withdraw the roots at, below and above a path that hold no source any more; return how many."""
        place = Path(path)
        empty = [
            root.path
            for root in await self._stores.sources.roots()
            if (Path(root.path).is_relative_to(place) or place.is_relative_to(root.path))
            and not await self._stores.sources.find(root.path)
        ]
        await self._stores.sources.set_roots(remove=empty)
        return len(empty)

    async def _erase(self, ids: Sequence[str]) -> None:
        await self._writer.drop(ids)
        await self._stores.sources.delete(ids)

    async def _clean(self, ids: Sequence[str]) -> None:
        """Take what was erased off the disk; the last step, the commit mark, comes after it."""
        await self._rewrite_text_index()
        await self._stores.journal.redact(ids)
        await self._recalls.redact(ids)
        if self._compact is not None:
            await self._compact.optimise()
        await self._upkeep.scrub()

    async def _rewrite_text_index(self) -> None:
        """Write the text index anew from the records: a deleted row's words otherwise stay in its segment on disk.

        One commit for all of it, so that text search never finds an empty index meanwhile.
        """
        await self._stores.sparse.delete(await self._stores.sparse.ids())
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
            "cached vectors": await self._cache.count(cache_keys(chunks)),
            "journal": await self._journalled(set(source_ids)),
            "record of recalls": await self._recalls.count(source_ids),
            "confirmed answers": len(await self._confirmed.of_sources(source_ids)) if self._confirmed else 0,
            "found by search": found,
        }

    async def _journalled(self, source_ids: set[str]) -> int:
        """Count the journal's entries that still name a path or a digest of these sources."""
        named = after = 0
        while entries := await self._stores.journal.read(after, JOURNAL_PAGE):
            after = entries[-1].seq
            named += sum(entry.source_id in source_ids and bool(entry.path or entry.digest) for entry in entries)
        return named


def _queued_again(source: Source | None, entry: JournalEntry) -> bool:
    """Tell whether a source was added again and waits to be read, which the journal does not know yet."""
    return source is not None and source.state is SourceState.QUEUED and source.updated > entry.at


async def forgotten(journal: Journal) -> set[str]:
    """Return the ids of sources whose last entry is that of forgetting."""
    found: set[str] = set()
    after = 0
    while entries := await journal.read(after, JOURNAL_PAGE):
        after = entries[-1].seq
        for entry in entries:
            (found.add if entry.op == "forget" else found.discard)(entry.source_id)
    return found
