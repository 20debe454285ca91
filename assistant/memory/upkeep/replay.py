"""Brings records and indexes back into step after a start: what was cut short is queued again. Called by the service."""

from collections import Counter
from collections.abc import Sequence

from assistant.domain.document import Source, SourceState
from assistant.memory.store import Stores, Writer, sparse_row
from assistant.memory.upkeep.resume import resumed
from assistant.memory.upkeep.verify import Census, census
from assistant.ports.content import Embedder

BATCH = 2000
_READ = frozenset({SourceState.READY, SourceState.SEARCHABLE, SourceState.EMBEDDING, SourceState.READING})
_EMPTY = (SourceState.EXCLUDED, SourceState.FAILED)


async def replay(stores: Stores, writer: Writer, embedder: Embedder | None) -> list[Source]:
    """Repair the projections from the records; return the sources that still need reading or embedding.

    Orphans in the indexes are removed, missing text rows are written again from the records, sources with missing
    vectors go back to searchable, and what was being read when Mneme stopped goes back to queued.
    """
    excluded = await stores.sources.find(states=_EMPTY)
    await empty(stores, writer, [source for source in excluded if source.chunks])
    seen = await census(stores, embedder)
    by_id = {source.id: source for source in seen.sources}
    await writer.drop(sorted(set(seen.source_of.values()) - by_id.keys()))
    if stray := seen.sparse - seen.records:
        await stores.sparse.delete(stray)
    if stores.dense and (orphans := seen.dense - seen.records):
        await stores.dense.delete(orphans)
        await stores.dense.commit()
    await _restore_text(stores, seen.records - seen.sparse, by_id)
    return await _requeue(stores, seen)


async def empty(stores: Stores, writer: Writer, sources: Sequence[Source]) -> None:
    """Take sources that are remembered no longer out of every store, and say so in their records."""
    if sources:
        await writer.drop([source.id for source in sources])
        await stores.sources.put([source.model_copy(update={"chunks": 0, "digest": ""}) for source in sources])


async def _requeue(stores: Stores, seen: Census) -> list[Source]:
    opened = [entry for entry in await stores.journal.pending() if entry.op == "remember"]
    unfinished = {entry.source_id for entry in opened}
    lacking = {seen.source_of[chunk_id] for chunk_id in seen.dense_expected - seen.dense}
    recorded = Counter(seen.source_of.values())
    changed: list[Source] = []
    todo: list[Source] = []
    for held in seen.sources:
        source = _recounted(held, recorded[held.id])
        after = resumed(source, source.id in unfinished, source.id in lacking)
        if after is not None:
            todo.append(source.model_copy(update={"state": after}))
            source = source if source.state is SourceState.OFFLINE else todo[-1]
        if source is not held:
            changed.append(source)
    await stores.sources.put(changed)
    busy = {source.id for source in todo}
    await stores.journal.finish([entry.seq for entry in opened if entry.source_id not in busy])
    return todo


def _recounted(source: Source, recorded: int) -> Source:
    """Return a record that claims what is there: one that claimed otherwise is read anew."""
    hollow = source.state is SourceState.READY and not recorded
    if source.chunks == recorded and not hollow:
        return source
    state = SourceState.QUEUED if source.state in _READ else source.state
    return source.model_copy(update={"chunks": recorded, "digest": "", "state": state})


async def _restore_text(stores: Stores, missing: set[str], sources: dict[str, Source]) -> None:
    ordered = sorted(missing)
    for start in range(0, len(ordered), BATCH):
        chunks = await stores.chunks.get(ordered[start : start + BATCH])
        rows = [sparse_row(chunk, sources[chunk.source_id]) for chunk in chunks.values() if chunk.source_id in sources]
        await stores.sparse.upsert(rows)
    await stores.sparse.commit()
