"""Forgetting while indexing is under way, at every stage of it: what is forgotten stays away, the rest gets ready."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from assistant.config import Settings
from assistant.config.schema import Embedding, Ingest
from assistant.domain.errors import ReadError
from tests.fakes.desk import DEADLINE_S, Desk, at_work
from tests.fakes.memory import Room

GONE, KEPT = "/notes/gone.txt", "/notes/kept.txt"


@pytest.fixture
async def desk() -> AsyncGenerator[Desk]:
    room = Room(settings=Settings(ingest=Ingest(readers=1), embedding=Embedding(batch=1)))
    room.files.write(GONE, "The gasket leaks.\n\nThe gasket was replaced.")
    room.files.write(KEPT, "The valve is open.\n\nThe valve was shut.")
    async with at_work(room) as found:
        yield found


async def only_the_kept_one_is_there(desk: Desk) -> None:
    await desk.settled()
    await desk.turns()
    assert await desk.room.states() == {KEPT: "ready"}
    assert await desk.room.found("gasket replaced") != [GONE]
    assert (await desk.room.memory.verify()).ok
    now = desk.scheduler.progress()
    assert (now.active, now.files_total, now.files_done) == (False, 1, 1)
    assert now.chunks_embedded <= now.chunks_total + 2


async def test_while_it_waits(desk: Desk) -> None:
    desk.scheduler.pause(True)
    await desk.add("/notes")
    assert await desk.forget(GONE)
    desk.scheduler.pause(False)
    await only_the_kept_one_is_there(desk)


async def test_while_it_is_read(desk: Desk) -> None:
    gate = desk.hold(GONE)
    await desk.add("/notes")
    async with asyncio.timeout(DEADLINE_S):
        await gate.reached.wait()
    assert await desk.forget(GONE)
    gate.open()
    await only_the_kept_one_is_there(desk)


async def test_while_a_reading_that_will_fail_is_under_way(desk: Desk) -> None:
    desk.room.files.unreadable[GONE] = ReadError("It is damaged.")
    gate = desk.hold(GONE)
    await desk.add("/notes")
    async with asyncio.timeout(DEADLINE_S):
        await gate.reached.wait()
    assert await desk.forget(GONE)
    gate.open()
    await only_the_kept_one_is_there(desk)


async def test_while_it_is_embedded(desk: Desk) -> None:
    desk.embedding.shut()
    await desk.add("/notes")
    async with asyncio.timeout(DEADLINE_S):
        await desk.embedding.reached.wait()
    async with asyncio.TaskGroup() as group:
        forgetting = group.create_task(desk.forget(GONE))
        await desk.turns()
        desk.embedding.open()
    assert forgetting.result()
    await only_the_kept_one_is_there(desk)


async def test_while_embedding_is_paused(desk: Desk) -> None:
    """Nobody has to resume first: the batches that wait give way."""
    desk.embedding.shut()
    await desk.add("/notes")
    async with asyncio.timeout(DEADLINE_S):
        await desk.embedding.reached.wait()
    desk.scheduler.pause(True)
    desk.embedding.open()
    await desk.turns()
    assert await desk.forget(GONE)
    assert desk.scheduler.progress().paused
    desk.scheduler.pause(False)
    await only_the_kept_one_is_there(desk)


async def test_everything_while_paused_leaves_an_empty_queue(desk: Desk) -> None:
    desk.scheduler.pause(True)
    await desk.add("/notes")
    assert await desk.forget("/notes")
    assert not desk.scheduler.progress().active
    assert await desk.room.states() == {}
