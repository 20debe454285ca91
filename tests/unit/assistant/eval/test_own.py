"""The person's own golden set: kept with its places, found again after edits, gone with its files."""

import pytest

from assistant.domain.answer import Citation
from assistant.domain.errors import NotRememberedError
from assistant.eval.own import OwnSet
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeIds
from tests.fakes.spaces import FakeConfirmed

PATH = "/n/lease.txt"
QUOTE = "The warehouse lease ends on 30 June 2027."
RIGHT = Citation(n=1, path=PATH, line=1, line_end=1, quote=QUOTE, hash="0")


@pytest.fixture
async def room() -> Room:
    room = Room()
    room.files.write(PATH, QUOTE)
    room.files.write("/n/tea.txt", "Green tea is brewed at eighty degrees.")
    await room.add("/n")
    return room


@pytest.fixture
def own(room: Room) -> OwnSet:
    return OwnSet(FakeConfirmed(room.records), room.memory, room.clock, FakeIds())


async def test_a_confirmed_answer_is_asked_again(own: OwnSet, room: Room) -> None:
    assert await own.figures() == {"questions": 0.0}
    case = await own.confirm("When does the  lease end?", [RIGHT])
    assert (case.question, case.language, [place.quote for place in case.places]) == ("When does the lease end?", "en", [QUOTE])
    found = await own.figures()
    assert (found["questions"], found["recall@20"], found["mrr@10"]) == (1.0, 1.0, 1.0)
    assert [one.ranked[0] for one in await own.outcomes("sparse")] == ["answer"]


async def test_the_same_question_is_kept_once(own: OwnSet) -> None:
    await own.confirm("When does the lease end?", [RIGHT])
    await own.confirm("when does the lease END?", [RIGHT])
    assert [case.question for case in await own.cases()] == ["when does the lease END?"]
    await own.withdraw((await own.cases())[0].id)
    assert await own.cases() == []


async def test_a_quote_that_moved_is_found_and_one_that_is_gone_is_not_judged(own: OwnSet, room: Room) -> None:
    await own.confirm("When does the lease end?", [RIGHT])
    room.files.write(PATH, f"A new first paragraph.\n\n{QUOTE}")
    await room.add("/n")
    assert (await own.figures())["recall@20"] == 1.0
    room.files.write(PATH, "Nothing is left of it.")
    await room.add("/n")
    assert await own.figures() == {"questions": 0.0}


async def test_a_case_is_forgotten_with_its_file(own: OwnSet, room: Room) -> None:
    await own.confirm("When does the lease end?", [RIGHT])
    await room.memory.forget(PATH)
    assert await own.cases() == []
    with pytest.raises(NotRememberedError, match="No source of this answer"):
        await own.confirm("When does the lease end?", [RIGHT])
