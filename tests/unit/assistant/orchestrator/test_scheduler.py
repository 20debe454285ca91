"""Indexing in the background as a person meets it: who goes first, pausing, a full disk, stopping, what fails alone."""

import asyncio
from collections.abc import AsyncGenerator

import numpy as np
import pytest
from numpy.typing import NDArray

from assistant.config import Settings
from assistant.config.schema import Embedding, Ingest
from assistant.domain.document import Source, SourceState
from assistant.domain.errors import ReadError, StorageError
from assistant.domain.events import IngestFailed, IngestFinished, SourceRemembered, Warned
from assistant.orchestrator.scheduler import Priority
from tests.fakes.desk import DEADLINE_S, Desk, at_work
from tests.fakes.memory import Room

ONE_BY_ONE = Settings(ingest=Ingest(readers=1), embedding=Embedding(batch=1))


@pytest.fixture
def room() -> Room:
    held = Room(settings=ONE_BY_ONE)
    for name in ("a", "b", "c", "d"):
        held.files.write(f"/notes/{name}.txt", f"The {name} valve is open.\n\nThe {name} pump hums.")
    return held


@pytest.fixture
async def desk(room: Room) -> AsyncGenerator[Desk]:
    async with at_work(room) as found:
        yield found


async def states(desk: Desk) -> set[str]:
    return set((await desk.room.states()).values())


async def test_everything_gets_ready_and_is_told(desk: Desk) -> None:
    await desk.add("/notes")
    assert desk.scheduler.progress().active
    await desk.settled()
    assert await states(desk) == {"ready"}
    now = desk.scheduler.progress()
    assert (now.active, now.files_total, now.files_done, now.chunks_total, now.chunks_embedded) == (False, 4, 4, 8, 8)
    assert len(desk.told(SourceRemembered)) == 4
    assert [event.remembered for event in desk.told(IngestFinished)] == [4]
    assert (await desk.room.memory.verify()).ok


async def test_what_a_person_dropped_is_read_before_upkeep(desk: Desk) -> None:
    desk.scheduler.pause(True)
    await desk.add("/notes/a.txt", "/notes/b.txt", priority=Priority.UPKEEP)
    await desk.add("/notes/c.txt", priority=Priority.WATCH)
    await desk.add("/notes/d.txt")
    await desk.turns()
    desk.scheduler.pause(False)
    await desk.settled()
    assert desk.room.reader.reads == ["/notes/d.txt", "/notes/c.txt", "/notes/b.txt", "/notes/a.txt"]


async def test_all_text_is_searchable_before_the_model_gets_the_processor(desk: Desk) -> None:
    desk.embedding.shut()
    await desk.add("/notes")
    async with asyncio.timeout(DEADLINE_S):
        await desk.embedding.reached.wait()
    assert len(desk.room.reader.reads) == 4
    assert await desk.room.found("valve") != []
    assert len(desk.room.sparse.rows) == 8
    desk.embedding.open()
    await desk.settled()


async def test_paused_nothing_is_read_and_resumed_all_is(desk: Desk) -> None:
    desk.scheduler.pause(True)
    await desk.add("/notes")
    await desk.turns()
    assert desk.room.reader.reads == []
    assert desk.scheduler.progress().paused
    desk.scheduler.pause(False)
    await desk.settled()
    assert await states(desk) == {"ready"}


