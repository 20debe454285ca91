"""What every store of measurements promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_health import SqliteHealth
from assistant.domain.health import GoldenRun, Measured, Questions, TuningRecord, histogram
from assistant.ports.health import HealthStore
from tests.fakes.health import FakeHealthStore

START = datetime(2026, 11, 22, 12, 0, 30, tzinfo=UTC)


@pytest.fixture(params=["sqlite", "fake"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[HealthStore]:
    if request.param == "fake":
        yield FakeHealthStore()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteHealth(database)
    await database.close()


def searches(*ms: float, **questions: object) -> Measured:
    return Measured(times={"search": histogram(list(ms))}, questions=Questions.model_validate(questions))


async def test_measurements_add_up_by_minute_hour_and_day(store: HealthStore) -> None:
    await store.add(START, searches(10.0, asked=1))
    await store.add(START + timedelta(seconds=20), searches(20.0, asked=1))
    await store.add(START + timedelta(minutes=5), searches(30.0))
    await store.add(START + timedelta(hours=2), Measured(chunks=100, busy_s=2.0))
    long_ago = START - timedelta(days=7)
    minutes = await store.stretches("minutes", long_ago)
    assert [one.measured.times["search"].count for one in minutes[:2]] == [2, 1]
    assert minutes[0].at == START.replace(second=0)
    assert minutes[0].measured.questions.asked == 2
    hours = await store.stretches("hours", long_ago)
    assert [one.measured.times.get("search", histogram([])).count for one in hours] == [3, 0]
    assert [(one.measured.chunks, one.measured.busy_s) for one in hours] == [(0, 0.0), (100, 2.0)]
    (day,) = await store.stretches("days", long_ago)
    assert (day.seconds, day.measured.times["search"].longest) == (86_400, 30.0)
    assert await store.stretches("minutes", START + timedelta(hours=3)) == []


async def test_old_stretches_go_by_their_width(store: HealthStore) -> None:
    await store.add(START, searches(1.0))
    await store.add(START + timedelta(days=2), searches(2.0))
    long_ago = START - timedelta(days=2000)
    assert len(await store.stretches("minutes", long_ago)) == 1
    assert len(await store.stretches("hours", long_ago)) == 2
    await store.add(START + timedelta(days=40), searches(3.0))
    assert len(await store.stretches("hours", long_ago)) == 1
    assert len(await store.stretches("days", long_ago)) == 3
    await store.add(START + timedelta(days=1500), searches(4.0))
    assert len(await store.stretches("days", long_ago)) == 1


async def test_question_vectors_are_summed_by_the_week_alone(store: HealthStore) -> None:
    for _ in range(2):
        await store.add(START, searches(asked=5, model="m", embedded=5, centroid=(1.0, 2.0)))
    long_ago = START - timedelta(days=20)
    for width in ("minutes", "hours", "days"):
        assert all(not one.measured.questions.centroid for one in await store.stretches(width, long_ago))
    (week,) = await store.stretches("weeks", long_ago)
    assert week.at == datetime(2026, 11, 16, tzinfo=UTC)  # a Monday
    assert (week.measured.questions.centroid, week.measured.questions.embedded) == ((2.0, 4.0), 10)


async def test_runs_and_proposals_come_back_in_order(store: HealthStore) -> None:
    runs = [
        GoldenRun(
            id=f"run{n}", at=START + timedelta(days=n), kind="mine", trigger="nightly", model="m", weights={}, figures={"a": n}
        )
        for n in range(4)
    ]
    for run in runs:
        await store.put_run(run)
    assert await store.runs(2) == runs[2:]
    record = TuningRecord(
        id="t", at=START, state="proposed", reason="r", before={"a": 1.0}, after={"a": 2.0}, configured={}, figures={}
    )
    later = record.model_copy(update={"id": "u", "at": START + timedelta(days=1)})
    for one in (later, record, record.model_copy(update={"state": "applied"})):
        await store.put_tuning(one)
    assert [(one.id, one.state) for one in await store.tunings()] == [("t", "applied"), ("u", "proposed")]
