"""Drives indexing in the background: reads what is queued, then embeds, by priority. Started and stopped by `app`."""

import asyncio
import heapq
import itertools
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum

from assistant.config.schema import Settings
from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.domain.errors import MnemeError, ReadError
from assistant.domain.events import IngestFailed, IngestFinished, SourceChanged, SourceRemembered, Warned
from assistant.domain.upkeep import Progress
from assistant.memory.service import Memory
from assistant.memory.store import Prepared
from assistant.orchestrator.job import Job
from assistant.ports.system import Clock, EventSink, IdSource, TaskHandle, TaskRunner

EMBED_WINDOW = 512
"""Chunks embedded between two commits; also how long a freshly dropped file waits for the model at most."""


class Priority(IntEnum):
    """Who goes first: what a person just dropped, then what changed on disk, then upkeep."""

    DROP = 0
    WATCH = 1
    UPKEEP = 2


class Scheduler:
    """Two loops over two queues. Text of everything queued becomes searchable before the model gets the processor."""

    def __init__(
        self, memory: Memory, settings: Settings, tasks: TaskRunner, events: EventSink, clock: Clock, ids: IdSource
    ) -> None:
        self._memory = memory
        self._settings = settings
        self._tasks = tasks
        self._events = events
        self._clock = clock
        self._ids = ids
        self._to_read: list[tuple[int, int, Source]] = []
        self._to_embed: list[tuple[int, int, Source]] = []
        self._serial = itertools.count()
        self._priority: dict[str, int] = {}
        self._reading: dict[str, Source] = {}
        self._batch: list[Prepared] = []
        self._batch_began = 0.0
        self._flushing = asyncio.Lock()
        self._embedding = asyncio.Lock()
        self._wake_reader = asyncio.Event()
        self._wake_embedder = asyncio.Event()
        self._running = asyncio.Event()
        self._running.set()
        self._settled = asyncio.Event()
        self._settled.set()
        self._job = Job(events, clock, ids)
        self._handles: list[TaskHandle] = []

    def start(self) -> None:
        """Start both loops."""
        self._handles = [
            self._tasks.start("reading", self._read_forever()),
            self._tasks.start("embedding", self._embed_forever()),
        ]

    async def stop(self) -> None:
        """Stop both loops; what is unfinished stays recorded and goes on at the next start."""
        for handle in self._handles:
            handle.cancel()
        for handle in self._handles:
            await handle.wait()
        self._handles = []

    def submit(self, sources: Sequence[Source], priority: Priority) -> None:
        """Take sources in state queued (to read) or searchable (to embed)."""
        if not sources:
            return
        self._settled.clear()
        fresh = 0
        for source in sources:
            fresh += source.id not in self._priority
            self._priority[source.id] = int(priority)
            if source.state is SourceState.QUEUED:
                heapq.heappush(self._to_read, (priority, next(self._serial), source))
            else:
                self._job.searchable(source.chunks)
                heapq.heappush(self._to_embed, (priority, next(self._serial), source))
        self._job.add(fresh)
        self._wake_reader.set()
        self._wake_embedder.set()

    @asynccontextmanager
    async def quiet(self, source_ids: set[str]) -> AsyncGenerator[None]:
        """Drop sources from the queues and hold all writing while they are being forgotten."""
        self._withdraw(source_ids)
        async with self._flushing, self._embedding:
            yield

    def _withdraw(self, source_ids: set[str]) -> None:
        self._to_read = [item for item in self._to_read if item[2].id not in source_ids]
        self._to_embed = [item for item in self._to_embed if item[2].id not in source_ids]
        heapq.heapify(self._to_read)
        heapq.heapify(self._to_embed)
        self._batch = [item for item in self._batch if item.source.id not in source_ids]
        for source_id in source_ids:
            if self._priority.pop(source_id, None) is not None:
                self._job.withdraw()
        self._settle()

    def pause(self, paused: bool) -> None:
        """Hold or resume both loops at the next file or batch."""
        if paused:
            self._running.clear()
        else:
            self._running.set()
        self._job.paused = paused
        self._job.report()

    def progress(self) -> Progress:
        """Tell where indexing stands."""
        return self._job.progress(active=not self._settled.is_set())

    def live_state(self, source: Source) -> Source:
        """Return the record as it stands this moment: a source being read is not recorded as such."""
        return self._reading.get(source.id, source)

    async def settled(self) -> None:
        """Wait until nothing is left to do."""
        await self._settled.wait()

    async def _read_forever(self) -> None:
        lanes = self._settings.ingest.readers * 2
        while True:
            await self._wake_reader.wait()
            self._wake_reader.clear()
            await asyncio.gather(*(self._lane() for _ in range(lanes)))
            await self._flush()
            self._wake_embedder.set()
            self._settle()

    async def _lane(self) -> None:
        while self._to_read:
            await self._running.wait()
            if not self._to_read:
                return
            source = heapq.heappop(self._to_read)[2]
            if source.id in self._reading:
                continue
            try:
                await self._read(source)
            except MnemeError as error:
                heapq.heappush(self._to_read, (Priority.UPKEEP, next(self._serial), source))
                self._hold(error)
                continue
            waited = self._clock.monotonic() - self._batch_began
            full = sum(len(item.chunks) for item in self._batch) >= self._settings.index.commit_chunks
            if self._batch and (full or waited >= self._settings.index.commit_seconds):
                await self._flush()

    async def _read(self, source: Source) -> None:
        self._reading[source.id] = source.model_copy(update={"state": SourceState.READING})
        self._tell(self._reading[source.id])
        try:
            prepared = await self._memory.read(source)
        except ReadError as error:
            await self._fail(source, error)
            return
        finally:
            self._reading.pop(source.id, None)
        if source.id not in self._priority:  # forgotten meanwhile
            return
        if prepared is None:
            self._queue_embedding([await self._memory.mark(source, SourceState.SEARCHABLE)])
            return
        if not self._batch:
            self._batch_began = self._clock.monotonic()
        self._batch.append(prepared)

    async def _fail(self, source: Source, error: ReadError) -> None:
        failed = await self._memory.reject(source, error)
        self._priority.pop(source.id, None)
        self._job.failed()
        self._tell(failed)
        self._events.publish(
            IngestFailed(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                source_id=source.id,
                path=source.path,
                code=error.code,
                reason=str(error),
            )
        )

    async def _flush(self) -> None:
        """Write what was read; the batch is put back when the disk refuses it."""
        async with self._flushing:
            batch, self._batch = self._batch, []
            self._batch_began = self._clock.monotonic()
            if not batch:
                return
            try:
                written = await self._memory.write_text(batch)
            except MnemeError as error:
                self._batch = [*batch, *self._batch]
                self._hold(error)
                return
            self._queue_embedding(written)

    def _queue_embedding(self, sources: Sequence[Source]) -> None:
        for source in sources:
            self._job.searchable(source.chunks)
            if source.state is SourceState.READY:
                self._job.embedded(source.chunks)
                self._remembered(source)
            else:
                priority = self._priority.get(source.id, Priority.UPKEEP)
                heapq.heappush(self._to_embed, (priority, next(self._serial), source))
                self._tell(source)

    async def _embed_forever(self) -> None:
        while True:
            await self._wake_embedder.wait()
            self._wake_embedder.clear()
            while self._to_embed and not self._to_read and not self._reading:
                await self._running.wait()
                async with self._embedding:
                    await self._embed_window()
            self._settle()
            if self._settled.is_set():
                await self._memory.optimise()

    def _take_window(self) -> list[Source]:
        window: list[Source] = []
        chunks = 0
        while self._to_embed and chunks < EMBED_WINDOW:
            source = heapq.heappop(self._to_embed)[2]
            chunks += source.chunks
            window.append(source)
            self._tell(source.model_copy(update={"state": SourceState.EMBEDDING}))
        return window

    async def _embed_window(self) -> None:
        window = self._take_window()
        try:
            for source in await self._memory.write_vectors(window, self._job.embedded, self._proceed):
                self._leave(source)
        except MnemeError as error:
            for source in window:
                heapq.heappush(self._to_embed, (Priority.UPKEEP, next(self._serial), source))
            self._hold(error)

    def _leave(self, source: Source) -> None:
        """Take a source as it stands now: it may have been queued again, excluded or unplugged while it was embedded."""
        if source.state is SourceState.READY:
            self._remembered(source)
        elif source.state not in PENDING_STATES:
            if self._priority.pop(source.id, None) is not None:
                self._job.withdraw()
            self._tell(source)

    async def _proceed(self) -> None:
        await self._running.wait()

    def _remembered(self, source: Source) -> None:
        self._priority.pop(source.id, None)
        self._job.done()
        self._tell(source)
        self._events.publish(
            SourceRemembered(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                source_id=source.id,
                path=source.path,
                chunks=source.chunks,
            )
        )

    def _tell(self, source: Source) -> None:
        self._events.publish(
            SourceChanged(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                source_id=source.id,
                path=source.path,
                state=source.state.value,
                reason=source.reason,
                chunks=source.chunks,
            )
        )

    def _hold(self, error: MnemeError) -> None:
        """Stop working until a person resumes: the disk is full, say. Nothing queued is lost."""
        self.pause(True)
        self._events.publish(
            Warned(
                id=self._ids.new("ev"), at=self._clock.now(), level="error", code=error.code, text=f"Indexing is paused. {error}"
            )
        )
        self._wake_reader.set()
        self._wake_embedder.set()

    def _settle(self) -> None:
        busy = self._to_read or self._to_embed or self._reading or self._batch or self._priority
        if busy or self._settled.is_set():
            return
        summary = self._job.finish()
        self._settled.set()
        self._events.publish(
            IngestFinished(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                remembered=summary.files_done,
                failed=summary.files_failed,
                excluded=0,
            )
        )
