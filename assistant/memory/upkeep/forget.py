"""Erases sources everywhere and proves it. Called by the service."""

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from assistant.domain.document import Chunk, Source, SourceState
from assistant.domain.errors import UnreachableError
from assistant.domain.forgotten import Tombstone, marked, stretches, windows
from assistant.domain.upkeep import ForgetReport
from assistant.memory.embed import cache_keys
from assistant.memory.store import Stores, Writer, sparse_row
from assistant.memory.upkeep.passages import Passages, stones_of
from assistant.ports.forgetting import Tombstones
from assistant.ports.records import DatabaseUpkeep, Journal, JournalEntry, RecallLog, VectorCache
from assistant.ports.spaces import ConfirmedStore
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
        stones: Tombstones,
        passages: Passages,
        now: Callable[[], datetime],
        confirmed: ConfirmedStore | None = None,
    ) -> None:
        self._stores = stores
        self._writer = writer
        self._cache = cache
        self._upkeep = upkeep
        self._compact = compact
        self._recalls = recalls
        self._stones = stones
        self._passages = passages
        self._now = now
        self._confirmed = confirmed

    async def forget(self, paths: Sequence[str], sources: Sequence[Source]) -> ForgetReport:
        """Erase these sources; `paths` are what the person named. What an interruption leaves undone `resume` finishes."""
        ids = [source.id for source in sources]
        chunks = await self._stores.chunks.of_sources(ids)
        seqs = await self._stores.journal.begin("forget", sources)
        await self._bury(ids, chunks)
        await self._erase(ids)
        for path in paths:
            await self.withdraw_roots(path)
        await self._clean(ids)
        await self._stores.journal.finish(seqs)
        remains = await self._remains(ids, chunks)
        path = paths[0] if len(paths) == 1 else ""
        return ForgetReport(path=path, sources=len(ids), chunks=len(chunks), proved=not any(remains.values()), remains=remains)

    async def forget_passages(self, chunks: Sequence[Chunk]) -> tuple[ForgetReport, list[Source]]:
        """Erase single passages; return the report and the sources whose remaining passages may lack vectors."""
        ids = sorted({chunk.source_id for chunk in chunks})
        await self._withdraw_answers(chunks)
        touched = await self._passages.erase(chunks)
        await self._wipe(ids)
        remains = await self._traces(chunks) | {"record of recalls": await self._recalls.count(ids)}
        proved = not any(remains.values())
        return ForgetReport(path="", sources=len(ids), chunks=len(chunks), proved=proved, remains=remains), touched

    async def prove(self, under: Sequence[str]) -> ForgetReport:
        """Look again for everything that was forgotten (of the sources with these ids, none: of all)."""
        stones = await self._stones.standing(("source", "chunk", "vector"), under or None)
        key = await self._stones.key()
        by_kind: dict[str, set[str]] = {
            kind: {stone.mark for stone in stones if stone.kind == kind} for kind in ("source", "chunk", "vector")
        }
        sources = {stone.source_id for stone in stones if stone.kind == "source"}

        def met(names: set[str], kind: str) -> int:
            return sum(marked(name, key) in by_kind[kind] for name in names) if by_kind[kind] else 0

        dense = await self._stores.dense.ids() if self._stores.dense else set[str]()
        remains = {
            "sources": len(await self._stores.sources.get(sources)),
            "records": met(await self._stores.chunks.ids(), "chunk"),
            "text rows": met(await self._stores.sparse.ids(), "chunk"),
            "vectors": met(dense, "chunk"),
            "cached vectors": await self._lingering(by_kind["vector"], key),
            "journal": await self._journalled(sources),
            "record of recalls": await self._recalls.count(sources),
            "passages that came back": await self._passages.returned(),
        }
        passages = len(by_kind["chunk"])
        return ForgetReport(path="", sources=len(sources), chunks=passages, proved=not any(remains.values()), remains=remains)

    async def _wipe(self, source_ids: Sequence[str]) -> None:
        """Take what passages of these sources left behind off the disk."""
        await self._recalls.redact(source_ids)
        await self._clean([])
        await self._passages.cleaned(source_ids)

    async def _withdraw_answers(self, chunks: Sequence[Chunk]) -> None:
        """Withdraw confirmed answers that quote these passages."""
        key = await self._stones.key()
        if self._confirmed is not None:
            doomed = [
                case.id
                for case in await self._confirmed.all()
                for place in case.places
                for chunk in chunks
                if place.source_id == chunk.source_id and stretches(chunk.text, windows(place.quote, key), key)
            ]
            await self._confirmed.delete(doomed)

    async def _lingering(self, marks: set[str], key: bytes) -> int:
        """Count cached vectors of forgotten text that nothing remembered needs: equal text may stand in another file."""
        held = {name for name in await self._stones.cached() if marked(name, key) in marks} if marks else set[str]()
        if not held:
            return 0
        sources = [source.id for source in await self._stores.sources.find() if source.chunks]
        for start in range(0, len(sources), BATCH):
            held -= cache_keys(await self._stores.chunks.of_sources(sources[start : start + BATCH]))
        return len(held)

    async def _bury(self, ids: Sequence[str], chunks: Sequence[Chunk]) -> None:
        key, at = await self._stones.key(), self._now()
        stones = [Tombstone(source_id=name, kind="source", mark=marked(name, key), at=at) for name in ids]
        await self._stones.bury([*stones, *stones_of(chunks, key, at)])
        await self._stones.lift(ids, ("words",))

    async def resume(self) -> None:
        """Finish what was being forgotten when Mneme stopped; what was added again since then stays."""
        if unclean := await self._passages.unclean():
            await self._passages.enforce()
            await self._wipe(unclean)
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
        """Count what each store still holds of these sources and chunks, and what a search for their text still finds."""
        return {
            "sources": len(await self._stores.sources.get(source_ids)),
            **await self._traces(chunks),
            "journal": await self._journalled(set(source_ids)),
            "record of recalls": await self._recalls.count(source_ids),
            "confirmed answers": len(await self._confirmed.of_sources(source_ids)) if self._confirmed else 0,
        }

    async def _traces(self, chunks: Sequence[Chunk]) -> dict[str, int]:
        ids = {chunk.id for chunk in chunks}
        found = 0
        for chunk in chunks[:: max(1, len(chunks) // PROBES)]:
            hits = await self._stores.sparse.search(SparseQuery(chunk.text), 50)
            found += sum(hit.chunk_id in ids for hit in hits)
        return {
            "records": len(await self._stores.chunks.get(ids)),
            "text rows": len(ids & await self._stores.sparse.ids()),
            "vectors": await self._vectors_left(ids),
            "cached vectors": await self._cache.count(cache_keys(chunks)),
            "found by search": found,
        }

    async def _vectors_left(self, ids: set[str]) -> int:
        """Count vectors; those on a server that is away are still there until it is back, and then go."""
        try:
            return len(ids & await self._stores.dense.ids()) if self._stores.dense else 0
        except UnreachableError:
            return len(ids)

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
