"""The figures of a running job: what was done, and an estimate only where enough was seen to tell."""

from datetime import UTC, datetime

import pytest

from assistant.domain.events import JobProgressed
from assistant.orchestrator.job import LEARNING_SECONDS, REPORT_SECONDS, Job
from tests.fakes.runtime import FakeIds, RecordingEvents


class Watch:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def now(self) -> datetime:
        return datetime(2026, 11, 22, tzinfo=UTC)

    def monotonic(self) -> float:
        return self.seconds


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def events() -> RecordingEvents:
    return RecordingEvents()


@pytest.fixture
def job(watch: Watch, events: RecordingEvents) -> Job:
    return Job(events, watch, FakeIds())


def embed(job: Job, watch: Watch, chunks: int, rate: float) -> None:
    """Embed `chunks` at `rate` a second, in steps of a second."""
    while chunks > 0:
        watch.seconds += 1.0
        step = min(chunks, round(rate))
        job.embedded(step)
        chunks -= step


def test_no_estimate_before_enough_was_seen(job: Job, watch: Watch) -> None:
    job.add(10)
    for _ in range(10):
        job.searchable(100)
    assert job.progress(active=True).eta_s is None
    job.embedded(0)
    embed(job, watch, 50, 50)
    assert watch.seconds < LEARNING_SECONDS
    assert job.progress(active=True).eta_s is None
    embed(job, watch, 150, 50)
    assert job.progress(active=True).eta_s == pytest.approx((1000 - 200) / 50, rel=0.05)


def test_the_estimate_counts_files_that_are_not_read_yet(job: Job, watch: Watch) -> None:
    job.add(10)
    for _ in range(5):
        job.searchable(100)
    job.embedded(0)
    embed(job, watch, 200, 50)
    assert job.progress(active=True).eta_s == pytest.approx((1000 - 200) / 50, rel=0.05)


def test_no_estimate_while_paused_or_at_rest(job: Job, watch: Watch) -> None:
    job.add(1)
    job.searchable(1000)
    job.embedded(0)
    embed(job, watch, 200, 50)
    job.paused = True
    assert job.progress(active=True).eta_s is None
    job.paused = False
    assert job.progress(active=True).eta_s is not None
    assert job.progress(active=False).eta_s is None


def test_work_that_was_cut_short_is_not_counted_twice(job: Job, watch: Watch) -> None:
    job.add(1)
    job.searchable(100)
    job.embedded(60)
    job.embedded(-60)
    watch.seconds += 5
    job.embedded(100)
    now = job.progress(active=True)
    assert (now.chunks_embedded, now.chunks_total) == (100, 100)
    assert now.chunks_per_s >= 0


def test_what_is_withdrawn_is_no_part_of_the_job(job: Job) -> None:
    job.add(3)
    job.searchable(40)
    job.searchable(60)
    job.withdraw()
    job.withdraw(60)
    now = job.progress(active=True)
    assert (now.files_total, now.files_searchable, now.chunks_total) == (1, 1, 40)


def test_a_new_job_counts_from_nothing(job: Job) -> None:
    job.add(2)
    job.searchable(5)
    job.embedded(5)
    job.done()
    job.failed()
    ended = job.finish()
    assert (ended.files_done, ended.files_failed, ended.active) == (1, 1, False)
    job.add(1)
    now = job.progress(active=True)
    assert (now.files_total, now.files_done, now.files_failed, now.chunks_total) == (1, 0, 0, 0)


def test_reports_come_at_a_readable_pace(job: Job, watch: Watch, events: RecordingEvents) -> None:
    job.add(100)
    for _ in range(100):
        job.done()
    assert len(events.published) == 1
    watch.seconds += REPORT_SECONDS
    job.done()
    assert len(events.published) == 2
    last = events.published[-1]
    assert isinstance(last, JobProgressed)
    assert last.files_done == 101


def test_a_job_cut_short_goes_on_with_its_figures_after_a_restart(job: Job, watch: Watch, events: RecordingEvents) -> None:
    job.add(10)
    for _ in range(6):
        job.searchable(20)
    embed(job, watch, 80, rate=40.0)
    for _ in range(4):
        job.done()
    job.failed()
    later = Job(events, watch, FakeIds())
    later.restore(job.saved())
    later.resume(5)
    for _ in range(2):
        later.searchable(20)
    later.add(5)
    now = later.progress(active=True)
    assert (now.files_total, now.files_searchable, now.files_done, now.files_failed) == (10, 6, 4, 1)
    assert (now.chunks_total, now.chunks_embedded) == (120, 80)
    assert now.chunks_per_s == pytest.approx(40.0, rel=0.1)
    assert now.eta_s == pytest.approx((40 + 3 * 20) / 40.0, rel=0.2)


@pytest.mark.parametrize("saved", ["", "{", '{"files": 3}', "[]"])
def test_figures_that_cannot_be_read_count_as_none(job: Job, saved: str) -> None:
    job.restore(saved)
    job.resume(2)
    job.add(2)
    assert job.progress(active=True).files_total == 2


def test_a_job_that_ended_leaves_nothing_to_resume(job: Job) -> None:
    assert job.saved() == ""
    job.add(1)
    job.done()
    job.finish()
    assert job.saved() == ""
