"""The reading desk: takes queued sources by priority, reads several at a time and writes them in batches. Used by `scheduler`."""

import asyncio
import logging
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import PurePath

from assistant.config.schema import Settings
from assistant.domain.document import Source, SourceState
from assistant.domain.errors import MnemeError, ReaderCrashedError, ReadError, ReaderStoppedError
from assistant.memory.service import Memory
from assistant.memory.store import Prepared
from assistant.orchestrator.board import Board, Priority
from assistant.orchestrator.waiting import Waiting

STRIKES = 10
"""After so many files of a kind in a row that crashed, hung or filled their reader, those that follow are not tried."""

log = logging.getLogger(__name__)


class ReadingDesk:
    """From queued to searchable; `searchable` is called with what was written."""

    def __init__(self, board: Board, memory: Memory, settings: Settings, searchable: Callable[[Sequence[Source]], None]) -> None:
        self._board = board
        self._memory = memory
        self._settings = settings
        self._searchable = searchable
        self._waiting = Waiting()
        self._again: dict[str, Source] = {}
        self._reading: dict[str, Source] = {}
        self._batch: list[Prepared] = []
        self._batch_began = 0.0
        self._wake = asyncio.Event()
        self._strikes: Counter[str] = Counter()

    @property
    def reads(self) -> bool:
        """Tell whether anything is being read or waits for it."""
        return bool(self._waiting or self._reading)

    @property
    def busy(self) -> bool:
        """Tell whether anything is left on this desk."""
        return self.reads or bool(self._batch)

    def push(self, source: Source, priority: int) -> None:
        """Put a source in the queue; `wake` begins."""
        self._waiting.push(source, priority)

    def wake(self) -> None:
        """Look at the queue."""
        self._wake.set()

    def withdraw(self, source_ids: set[str]) -> None:
        """Drop sources; one that is being read is not written."""
        self._waiting.withdraw(source_ids)
        self._batch = [item for item in self._batch if item.source.id not in source_ids]
        for source_id in source_ids:
            self._again.pop(source_id, None)

    def live_state(self, source: Source) -> Source:
        """Return the record as it stands this moment: a source being read is not recorded as such."""
        return self._reading.get(source.id, source)

    async def work(self, emptied: Callable[[], None]) -> None:
        """Read for ever; `emptied` is called each time the queue ran empty and all was written."""
        lanes = self._settings.ingest.readers * 2
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.gather(*(self._lane() for _ in range(lanes)))
            await self._board.running.wait()  # after a full disk, trying again is for a person to say
            await self._flush()
            self._strikes.clear()
            emptied()

    async def _lane(self) -> None:
        board = self._board
        while self._waiting:
            await board.running.wait()
            if not self._waiting:
                return
            source = self._waiting.pop()
            if source.id in self._reading:
                self._again[source.id] = source
                continue
            try:
                await self._read(source)
            except MnemeError as error:
                if source.id in board.priority:
                    self._waiting.push(source, Priority.UPKEEP)
                self._hold(error)
                continue
            if (changed := self._again.pop(source.id, None)) is not None:
                self._waiting.push(changed, board.priority.setdefault(source.id, Priority.WATCH))
            waited = board.clock.monotonic() - self._batch_began
            full = sum(len(item.chunks) for item in self._batch) >= self._settings.index.commit_chunks
            if self._batch and (full or waited >= self._settings.index.commit_seconds):
                await self._flush()

    async def _read(self, source: Source) -> None:
        self._reading[source.id] = source.model_copy(update={"state": SourceState.READING})
        self._board.tell(self._reading[source.id])
        try:
            prepared = await self._readable(source)
        except ReadError as error:
            if source.id in self._board.priority:
                await self._fail(source, error)
            return
        finally:
            self._reading.pop(source.id, None)
        if source.id not in self._board.priority:  # forgotten meanwhile
            return
        if prepared is None:
            await self._known(source)
            return
        if not self._batch:
            self._batch_began = self._board.clock.monotonic()
        self._batch.append(prepared)

    async def _readable(self, source: Source) -> Prepared | None:
        """Read a source; whatever goes wrong with one file stays with that file.

        Files of a kind that stops reader after reader are not tried any more in this run: each may cost a minute.
        """
        kind = PurePath(source.path).suffix.lower()
        if self._strikes[kind] >= STRIKES:
            raise ReaderCrashedError("Many files like it stopped the reader, so it was not tried.")
        try:
            prepared = await self._memory.read(source)
            del self._strikes[kind]
            return prepared
        except ReaderStoppedError:
            self._strikes[kind] += 1
            raise
        except MnemeError:
            raise
        except Exception as error:
            log.exception("reading a file failed in an unexpected way")
            raise ReadError(f"Something unexpected went wrong: {type(error).__name__}.", kept="Other files go on.") from error

    async def _known(self, source: Source) -> None:
        """Pass on a source that is in memory as it is now; one of which something else was written meanwhile is read again."""
        await self._flush_earlier(source)
        async with self._board.flushing:
            if source.id not in self._board.priority:
                return
            known = await self._memory.unchanged(source)
            if known is not None:
                self._searchable([known])
                return
        self._waiting.push(source.model_copy(update={"chunks": 0, "digest": ""}), self._board.priority[source.id])

    async def _flush_earlier(self, source: Source) -> None:
        """Write an earlier reading of a source before a later one says what became of it."""
        if any(item.source.id == source.id for item in self._batch):
            await self._flush()

    async def _fail(self, source: Source, error: ReadError) -> None:
        await self._flush_earlier(source)
        async with self._board.flushing:
            if source.id not in self._board.priority:
                return
            rejected = await self._memory.reject(source, error)
            if rejected.state is SourceState.EXCLUDED:
                self._board.leave(rejected)
            else:
                self._board.failed(rejected, error)

    async def _flush(self) -> None:
        """Write what was read; the batch is put back when the disk refuses it."""
        async with self._board.flushing:
            batch, self._batch = self._batch, []
            self._batch_began = self._board.clock.monotonic()
            if not batch:
                return
            try:
                written = await self._memory.write_text(batch)
            except MnemeError as error:
                self._batch = [*batch, *self._batch]
                self._hold(error)
                return
            self._searchable(written)
        await self._board.save()

    def _hold(self, error: MnemeError) -> None:
        self._board.hold(error)
        self._wake.set()
