"""`WorkerReader`: the Reader port over a few reading processes. Built by `app`, used by the memory."""

import asyncio
import sys
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Any, cast

from assistant.adapters.readers.child import Child
from assistant.adapters.readers.wire import DOCUMENT, Request, unpack_picture
from assistant.config.schema import Ingest
from assistant.domain.document import Document
from assistant.domain.errors import ReaderCrashedError, ReadError
from assistant.ports.content import RenderedPage

COMMAND = (sys.executable, "-P", "-m", "assistant.adapters.readers.worker")
RECYCLE_AFTER = 5000
"""Files per process. Starting one costs as much as reading some hundred notes, so memory that grew is looked at too."""
FRAME_OVERHEAD = 4
"""A payload may be this many times the allowed text: letters of several bytes, escapes, symbols."""
LARGEST_PICTURE = 128 * 2**20


class WorkerReader:
    """Reads files in at most `settings.readers` processes, each started when first needed and replaced when it dies.

    `executor` gives the threads that wait for the processes; it needs at least `settings.readers` of them to keep all
    busy, and stays the caller's. `command` starts a process that speaks the worker's protocol, the memory cap in MiB added.
    """

    def __init__(
        self,
        executor: Executor,
        settings: Ingest,
        *,
        command: Sequence[str] = COMMAND,
        recycle_after: int = RECYCLE_AFTER,
    ) -> None:
        self._executor = executor
        self._seconds = settings.read_seconds
        self._memory_mb = settings.read_memory_mb
        self._max_bytes = int(settings.max_file_mb * 2**20)
        self._max_output = settings.read_output_mb * 2**20
        self._command = tuple(command)
        self._recycle_after = recycle_after
        self._turns = asyncio.Semaphore(settings.readers)
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False

    async def read(self, path: str) -> Document:
        """Extract the text of a file; raises ReadError (crash, time-out, limit, encrypted, damaged) with the reason."""
        request = Request(path, self._max_bytes, self._max_output)
        return cast(Document, await self._run(request, _document))

    async def render(self, path: str, page: int, quote: str, width: int) -> RenderedPage:
        """Draw a PDF page or an image `width` pixels wide, marking `quote` where it stands; raises ReadError."""
        request = Request(path, self._max_bytes, self._max_output, True, page, quote, width)
        return cast(RenderedPage, await self._run(request, _picture))

    async def close(self) -> None:
        """Stop the processes; safe to call twice. Reads under way fail with ReadError."""
        with self._lock:
            self._closed = True
            children = [*self._idle, *self._busy]
            self._idle.clear()
        if not children:
            return
        await asyncio.get_running_loop().run_in_executor(self._executor, _kill, children)

    async def _run(self, request: Request, convert: Callable[[bytes, bytes], object]) -> object:
        async with self._turns:
            stop = threading.Event()
            work = asyncio.get_running_loop().run_in_executor(self._executor, self._serve, request, convert, stop)
            work.add_done_callback(_heard)
            try:
                return await asyncio.shield(work)
            except asyncio.CancelledError:
                # The thread must be done with its process before another read may take the turn.
                stop.set()
                await asyncio.wait([work])
                raise

    def _serve(self, request: Request, convert: Callable[[bytes, bytes], object], stop: threading.Event) -> object:
        """Runs on a thread: one file through one process.

        A process that dies may have been worn by files before this one: only a fresh one's death is this file's fault.
        """
        while True:
            child = self._take()
            fresh = child.asked == 0
            try:
                return convert(*child.ask(request, self._seconds, stop))
            except ReaderCrashedError:
                if fresh or self._closed or stop.is_set():
                    raise
            finally:
                self._give(child)

    def _take(self) -> Child:
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child is not None and not child.alive:
            child.kill()
            child = None
        if child is None:
            limit = max(self._max_output * FRAME_OVERHEAD, LARGEST_PICTURE)
            child = Child(self._command, self._memory_mb, limit)
        with self._lock:
            if not self._closed:
                self._busy.add(child)
                return child
        child.kill()
        raise ReadError("Mneme is closing.", remedy="The file will be read at the next start.")

    def _give(self, child: Child) -> None:
        """Keep the process for the next file, unless it is dead, worn or nobody needs it any more."""
        with self._lock:
            self._busy.discard(child)
            keep = not self._closed and child.asked < self._recycle_after and child.fit
            if keep:
                self._idle.append(child)
        if not keep:
            child.kill()


def _heard(work: "asyncio.Future[object]") -> None:
    """Take note of how a read ended: whoever waited may have been cancelled twice, and nobody is left to ask."""
    if not work.cancelled():
        work.exception()


def _kill(children: Sequence[Child]) -> None:
    for child in children:
        child.kill()


def _document(tag: bytes, payload: bytes) -> Document:
    if tag != DOCUMENT:
        raise ReadError("The reading process gave an answer that makes no sense.")
    try:
        return Document.model_validate_json(payload)
    except ValueError as error:
        raise ReadError("The reading process gave an answer that makes no sense.") from error


def _picture(tag: bytes, payload: bytes) -> RenderedPage:
    meta: dict[str, Any]
    meta, png = unpack_picture(payload)
    marks = tuple((float(x), float(y), float(w), float(h)) for x, y, w, h in meta["marks"])
    return RenderedPage(png, int(meta["width"]), int(meta["height"]), int(meta["page"]), int(meta["pages"]), marks)
