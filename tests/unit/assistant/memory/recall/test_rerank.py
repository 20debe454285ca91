"""The second look: only where the order is in doubt, only as long as time allows, and never worse than none when it fails."""

import pytest

from assistant.config.schema import Rerank
from assistant.domain.errors import ModelError
from assistant.domain.memory import RecallQuery
from assistant.memory.recall import Second
from assistant.memory.recall.exact import Ranked
from assistant.memory.recall.fusion import Parts
from tests.contract.samples import chunk, chunk_id
from tests.fakes.memory import Room

PARTS = Parts(dense=0.5, sparse=0.5, recency=1.0, source_quality=1.0)


class Judge:
    """A Reranker that likes high numbers in a text; `ticks` pass at each call."""

    model = "judge@1"

    def __init__(self, ticks: float = 0.0) -> None:
        self.now, self.ticks, self.calls, self.broken = 0.0, ticks, 0, False

    def knows(self, language: str) -> bool:
        return language != "ru"

    async def relevance(self, question: str, passages: list[str]) -> list[float]:
        if self.broken:
            raise ModelError("The judge is ill.")
        self.calls += 1
        self.now += self.ticks
        return [int("".join(filter(str.isdigit, text)) or 0) / 100 for text in passages]

    async def close(self) -> None: ...


def ranking(count: int, gap: float = 0.001) -> Ranked:
    return [(chunk_id(n), 0.9 - gap * n, PARTS) for n in range(count)]


def second(judge: Judge, **limits: float) -> Second:
    return Second(judge, Rerank.model_validate({"candidates": 20} | limits), lambda: judge.now)  # type: ignore[arg-type]


async def test_the_verdict_moves_the_best_and_scores_still_fall() -> None:
    chunks = {chunk_id(n): chunk(n, text="text 99" if n == 2 else "text 1") for n in range(10)}
    ranked = ranking(10)
    found = await second(Judge(), candidates=5).order("q", ranked, chunks)
    assert {row[0] for row in found} == {row[0] for row in ranked}
    assert found[0][0] == chunk_id(2)
    assert found[5:] == ranked[5:]
    assert [row[1] for row in found] == [row[1] for row in ranked]


async def test_what_was_not_read_in_time_keeps_its_place() -> None:
    chunks = {chunk_id(n): chunk(n, text=f"text {n * n}") for n in range(20)}
    judge = Judge(ticks=1.0)
    found = await second(judge, budget_ms=500).order("q", ranking(20), chunks)
    assert judge.calls == 1
    assert found[8:] == ranking(20)[8:]
    assert found[:8] != ranking(20)[:8]


async def test_chunks_that_went_meanwhile_are_passed_over() -> None:
    found = await second(Judge()).order("q", ranking(3), {chunk_id(2): chunk(2)})
    assert found == ranking(3)


@pytest.mark.parametrize(
    ("ranked", "language", "wanted"),
    [
        (ranking(5), "en", True),
        (ranking(5), "", True),
        (ranking(5), "ru", False),
        (ranking(5, gap=0.2), "en", False),
        (ranking(1), "en", False),
        ([], "en", False),
    ],
)
def test_it_is_asked_only_where_there_is_doubt(ranked: Ranked, language: str, wanted: bool) -> None:
    assert second(Judge()).wanted(ranked, language) is wanted


async def test_recall_goes_on_without_a_model_that_fails() -> None:
    judge = Judge()
    room = Room(reranker=judge)  # type: ignore[arg-type]
    room.files.write("/r/a.txt", "lamp number 1\n\nlamp number 2 in the harbour\n\nlamp number 99")
    await room.add("/r")
    assert (await room.memory.recall(RecallQuery(text="lamp number"))).items[0].snippet == "lamp number 99"
    asked = judge.calls
    await room.memory.recall(RecallQuery(text="lamp number"), "sparse")
    assert judge.calls == asked > 0
    judge.broken = True
    found = await room.memory.recall(RecallQuery(text="lamp number"))
    assert len(found.items) == 3
    assert "not reranked: The judge is ill." in found.notes
