"""Between the window and the core: coroutines run here, events leave as Qt signals, indexing runs in Qt's pool.

Made by `ui.main`, given to every dock; the only place of ui that makes tasks.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal

from assistant.api.contract import Assistant
from assistant.api.views import (
    AnswerReady,
    ClaimFound,
    Event,
    IngestFailed,
    JobProgressed,
    SourceChanged,
    SourceForgotten,
    SourceRemembered,
)
from ui.i18n import told, tr

T = TypeVar("T")
P = ParamSpec("P")
COALESCE_MS = 100
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Failure:
    """What a person is told when something failed: what happened, what was kept, what to do."""

    what: str
    kept: str = ""
    remedy: str = ""


def failure_of(error: BaseException) -> Failure:
    """Return the text of an error; an unexpected one is named by its class, its details stay in the log."""
    what = getattr(error, "what", "")
    if isinstance(what, str) and what:
        return Failure(told(what), told(str(getattr(error, "kept", ""))), told(str(getattr(error, "remedy", ""))))
    return Failure(
        tr("Something went wrong: {name}.").format(name=type(error).__name__),
        tr("What Mneme remembers was not changed by this."),
        tr("Try again; if it happens again, run “mneme doctor”."),
    )


class Bridge(QObject):
    """Runs coroutines of the core for widgets and turns its events into signals.

    `sourcesChanged` carries a list of source events, the newest per source, at most every 100 ms; `progressed` the newest
    JobProgressed at the same pace; `claimFound` a ClaimFound; `answered` an AnswerReady; `happened` every Event but
    JobProgressed, in order (source events after coalescing); `failed` a Failure that nobody else shows.
    """

    sourcesChanged = Signal(list)
    progressed = Signal(object)
    claimFound = Signal(object)
    answered = Signal(object)
    happened = Signal(object)
    failed = Signal(object)

    def __init__(self, assistant: Assistant | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._assistant = assistant
        self._loop: asyncio.AbstractEventLoop | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._sources: dict[str, Event] = {}
        self._progress: JobProgressed | None = None
        self._timer = QTimer(self, interval=COALESCE_MS, singleShot=True)
        self._timer.timeout.connect(self.flush)

    @property
    def assistant(self) -> Assistant:
        """The core; raises RuntimeError before `start`."""
        if self._assistant is None:
            raise RuntimeError("the bridge was not started")
        return self._assistant

    def start(self, assistant: Assistant | None = None) -> None:
        """Remember the running loop and listen to the core's events; `assistant` is given when it came after the window."""
        self._assistant = assistant or self._assistant
        self._loop = asyncio.get_running_loop()
        self.run(self._listen())

    def run(
        self,
        coro: Coroutine[Any, Any, T],
        then: Callable[[T], object] | None = None,
        fail: Callable[[Failure], object] | None = None,
    ) -> asyncio.Task[None]:
        """Run `coro`, then call `then` with its result; an error goes to `fail`, or to `failed` when there is none.

        Cancel the returned task to stop it: neither callback is called then.
        """
        if self._loop is None:
            coro.close()
            raise RuntimeError("the bridge was not started")
        task = self._loop.create_task(self._guarded(coro, then, fail))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        task.add_done_callback(lambda _: coro.close())  # or one cancelled before its first step complains
        return task

    async def _guarded(
        self, coro: Coroutine[Any, Any, T], then: Callable[[T], object] | None, fail: Callable[[Failure], object] | None
    ) -> None:
        try:
            result = await coro
            if then is not None:
                then(result)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            log.warning("a request of the window failed: %s", type(error).__name__, exc_info=error)
            (fail or self.failed.emit)(failure_of(error))

    async def _listen(self) -> None:
        async for event in self.assistant.events():
            self.take(event)

    def take(self, event: Event) -> None:
        """Pass one event on: source events and progress are gathered, the others leave at once."""
        match event:
            case JobProgressed():
                self._progress = event
            case SourceChanged() | SourceRemembered() | IngestFailed():
                self._sources.pop(event.source_id, None)  # so that order is that of the newest
                self._sources[event.source_id] = event
            case SourceForgotten():
                self._sources[event.path] = event
            case ClaimFound():
                self.claimFound.emit(event)
                self.happened.emit(event)
                return
            case AnswerReady():
                self.flush()
                self.answered.emit(event)
                self.happened.emit(event)
                return
            case _:
                self.flush()
                self.happened.emit(event)
                return
        if not self._timer.isActive():
            self._timer.start()

    def flush(self) -> None:
        """Emit what was gathered."""
        self._timer.stop()
        progress, self._progress = self._progress, None
        sources, self._sources = list(self._sources.values()), {}
        if sources:
            self.sourcesChanged.emit(sources)
            for event in sources:
                self.happened.emit(event)
        if progress is not None:
            self.progressed.emit(progress)

    async def close(self) -> None:
        """Stop listening, cancel what still runs and wait for it."""
        self._timer.stop()
        tasks = [task for task in self._tasks if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class QtExecutor(Executor):
    """A concurrent.futures.Executor over a QThreadPool of its own: indexing jobs of the core run in it."""

    def __init__(self, threads: int = 0) -> None:
        """Make a pool of `threads` threads; 0 means one per core."""
        self.pool = QThreadPool()
        if threads:
            self.pool.setMaxThreadCount(threads)
        self._lock = threading.Lock()
        self._waiting: set[Future[Any]] = set()
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Queue a call; raises RuntimeError after shutdown."""
        future: Future[T] = Future()

        def work() -> None:
            with self._lock:
                self._waiting.discard(future)
            if not future.set_running_or_notify_cancel():
                return
            try:
                result = fn(*args, **kwargs)
            except BaseException as error:  # as the standard executors do: the error belongs to whoever waits
                future.set_exception(error)
            else:
                future.set_result(result)

        with self._lock:
            if self._closed:
                raise RuntimeError("the executor was shut down")
            self._waiting.add(future)
        self.pool.start(work)
        return future

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take no more calls; cancel those that have not begun if asked, and wait for the others."""
        with self._lock:
            self._closed = True
            waiting = list(self._waiting)
        if cancel_futures:
            for future in waiting:
                future.cancel()
        if wait:
            self.pool.waitForDone()
