"""What work without hurry may take: the model while nothing is queued and nobody paused, the stores for a moment.

Given out by the scheduler to the change of models.
"""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager


class GiveWayError(Exception):
    """Ends work without hurry between two batches: something else wants the model. Never leaves the orchestrator."""


class Spare:
    """The scheduler's locks as background work sees them; `wanted` tells that something is to be forgotten."""

    def __init__(
        self,
        embedding: asyncio.Lock,
        writing: asyncio.Lock,
        running: asyncio.Event,
        settled: asyncio.Event,
        wanted: Callable[[], bool],
    ) -> None:
        self._embedding = embedding
        self.writing = writing
        self._running = running
        self._settled = settled
        self._wanted = wanted

    @asynccontextmanager
    async def model(self) -> AsyncGenerator[None]:
        """Hold the model, waiting until nothing is queued, nobody has paused and nothing is being forgotten."""
        while True:
            await self._running.wait()
            await self._settled.wait()
            async with self._embedding:
                if not self._hurried():
                    yield
                    return
            await asyncio.sleep(0)

    async def proceed(self) -> None:
        """Raise GiveWayError when somebody else should go first."""
        if self._hurried():
            raise GiveWayError

    def _hurried(self) -> bool:
        return self._wanted() or not self._running.is_set() or not self._settled.is_set()
