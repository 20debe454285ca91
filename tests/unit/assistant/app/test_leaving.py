"""How a process leaves a memory that others share: runs to their end, answers for a while, and a person may cut both short."""

import asyncio
from collections.abc import Callable

import pytest

from assistant.app import leaving
from assistant.app.leaving import Leaving, leave, tell_nobody
from assistant.bus import Supervisor
from assistant.domain.plan import Undertaking
from assistant.orchestrator.acting.undertakings import Going, Undertakings
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents

DEADLINE_S = 10.0


class Others:
    """Those who work through this process."""

    def __init__(self) -> None:
        self.refusing = False
        self.calls: list[Undertaking] = []
        self.asking = False

    def refuse_work(self) -> None:
        self.refusing = True

    def lasting(self) -> tuple[Undertaking, ...]:
        return tuple(self.calls)

    def busy(self) -> bool:
        return self.asking


@pytest.fixture(autouse=True)
def told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(leaving, "TOLD_AFTER_S", 0.0)
    monkeypatch.setattr(leaving, "LOOK_S", 0.001)


@pytest.fixture
def undertakings() -> Undertakings:
    return Undertakings(Supervisor(RecordingEvents(), FakeClock(), FakeIds()))


async def within(work: Callable[[], object]) -> None:
    async with asyncio.timeout(DEADLINE_S):
        while not work():
            await asyncio.sleep(0)


async def test_with_nothing_under_way_it_leaves_at_once(undertakings: Undertakings) -> None:
    others = Others()
    async with asyncio.timeout(DEADLINE_S):
        await leave(undertakings, others, lambda _: pytest.fail("there is nothing to tell"))
    assert others.refusing


async def test_runs_and_calls_are_waited_for_and_told_of(undertakings: Undertakings) -> None:
    others, heard = Others(), list[str]()
    going = Going("run", "move everything")
    undertakings.begin(going)
    others.calls.append(Undertaking(kind="call", what="forget"))
    left = asyncio.ensure_future(leave(undertakings, others, lambda now: heard.extend(one.what for one in now.going)))
    await within(lambda: {"move everything", "forget"} <= set(heard))
    undertakings.end(going)
    heard.clear()
    await within(lambda: heard)
    assert (set(heard), left.done()) == ({"forget"}, False)
    others.calls.clear()
    async with asyncio.timeout(DEADLINE_S):
        await left


async def test_an_answer_is_waited_for_but_not_for_ever(undertakings: Undertakings, monkeypatch: pytest.MonkeyPatch) -> None:
    others = Others()
    others.asking = True
    left = asyncio.ensure_future(leave(undertakings, others, tell_nobody))
    await within(lambda: others.refusing)
    assert not left.done()
    others.asking = False
    async with asyncio.timeout(DEADLINE_S):
        await left
        others.asking = True
        monkeypatch.setattr(leaving, "PATIENCE_S", 0.0)
        await leave(undertakings, others, tell_nobody)


async def test_ctrl_c_ends_the_waiting_and_nothing_else(undertakings: Undertakings) -> None:
    undertakings.begin(Going("run", "move everything"))
    after: list[str] = []

    async def closing() -> str:
        await leave(undertakings, Others(), lambda _: after.append("told"))
        await asyncio.sleep(0)  # what is closed afterwards is not cancelled
        return "closed in order"

    left = asyncio.ensure_future(closing())
    await within(lambda: after)
    left.cancel()
    async with asyncio.timeout(DEADLINE_S):
        assert await left == "closed in order"
    assert left.cancelling() == 0


async def test_whoever_shows_it_may_stop_it_or_cut_it(undertakings: Undertakings) -> None:
    undertakings.begin(Going("undo", "move everything"))
    shown: list[Leaving] = []
    left = asyncio.ensure_future(leave(undertakings, Others(), shown.append))
    await within(lambda: shown)
    shown[0].stop()
    shown.clear()
    await within(lambda: shown)
    shown[0].cut()
    async with asyncio.timeout(DEADLINE_S):
        await left
