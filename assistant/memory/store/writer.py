"""Writes to the stores in the one safe order: journal, records, text, then vectors and the commit mark. Called by the service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime

from assistant.domain.document import Chunk, Source, SourceState
from assistant.ports.stores import (
    ChunkStore,
    DenseIndex,
    DensePoint,
    Journal,
    SourceStore,
    SparseIndex,
    SparseRow,
    Vector,
)


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


class Writer:
    """Keeps records and indexes in step. Deletes in the indexes come before the records change, and every step can be
    repeated, so that a source whose journal entry lacks the commit mark is simply read again."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._open: dict[str, list[int]] | None = None

    async def text(self, batch: Sequence[Prepared], now: Callable[[], datetime]) -> list[Source]:
        """Make these sources searchable by text; return their records in state searchable."""
        stores = self._stores
        opened = await self._entries()
        seqs = await stores.journal.begin("remember", [item.source for item in batch])
        for item, seq in zip(batch, seqs, strict=True):
            opened.setdefault(item.source.id, []).append(seq)
        old = {chunk.id for chunk in await stores.chunks.of_sources([item.source.id for item in batch])}
        gone = old - {chunk.id for item in batch for chunk in item.chunks}
        if old:
            await stores.sparse.delete(old)
        if gone and stores.dense:
            await stores.dense.delete(gone)
        for item in batch:
            await stores.chunks.replace(item.source, item.chunks)
            await stores.sparse.upsert([sparse_row(chunk, item.source) for chunk in item.chunks])
        await stores.sparse.commit()
        written = [
            item.source.model_copy(
                update={"state": SourceState.SEARCHABLE, "chunks": len(item.chunks), "updated": now(), "reason": ""}
            )
            for item in batch
        ]
        await stores.sources.put(written)
        return written

    async def vectors(self, chunks: Sequence[Chunk], vectors: Sequence[Vector], sources: dict[str, Source]) -> None:
        """Add vectors of chunks whose sources are searchable; durable after `finish`."""
        if self._stores.dense is None:
            return
        await self._stores.dense.upsert(
            [
                DensePoint(
                    chunk_id=chunk.id,
                    vector=vector,
                    source_id=chunk.source_id,
                    project=sources[chunk.source_id].project,
                    modality=chunk.modality,
                    language=chunk.language,
                    path=sources[chunk.source_id].path,
                    modified=sources[chunk.source_id].modified,
                )
                for chunk, vector in zip(chunks, vectors, strict=True)
            ]
        )

    async def finish(self, sources: Sequence[Source], now: Callable[[], datetime]) -> list[Source]:
        """Commit the vectors, mark the sources ready and set their commit marks; return the new records."""
        if self._stores.dense:
            await self._stores.dense.commit()
        ready = [source.model_copy(update={"state": SourceState.READY, "updated": now()}) for source in sources]
        await self._stores.sources.put(ready)
        opened = await self._entries()
        await self._stores.journal.finish([seq for source in ready for seq in opened.pop(source.id, [])])
        return ready

    async def _entries(self) -> dict[str, list[int]]:
        """Return the open journal entries by source; those of earlier runs are looked up once."""
        if self._open is None:
            self._open = {}
            for entry in await self._stores.journal.pending():
                if entry.op == "remember":
                    self._open.setdefault(entry.source_id, []).append(entry.seq)
        return self._open

    async def drop(self, source_ids: Sequence[str]) -> list[str]:
        """Erase the chunks of these sources from every store (records of the sources stay); return the chunk ids."""
        ids = [chunk.id for chunk in await self._stores.chunks.of_sources(source_ids)]
        if ids:
            await self._stores.sparse.delete(ids)
            if self._stores.dense:
                await self._stores.dense.delete(ids)
                await self._stores.dense.commit()
            await self._stores.sparse.commit()
        await self._stores.chunks.erase(source_ids)
        return ids
