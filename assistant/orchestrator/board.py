"""What the two desks of indexing share: who waits, whether work may go on, what is told. Used by `scheduler`."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from enum import IntEnum
from typing import Literal

from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.domain.errors import MnemeError, ReadError, StorageError
from assistant.domain.events import IngestFailed, IngestFinished, MemoryCompacted, SourceChanged, SourceRemembered, Warned
from assistant.orchestrator.job import Job
from assistant.orchestrator.pace import Pace
from assistant.orchestrator.spare import GiveWayError, Spare
from assistant.ports.records import Notes
from assistant.ports.system import Clock, EventSink, IdSource

log = logging.getLogger(__name__)


PAUSED = "paused"
PROGRESS = "progress"


class Priority(IntEnum):
    """Who goes first: what a person just dropped, then what changed on disk, then upkeep."""

    DROP = 0
    WATCH = 1
    UPKEEP = 2


class Board:
    """The state of indexing between the desks. `priority` holds every source that is not finished yet."""

    def __init__(
        self, job: Job, pace: Pace, writing: asyncio.Lock, notes: Notes, events: EventSink, clock: Clock, ids: IdSource
    ) -> None:
        self.job = job
        self.pace = pace
        self._notes = notes
        self.clock = clock
        self.priority: dict[str, int] = {}
        self.flushing = writing
        self.embedding = asyncio.Lock()
        self.running = asyncio.Event()
        self.running.set()
        self.settled = asyncio.Event()
        self.settled.set()
        self.quieting = 0
        self._stirred = asyncio.Event()
        self._stirred.set()
        self._events = events
        self._ids = ids
        self.spare = Spare(self.embedding, self.flushing, self.running, self.settled, lambda: bool(self.quieting))

    def pause(self, paused: bool) -> None:
        """Hold or resume all indexing at the next file or batch."""
        if paused:
            self.running.clear()
        else:
            self.running.set()
        self.stir()
        self.job.paused = paused
        self.job.report()

    async def pause_for_good(self, paused: bool) -> None:
        """Hold or resume as a person says: it holds until the person says otherwise, restarts included."""
        self.pause(paused)
        await self._notes.put(PAUSED, "yes" if paused else "")

    async def restore(self) -> None:
        """Take up the pause and the figures of an earlier run."""
        self.job.restore(await self._notes.get(PROGRESS))
        if await self._notes.get(PAUSED):
            self.pause(True)

    async def save(self) -> None:
        """Keep the figures for the next run; where that fails they begin anew there."""
        with suppress(StorageError):
            await self._notes.put(PROGRESS, self.job.saved())

    def stir(self) -> None:
        """Let an embedding that waits look again: it goes on while running, and gives way to a forgetting."""
        if self.running.is_set() or self.quieting:
            self._stirred.set()
            self.pace.hurry()
        else:
            self._stirred.clear()

    async def proceed(self) -> None:
        """Hold up an embedding while paused, and now and then to save power; raises GiveWayError before a forgetting."""
        await self.pace.rest()
        self.job.slowed = self.pace.slowed
        await self._stirred.wait()
        if self.quieting:
            raise GiveWayError

    def hold(self, error: MnemeError) -> None:
        """Stop working until a person resumes: the disk is full, say. Nothing queued is lost."""
        self.pause(True)
        self.warn("error", error.code, f"Indexing is paused. {error}")

    def remembered(self, source: Source) -> None:
        """A source has everything."""
        if self.priority.pop(source.id, None) is not None:
            self.job.done()
        self.tell(source)
        self._events.publish(
            SourceRemembered(
                id=self._ids.new("ev"), at=self.clock.now(), source_id=source.id, path=source.path, chunks=source.chunks
            )
        )

    def leave(self, source: Source) -> None:
        """Take a source as it stands now: it may have been queued again, excluded or unplugged while it was embedded."""
        if source.state is SourceState.READY:
            self.remembered(source)
        elif source.state not in PENDING_STATES:
            if self.priority.pop(source.id, None) is not None:
                self.job.withdraw()
            self.tell(source)

    def put_off(self, source: Source) -> None:
        """Leave a source searchable: its vectors are computed, and written when their server is back."""
        if self.priority.pop(source.id, None) is not None:
            self.job.withdraw(source.chunks)
        self.tell(source)

    def failed(self, source: Source, error: ReadError) -> None:
        """A source cannot be read; the others go on."""
        self.priority.pop(source.id, None)
        self.job.failed()
        self.tell(source)
        self._events.publish(
            IngestFailed(
                id=self._ids.new("ev"),
                at=self.clock.now(),
                source_id=source.id,
                path=source.path,
                code=error.code,
                reason=str(error),
            )
        )

    def tell(self, source: Source) -> None:
        """Publish the state of a source."""
        self._events.publish(
            SourceChanged(
                id=self._ids.new("ev"),
                at=self.clock.now(),
                source_id=source.id,
                path=source.path,
                state=source.state.value,
                reason=source.reason,
                chunks=source.chunks,
            )
        )

    def warn(self, level: Literal["warning", "error"], code: str, text: str) -> None:
        """Publish what a person should know."""
        self._events.publish(Warned(id=self._ids.new("ev"), at=self.clock.now(), level=level, code=code, text=text))

    def compacted(self) -> None:
        """Publish that the vectors were written anew."""
        self._events.publish(MemoryCompacted(id=self._ids.new("ev"), at=self.clock.now()))

    def settle(self, busy: Sequence[object]) -> None:
        """End the job when nothing is left of anything in `busy`."""
        if any(busy) or self.priority or self.settled.is_set():
            return
        summary = self.job.finish()
        self.settled.set()
        self._events.publish(
            IngestFinished(
                id=self._ids.new("ev"),
                at=self.clock.now(),
                remembered=summary.files_done,
                failed=summary.files_failed,
                excluded=0,
            )
        )
