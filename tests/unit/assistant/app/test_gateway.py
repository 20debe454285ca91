"""The way into a memory that another process holds: what a caller is told, also when that process closes."""

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from assistant.app.gateway import Gateway
from assistant.app.remote import RemoteAssistant, RemoteCalls
from assistant.domain.errors import ClosingError, InUseError, MnemeError, StorageError
from tests.fakes.assistant import FakeAssistant, answer, citation

DEADLINE_S = 10.0


@pytest.fixture
def fake() -> FakeAssistant:
    held = FakeAssistant()
    held.answers["why"] = answer("why", [("Because.", [1])], [citation(1, "/d/a.md", "Because.")])
    return held


@pytest.fixture
async def gateway(fake: FakeAssistant, tmp_path: Path) -> AsyncGenerator[Gateway]:
    opened = Gateway(fake, tmp_path, asyncio.get_running_loop())
    opened.open()
    yield opened
    await asyncio.to_thread(opened.close)


@pytest.fixture
async def remote(gateway: Gateway, tmp_path: Path) -> AsyncGenerator[RemoteAssistant]:
    calls = await asyncio.to_thread(RemoteCalls, tmp_path)
    yield RemoteAssistant(calls)
    calls.close()


async def test_calls_and_answers_arrive_whole(remote: RemoteAssistant, fake: FakeAssistant) -> None:
    assert await remote.ask("why", "cli") == fake.answers["why"]
    assert await remote.progress() == fake.now
    assert fake.called("ask") == [("why", "cli")]


async def test_groups_are_reached_by_place_and_by_name(remote: RemoteAssistant, fake: FakeAssistant) -> None:
    fake.upkeep.failed = 3
    assert await remote.upkeep.retry("/d") == 3
    assert await remote.upkeep.retry(path="/e") == 3
    assert fake.called("upkeep.retry") == [("/d",), ("/e",)]


async def test_failures_keep_their_kind_and_words(remote: RemoteAssistant, fake: FakeAssistant) -> None:
    fake.failures["verify"] = StorageError("The disk is full.", kept="All is kept.", remedy="Free some space.")
    with pytest.raises(StorageError, match=r"The disk is full\. All is kept\. Free some space\."):
        await remote.verify()


async def test_an_unexpected_failure_is_told_and_the_next_call_works(remote: RemoteAssistant, fake: FakeAssistant) -> None:
    fake.failures["verify"] = RuntimeError("wires crossed")
    with pytest.raises(MnemeError, match="could not do this"):
        await remote.verify()
    assert (await remote.doctor()).ok


async def test_what_closing_cut_off_can_be_tried_again(remote: RemoteAssistant, gateway: Gateway, fake: FakeAssistant) -> None:
    """Cut off by the cancelling of tasks that ends a loop, the caller hears that the memory was closed, not of cancelling."""
    fake.hold.clear()
    before = asyncio.all_tasks()
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        asking = group.create_task(_told(remote))
        while not fake.called("ask"):
            await asyncio.sleep(0)
        served = asyncio.all_tasks() - before - {asking}
        await asyncio.to_thread(gateway.close)
        for task in served:
            task.cancel()
    assert isinstance(asking.result(), InUseError)


async def test_one_that_wants_to_close_answers_what_looks_and_begins_nothing(
    remote: RemoteAssistant, gateway: Gateway, fake: FakeAssistant
) -> None:
    gateway.refuse_work()
    assert await remote.progress() == fake.now
    assert await remote.ask("why", "cli") == fake.answers["why"]
    for refused in (
        remote.verify(),
        remote.forget("/d", "cli"),
        remote.acting.plan("move a", "cli"),
        remote.history.undo("", "cli"),
        remote.upkeep.rebuild(True, True),
    ):
        with pytest.raises(ClosingError, match="Nothing of this was begun"):
            await refused
    assert {call[0] for call in fake.calls} <= {"progress", "ask"}


async def test_what_is_under_way_is_known_until_its_answer_is_sent(
    remote: RemoteAssistant, gateway: Gateway, fake: FakeAssistant
) -> None:
    assert not gateway.busy()
    fake.hold.clear()
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        asking = group.create_task(_told(remote))
        while not fake.called("ask"):
            await asyncio.sleep(0)
        assert (gateway.busy(), gateway.lasting()) == (True, ())
        fake.hold.set()
        await asking
        while gateway.busy():
            await asyncio.sleep(0)


async def test_several_requests_of_one_caller_go_side_by_side(remote: RemoteAssistant, fake: FakeAssistant) -> None:
    """Whoever follows a run can stop it."""
    fake.hold.clear()
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        asking = group.create_task(remote.ask("why", "cli"))
        while not fake.called("ask"):
            await asyncio.sleep(0)
        assert await remote.progress() == fake.now
        assert not asking.done()
        fake.hold.set()
    assert asking.result() == fake.answers["why"]


async def test_a_caller_who_hangs_up_does_not_wait_for_the_answer(gateway: Gateway, fake: FakeAssistant, tmp_path: Path) -> None:
    """Ctrl+C ends a command at once, whatever the other process is at."""
    calls = await asyncio.to_thread(RemoteCalls, tmp_path)
    fake.hold.clear()
    async with asyncio.timeout(DEADLINE_S), asyncio.TaskGroup() as group:
        asking = group.create_task(_told(RemoteAssistant(calls)))
        while not fake.called("ask"):
            await asyncio.sleep(0)
        calls.close()
        await asking
    assert isinstance(asking.result(), InUseError)
    fake.hold.set()


async def test_a_closed_memory_takes_nothing_more(remote: RemoteAssistant, gateway: Gateway, fake: FakeAssistant) -> None:
    await asyncio.to_thread(gateway.close)
    with pytest.raises(InUseError):
        await remote.verify()
    assert not fake.called("verify")


async def test_nobody_gets_in_without_the_key(gateway: Gateway, tmp_path: Path) -> None:
    ticket = tmp_path / "gateway.json"
    assert ticket.stat().st_mode & 0o077 == 0
    key = ticket.read_text("utf-8")
    ticket.write_text(key.replace('"key": "', '"key": "00'), "utf-8")
    with pytest.raises(InUseError, match="does not answer"):
        await asyncio.to_thread(RemoteCalls, tmp_path)


async def _told(remote: RemoteAssistant) -> MnemeError | None:
    try:
        await remote.ask("why", "cli")
    except MnemeError as error:
        return error
    return None


async def test_without_room_for_the_address_the_memory_still_opens_and_closes(fake: FakeAssistant, tmp_path: Path) -> None:
    """A full disk refuses the address; waiting for a listener that never began would keep a command from ending."""
    (tmp_path / "gateway.json").mkdir()  # writing there fails, as it does on a full disk
    opened = Gateway(fake, tmp_path, asyncio.get_running_loop())
    opened.open()
    (tmp_path / "gateway.json").rmdir()
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.to_thread(opened.close)


async def test_a_gateway_that_never_opened_closes(fake: FakeAssistant, tmp_path: Path) -> None:
    opened = Gateway(fake, tmp_path, asyncio.get_running_loop())
    async with asyncio.timeout(DEADLINE_S):
        await asyncio.to_thread(opened.close)
