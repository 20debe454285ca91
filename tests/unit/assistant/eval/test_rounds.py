"""Every minute: figures are written down; golden sets run in quiet nights only. No test waits for a clock."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta

import pytest

from assistant.config.schema import Quality
from assistant.domain.errors import StorageError
from assistant.domain.health import Measured
from assistant.domain.memory import RecallResult
from assistant.eval.own import OwnSet
from assistant.eval.rounds import Rounds
from assistant.eval.runs import GoldenRuns
from assistant.orchestrator.meter import Meter
from tests.fakes.desk import Desk, at_work
from tests.fakes.health import FakeHealthStore
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeClock, FakeIds, FakePower, RecordingEvents
from tests.fakes.spaces import FakeConfirmed

NIGHT = datetime(2026, 11, 23, 3, 30, tzinfo=UTC)


class SetClock(FakeClock):
    """A clock that a test sets: `at` and `seconds`."""

    def __init__(self) -> None:
        super().__init__()
        self.at, self.seconds = NIGHT, 10_000.0

    def now(self) -> datetime:
        return self.at

    def monotonic(self) -> float:
        return self.seconds


class Full(FakeHealthStore):
    """A store on a disk that may be full."""

    full = False

    async def add(self, at: datetime, measured: Measured) -> None:
        if self.full:
            raise StorageError("The disk is full.")
        await super().add(at, measured)


class Watch:
    """Rounds over a desk of fakes."""

    def __init__(self, desk: Desk, settings: Quality) -> None:
        room = desk.room
        self.desk, self.clock, self.store, self.power = desk, SetClock(), Full(), FakePower()
        self.meter = Meter(self.clock)
        self.meter.worked = 0.0
        own = OwnSet(FakeConfirmed(room.records), room.memory, room.clock, FakeIds())
        self.runs = GoldenRuns(room.memory, self.store, own, self._bundled, {}, RecordingEvents(), self.clock, FakeIds())
        self.slept: asyncio.Queue[float] = asyncio.Queue()
        self.wake = asyncio.Event()
        self.rounds = Rounds(
            *(room.memory, desk.scheduler, self.meter, self.store, self.runs, settings, self.clock, self.power),
            sleep=self._sleep,
            zone=UTC,
        )

    async def _bundled(self, _model: str, _recall: object) -> dict[str, float]:
        return {"recall@20": 0.9}

    async def _sleep(self, seconds: float) -> None:
        self.slept.put_nowait(seconds)
        await self.wake.wait()
        self.wake.clear()

    def searched(self, text: str = "lease") -> None:
        worked = self.meter.worked
        self.meter.searched(text, RecallResult(items=(), took_ms=5.0))
        self.meter.worked = worked

    async def asked(self) -> int:
        days = await self.store.stretches("days", NIGHT - timedelta(days=9))
        return sum(one.measured.questions.asked for one in days)


@pytest.fixture
async def watch() -> AsyncGenerator[Watch]:
    room = Room()
    room.files.write("/notes/lease.txt", "The warehouse lease ends on 30 June 2027.")
    await room.add("/notes")
    async with at_work(room) as desk:
        yield Watch(desk, Quality())


async def test_what_was_measured_is_written_down_every_minute_and_at_the_end(watch: Watch) -> None:
    watch.rounds.start(watch.desk.supervisor)
    async with asyncio.timeout(10):
        assert await watch.slept.get() == 60.0
        watch.searched()
        watch.wake.set()
        await watch.slept.get()
    assert await watch.asked() == 1
    watch.searched()
    await watch.rounds.stop()
    assert await watch.asked() == 2
    await watch.rounds.stop()
    assert await watch.asked() == 2


async def test_what_the_disk_refuses_is_written_the_next_time(watch: Watch) -> None:
    watch.searched()
    watch.store.full = True
    await watch.rounds.minute()
    watch.searched()
    await watch.rounds.minute()
    watch.store.full = False
    await watch.rounds.flush()
    assert await watch.asked() == 2


async def test_only_sums_of_questions_are_kept(watch: Watch) -> None:
    for number in range(6):
        watch.searched(f"lease warehouse {number}")
    await watch.rounds.flush()
    assert not watch.meter.questions
    (week,) = await watch.store.stretches("weeks", NIGHT - timedelta(days=9))
    seen = week.measured.questions
    assert (seen.looked_at, seen.embedded, sum(seen.languages.values())) == (6, 6, 6)
    assert "lease" not in week.model_dump_json()


async def test_few_question_vectors_are_never_kept(watch: Watch) -> None:
    for _ in range(9):
        watch.searched("the very same question")
    await watch.rounds.flush()
    weeks = await watch.store.stretches("weeks", NIGHT - timedelta(days=9))
    assert all(not one.measured.questions.centroid for one in weeks)


async def test_a_quiet_night_runs_the_golden_sets_once(watch: Watch) -> None:
    await watch.rounds.minute()
    await watch.rounds.minute()
    assert [run.trigger for run in watch.store.golden] == ["nightly"]
    watch.clock.at += timedelta(days=1)
    await watch.rounds.minute()
    assert len(watch.store.golden) == 2


@pytest.mark.parametrize("case", ["early", "battery", "at work", "paused", "running", "unwanted"])
async def test_nothing_runs_when_it_would_disturb(watch: Watch, case: str) -> None:
    match case:
        case "early":
            watch.clock.at = NIGHT.replace(hour=2)
        case "battery":
            watch.power.battery = True
        case "at work":
            watch.meter.worked = watch.clock.seconds - 60
        case "paused":
            watch.desk.scheduler.pause(True)
        case "running":
            watch.runs.running = True
        case _:
            watch = Watch(watch.desk, Quality(nightly=False))
    assert not await watch.rounds.due()
    await watch.rounds.minute()
    assert watch.store.golden == []
