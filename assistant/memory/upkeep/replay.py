"""Brings records and indexes back into step after a start: what was cut short is queued again. Called by the service."""

from collections.abc import Mapping, Sequence
from contextlib import suppress

from assistant.domain.document import Source, SourceState
from assistant.domain.errors import DamagedError, StorageError
from assistant.memory.store import Stores, Writer, sparse_row
from assistant.memory.upkeep.accounts import accounts
from assistant.memory.upkeep.census import Census, census
from assistant.memory.upkeep.idset import Ids
from assistant.memory.upkeep.resume import resumed
from assistant.ports.content import Embedder
from assistant.ports.spaces import VectorStore
from assistant.ports.stores import Optimisable

BATCH = 2000
_READ = frozenset({SourceState.READY, SourceState.SEARCHABLE, SourceState.EMBEDDING, SourceState.READING})
_EMPTY = (SourceState.EXCLUDED, SourceState.FAILED)


async def replay(
    stores: Stores,
    writer: Writer,
    embedder: Embedder | None,
    beside: Mapping[str, VectorStore] | None = None,
    compact: Optimisable | None = None,
) -> list[Source]:
    """Repair the projections from the records; return the sources that still need reading or embedding.

    Orphans in the indexes (those of the spaces `beside` as well) are removed, missing text rows are written again from the
    records, sources with missing vectors go back to searchable, and what was being read when Mneme stopped goes back to
    queued. What the journal says was forgotten is erased; what it does not know is read again. Vectors without a record may
    be what was forgotten while they were away: with `compact` they leave the disk as well.
    """
    excluded = await stores.sources.find(states=_EMPTY)
    await empty(stores, writer, [source for source in excluded if source.chunks])
    await _account(stores, writer)
    seen = await census(stores, embedder)
    await writer.drop(sorted(set(seen.strangers)))
    if stray := seen.sparse.minus(seen.records).names():
        await stores.sparse.delete(stray)
    if stores.dense and (orphans := seen.dense.minus(seen.records).names()):
        await stores.dense.delete(orphans)
        await stores.dense.commit()
        if compact is not None:
            with suppress(StorageError):  # a full disk: the next collection does it
                await compact.optimise()
    for dense in (beside or {}).values():
        await _tidy(dense, seen.records)
    missing = seen.records.only(seen.owners >= 0).minus(seen.sparse)
    await _restore_text(stores, missing.names(), {source.id: source for source in seen.sources})
    return await _requeue(stores, seen)


async def _account(stores: Stores, writer: Writer) -> None:
    """Erase what the journal says was forgotten; open an entry for what it does not know, so that it is read again."""
    told = await accounts(stores.journal, await stores.sources.find())
    if ids := [source.id for source in told.forgotten]:
        await writer.drop(ids)
        await stores.sources.delete(ids)
    if told.unknown:
        await stores.journal.begin("remember", told.unknown)


async def _tidy(dense: VectorStore, records: Ids) -> None:
    """Remove the vectors without a record from a space that does not answer; a damaged one is emptied, to be filled anew."""
    try:
        orphans = (await Ids.of(await dense.ids())).minus(records).names()
        if orphans:
            await dense.delete(orphans)
            await dense.commit()
    except DamagedError:
        await dense.reset()


async def empty(stores: Stores, writer: Writer, sources: Sequence[Source]) -> None:
    """Take sources that are remembered no longer out of every store, and say so in their records."""
    if sources:
        await writer.drop([source.id for source in sources])
        await stores.sources.put([source.model_copy(update={"chunks": 0, "digest": ""}) for source in sources])


async def _requeue(stores: Stores, seen: Census) -> list[Source]:
    opened = [entry for entry in await stores.journal.pending() if entry.op == "remember"]
    unfinished = {entry.source_id for entry in opened}
    lacking = seen.owners_of(seen.due(set()).minus(seen.dense))
    recorded = seen.recorded().tolist()
    changed: list[Source] = []
    todo: list[Source] = []
    for held, count in zip(seen.sources, recorded, strict=True):
        source = _recounted(held, count)
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


async def _restore_text(stores: Stores, ordered: Sequence[str], sources: dict[str, Source]) -> None:
    for start in range(0, len(ordered), BATCH):
        chunks = await stores.chunks.get(ordered[start : start + BATCH])
        rows = [sparse_row(chunk, sources[chunk.source_id]) for chunk in chunks.values() if chunk.source_id in sources]
        await stores.sparse.upsert(rows)
    await stores.sparse.commit()
