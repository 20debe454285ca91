"""Memory as tools use it: the policy is asked for the door the plan came through, and every look is noted."""

from collections.abc import Sequence

import pytest

from assistant.domain.answer import Answer
from assistant.domain.errors import PolicyDeniedError
from assistant.domain.memory import ContextPack, RecallQuery
from assistant.domain.plan import Action, Verdict
from assistant.orchestrator.acting.recalling import OwnMemory
from tests.fakes.packs import evidence, pack


class Held:
    """The memory, the conversation and the policy at once; `seen` is what was asked of them in order."""

    def __init__(self) -> None:
        self.seen: list[tuple[object, ...]] = []
        self.shut = False

    async def require(self, action: Action) -> Verdict | None:
        self.seen.append(("require", action.tool, action.origin))
        if self.shut:
            raise PolicyDeniedError("no")
        return None

    async def gather(self, query: RecallQuery, budget: int) -> ContextPack:
        self.seen.append(("gather", query.text, budget))
        return pack(evidence("text", 1), evidence("more", 2))

    async def excerpts(self, paths: Sequence[str], each: int) -> ContextPack:
        self.seen.append(("excerpts", tuple(paths), each))
        return pack(evidence("text", 3))

    async def note_recall(self, origin: str, kind: str, query: str, sources: Sequence[str]) -> None:
        self.seen.append(("note", origin, kind, query, tuple(sources)))

    async def ask(self, question: str, origin: str) -> Answer:
        self.seen.append(("ask", question, origin))
        return Answer(question=question, answer="", abstained=True, claims=(), citations=(), took_ms=0.0)


@pytest.fixture
def held() -> Held:
    return Held()


@pytest.fixture
def own(held: Held) -> OwnMemory:
    return OwnMemory(held, held, held, "window")  # type: ignore[arg-type]


async def test_what_is_gathered_is_asked_for_and_noted(own: OwnMemory, held: Held) -> None:
    found = await own.gather(RecallQuery(text="garden"), 500)
    assert len(found.evidence) == 2
    assert held.seen == [
        ("require", "memory.recall", "window"),
        ("gather", "garden", 500),
        ("note", "window", "recall", "garden", ("source 1", "source 2")),
    ]


async def test_excerpts_too(own: OwnMemory, held: Held) -> None:
    await own.excerpts(["/d/a"], 3)
    assert [one[0] for one in held.seen] == ["require", "excerpts", "note"]
    assert held.seen[-1][-1] == ("source 3",)


async def test_nothing_is_looked_up_where_the_policy_refuses(own: OwnMemory, held: Held) -> None:
    held.shut = True
    with pytest.raises(PolicyDeniedError):
        await own.gather(RecallQuery(text="garden"), 500)
    with pytest.raises(PolicyDeniedError):
        await own.excerpts(["/d/a"], 3)
    assert {one[0] for one in held.seen} == {"require"}


async def test_a_question_is_a_turn_of_the_conversation_which_notes_it_itself(own: OwnMemory, held: Held) -> None:
    assert (await own.answer("why?")).abstained
    assert held.seen == [("ask", "why?", "window")]
