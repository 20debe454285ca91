"""Tuning: too few questions change nothing, what helps is applied and can be taken back, a changed setting wins."""

from collections.abc import Callable

import pytest

from assistant.config.schema import Recall
from assistant.domain.answer import Citation
from assistant.domain.memory import RecallQuery
from assistant.eval import tuning as under_test
from assistant.eval.own import OwnSet
from assistant.eval.tuning import Tuning, judged
from assistant.eval.weighing import Proposal, Weights
from assistant.eval.workbench import Looked
from assistant.memory.recall.wording import wording
from tests.fakes.health import FakeHealthStore
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeIds
from tests.fakes.spaces import FakeConfirmed

BETTER = Weights(0.2, 0.7, 0.05, 0.05)


class Bench:
    """Tuning over a room of fakes."""

    def __init__(self, room: Room, store: FakeHealthStore, configured: Recall, least: int) -> None:
        self.room, self.store = room, store
        self.own = OwnSet(FakeConfirmed(room.records), room.memory, room.clock, FakeIds())
        self.tuning = Tuning(room.memory, store, self.own, self._bundled, configured, least, room.clock, FakeIds())

    async def _bundled(self, _model: str, _recall: Recall, _k: int) -> list[Looked]:
        return []

    async def confirm(self, count: int) -> None:
        for number in range(count):
            cite = Citation(
                n=1, path=f"/notes/{number}.txt", line=1, line_end=1, quote=f"fact number {number} stands here", hash="0"
            )
            await self.own.confirm(f"what is fact {number}?", [cite])


@pytest.fixture
async def bench() -> Bench:
    room = Room()
    for number in range(12):
        room.files.write(f"/notes/{number}.txt", f"fact number {number} stands here")
    await room.add("/notes")
    return Bench(room, FakeHealthStore(), room.settings.recall, 10)


def found(worthwhile: bool) -> Proposal:
    reason = "on held-out questions the new weights do better by more than noise" if worthwhile else "may be noise"
    return Proposal(BETTER, 12, 0.5, 0.7, 0.8, 0.8, 0.99, worthwhile, reason)


def proposing(worthwhile: bool) -> Callable[..., Proposal]:
    """What stands in the place of the search for weights."""
    return lambda *_given: found(worthwhile)


async def test_too_few_questions_change_nothing_and_say_so(bench: Bench) -> None:
    await bench.confirm(3)
    record = await bench.tuning.tune(dry_run=False)
    assert (record.state, record.before) == ("rejected", record.after)
    assert record.reason == "3 confirmed questions are too few to tune on: 10 are needed"
    assert [one.state for one in bench.store.proposals.values()] == ["rejected"]
    assert await bench.tuning.applied() is None


async def test_questions_that_are_answered_well_leave_the_weights_alone(bench: Bench) -> None:
    await bench.confirm(12)
    before = bench.room.memory.weights
    record = await bench.tuning.tune(dry_run=False)
    assert record.state == "rejected"
    assert bench.room.memory.weights == before


async def test_a_proposal_waits_until_it_is_applied(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "propose", proposing(True))
    await bench.confirm(12)
    before = bench.room.memory.weights
    assert (await bench.tuning.tune(dry_run=True)).state == "proposed"
    assert bench.room.memory.weights == before
    applied = await bench.tuning.apply()
    assert applied is not None
    assert applied.state == "applied"
    assert bench.room.memory.weights.weight_sparse == 0.7
    assert await bench.tuning.apply() is None


async def test_what_helps_is_applied_survives_a_start_and_is_taken_back(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "propose", proposing(True))
    await bench.confirm(12)
    record = await bench.tuning.tune(dry_run=False)
    assert (record.state, record.figures["ndcg@10 after"]) == ("applied", 0.7)
    again = Room()
    await Bench(again, bench.store, again.settings.recall, 10).tuning.restore()
    assert again.memory.weights.weight_dense == 0.2
    undone = await bench.tuning.reset()
    assert undone is not None
    assert undone.state == "undone"
    assert bench.room.memory.weights == bench.room.settings.recall
    assert [one.state for one in bench.store.proposals.values()] == ["undone"]
    assert await bench.tuning.reset() is None


async def test_weights_that_a_person_set_since_then_win(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "propose", proposing(True))
    await bench.confirm(12)
    await bench.tuning.tune(dry_run=False)
    room = Room()
    await Bench(room, bench.store, Recall(weight_dense=0.9), 10).tuning.restore()
    assert room.memory.weights == room.settings.recall


async def test_what_does_not_help_is_never_applied(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "propose", proposing(False))
    await bench.confirm(12)
    before = bench.room.memory.weights
    assert (await bench.tuning.tune(dry_run=False)).state == "rejected"
    assert bench.room.memory.weights == before
    assert await bench.tuning.apply() is None


async def test_hits_are_taken_apart_as_they_were_scored(bench: Bench) -> None:
    question = "fact number 3"
    result = await bench.room.memory.recall(RecallQuery(text=question, k=50))
    right = [True] + [False] * (len(result.items) - 1)
    seen = judged(Looked(f"{question} after:7d", result, right), bench.room.clock.now())
    assert seen.wording == wording(question)
    assert seen.sparse.tolist() == [hit.parts.sparse for hit in result.items]
    assert seen.right.tolist()[0] is True
