"""Brings together what is known of how well Mneme does. Called by the façade for `mneme health` and the health dock."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from assistant.config.schema import Upkeep
from assistant.domain.document import Source, SourceState
from assistant.domain.health import (
    Budget,
    FailedFile,
    GoldenRun,
    Health,
    Histogram,
    RatePoint,
    SeriesName,
    Stretch,
    TimePoint,
    TimeSeries,
    Trouble,
)
from assistant.domain.upkeep import ActorFigures, Backup, Comparison, PoolFigures, WatchedRoot
from assistant.eval.drift import drift
from assistant.eval.own import OwnSet
from assistant.eval.runs import GoldenRuns
from assistant.eval.tuning import Tuning
from assistant.memory.service import Memory
from assistant.memory.spaces import Spaces
from assistant.orchestrator.scheduler import Scheduler
from assistant.ports.health import SECONDS, HealthStore, Width
from assistant.ports.system import Clock

SHOWN_FILES = 200
SHOWN_RUNS = 400
SPANS: dict[Width, timedelta] = {"minutes": timedelta(hours=6), "hours": timedelta(days=7), "days": timedelta(days=365)}
"""How far back the plots go, by the width of a point."""
WEEKS = timedelta(weeks=26)
SERIES: tuple[SeriesName, ...] = ("search", "ask", "searchable", "ready")


@dataclass(frozen=True, slots=True)
class Machine:
    """What Mneme takes of the machine, in bytes (blocking, a few milliseconds), and how pools and components fare."""

    disk_used: Callable[[], int]
    memory_used: Callable[[], int]
    undo: Callable[[], tuple[int, int]] | None = None
    """What contents from before take, of how much at most; None where nothing acts."""
    pools: Callable[[], tuple[PoolFigures, ...]] = tuple
    actors: Callable[[], tuple[ActorFigures, ...]] = tuple


class Checkup:
    """`flush` writes down what was measured until now, `roots` lists what is watched."""

    def __init__(
        self,
        memory: Memory,
        scheduler: Scheduler,
        spaces: Spaces,
        store: HealthStore,
        own: OwnSet,
        runs: GoldenRuns,
        tuning: Tuning,
        budgets: Upkeep,
        machine: Machine,
        clock: Clock,
        flush: Callable[[], Awaitable[None]],
        roots: Callable[[], Awaitable[Sequence[WatchedRoot]]],
        backups: Callable[[], Awaitable[Sequence[Backup]]],
    ) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._spaces = spaces
        self._store = store
        self._own = own
        self._runs = runs
        self._tuning = tuning
        self._budgets = budgets
        self._machine = machine
        self._clock = clock
        self._flush = flush
        self._roots = roots
        self._backups = backups

    async def health(self, width: Width) -> Health:
        """Return everything that is known; `width` is the length of one point in the plots over time."""
        await self._flush()
        now = self._clock.now()
        since = now - SPANS.get(width, WEEKS)
        stretches = await self._store.stretches(width, since)
        weeks = await self._store.stretches("weeks", now - WEEKS)
        runs = await self._store.runs(SHOWN_RUNS)
        counts = await self._memory.care.counted()
        failed = await self._memory.sources(states=[SourceState.FAILED])
        offline = tuple(root for root in await self._roots() if root.watched and not root.online)
        budgets = await asyncio.to_thread(self._spent)
        troubles = tuple(_troubles(counts, failed, offline, runs, budgets))
        return Health(
            at=now,
            ok=not troubles,
            troubles=troubles,
            model=self._memory.model,
            counts=counts,
            times=tuple(_series(name, width, stretches) for name in SERIES),
            throughput=tuple(_rates(stretches)),
            drift=drift(weeks),
            runs=tuple(runs),
            budgets=budgets,
            failed=tuple(
                FailedFile(path=one.path, state=one.state, reason=one.reason, at=one.updated) for one in failed[:SHOWN_FILES]
            ),
            failed_files=len(failed),
            offline=offline,
            spaces=tuple(await self._spaces.all()),
            progress=self._scheduler.progress().model_copy(update={"repairing": self._memory.repairs.names}),
            confirmed=len(await self._own.cases()),
            tuning=await self._tuning.latest(),
            tuned=await self._tuning.applied(),
            last_backup=max((one.at for one in await self._backups()), default=None),
            running=self._runs.running,
            pools=self._machine.pools(),
            actors=self._machine.actors(),
        )

    def _spent(self) -> tuple[Budget, ...]:
        used, limit = self._machine.undo() if self._machine.undo is not None else (0, 0)
        undo = (Budget(name="undo", used=used, limit=limit),) if limit else ()
        return (
            Budget(name="disk", used=self._machine.disk_used(), limit=self._budgets.disk_budget_mb * 1024**2),
            Budget(name="memory", used=self._machine.memory_used(), limit=self._budgets.memory_budget_mb * 1024**2),
            *undo,
        )


def _troubles(
    counts: Sequence[Comparison],
    failed: Sequence[Source],
    offline: Sequence[WatchedRoot],
    runs: Sequence[GoldenRun],
    budgets: Sequence[Budget],
) -> list[Trouble]:
    found = [
        Trouble(
            code="counts",
            text=f"{one.name}: {one.found} of {one.expected}.",
            remedy="Start Mneme again: it repairs the indexes from the records.",
        )
        for one in counts
        if not one.agrees
    ]
    if failed:
        found.append(
            Trouble(
                code="failed",
                text=f"Files that could not be read: {len(failed)}.",
                remedy="`mneme status` shows the reasons, `mneme retry` reads them again.",
            )
        )
    found += [
        Trouble(code="offline", text=f"Out of reach: {root.path}.", remedy="Nothing of it is forgotten: plug it in.")
        for root in offline
    ]
    for kind in ("mine", "bundled"):
        last = next((run for run in reversed(runs) if run.kind == kind), None)
        if last is not None and last.fallen:
            text = f"Recall got worse: {'; '.join(last.fallen)}."
            found.append(Trouble(code="recall_worse", text=text, remedy="See what changed since the last good run."))
    for budget in budgets:
        if budget.name != "undo" and budget.used > budget.limit:  # undo gives up its oldest by itself
            what = "The memory takes more disk than planned" if budget.name == "disk" else "Mneme takes more memory than planned"
            found.append(
                Trouble(
                    code=f"budget_{budget.name}",
                    text=f"{what}: {budget.used / 1e6:.0f} of {budget.limit / 1e6:.0f} MB.",
                    remedy="Forget what is not needed, or raise the budget in the settings.",
                )
            )
    return found


def _series(name: SeriesName, width: Width, stretches: Sequence[Stretch]) -> TimeSeries:
    points: list[TimePoint] = []
    whole = Histogram()
    for one in stretches:
        seen = one.measured.times.get(name)
        if seen is not None and seen.count:
            points.append(_point(one.at, seen))
            whole = whole.plus(seen)
    began = points[0].at if points else datetime.fromtimestamp(0).astimezone()
    return TimeSeries(name=name, seconds=SECONDS[width], points=tuple(points), whole=_point(began, whole))


def _point(at: datetime, seen: Histogram) -> TimePoint:
    p50, p95, p99 = (seen.percentile(share) for share in (0.5, 0.95, 0.99))
    return TimePoint(at=at, count=seen.count, p50=p50, p95=p95, p99=p99)


def _rates(stretches: Sequence[Stretch]) -> list[RatePoint]:
    return [
        RatePoint(at=one.at, chunks=seen.chunks, chunks_per_s=round(seen.chunks / seen.busy_s, 1))
        for one in stretches
        if (seen := one.measured).chunks and seen.busy_s
    ]
