"""Separate pools over one set of threads: no kind of work can take the threads of another. Opened by `engines`."""

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from assistant.domain.errors import BusyError
from assistant.domain.upkeep import PoolFigures

P = ParamSpec("P")
T = TypeVar("T")

MOST_WAITING = 10_000
"""Calls that may wait in one pool; whoever asks bounds its own long before."""


class Pool(Executor):
    """At most `quota` calls at a time on the executor below; further ones wait here in order. Thread-safe.

    The executor below stays its owner's: `shutdown` only refuses what comes later.
    """

    def __init__(self, name: str, below: Executor, quota: int) -> None:
        self._name = name
        self._below = below
        self._quota = quota
        self._guard = threading.Lock()
        self._waiting: deque[tuple[Future[Any], Callable[[], Any]]] = deque()
        self._running = 0
        self._done = 0
        self._closed = False

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Run a call when its turn comes; raises BusyError when too many wait, RuntimeError after `shutdown`."""
        future: Future[T] = Future()
        with self._guard:
            if self._closed:
                raise RuntimeError(f"the pool {self._name} is closed")
            if len(self._waiting) >= MOST_WAITING:
                raise BusyError(
                    f"Too much work waits at once ({self._name}).", kept="Nothing was changed.", remedy="Try again in a moment."
                )
            self._waiting.append((future, lambda: fn(*args, **kwargs)))
        self._next()
        return future

    def figures(self) -> PoolFigures:
        """Tell how busy the pool is."""
        with self._guard:
            return PoolFigures(
                name=self._name, quota=self._quota, running=self._running, waiting=len(self._waiting), done=self._done
            )

    def shutdown(self, wait: bool = True, *, cancel_futures: bool = False) -> None:
        """Take nothing more; what waits runs on, unless it is to be cancelled."""
        with self._guard:
            self._closed = True
            dropped = list(self._waiting) if cancel_futures else []
            if cancel_futures:
                self._waiting.clear()
        for future, _ in dropped:
            future.cancel()

    def _next(self) -> None:
        with self._guard:
            if self._running >= self._quota or not self._waiting:
                return
            self._running += 1
            future, call = self._waiting.popleft()
        self._below.submit(self._run, future, call)

    def _run(self, future: Future[Any], call: Callable[[], Any]) -> None:
        try:
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:
                    future.set_exception(error)
        finally:
            with self._guard:
                self._running -= 1
                self._done += 1
            self._next()


@dataclass(frozen=True, slots=True)
class PoolSet:
    """The pools of one memory. Their quotas together are `workbench.THREADS` with two readers."""

    reading: Pool
    files: Pool
    cutting: Pool
    embedding: Pool
    reranking: Pool

    @classmethod
    def over(cls, below: Executor, readers: int) -> "PoolSet":
        """Divide the threads of an executor. Indexing reads in two lanes a reader and embeds in one, so that in each pool
        there is room for what a person asks.
        """
        return cls(
            reading=Pool("reading", below, 2 * readers + 2),
            files=Pool("files", below, 2 * readers + 2),
            cutting=Pool("cutting", below, 2),
            embedding=Pool("embedding", below, 2),
            reranking=Pool("reranking", below, 1),
        )

    def figures(self) -> tuple[PoolFigures, ...]:
        """Tell how busy each pool is."""
        return tuple(pool.figures() for pool in (self.reading, self.files, self.cutting, self.embedding, self.reranking))
