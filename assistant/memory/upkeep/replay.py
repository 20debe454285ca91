"""Brings records and indexes back into step after a start: what was cut short is queued again. Called by the service."""

from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.memory.store import Stores, sparse_row
from assistant.memory.upkeep.verify import census
from assistant.ports.content import Embedder

BATCH = 2000


async def replay(stores: Stores, embedder: Embedder | None) -> list[Source]:
    """Repair the projections from the records; return the sources that still need reading or embedding.

    Orphans in the indexes are removed, missing text rows are written again from the records, sources with missing
    vectors go back to searchable, and what was being read when Mneme stopped goes back to queued.
    """
    unfinished = {entry.source_id for entry in await stores.journal.pending() if entry.op == "remember"}
    seen = await census(stores, embedder)
    by_id = {source.id: source for source in seen.sources}
    stray = seen.sparse - seen.records
    if stray:
        await stores.sparse.delete(stray)
    if stores.dense and (orphans := seen.dense - seen.records):
        await stores.dense.delete(orphans)
        await stores.dense.commit()
    await _restore_text(stores, seen.records - seen.sparse, by_id)
    lacking = {seen.source_of[chunk_id] for chunk_id in seen.dense_expected - seen.dense}
    todo: list[Source] = []
    for source in seen.sources:
        if source.state is SourceState.READING or (source.state is SourceState.READY and source.id in unfinished):
            todo.append(source.model_copy(update={"state": SourceState.QUEUED}))
        elif source.state is SourceState.EMBEDDING or source.id in lacking:
            todo.append(source.model_copy(update={"state": SourceState.SEARCHABLE}))
        elif source.state in PENDING_STATES:
            todo.append(source)
    await stores.sources.put(todo)
    return todo


async def _restore_text(stores: Stores, missing: set[str], sources: dict[str, Source]) -> None:
    ordered = sorted(missing)
    for start in range(0, len(ordered), BATCH):
        chunks = await stores.chunks.get(ordered[start : start + BATCH])
        rows = [sparse_row(chunk, sources[chunk.source_id]) for chunk in chunks.values() if chunk.source_id in sources]
        await stores.sparse.upsert(rows)
    await stores.sparse.commit()
