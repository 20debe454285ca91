"""Work on worker threads that a cancelled caller can stop. Used by all of this room that blocks."""

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import Executor
from typing import TypeVar

from assistant.ports.acting import Tell

T = TypeVar("T")
TOLD_EVERY_S = 0.1


class HaltedError(Exception):
    """Nobody waits for this work any more."""


class Halt:
    """Asked by work on a thread whether it is still wanted."""

    def __init__(self) -> None:
        self._event = threading.Event()

    def set(self) -> None:
        """Let the work end at its next check."""
        self._event.set()

    def check(self) -> None:
        """Raise HaltedError when the work is not wanted any more."""
        if self._event.is_set():
            raise HaltedError


class Teller:
    """Passes progress from any thread to a Tell on the loop's, ten times a second at most. Made on the loop."""

    def __init__(self, tell: Tell | None) -> None:
        self._tell = tell
        self._loop = asyncio.get_running_loop()
        self._next = 0.0

    def __call__(self, done: int, total: int) -> None:
        """Say that `done` of `total` are done (0: unknown)."""
        now = time.monotonic()
        if self._tell is not None and (now >= self._next or done == total):
            self._next = now + TOLD_EVERY_S
            self._loop.call_soon_threadsafe(self._tell, done, total, "")


async def looked(executor: Executor, work: Callable[[Halt], T]) -> T:
    """Run work that changes nothing; when the caller is cancelled it ends by itself soon after."""
    halt = Halt()
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, work, halt)
    except asyncio.CancelledError:
        halt.set()
        raise


async def changed_by(executor: Executor, work: Callable[[Halt], T], back: Callable[[T], None] | None = None) -> T:
    """Run work that changes something to its end; a cancelled caller waits until it has.

    Work that is done nevertheless is then taken back by `back` before the cancellation goes on; without `back` it stays done.
    """
    halt = Halt()
    future = asyncio.get_running_loop().run_in_executor(executor, work, halt)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError as cancelled:
        halt.set()
        await _ended(future)
        if future.exception() is None and back is not None:
            result = future.result()
            again = asyncio.get_running_loop().run_in_executor(executor, lambda: back(result))
            await _ended(again)
            failure = again.exception()
            if failure is not None:
                cancelled.add_note(f"not taken back: {failure}")
        raise


async def _ended(future: "asyncio.Future[T]") -> None:
    """Wait for a future whatever happens to the waiting task."""
    while not future.done():
        try:
            await asyncio.wait([future])
        except asyncio.CancelledError:
            continue