async def test_a_full_disk_pauses_once_and_loses_nothing(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    full = [True]
    begin = desk.room.journal.begin

    async def refuse(*args: object) -> list[int]:
        if full[0]:
            raise StorageError("The disk is full.", remedy="Free some space.")
        return await begin(*args)  # type: ignore[arg-type]

    monkeypatch.setattr(desk.room.journal, "begin", refuse)
    await desk.add("/notes")
    await desk.turns(2000)
    assert desk.scheduler.progress().paused
    assert desk.scheduler.progress().active
    assert ["The disk is full." in event.text for event in desk.told(Warned)] == [True]
    desk.scheduler.pause(False)
    await desk.turns(2000)
    assert len(desk.told(Warned)) == 2, "still full: told again, once"
    full[0] = False
    desk.scheduler.pause(False)
    await desk.settled()
    assert await states(desk) == {"ready"}
    assert len(desk.room.reader.reads) == 4, "what was read is not read again"


async def test_a_model_that_fails_pauses_and_the_figures_stay_true(desk: Desk) -> None:
    assert desk.room.embedder is not None
    desk.room.embedder.failing = True
    await desk.add("/notes")
    await desk.turns(2000)
    assert desk.scheduler.progress().paused
    assert await desk.room.found("valve") != [], "text search goes on"
    desk.room.embedder.failing = False
    desk.scheduler.pause(False)
    await desk.settled()
    now = desk.scheduler.progress()
    assert (now.chunks_embedded, now.chunks_total) == (8, 8)
    assert await states(desk) == {"ready"}


async def test_stopped_in_the_middle_it_goes_on_at_the_next_start(room: Room) -> None:
    undisturbed = Room(settings=ONE_BY_ONE)
    undisturbed.files = room.files
    undisturbed.walker.files = undisturbed.reader.files = room.files
    await undisturbed.add("/notes")
    async with at_work(room) as desk:
        desk.hold("/notes/c.txt")
        await desk.add("/notes")
        async with asyncio.timeout(DEADLINE_S):
            await desk.reading["/notes/c.txt"].reached.wait()
    del room.reader.read
    room.restart()
    async with at_work(room) as desk:
        desk.scheduler.submit(await room.memory.replay(), Priority.UPKEEP)
        await desk.settled()
    assert room.held() == undisturbed.held()


async def test_one_file_that_cannot_be_read_fails_alone_with_its_reason(desk: Desk) -> None:
    desk.room.files.unreadable["/notes/b.txt"] = ReadError("It is protected by a password.")
    await desk.add("/notes")
    await desk.settled()
    assert (await desk.room.states())["/notes/b.txt"] == "failed"
    assert [event.path for event in desk.told(IngestFailed)] == ["/notes/b.txt"]
    source = await desk.room.memory.source("/notes/b.txt")
    assert "password" in source.reason
    now = desk.scheduler.progress()
    assert (now.files_done, now.files_failed) == (3, 1)


async def test_a_surprise_in_one_file_stops_no_other(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    read = desk.room.reader.read

    async def surprise(path: str) -> object:
        if path.endswith("a.txt"):
            raise ZeroDivisionError
        return await read(path)

    monkeypatch.setattr(desk.room.reader, "read", surprise)
    await desk.add("/notes")
    await desk.settled()
    found = await desk.room.states()
    assert found.pop("/notes/a.txt") == "failed"
    assert set(found.values()) == {"ready"}


async def test_a_surprise_in_the_model_pauses_and_can_be_tried_again(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    assert desk.room.embedder is not None
    embed = desk.room.embedder.embed_documents

    async def surprise(_texts: object) -> NDArray[np.float32]:
        raise ZeroDivisionError

    monkeypatch.setattr(desk.room.embedder, "embed_documents", surprise)
    await desk.add("/notes")
    await desk.turns(2000)
    assert desk.scheduler.progress().paused
    monkeypatch.setattr(desk.room.embedder, "embed_documents", embed)
    desk.scheduler.pause(False)
    await desk.settled()
    assert await states(desk) == {"ready"}


async def test_a_file_that_changes_while_it_is_read_is_read_again(desk: Desk) -> None:
    gate = desk.hold("/notes/a.txt")
    await desk.add("/notes/a.txt")
    async with asyncio.timeout(DEADLINE_S):
        await gate.reached.wait()
    desk.room.files.write("/notes/a.txt", "A gasket leaks.")
    await desk.add("/notes/a.txt")
    await desk.turns()
    gate.open()
    await desk.settled()
    assert await desk.room.found("gasket") == ["/notes/a.txt"]
    assert await states(desk) == {"ready"}
    assert (await desk.room.memory.verify()).ok


async def test_a_file_whose_text_changes_while_it_is_embedded_is_ready_with_the_new_vectors_alone(desk: Desk) -> None:
    desk.embedding.shut()
    await desk.add("/notes/a.txt")
    async with asyncio.timeout(DEADLINE_S):
        await desk.embedding.reached.wait()
    desk.room.files.write("/notes/a.txt", "A gasket leaks.")
    await desk.add("/notes/a.txt")
    await desk.turns()
    assert await desk.room.found("gasket") == ["/notes/a.txt"]
    desk.embedding.open()
    await desk.settled()
    assert await states(desk) == {"ready"}
    assert (await desk.room.memory.verify()).ok
    assert len(desk.room.dense.points) == 1


async def test_a_file_that_went_while_an_earlier_reading_of_it_waits_to_be_written_agrees_with_its_record(desk: Desk) -> None:
    """The second reading fails with a record in hand that is older than what the first one wrote."""
    gate = desk.hold("/notes/b.txt")
    await desk.add("/notes/b.txt", "/notes/a.txt")
    async with asyncio.timeout(DEADLINE_S):
        await gate.reached.wait()
    await desk.turns()
    desk.room.files.write("/notes/a.txt", "A gasket leaks.")
    await desk.add("/notes/a.txt")
    desk.room.files.unreadable["/notes/a.txt"] = ReadError("It is damaged.")
    await desk.turns()
    gate.open()
    await desk.settled()
    assert (await desk.room.states())["/notes/a.txt"] == "failed"
    assert (await desk.room.memory.verify()).ok


async def test_a_file_that_is_again_what_it_was_is_found_with_what_stands_in_it(desk: Desk) -> None:
    """The new version was read and not written yet when the old one came back: a branch that is switched to and fro."""
    await desk.add("/notes/a.txt")
    await desk.settled()
    files = desk.room.files
    old, time = files.texts["/notes/a.txt"], files.times["/notes/a.txt"]
    gate = desk.hold("/notes/b.txt")
    await desk.add("/notes/b.txt")
    files.write("/notes/a.txt", "A gasket leaks.")
    await desk.add("/notes/a.txt")
    async with asyncio.timeout(DEADLINE_S):
        await gate.reached.wait()
    await desk.turns()
    files.texts["/notes/a.txt"], files.times["/notes/a.txt"] = old, time + 9
    await desk.add("/notes/a.txt")
    await desk.turns()
    gate.open()
    await desk.settled()
    assert "/notes/a.txt" in await desk.room.found("a valve open")
    assert [row.body for row in desk.room.sparse.rows.values() if "gasket" in row.body] == []
    assert await states(desk) == {"ready"}
    assert (await desk.room.memory.verify()).ok


async def test_a_source_being_read_shows_as_such(desk: Desk) -> None:
    gate = desk.hold("/notes/a.txt")
    await desk.add("/notes/a.txt")
    async with asyncio.timeout(DEADLINE_S):
        await gate.reached.wait()
    recorded: Source = await desk.room.memory.source("/notes/a.txt")
    assert desk.scheduler.live_state(recorded).state is SourceState.READING
    gate.open()
    await desk.settled()
    assert desk.scheduler.live_state(recorded) is recorded


async def test_a_failing_optimisation_costs_speed_alone(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail() -> bool:
        raise StorageError("The disk is full.")

    monkeypatch.setattr(desk.room.memory, "optimise", fail)
    await desk.add("/notes/a.txt")
    await desk.settled()
    await desk.turns()
    assert [event.level for event in desk.told(Warned)] == ["warning"]
    assert not desk.scheduler.progress().paused
    await desk.add("/notes/b.txt")
    await desk.settled()
    assert (await desk.room.states())["/notes/b.txt"] == "ready"
