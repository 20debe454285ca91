"""Who waits and who comes first: by priority, then by arrival, each source once with its newest record."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.document import Source, SourceState
from assistant.orchestrator.waiting import Waiting
from tests.fakes.stores import EPOCH


def source(key: str, size: int = 0) -> Source:
    return Source(id=key, path=f"/{key}", root="/", project="p", state=SourceState.QUEUED, size=size, updated=EPOCH)


def drained(waiting: Waiting) -> list[tuple[str, int]]:
    return [((taken := waiting.pop()).id, taken.size) for _ in range(len(waiting))]


def test_a_lower_number_goes_first_and_equals_in_order_of_arrival() -> None:
    waiting = Waiting()
    for key, priority in (("watched", 1), ("first", 0), ("upkeep", 2), ("second", 0)):
        waiting.push(source(key), priority)
    assert [key for key, _ in drained(waiting)] == ["first", "second", "watched", "upkeep"]


def test_of_one_source_only_the_newest_record_comes_out() -> None:
    waiting = Waiting()
    waiting.push(source("a", 1), 2)
    waiting.push(source("b", 1), 1)
    waiting.push(source("a", 2), 0)
    assert drained(waiting) == [("a", 2), ("b", 1)]
    waiting.push(source("a", 3), 2)
    assert drained(waiting) == [("a", 3)]


def test_what_is_withdrawn_does_not_come_out() -> None:
    waiting = Waiting()
    for key in ("a", "b", "c"):
        waiting.push(source(key), 0)
    waiting.push(source("b", 7), 1)
    assert {key: gone.size for key, gone in waiting.withdraw({"b", "unknown"}).items()} == {"b": 7}
    assert drained(waiting) == [("a", 0), ("c", 0)]


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 2), st.booleans())))
def test_it_holds_exactly_what_was_put_in_and_not_taken_out(steps: list[tuple[str, int, bool]]) -> None:
    waiting, held = Waiting(), dict[str, int]()
    for number, (key, priority, withdraw) in enumerate(steps):
        if withdraw:
            gone = waiting.withdraw({key})
            assert {k: s.size for k, s in gone.items()} == ({key: held.pop(key)} if key in held else {})
        else:
            waiting.push(source(key, number), priority)
            held[key] = number
        assert len(waiting) == len(held)
    assert dict(drained(waiting)) == held
