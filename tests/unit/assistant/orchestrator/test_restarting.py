"""What a person set and saw of indexing outlives a restart: the pause, the progress, and what was in use is warm again."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from assistant.domain.memory import RecallQuery
from assistant.orchestrator.scheduler import Priority
from assistant.orchestrator.warming import warm
from tests.fakes.desk import DEADLINE_S, Desk, at_work
from tests.fakes.memory import Room


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    room = Room()
    for number in range(6):
        room.files.write(f"/notes/{number}.txt", f"note number {number}")
    async with at_work(room) as found:
        yield found


async def restarted(desk: Desk) -> None:
    await desk.scheduler.stop()
    desk.room.restart()
    desk.scheduler = desk.scheduling()
    await desk.scheduler.restore()
    desk.scheduler.start()
    desk.scheduler.submit(await desk.room.memory.replay(), Priority.UPKEEP)


async def test_a_pause_holds_until_the_person_says_otherwise(desk: Desk) -> None:
    await desk.scheduler.pause_for_good(True)
    await desk.add("/notes")
    await restarted(desk)
    await desk.turns()
    assert desk.scheduler.progress().paused
    assert desk.room.reader.reads == []
    await desk.scheduler.pause_for_good(False)
    await desk.settled()
    await restarted(desk)
    assert not desk.scheduler.progress().paused


async def test_a_pause_that_mneme_made_itself_ends_with_a_restart(desk: Desk) -> None:
    desk.scheduler.pause(True)  # as after a full disk: trying again is what a start is for
    await desk.add("/notes")
    await restarted(desk)
    await desk.settled()
    assert len(desk.room.reader.reads) == 6


async def test_progress_goes_on_where_it_stood(desk: Desk) -> None:
    await desk.add("/notes/0.txt", "/notes/1.txt", "/notes/2.txt")
    await desk.settled()
    desk.embedding.shut()
    await desk.add("/notes")
    async with asyncio.timeout(DEADLINE_S):
        await desk.embedding.reached.wait()
    before = desk.scheduler.progress()
    assert (before.files_total, before.files_searchable, before.files_done) == (3, 3, 0)
    await restarted(desk)
    after = desk.scheduler.progress()
    assert (after.files_total, after.files_searchable, after.files_done) == (3, 3, 0)
    desk.embedding.open()
    await desk.settled()
    assert desk.scheduler.progress().files_done == 3
    assert desk.notes.facts["progress"] == ""


async def test_on_battery_it_is_said_and_everything_still_gets_done(desk: Desk) -> None:
    desk.power.battery = True
    await desk.add("/notes")
    await desk.settled()
    assert desk.scheduler.progress().slowed
    assert (await desk.room.memory.verify()).ok


async def test_the_newest_files_come_first_after_a_restart(desk: Desk) -> None:
    await desk.scheduler.pause_for_good(True)
    await desk.add("/notes")
    await restarted(desk)
    await desk.scheduler.pause_for_good(False)
    await desk.settled()
    assert desk.room.reader.reads == [f"/notes/{number}.txt" for number in reversed(range(6))]


async def test_the_latest_questions_are_asked_again_silently(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = desk.room.memory
    for text in ("first", "second", "second", "third", ""):
        await memory.note_recall("cli", "recall", text, [])
    asked: list[str] = []

    async def recall(query: RecallQuery) -> None:
        asked.append(query.text)

    monkeypatch.setattr(memory, "recall", recall)
    await warm(memory, 2)
    await warm(memory, 0)
    assert asked == ["third", "second"]
    assert len(await memory.recalls(0, 100)) == 5
