"""Health brings everything together and says what is wrong; drift tells how questions change, by sums alone."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import NoReturn

import pytest

from assistant.domain.errors import ReadError
from assistant.domain.health import GoldenRun, Measured, Questions, Stretch, histogram
from assistant.domain.upkeep import Backup, WatchedRoot
from assistant.eval.checkup import Checkup, Machine
from assistant.eval.drift import drift
from assistant.eval.own import OwnSet
from assistant.eval.runs import GoldenRuns
from assistant.eval.tuning import Tuning
from assistant.memory.spaces import Spaces
from tests.fakes.desk import Desk, at_work
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.health import NOON, FakeHealthStore, week
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeIds, RecordingEvents
from tests.fakes.spaces import FakeConfirmed, FakeFactory, FakeRegistry


class Ward:
    """A check-up over a desk of fakes."""

    def __init__(self, desk: Desk) -> None:
        room = desk.room
        self.room, self.store = room, FakeHealthStore()
        self.roots: list[WatchedRoot] = []
        self.kept: list[Backup] = []
        self.disk = 1000
        own = OwnSet(FakeConfirmed(room.records), room.memory, room.clock, FakeIds())
        spaces = Spaces(room.memory, FakeRegistry(), FakeFactory({"m": FakeEmbedder(8, model="m@1")}), None, room.clock)
        runs = GoldenRuns(room.memory, self.store, own, self._never, {}, RecordingEvents(), room.clock, FakeIds())
        tuning = Tuning(room.memory, self.store, own, self._never, room.settings.recall, 20, room.clock, FakeIds())
        machine = Machine(lambda: self.disk, lambda: 2000, lambda: (5000, 4000))
        seen = (desk.scheduler, spaces, self.store, own, runs, tuning, room.settings.upkeep, machine, room.clock)
        self.checkup = Checkup(room.memory, *seen, self._nothing, self._roots, self._backups)

    async def _never(self, *_: object) -> NoReturn:
        raise AssertionError("looking at health measures nothing anew")

    async def _nothing(self) -> None:
        return None

    async def _roots(self) -> list[WatchedRoot]:
        return self.roots

    async def _backups(self) -> list[Backup]:
        return self.kept


@pytest.fixture
async def ward() -> AsyncGenerator[Ward]:
    room = Room()
    room.files.write("/notes/lease.txt", "The warehouse lease ends on 30 June 2027.")
    await room.add("/notes")
    async with at_work(room) as desk:
        yield Ward(desk)


async def test_a_sound_memory_is_well(ward: Ward) -> None:
    await ward.store.add(
        NOON, Measured(times={"search": histogram([10.0] * 99 + [500.0])}, chunks=300, busy_s=10.0, questions=week())
    )
    found = await ward.checkup.health("hours")
    assert (found.ok, found.troubles) == (True, ())
    assert {one.name: one.agrees for one in found.counts} == {
        "chunks in the database": True,
        "text rows for records": True,
        "text rows without a record": True,
        "vectors for records": True,
        "vectors without a record": True,
    }
    search = found.times[0]
    assert (search.name, search.whole.count) == ("search", 100)
    assert search.whole.p50 == pytest.approx(10.0, rel=0.1)
    assert search.whole.p99 < 500.0 == ward.store.measured[(3600, int(NOON.timestamp()))].times["search"].longest
    assert [(one.chunks, one.chunks_per_s) for one in found.throughput] == [(300, 30.0)]
    assert [one.abstained for one in found.drift] == [0.25]
    assert [(one.name, one.used) for one in found.budgets] == [("disk", 1000), ("memory", 2000), ("undo", 5000)]
    assert found.last_backup is None


async def test_everything_that_is_wrong_is_named(ward: Ward) -> None:
    (source,) = await ward.room.memory.sources()
    await ward.room.dense.delete({key for key in ward.room.records.chunks})
    ward.room.files.write("/notes/bad.txt", "x")
    (bad,) = (await ward.room.memory.enqueue(["/notes/bad.txt"])).sources
    await ward.room.memory.reject(bad, ReadError("It is encrypted."))
    ward.roots = [WatchedRoot(path="/media/stick", project="stick", watched=True, online=False)]
    ward.disk = 10**15
    run = GoldenRun(
        id="r",
        at=NOON,
        kind="bundled",
        trigger="asked",
        model="m",
        weights={},
        figures={},
        fallen=("ndcg@10 0.7 instead of 0.8",),
    )
    await ward.store.put_run(run)
    found = await ward.checkup.health("hours")
    assert not found.ok
    assert {one.code for one in found.troubles} == {"counts", "failed", "offline", "recall_worse", "budget_disk"}
    assert all(one.text and one.remedy for one in found.troubles)
    assert [(one.path, one.reason) for one in found.failed] == [("/notes/bad.txt", "It is encrypted.")]
    assert found.failed_files == 1
    assert source.path == "/notes/lease.txt"


async def test_the_newest_backup_counts(ward: Ward) -> None:
    times = [NOON - timedelta(days=2), NOON - timedelta(days=1)]
    ward.kept = [Backup(path=f"/b/{at}", at=at, bytes=1, sources=1, chunks=1) for at in times]
    assert (await ward.checkup.health("days")).last_backup == times[1]


def test_drift_tells_shares_and_how_far_the_mean_moved():
    def at(number: int, **questions: object) -> Stretch:
        seen = Measured(questions=week(**questions))
        return Stretch(at=NOON + timedelta(weeks=number), seconds=604_800, measured=seen)

    east, north = {"model": "m", "embedded": 5, "centroid": (5.0, 0.0)}, {"model": "m", "embedded": 5, "centroid": (0.0, 5.0)}
    other = {"model": "other", "embedded": 5, "centroid": (0.0, 5.0)}
    weeks = [
        at(0, **east, languages={"en": 3, "ru": 1}),
        at(1, **east, similarity=3.0, similar=4),
        at(2, **north),
        at(3, **other),
    ]
    points = drift([*weeks, Stretch(at=NOON, seconds=604_800, measured=Measured(questions=Questions()))])
    assert [one.shift for one in points] == [None, 0.0, 1.0, None]
    assert points[0].languages == {"en": 0.75, "ru": 0.25}
    assert (points[0].similarity, points[1].similarity) == (None, 0.75)
    assert (points[0].abstained, points[0].empty) == (0.25, 0.0)
