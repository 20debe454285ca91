"""Tells what an earlier run left unfinished, and from which state each source goes on. Called by the service and by replay."""

from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.memory.store import Stores

_UNFINISHED = (*PENDING_STATES, SourceState.READING, SourceState.EMBEDDING, SourceState.NEEDS_UPDATE)


async def unfinished(stores: Stores) -> list[Source]:
    """Return the sources that still need reading or embedding, by their records and the journal alone.

    Enough after a clean end, when the indexes hold what the records say.
    """
    opened = [entry for entry in await stores.journal.pending() if entry.op == "remember"]
    ids = {entry.source_id for entry in opened}
    held = {source.id: source for source in await stores.sources.find(states=tuple(dict.fromkeys(_UNFINISHED)))}
    held |= await stores.sources.get(ids)
    todo: list[Source] = []
    for source in held.values():
        after = resumed(source, source.id in ids, lacking=False)
        if after is not None:
            todo.append(source.model_copy(update={"state": after}))
    await stores.sources.put([source for source in todo if source.state is not held[source.id].state])
    busy = {source.id for source in todo}
    await stores.journal.finish([entry.seq for entry in opened if entry.source_id not in busy])
    return todo


def resumed(source: Source, unfinished: bool, lacking: bool) -> SourceState | None:
    """Name the state from which a source goes on, None when nothing is left to do."""
    if source.state in (SourceState.READING, SourceState.NEEDS_UPDATE) or (source.state is SourceState.READY and unfinished):
        return SourceState.QUEUED
    if source.state is SourceState.EMBEDDING or (lacking and source.state is not SourceState.QUEUED):
        return SourceState.SEARCHABLE
    return source.state if source.state in PENDING_STATES else None
