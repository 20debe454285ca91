"""Halves the speed of indexing on battery: after each stretch of work it rests as long. Asked by the desks of indexing."""

import asyncio
from collections.abc import Awaitable, Callable

from assistant.config.schema import Pools
from assistant.ports.system import Clock, PowerSource

LOOK_SECONDS = 20.0
"""How often the power supply is looked at."""
LONGEST_REST = 5.0
"""Most seconds of one rest: what came after a long batch or a sleep of the machine is not slept away."""

Sleep = Callable[[float], Awaitable[object]]


class Pace:
    """How fast indexing goes. `slowed` tells that it rests now and then."""

    def __init__(self, power: PowerSource, settings: Pools, clock: Clock, sleep: Sleep | None = None) -> None:
        self._power = power
        self._share = settings.battery_share
        self._clock = clock
        self._sleep = sleep or self._until_hurried
        self._hurried = asyncio.Event()
        self._looked = float("-inf")
        self._began: float | None = None
        self.slowed = False

    async def rest(self) -> None:
        """Rest so long that of all time since the last rest only the configured share was work."""
        now = self._clock.monotonic()
        if now - self._looked >= LOOK_SECONDS:
            self._looked = now
            self.slowed = self._share < 1.0 and await asyncio.to_thread(self._power.on_battery)
        worked = now - self._began if self._began is not None else 0.0
        if self.slowed and worked > 0.0:
            self._hurried.clear()
            await self._sleep(min(LONGEST_REST, worked * (1.0 / self._share - 1.0)))
        self._began = self._clock.monotonic()

    def idle(self) -> None:
        """Work ended: what passes from now on was no work."""
        self._began = None

    def hurry(self) -> None:
        """End a rest at once: something waits for the work to give way."""
        self._hurried.set()

    async def _until_hurried(self, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await self._hurried.wait()
        except TimeoutError:
            return
