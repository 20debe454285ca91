"""One thread per store on which all calls to its engine run in order. Used by every store of this room."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from assistant.adapters.store.failures import guarded
from assistant.domain.errors import StorageError

T = TypeVar("T")


class Lane:
    """A named thread; what an engine raises leaves it as StorageError or InUseError with `remedy` for damage."""

    def __init__(self, store: str, remedy: str) -> None:
        self._store = store
        self._remedy = remedy
        self._closed = False
        self._pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix=store.replace(" ", "-"))

    @property
    def closed(self) -> bool:
        """Tell whether the thread was asked to end."""
        return self._closed

    async def run(self, work: Callable[[], T]) -> T:
        """Run `work` on the thread after everything asked before it. Raises StorageError."""
        if self._closed:
            raise StorageError(f"The {self._store} is closed.", kept="Nothing was changed.", remedy="Start Mneme again.")
        return await asyncio.get_running_loop().run_in_executor(self._pool, self._call, work)

    async def close(self, last: Callable[[], None]) -> None:
        """Run `last` after everything asked before, then end the thread; the second call does nothing."""
        if self._closed:
            return
        final = asyncio.get_running_loop().run_in_executor(self._pool, self._call, last)
        self._closed = True
        try:
            await final
        finally:
            # Nothing can stand in the queue behind `last`, so this waits no longer than a thread needs to end.
            self._pool.shutdown(wait=True)

    def _call(self, work: Callable[[], T]) -> T:
        with guarded(self._store, self._remedy):
            return work()
