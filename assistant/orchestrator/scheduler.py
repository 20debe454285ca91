"""Drives indexing in the background: reads what is queued, then embeds, by priority. Started and stopped by `app`."""

import asyncio
import logging
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from enum import IntEnum
from typing import Literal

from assistant.config.schema import Settings
from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.domain.errors import MnemeError, ModelError, ReadError
from assistant.domain.events import IngestFailed, IngestFinished, SourceChanged, SourceRemembered, Warned
from assistant.domain.upkeep import Progress
from assistant.memory.service import Memory
from assistant.memory.store import Prepared
from assistant.orchestrator.job import Job
from assistant.orchestrator.spare import Spare
from assistant.orchestrator.waiting import Waiting
from assistant.ports.system import Clock, EventSink, IdSource, TaskHandle, TaskRunner

log = logging.getLogger(__name__)

EMBED_WINDOW = 512
"""Chunks embedded between two commits; also how long a freshly dropped file waits for the model at most."""


class Priority(IntEnum):
    """Who goes first: what a person just dropped, then what changed on disk, then upkeep."""

    DROP = 0
    WATCH = 1
    UPKEEP = 2


class _GiveWay(Exception):
    """Ends an embedding between two batches: something is to be forgotten, and that waits for nobody."""


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
        self._to_read = Waiting()
        self._to_embed = Waiting()
        self._priority: dict[str, int] = {}
        self._again: dict[str, Source] = {}
        self._window: dict[str, Source] = {}
        self._reading: dict[str, Source] = {}
        self._batch: list[Prepared] = []
        self._batch_began = 0.0
        self._flushing = asyncio.Lock()
        self._embedding = asyncio.Lock()
        self._wake_reader = asyncio.Event()
        self._wake_embedder = asyncio.Event()
        self._running = asyncio.Event()
        self._running.set()
        self._quieting = 0
        self._stirred = asyncio.Event()
        self._stirred.set()
        self._settled = asyncio.Event()
        self._settled.set()
        self.spare = Spare(self._embedding, self._flushing, self._running, self._settled, lambda: bool(self._quieting))
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
                self._to_read.push(source, priority)
            else:
                self._job.searchable(source.chunks)
                self._to_embed.push(source, priority)
        self._job.add(fresh)
        self._wake_reader.set()
        self._wake_embedder.set()

    @asynccontextmanager
    async def quiet(self, source_ids: set[str]) -> AsyncGenerator[None]:
        """Drop sources from the queues and hold all writing while they are being forgotten, paused or not."""
        self.withdraw(source_ids)
        self._quieting += 1
        self._stir()
        try:
            async with self._embedding, self._flushing:
                self.withdraw(source_ids)  # what was under way is back in its queue
                yield
        finally:
            self._quieting -= 1
            self._stir()

    def withdraw(self, source_ids: set[str]) -> None:
        """Drop sources from the queues; one that is being read is not written."""
        self._to_read.withdraw(source_ids)
        embedding = self._window | self._to_embed.withdraw(source_ids)
        self._batch = [item for item in self._batch if item.source.id not in source_ids]
        for source_id in source_ids:
            self._again.pop(source_id, None)
            if self._priority.pop(source_id, None) is not None:
                self._job.withdraw(embedding[source_id].chunks if source_id in embedding else None)
        self._settle()

    def _stir(self) -> None:
        """Let an embedding that waits look again: it goes on while running, and gives way to a forgetting."""
        if self._running.is_set() or self._quieting:
            self._stirred.set()
        else:
            self._stirred.clear()

    def pause(self, paused: bool) -> None:
        """Hold or resume both loops at the next file or batch."""
        if paused:
            self._running.clear()
        else:
            self._running.set()
        self._stir()
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
            await self._running.wait()  # after a full disk, trying again is for a person to say
            await self._flush()
            self._wake_embedder.set()
            self._settle()

    async def _lane(self) -> None:
        while self._to_read:
            await self._running.wait()
            if not self._to_read:
                return
            source = self._to_read.pop()
            if source.id in self._reading:
                self._again[source.id] = source
                continue
            try:
                await self._read(source)
            except MnemeError as error:
                if source.id in self._priority:
                    self._to_read.push(source, Priority.UPKEEP)
                self._hold(error)
                continue
            if (changed := self._again.pop(source.id, None)) is not None:
                self._to_read.push(changed, self._priority.setdefault(source.id, Priority.WATCH))
            waited = self._clock.monotonic() - self._batch_began
            full = sum(len(item.chunks) for item in self._batch) >= self._settings.index.commit_chunks
            if self._batch and (full or waited >= self._settings.index.commit_seconds):
                await self._flush()

    async def _read(self, source: Source) -> None:
        self._reading[source.id] = source.model_copy(update={"state": SourceState.READING})
        self._tell(self._reading[source.id])
        try:
            prepared = await self._readable(source)
        except ReadError as error:
            if source.id in self._priority:
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

    async def _readable(self, source: Source) -> Prepared | None:
        """Read a source; whatever goes wrong with one file stays with that file."""
        try:
            return await self._memory.read(source)
        except MnemeError:
            raise
        except Exception as error:
            log.exception("reading a file failed in an unexpected way")
            raise ReadError(f"Something unexpected went wrong: {type(error).__name__}.", kept="Other files go on.") from error

    async def _fail(self, source: Source, error: ReadError) -> None:
        async with self._flushing:
            if source.id not in self._priority:
                return
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
                self._to_embed.push(source, priority)
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
                await self._optimise()

    async def _optimise(self) -> None:
        """Quantise what came; a failure costs speed alone, and the next job tries again."""
        try:
            await self._memory.optimise()
        except MnemeError as error:
            self._warn("warning", error.code, str(error))

    def _take_window(self) -> list[Source]:
        window: list[Source] = []
        self._window = {}
        chunks = 0
        while self._to_embed and chunks < EMBED_WINDOW:
            source = self._to_embed.pop()
            chunks += source.chunks
            window.append(source)
            self._window[source.id] = source
            self._tell(source.model_copy(update={"state": SourceState.EMBEDDING}))
        return window

    async def _embed_window(self) -> None:
        window = self._take_window()
        counted = 0

        def done(chunks: int) -> None:
            nonlocal counted
            counted += chunks
            self._job.embedded(chunks)

        try:
            left = await self._memory.write_vectors(window, done, self._proceed)
        except Exception as error:
            self._job.embedded(-counted)
            for source in window:
                if source.id in self._priority:
                    self._to_embed.push(source, self._priority[source.id])
            if isinstance(error, _GiveWay):
                return
            if not isinstance(error, MnemeError):
                log.exception("embedding failed in an unexpected way")
                error = ModelError(f"Something unexpected went wrong while embedding: {type(error).__name__}.")
            self._hold(error)
            return
        for source in left:
            self._leave(source)
        gone = {source.id for source in window} - {source.id for source in left}
        if gone:
            self.withdraw(gone)

    def _leave(self, source: Source) -> None:
        """Take a source as it stands now: it may have been queued again, excluded or unplugged while it was embedded."""
        if source.state is SourceState.READY:
            self._remembered(source)
        elif source.state not in PENDING_STATES:
            if self._priority.pop(source.id, None) is not None:
                self._job.withdraw()
            self._tell(source)

    async def _proceed(self) -> None:
        """Hold up an embedding while paused; raises _GiveWay when something is to be forgotten."""
        await self._stirred.wait()
        if self._quieting:
            raise _GiveWay

    def _remembered(self, source: Source) -> None:
        if self._priority.pop(source.id, None) is not None:
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
        self._warn("error", error.code, f"Indexing is paused. {error}")
        self._wake_reader.set()
        self._wake_embedder.set()

    def _warn(self, level: Literal["warning", "error"], code: str, text: str) -> None:
        self._events.publish(Warned(id=self._ids.new("ev"), at=self._clock.now(), level=level, code=code, text=text))

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
