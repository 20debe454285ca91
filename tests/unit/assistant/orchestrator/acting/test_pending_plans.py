"""Plans wait for a person, oldest first, for a while and not without end."""

import asyncio

import pytest

from assistant.domain.errors import NotFoundError
from assistant.domain.plan import Proposal
from assistant.orchestrator.acting.pending import MOST_PENDING, Pending, Waiting
from tests.fakes.acting_room import NOON


class Watch:
    """A monotonic clock that stands until it is moved."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def pending(name: str, since: float = 0.0, shown: bool = True) -> Pending:
    made = Pending(name, "sort", "cli", (), NOON, since)
    made.proposal = Proposal(id=name, state="ready", request="sort", language="en") if shown else None
    return made


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def waiting(watch: Watch) -> Waiting:
    return Waiting(60.0, watch)


def test_they_wait_oldest_first_once_there_is_something_to_show(waiting: Waiting) -> None:
    for one in (pending("a"), pending("b", shown=False), pending("c")):
        waiting.add(one)
    assert [one.id for one in waiting.all()] == ["a", "c"]
    assert waiting.get("b").id == "b"


def test_what_is_taken_off_the_list_does_not_wait(waiting: Waiting) -> None:
    waiting.add(pending("a"))
    taken = waiting.drop("a")
    assert taken is not None
    assert waiting.drop("a") is None
    with pytest.raises(NotFoundError) as told:
        waiting.get("a")
    assert (told.value.kept, told.value.remedy) == ("Nothing was done.", "Ask for it again.")


def test_nobody_deciding_is_a_deny(waiting: Waiting, watch: Watch) -> None:
    waiting.add(pending("old"))
    watch.now = 30.0
    waiting.add(pending("new", since=30.0))
    watch.now = 60.0
    assert [one.id for one in waiting.all()] == ["old", "new"]
    watch.now = 61.0
    assert [one.id for one in waiting.all()] == ["new"]
    with pytest.raises(NotFoundError):
        waiting.get("old")


async def test_one_that_is_looked_through_at_the_moment_stays(waiting: Waiting, watch: Watch) -> None:
    one = pending("a")
    one.looking = asyncio.current_task()
    waiting.add(one)
    watch.now = 1000.0
    assert waiting.get("a") is one
    one.looking = None
    assert waiting.all() == []


def test_only_so_many_wait_and_the_oldest_go(waiting: Waiting) -> None:
    for number in range(MOST_PENDING + 2):
        waiting.add(pending(str(number)))
    assert [one.id for one in waiting.all()] == [str(number) for number in range(2, MOST_PENDING + 2)]
