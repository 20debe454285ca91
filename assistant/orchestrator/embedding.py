"""The embedding desk: gives searchable sources their vectors, by priority, when nothing waits to be read. Used by `scheduler`."""

import asyncio
import logging
from collections.abc import Callable

from assistant.domain.document import Source, SourceState
from assistant.domain.errors import MnemeError, ModelError, UnreachableError
from assistant.memory.service import Memory
from assistant.orchestrator.board import Board
from assistant.orchestrator.spare import GiveWayError
from assistant.orchestrator.waiting import Waiting

log = logging.getLogger(__name__)

EMBED_WINDOW = 512
"""Chunks embedded between two commits; also how long a freshly dropped file waits for the model at most."""


class EmbeddingDesk:
    """From searchable to ready. `vanished` is called with ids that were forgotten while they were embedded."""

    def __init__(self, board: Board, memory: Memory, vanished: Callable[[set[str]], None]) -> None:
        self._board = board
        self._memory = memory
        self._vanished = vanished
        self._waiting = Waiting()
        self._window: dict[str, Source] = {}
        self._wake = asyncio.Event()

    @property
    def busy(self) -> bool:
        """Tell whether anything waits."""
        return bool(self._waiting)

    def push(self, source: Source, priority: int) -> None:
        """Put a source in the queue; `wake` begins."""
        self._waiting.push(source, priority)

    def wake(self) -> None:
        """Look at the queue."""
        self._wake.set()

    def holds(self, source_id: str) -> bool:
        """Tell whether a source waits here or is being embedded."""
        return source_id in self._waiting or source_id in self._window

    def withdraw(self, source_ids: set[str]) -> dict[str, Source]:
        """Drop sources; return those that waited here or are in the window."""
        return self._window | self._waiting.withdraw(source_ids)

    async def work(self, reads: Callable[[], bool], emptied: Callable[[], None]) -> None:
        """Embed for ever, but not while `reads` tells that text comes first; `emptied` is called when the queue ran empty."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            while self._waiting and not reads():
                await self._board.running.wait()
                async with self._board.embedding:
                    await self._embed_window()
                await self._board.save()
            self._board.pace.idle()
            emptied()
            if self._board.settled.is_set():
                await self._board.save()
                await self._optimise()

    async def _optimise(self) -> None:
        """Quantise what came; a failure costs speed alone, and the next job tries again."""
        try:
            if await self._memory.optimise():
                self._board.compacted()
        except MnemeError as error:
            self._board.warn("warning", error.code, str(error))

    def _take_window(self) -> list[Source]:
        window: list[Source] = []
        self._window = {}
        chunks = 0
        while self._waiting and chunks < EMBED_WINDOW:
            source = self._waiting.pop()
            chunks += source.chunks
            window.append(source)
            self._window[source.id] = source
            self._board.tell(source.model_copy(update={"state": SourceState.EMBEDDING}))
        return window

    async def _embed_window(self) -> None:
        window = self._take_window()
        try:
            await self._embed(window)
        finally:
            self._window = {}

    async def _embed(self, window: list[Source]) -> None:
        counted = 0

        def done(chunks: int) -> None:
            nonlocal counted
            counted += chunks
            self._board.job.embedded(chunks)

        try:
            left = await self._memory.write_vectors(window, done, self._board.proceed)
        except Exception as error:
            self._board.job.embedded(-counted)
            if isinstance(error, UnreachableError):
                for source in window:
                    self._board.put_off(source)
                return
            for source in window:
                if source.id in self._board.priority:
                    self._waiting.push(source, self._board.priority[source.id])
            if isinstance(error, GiveWayError):
                return
            if not isinstance(error, MnemeError):
                log.exception("embedding failed in an unexpected way")
                error = ModelError(f"Something unexpected went wrong while embedding: {type(error).__name__}.")
            self._board.hold(error)
            self._wake.set()
            return
        for source in left:
            self._board.leave(source)
        gone = {source.id for source in window} - {source.id for source in left}
        if gone:
            self._vanished(gone)
