"""Brings the marks of secrets up to date once, in the background, where an older Mneme left none. Started by `app`."""

from assistant.domain.document import SourceState
from assistant.memory.service import Memory
from assistant.memory.upkeep import marked_again
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.ports.records import Notes

DONE = "secrets marked"
SCAN = "1"
"""Raised when the scan learns new kinds: then everything is looked through once more."""
BATCH = 25


async def mark_secrets(memory: Memory, scheduler: Scheduler, notes: Notes, exclude: bool) -> None:
    """Mark what is remembered, a few files at a time; with `exclude` files with secrets are read again, to be left out.

    What was done is noted, so that each memory is looked through once.
    """
    wanted = f"{SCAN} exclude" if exclude else SCAN
    if await notes.get(DONE) == wanted:
        return
    await scheduler.settled()
    ids = [source.id for source in await memory.sources() if source.chunks]
    for start in range(0, len(ids), BATCH):
        async with scheduler.quiet(set()):
            secretive = await marked_again(memory.engines.stores, ids[start : start + BATCH])
            unread = [source.model_copy(update={"digest": "", "modified": 0.0}) for source in secretive] if exclude else []
            queued = [await memory.mark(source, SourceState.QUEUED) for source in unread]
        scheduler.submit(queued, Priority.UPKEEP)
    await notes.put(DONE, wanted)
