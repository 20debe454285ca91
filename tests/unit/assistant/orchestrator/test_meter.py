"""What the meter counts of searches, answers, files and passages, and that nothing of it grows without bound."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.document import SourceState
from assistant.domain.events import AnswerReady, IngestFailed, JobProgressed, SourceChanged, SourceRemembered
from assistant.domain.health import Histogram, histogram
from assistant.domain.memory import RecallResult
from assistant.orchestrator import meter as under_test
from assistant.orchestrator.meter import Meter, Metered
from tests.contract.samples import source
from tests.fakes.assistant import NOON, answer
from tests.fakes.runtime import FakeClock, RecordingEvents

STAMP = {"id": "e", "at": NOON}
TIMES = st.lists(st.floats(min_value=0, max_value=1e7), min_size=1, max_size=200)


class SetClock(FakeClock):
    """A clock whose seconds a test sets."""

    seconds = 100.0

    def monotonic(self) -> float:
        return self.seconds


def moved(source_id: str, state: SourceState) -> SourceChanged:
    return SourceChanged.model_validate({**STAMP, "source_id": source_id, "path": "/a", "state": state})


def progressed(embedded: int, paused: bool = False) -> JobProgressed:
    facts = {"files_total": 9, "files_searchable": 0, "files_done": 0, "files_failed": 0, "chunks_total": 900, "eta_s": None}
    return JobProgressed.model_validate({**STAMP, **facts, "chunks_embedded": embedded, "paused": paused})


def test_a_file_is_timed_from_the_queue_to_each_state():
    clock = SetClock()
    meter = Meter(clock)
    meter.submitted([source("s1", state=SourceState.QUEUED), source("s2", state=SourceState.QUEUED)])
    clock.seconds += 0.5
    meter.hear(moved("s1", SourceState.READING))
    meter.hear(moved("s1", SourceState.SEARCHABLE))
    meter.hear(moved("s1", SourceState.SEARCHABLE))
    clock.seconds += 1.5
    meter.hear(SourceRemembered.model_validate({**STAMP, "source_id": "s1", "path": "/a", "chunks": 3}))
    meter.hear(IngestFailed.model_validate({**STAMP, "source_id": "s2", "path": "/b", "code": "x", "reason": "x"}))
    meter.hear(SourceRemembered.model_validate({**STAMP, "source_id": "s2", "path": "/b", "chunks": 3}))
    seen = meter.take().times
    assert (seen["searchable"].count, seen["searchable"].longest) == (1, 500.0)
    assert (seen["ready"].count, seen["ready"].longest) == (1, 2000.0)
    assert meter.take().times == {}


def test_a_file_that_needs_no_vectors_is_searchable_when_it_is_ready():
    clock = SetClock()
    meter = Meter(clock)
    meter.submitted([source("s1", state=SourceState.QUEUED)])
    clock.seconds += 1
    meter.hear(SourceRemembered.model_validate({**STAMP, "source_id": "s1", "path": "/a", "chunks": 0}))
    assert {name: one.count for name, one in meter.take().times.items()} == {"searchable": 1, "ready": 1}


def test_passages_count_only_while_work_goes_on():
    clock = SetClock()
    meter = Meter(clock)
    for embedded, later in ((0, 0.0), (10, 1.0), (10, 0.2), (30, 1.0), (40, 60.0), (0, 1.0), (5, 1.0)):
        clock.seconds += later
        meter.hear(progressed(embedded))
    seen = meter.take()
    assert (seen.chunks, round(seen.busy_s, 3)) == (35, 3.2)
    meter.hear(progressed(6, paused=True))
    clock.seconds += 1
    meter.hear(progressed(8))
    assert meter.take().chunks == 2


def test_searches_and_answers_are_counted_and_keep_the_person_at_work():
    clock = SetClock()
    meter, events = Meter(clock), RecordingEvents()
    clock.seconds = 500
    meter.searched("anything", RecallResult(items=(), took_ms=12.0))
    Metered(events, meter).publish(AnswerReady.model_validate({**STAMP, "answer": answer("why?", (), ())}))
    assert len(events.published) == 1
    assert meter.worked == 500
    assert list(meter.questions) == ["anything", "why?"]
    seen = meter.take().questions
    assert (seen.asked, seen.answers, seen.abstained, seen.empty, seen.similar) == (2, 1, 1, 1, 0)


def test_only_so_many_files_and_questions_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(under_test, "MOST_TIMED", 3)
    meter = Meter(FakeClock())
    meter.submitted([source(f"s{n}", state=SourceState.QUEUED) for n in range(9)])
    for n in range(9):
        meter.hear(SourceRemembered.model_validate({**STAMP, "source_id": f"s{n}", "path": "/a", "chunks": 1}))
    assert meter.take().times["ready"].count == 3
    for n in range(1000):
        meter.searched(str(n), RecallResult(items=(), took_ms=1.0))
    assert len(meter.questions) == under_test.MOST_QUESTIONS


@given(TIMES, TIMES)
def test_histograms_add_up(one: list[float], other: list[float]):
    both, whole = histogram(one).plus(histogram(other)), histogram([*one, *other])
    assert (both.count, both.steps, both.longest) == (whole.count, whole.steps, whole.longest)


@given(TIMES, st.sampled_from([0.5, 0.95, 0.99, 1.0]))
def test_a_percentile_is_right_to_a_step(times: list[float], share: float):
    exact = sorted(times)[max(0, -(-len(times) * share // 1).__int__() - 1)]
    found = histogram(times).percentile(share)
    assert found <= max(times) + 1e-3
    assert found >= min(exact, 1e7) - 1e-3
    assert found <= max(exact * 2 ** (1 / 8), 0.125 * 2 ** (1 / 8)) + 1e-3


def test_nothing_has_no_percentile():
    assert Histogram().percentile(0.95) == 0.0
