"""Writes to the stores in the one safe order: journal, records, text, then vectors and the commit mark. Called by the service."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.document import Chunk, Source, SourceState
from assistant.ports.records import ChunkStore, Journal, SourceStore
from assistant.ports.stores import DenseIndex, DensePoint, SparseIndex, SparseRow, Vector

Unlearn = Callable[[Sequence[Chunk], Sequence[Chunk]], Awaitable[None]]

_UNDER_WAY = frozenset({SourceState.SEARCHABLE, SourceState.EMBEDDING, SourceState.READY})
_SETTLED = frozenset({SourceState.OFFLINE, SourceState.NEEDS_UPDATE})


@dataclass(frozen=True, slots=True)
class Prepared:
    """A source that was read, with its chunks."""

    source: Source
    chunks: tuple[Chunk, ...]


@dataclass(frozen=True, slots=True)
class Stores:
    """The stores of one memory; `dense` is None while no model is installed."""

    sources: SourceStore
    chunks: ChunkStore
    journal: Journal
    sparse: SparseIndex
    dense: DenseIndex | None


def sparse_row(chunk: Chunk, source: Source) -> SparseRow:
    """Return the chunk as the text index sees it; headings and scopes are searched as symbols."""
    return SparseRow(
        chunk_id=chunk.id,
        source_id=source.id,
        body=chunk.text,
        symbols=" ".join((*chunk.symbols, chunk.scope)),
        path=source.path[len(source.root) :].lstrip("/\\") or source.path,
        modality=chunk.modality,
        language=chunk.language,
    )


def dense_point(chunk: Chunk, vector: Vector, source: Source) -> DensePoint:
    """Return the chunk as a vector index holds it."""
    return DensePoint(
        chunk_id=chunk.id,
        vector=vector,
        source_id=chunk.source_id,
        project=source.project,
        modality=chunk.modality,
        language=chunk.language,
        path=source.path,
        modified=source.modified,
    )


class Writer:
    """Keeps records and indexes in step. Deletes in the indexes come before the records change, and every step can be
    repeated, so that a source whose journal entry lacks the commit mark is simply read again.

    `unlearn` is called before records change with the chunks held so far and those to come: it forgets the cached
    vectors of the former that are not among the latter.
    """

    def __init__(self, stores: Stores, unlearn: Unlearn) -> None:
        self._stores = stores
        self._unlearn = unlearn
        self._open: dict[str, list[int]] | None = None

    async def text(self, batch: Sequence[Prepared], now: Callable[[], datetime]) -> list[Source]:
        """Make these sources searchable by text; return their records in state searchable."""
        stores = self._stores
        opened = await self._entries()
        seqs = await stores.journal.begin("remember", [item.source for item in batch])
        for item, seq in zip(batch, seqs, strict=True):
            opened.setdefault(item.source.id, []).append(seq)
        held = await stores.chunks.of_sources([item.source.id for item in batch])
        coming = [chunk for item in batch for chunk in item.chunks]
        old = {chunk.id for chunk in held}
        gone = old - {chunk.id for chunk in coming}
        if held:
            await self._unlearn(held, coming)
        if old:
            await stores.sparse.delete(old)
        if gone and stores.dense:
            await stores.dense.delete(gone)
        await stores.chunks.replace_all([(item.source, item.chunks) for item in batch])
        await stores.sparse.upsert([sparse_row(chunk, item.source) for item in batch for chunk in item.chunks])
        await stores.sparse.commit()
        written = [
            item.source.model_copy(update={"state": SourceState.SEARCHABLE, "chunks": len(item.chunks), "updated": now()})
            for item in batch
        ]
        await stores.sources.put(written)
        return written

    async def vectors(self, chunks: Sequence[Chunk], vectors: Sequence[Vector], sources: dict[str, Source]) -> None:
        """Add vectors of chunks whose sources are searchable; durable after `finish`."""
        if self._stores.dense is None:
            return
        await self._stores.dense.upsert(
            [dense_point(chunk, vector, sources[chunk.source_id]) for chunk, vector in zip(chunks, vectors, strict=True)]
        )

    async def finish(self, sources: Sequence[Source], now: Callable[[], datetime]) -> list[Source]:
        """Commit the vectors, mark the sources ready and set their commit marks; return their records.

        A source that went another way meanwhile (offline, excluded, queued again) keeps the state it has now.
        """
        if self._stores.dense:
            await self._stores.dense.commit()
        held = await self._stores.sources.get({source.id for source in sources})
        ready = {
            source.id: source.model_copy(update={"state": SourceState.READY, "updated": now()})
            for source in held.values()
            if source.state in _UNDER_WAY
        }
        await self._stores.sources.put(list(ready.values()))
        await self._close([source.id for source in held.values() if source.id in ready or source.state in _SETTLED])
        return [ready.get(source_id, held[source_id]) for source_id in dict.fromkeys(s.id for s in sources) if source_id in held]

    def renew(self) -> None:
        """Look the open entries up again: the records were replaced."""
        self._open = None

    async def _entries(self) -> dict[str, list[int]]:
        """Return the open journal entries by source; those of earlier runs are looked up once."""
        if self._open is None:
            self._open = {}
            for entry in await self._stores.journal.pending():
                if entry.op == "remember":
                    self._open.setdefault(entry.source_id, []).append(entry.seq)
        return self._open

    async def drop(self, source_ids: Sequence[str], coming: Sequence[Chunk] = ()) -> list[str]:
        """Erase the chunks of these sources from every store (records of the sources stay); return the chunk ids.

        `coming` are chunks held elsewhere whose text keeps its cached vectors.
        """
        chunks = await self._stores.chunks.of_sources(source_ids)
        ids = [chunk.id for chunk in chunks]
        if ids:
            await self._unlearn(chunks, coming)
            await self._stores.sparse.delete(ids)
            if self._stores.dense:
                await self._stores.dense.delete(ids)
                await self._stores.dense.commit()
            await self._stores.sparse.commit()
        await self._stores.chunks.erase(source_ids)
        await self._close(source_ids)
        return ids

    async def _close(self, source_ids: Sequence[str]) -> None:
        """Set the commit marks of all open entries of these sources."""
        opened = await self._entries()
        await self._stores.journal.finish([seq for source_id in source_ids for seq in opened.pop(source_id, [])])
