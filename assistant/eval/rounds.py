"""What is done every minute beside the work: figures are written down, and golden sets run in quiet nights. Started by `app`."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, tzinfo

from assistant.config.schema import Quality
from assistant.domain.errors import MnemeError
from assistant.domain.health import Measured
from assistant.eval.drift import looked_at
from assistant.eval.runs import GoldenRuns
from assistant.memory.service import Memory
from assistant.orchestrator.meter import Meter
from assistant.orchestrator.scheduler import Scheduler
from assistant.ports.health import HealthStore
from assistant.ports.system import Clock, PowerSource, TaskHandle, TaskRunner

log = logging.getLogger(__name__)

MINUTE_S = 60.0


class Rounds:
    """Quiet nights are those of `zone`, the person's time zone; None is the system's."""

    def __init__(
        self,
        memory: Memory,
        scheduler: Scheduler,
        meter: Meter,
        store: HealthStore,
        runs: GoldenRuns,
        settings: Quality,
        clock: Clock,
        power: PowerSource,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        zone: tzinfo | None = None,
    ) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._meter = meter
        self._store = store
        self._runs = runs
        self._settings = settings
        self._clock = clock
        self._power = power
        self._sleep = sleep
        self._zone = zone
        self._waiting = Measured()
        self._flushing = asyncio.Lock()
        self._handle: TaskHandle | None = None

    def start(self, tasks: TaskRunner) -> None:
        """Begin the rounds."""
        self._handle = tasks.keep("rounds", self._forever)

    async def stop(self) -> None:
        """End the rounds and write down what was measured; safe to call twice."""
        handle, self._handle = self._handle, None
        if handle is not None:
            handle.cancel()
            await handle.wait()
        with contextlib.suppress(MnemeError):
            await self.flush()

    async def _forever(self) -> None:
        while True:
            await self._sleep(MINUTE_S)
            await self.minute()

    async def minute(self) -> None:
        """Do what is due; a failure waits for the next minute."""
        try:
            await self.flush()
            if await self.due():
                await self._runs.run("nightly")
        except MnemeError as error:
            log.warning("the rounds failed: %s", error.code)

    async def flush(self) -> None:
        """Write down what was measured since the last time; what the disk refuses is written the next time."""
        async with self._flushing:
            asked = list(self._meter.questions)
            self._meter.questions.clear()
            taken = self._meter.take()
            self._waiting = self._waiting.plus(taken)
            if self._waiting == Measured():
                return
            with contextlib.suppress(MnemeError):
                seen = await looked_at(self._memory, asked)
                self._waiting = self._waiting.plus(Measured(questions=seen))
            await self._store.add(self._clock.now(), self._waiting)
            self._waiting = Measured()

    async def due(self) -> bool:
        """Tell whether tonight's run is due: wanted, its hour has come, nobody works, nothing is queued, no battery is used."""
        if not self._settings.nightly or self._runs.running:
            return False
        idle = self._clock.monotonic() - self._meter.worked
        progress = self._scheduler.progress()
        if idle < self._settings.idle_minutes * 60 or progress.active or progress.paused:
            return False
        now = self._clock.now().astimezone(self._zone)
        if now.hour < self._settings.nightly_hour or not (await self._memory.totals()).chunks:
            return False
        if await asyncio.to_thread(self._power.on_battery):
            return False
        return not any(self._same_day(run.at, now) for run in await self._store.runs(10) if run.trigger == "nightly")

    def _same_day(self, at: datetime, now: datetime) -> bool:
        return at.astimezone(self._zone).date() == now.date()
