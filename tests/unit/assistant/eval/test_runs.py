"""Golden runs are kept with what they were made with; a fall against the last good one is told with what to do."""

import pytest

from assistant.config.schema import Recall
from assistant.domain.answer import Citation
from assistant.domain.errors import InUseError
from assistant.domain.events import GoldenRunEnded, Warned
from assistant.eval.own import OwnSet
from assistant.eval.runs import GoldenRuns
from tests.fakes.health import FakeHealthStore
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeIds, RecordingEvents
from tests.fakes.spaces import FakeConfirmed

QUOTE = "The warehouse lease ends on 30 June 2027."
LEASE = Citation(n=1, path="/notes/lease.txt", line=1, line_end=1, quote=QUOTE, hash="0")


class Bench:
    """Golden runs over a room of fakes; `figures` is what the bundled set gives next."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.store, self.events = FakeHealthStore(), RecordingEvents()
        self.own = OwnSet(FakeConfirmed(room.records), room.memory, room.clock, FakeIds())
        self.figures = {"recall@20": 0.95, "ndcg@10": 0.8, "query_p95_ms": 20.0}
        self.asked: list[tuple[str, Recall]] = []
        allowed = {"default": 0.03, "recall@20": 0.05}
        self.runs = GoldenRuns(room.memory, self.store, self.own, self._bundled, allowed, self.events, room.clock, FakeIds())

    async def _bundled(self, model: str, recall: Recall) -> dict[str, float]:
        assert self.runs.running
        self.asked.append((model, recall))
        return dict(self.figures)

    def warnings(self) -> list[str]:
        return [event.text for event in self.events.published if isinstance(event, Warned)]


@pytest.fixture
async def bench() -> Bench:
    room = Room()
    room.files.write("/notes/lease.txt", QUOTE)
    await room.add("/notes")
    return Bench(room)


async def test_both_sets_are_run_and_kept_with_what_they_were_made_with(bench: Bench) -> None:
    await bench.own.confirm("When does the lease end?", [LEASE])
    mine, bundled = await bench.runs.run("asked")
    assert (mine.kind, mine.figures["recall@20"]) == ("mine", 1.0)
    assert (bundled.kind, bundled.model, bundled.figures["ndcg@10"]) == ("bundled", bench.room.memory.model, 0.8)
    assert bundled.weights["weight_dense"] == bench.room.settings.recall.weight_dense
    assert bench.store.golden == [mine, bundled]
    assert [event.kind for event in bench.events.published if isinstance(event, GoldenRunEnded)] == ["mine", "bundled"]
    assert bench.warnings() == []


async def test_ones_own_set_without_a_question_is_left_out(bench: Bench) -> None:
    assert [run.kind for run in await bench.runs.run("nightly")] == ["bundled"]


async def test_a_fall_is_told_once_with_figures_and_what_to_do(bench: Bench) -> None:
    await bench.runs.run("nightly")
    bench.figures |= {"ndcg@10": 0.7, "recall@20": 0.91, "query_p95_ms": 900.0}
    (worse,) = await bench.runs.run("nightly")
    assert worse.fallen == ("ndcg@10 0.700 instead of 0.800 (allowed: 0.030 less)",)
    (told,) = bench.warnings()
    assert told.startswith("Recall on the bundled questions got worse: ndcg@10 0.700 instead of 0.800")
    assert told.endswith("run `mneme verify`: files may be missing from memory.")


async def test_a_bad_run_is_not_what_the_next_one_is_held_against(bench: Bench) -> None:
    await bench.runs.run("nightly")
    bench.figures["ndcg@10"] = 0.7
    await bench.runs.run("nightly")
    (again,) = await bench.runs.run("nightly")
    assert again.fallen
    bench.figures["ndcg@10"] = 0.79
    (well,) = await bench.runs.run("nightly")
    assert well.fallen == ()


async def test_changed_weights_are_named_as_the_cause(bench: Bench) -> None:
    await bench.runs.run("nightly")
    bench.room.memory.weigh(Recall(weight_dense=0.0, weight_sparse=1.0))
    bench.figures["ndcg@10"] = 0.5
    await bench.runs.run("asked")
    assert bench.warnings()[0].endswith("`mneme tune --reset` takes that back.")
    assert bench.asked[-1][1].weight_sparse == 1.0


async def test_two_runs_at_once_are_refused(bench: Bench) -> None:
    bench.runs.running = True
    with pytest.raises(InUseError):
        await bench.runs.run("asked")
