"""A component's queue outlives its failures, is bounded, and tells how it fares."""

import asyncio

import pytest

from assistant.bus import Actor, Overflow, Supervisor, Terms
from assistant.domain.errors import BusyError
from assistant.domain.events import ActorRestarted, Warned
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents

DEADLINE_S = 10.0


class Handling:
    """Writes down what it handles; fails as often as told, at the item told."""

    def __init__(self, fails_at: int = -1, times: int = 1) -> None:
        self.handled: list[int] = []
        self.over = asyncio.Event()
        self._fails_at = fails_at
        self._times = times

    async def __call__(self, item: int) -> None:
        if item == self._fails_at and self._times:
            self._times -= 1
            raise RuntimeError("it fell")
        self.handled.append(item)
        if item == 9:
            self.over.set()


@pytest.fixture
def events() -> RecordingEvents:
    return RecordingEvents()


@pytest.fixture
def supervisor(events: RecordingEvents) -> Supervisor:
    return Supervisor(events, FakeClock(), FakeIds(), sleep=lambda _: asyncio.sleep(0))


def actor(handling: Handling, **terms: object) -> Actor[int]:
    return Actor("notes", handling, FakeClock().monotonic, Terms(**terms))  # type: ignore[arg-type]


async def test_one_that_fails_is_started_again_with_all_that_waited(supervisor: Supervisor, events: RecordingEvents) -> None:
    handling = Handling(fails_at=3)
    notes = actor(handling)
    for item in range(10):
        notes.tell(item)
    handle = supervisor.employ(notes)
    async with asyncio.timeout(DEADLINE_S):
        await handling.over.wait()
    assert handling.handled == list(range(10))
    told = [event for event in events.published if isinstance(event, ActorRestarted)]
    assert [(event.actor, event.reason, event.times) for event in told] == [("notes", "it fell", 1)]
    (figures,) = supervisor.figures()
    assert (figures.name, figures.running, figures.restarts, figures.dropped) == ("notes", True, 1, 0)
    handle.cancel()
    await handle.wait()
    assert not supervisor.figures()[0].running


async def test_an_item_that_fails_again_and_again_is_given_up_and_the_others_go_on(supervisor: Supervisor) -> None:
    handling = Handling(fails_at=0, times=100)
    notes = actor(handling, tries=2)
    for item in (0, 9):
        notes.tell(item)
    supervisor.employ(notes)
    async with asyncio.timeout(DEADLINE_S):
        await handling.over.wait()
    assert handling.handled == [9]
    assert supervisor.figures()[0].dropped == 1
    await supervisor.close(DEADLINE_S)


async def test_one_that_fails_too_often_stays_stopped_and_that_is_told(supervisor: Supervisor, events: RecordingEvents) -> None:
    async def fall() -> None:
        raise RuntimeError("it fell")

    await supervisor.keep("watching", fall).wait()
    assert any(isinstance(event, Warned) and "watching" in event.text for event in events.published)
    assert not supervisor.figures()[0].running


async def test_an_item_that_takes_too_long_counts_as_failed() -> None:
    async def for_ever(_item: int) -> None:
        await asyncio.Event().wait()

    slow = Actor("slow", for_ever, FakeClock().monotonic, Terms(timeout_s=0.0))
    slow.tell(1)
    with pytest.raises(TimeoutError):
        await slow.work()
    assert slow.figures().depth == 1


async def test_a_full_queue_makes_the_sender_wait_or_says_so() -> None:
    handling = Handling()
    notes = actor(handling, size=1)
    notes.tell(1)
    with pytest.raises(BusyError):
        notes.tell(2)
    async with asyncio.TaskGroup() as group:
        giving = group.create_task(notes.give(9))
        working = group.create_task(notes.work())
        async with asyncio.timeout(DEADLINE_S):
            await handling.over.wait()
            await giving
        working.cancel()
    assert handling.handled == [1, 9]


async def test_a_full_queue_that_may_lose_loses_the_oldest_and_counts_it() -> None:
    notes = actor(Handling(), size=2, overflow=Overflow.DROP_OLDEST)
    for item in range(5):
        notes.tell(item)
    figures = notes.figures()
    assert (figures.depth, figures.dropped) == (2, 3)
    assert figures.lag_s > 0
