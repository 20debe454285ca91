"""Drives indexing in the background: reads what is queued, then embeds, by priority. Started and stopped by `app`."""

from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager

from assistant.config.schema import Settings
from assistant.domain.document import Source, SourceState
from assistant.domain.upkeep import Progress
from assistant.memory.ingest.discovery import Queued
from assistant.memory.service import Memory
from assistant.orchestrator.board import Board, Priority
from assistant.orchestrator.embedding import EmbeddingDesk
from assistant.orchestrator.job import Job
from assistant.orchestrator.pace import Pace
from assistant.orchestrator.reading import ReadingDesk
from assistant.ports.records import Notes
from assistant.ports.system import Clock, EventSink, IdSource, PowerSource, TaskHandle, TaskRunner

__all__ = ["Priority", "Scheduler"]


class Scheduler:
    """Two desks, each with its queue. Text of everything queued becomes searchable before the model gets the processor."""

    def __init__(
        self,
        memory: Memory,
        settings: Settings,
        tasks: TaskRunner,
        events: EventSink,
        clock: Clock,
        ids: IdSource,
        power: PowerSource,
        notes: Notes,
    ) -> None:
        self._tasks = tasks
        pace = Pace(power, settings.pools, clock)
        self._board = Board(Job(events, clock, ids), pace, memory.writing, notes, events, clock, ids)
        self._embedding = EmbeddingDesk(self._board, memory, self.withdraw)
        self._reading = ReadingDesk(self._board, memory, settings, self._hand_over)
        self._handles: list[TaskHandle] = []
        self.spare = self._board.spare
        self.submitted: Callable[[Sequence[Source]], object] = list  # who measures how long files take listens here

    async def restore(self) -> None:
        """Take up the pause and the progress of an earlier run; called once, before `start`."""
        await self._board.restore()

    def start(self) -> None:
        """Start both desks."""
        self._handles = [
            self._tasks.keep("reading", self._read),
            self._tasks.keep("embedding", self._embed),
        ]

    async def _read(self) -> None:
        self._reading.wake()  # begun anew after a failure, there may be much to do
        await self._reading.work(self._read_all)

    async def _embed(self) -> None:
        self._embedding.wake()
        await self._embedding.work(lambda: self._reading.reads, self._settle)

    async def stop(self) -> None:
        """Stop both desks; what is unfinished stays recorded and goes on at the next start."""
        for handle in self._handles:
            handle.cancel()
        for handle in self._handles:
            await handle.wait()
        self._handles = []

    def submit(self, sources: Sequence[Source], priority: Priority) -> None:
        """Take sources in state queued (to read) or searchable (to embed); of equals the newest file comes first in upkeep."""
        board = self._board
        if priority is Priority.UPKEEP:
            board.job.resume(len(sources))
        if not sources:
            return
        board.settled.clear()
        self.submitted(sources)
        fresh = 0
        newest_first = priority is Priority.UPKEEP
        for source in sorted(sources, key=lambda one: -one.modified) if newest_first else sources:
            fresh += source.id not in board.priority
            board.priority[source.id] = int(priority)
            if source.state is SourceState.QUEUED:
                self._reading.push(source, priority)
            else:
                board.job.searchable(source.chunks)
                self._embedding.push(source, priority)
        board.job.add(fresh)
        self._wake()

    @asynccontextmanager
    async def quiet(self, source_ids: set[str]) -> AsyncGenerator[None]:
        """Drop sources from the queues and hold all writing while they are being forgotten, paused or not."""
        board = self._board
        self.withdraw(source_ids)
        board.quieting += 1
        board.stir()
        try:
            async with board.embedding, board.flushing:
                self.withdraw(source_ids)  # what was under way is back in its queue
                yield
        finally:
            board.quieting -= 1
            board.stir()

    @asynccontextmanager
    async def hands_off(self, seen: Queued) -> AsyncGenerator[None]:
        """Keep all writing away while what was seen on disk is taken into memory; the model goes on unless it is concerned."""
        out_of_reach = {source.id for source in seen.gone}
        touched = seen.touched()
        if touched:
            async with self.quiet(touched):
                self._unread(out_of_reach)
                yield
        else:
            async with self._board.flushing:
                self._unread(out_of_reach)
                yield

    def _unread(self, source_ids: set[str]) -> None:
        """Drop sources that cannot be read now; those that lack nothing but vectors get them: their text is in memory."""
        self._reading.withdraw(source_ids)
        self.withdraw({source_id for source_id in source_ids if not self._embedding.holds(source_id)})

    def withdraw(self, source_ids: set[str]) -> None:
        """Drop sources from the queues; one that is being read is not written."""
        self._reading.withdraw(source_ids)
        embedding = self._embedding.withdraw(source_ids)
        for source_id in source_ids:
            if self._board.priority.pop(source_id, None) is not None:
                self._board.job.withdraw(embedding[source_id].chunks if source_id in embedding else None)
        self._settle()

    def pause(self, paused: bool) -> None:
        """Hold or resume both desks at the next file or batch."""
        self._board.pause(paused)
        if not paused:
            self._wake()

    async def pause_for_good(self, paused: bool) -> None:
        """Hold or resume as a person says; it outlives a restart."""
        await self._board.pause_for_good(paused)
        if not paused:
            self._wake()

    def progress(self) -> Progress:
        """Tell where indexing stands."""
        return self._board.job.progress(active=not self._board.settled.is_set())

    def live_state(self, source: Source) -> Source:
        """Return the record as it stands this moment: a source being read is not recorded as such."""
        return self._reading.live_state(source)

    async def settled(self) -> None:
        """Wait until nothing is left to do."""
        await self._board.settled.wait()

    def _wake(self) -> None:
        self._reading.wake()
        self._embedding.wake()

    def _read_all(self) -> None:
        self._embedding.wake()
        self._settle()

    def _hand_over(self, sources: Sequence[Source]) -> None:
        """Take what became searchable: on to the model, or done."""
        board = self._board
        for source in sources:
            board.job.searchable(source.chunks)
            if source.state is SourceState.READY:
                board.job.embedded(source.chunks)
                board.remembered(source)
            else:
                self._embedding.push(source, board.priority.get(source.id, Priority.UPKEEP))
                board.tell(source)

    def _settle(self) -> None:
        self._board.settle([self._reading.busy, self._embedding.busy])
