"""The memory as one command holds it: closed after each piece of work, also where others are waited for. Used by `session`."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from typing import TYPE_CHECKING

from assistant.api.contract import Assistant

if TYPE_CHECKING:
    from assistant.app.leaving import Leaving


class Holding:
    """Where others work through this process, closing waits for them: what came of the work can be told meanwhile.

    `tell` hears of what is waited for only while `closed` waits, so after the result.
    """

    def __init__(self, tell: "Callable[[Leaving], None]") -> None:
        self._tell = tell
        self._closing: asyncio.Task[None] | None = None
        self._waits = asyncio.Event()
        self._patient = False

    @asynccontextmanager
    async def open(self, memory: AbstractAsyncContextManager[Assistant]) -> AsyncGenerator[Assistant]:
        """Open the memory, or reach it through another process; raises InUseError. At the end it is closed, or closes."""
        await self.closed()
        held = AsyncExitStack()
        assistant = await held.enter_async_context(memory)
        try:
            yield assistant
        finally:
            await self._let_go(held)

    def waits(self, leaving: "Leaving") -> None:
        """Hear what closing waits for."""
        self._waits.set()
        if self._patient:
            self._tell(leaving)

    async def closed(self) -> None:
        """Wait until the memory is closed; Ctrl+C cuts that short."""
        closing, self._closing = self._closing, None
        if closing is None:
            return
        self._patient = True
        try:
            await closing
        finally:
            self._patient = False

    async def _let_go(self, held: AsyncExitStack) -> None:
        """Close the memory; return early where that waits for others."""
        self._waits.clear()
        loop = asyncio.get_running_loop()
        self._closing, waiting = loop.create_task(held.aclose()), loop.create_task(self._waits.wait())
        try:
            await asyncio.wait({self._closing, waiting}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waiting.cancel()
        if self._closing.done():
            await self.closed()
