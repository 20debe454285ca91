"""What Mneme measures of itself while it runs, and what `mneme health` and the health dock show of it. Pure data."""

from datetime import datetime
from math import ceil, floor, log2
from typing import Literal

from pydantic import Field

from assistant.domain.base import Value
from assistant.domain.spaces import SpaceRecord
from assistant.domain.upkeep import ActorFigures, Comparison, PoolFigures, Progress, WatchedRoot

STEPS = 8
"""Steps of a histogram for each doubling: a percentile is known to about a twelfth."""
SMALLEST = 0.125
MOST_STEPS = 8 * 27
"""The last step begins at four hours, in milliseconds."""

SeriesName = Literal["search", "ask", "searchable", "ready"]
RunKind = Literal["bundled", "mine"]


class Histogram(Value):
    """How often something took how long, in ms; `steps` counts by logarithmic step, so that histograms can be added."""

    count: int = 0
    total: float = 0.0
    longest: float = 0.0
    steps: dict[int, int] = Field(default_factory=dict[int, int])

    def plus(self, other: "Histogram") -> "Histogram":
        """Return both together."""
        steps = dict(self.steps)
        for step, count in other.steps.items():
            steps[step] = steps.get(step, 0) + count
        longest = max(self.longest, other.longest)
        return Histogram(count=self.count + other.count, total=self.total + other.total, longest=longest, steps=steps)

    def percentile(self, share: float) -> float:
        """Return the time that this share (0..1) of all stayed within, rounded up to the end of its step; 0 of nothing."""
        rank, seen = max(1, ceil(share * self.count)), 0
        for step in sorted(self.steps):
            seen += self.steps[step]
            if seen >= rank:
                return round(min(self.longest, SMALLEST * 2 ** ((step + 1) / STEPS)), 3)
        return 0.0


def step_of(ms: float) -> int:
    """Return the step that a time falls into."""
    return min(MOST_STEPS, max(0, floor(log2(max(ms, SMALLEST) / SMALLEST) * STEPS)))


def histogram(times: list[float]) -> Histogram:
    """Return the histogram of these times in ms."""
    steps: dict[int, int] = {}
    for ms in times:
        steps[step_of(ms)] = steps.get(step_of(ms), 0) + 1
    return Histogram(count=len(times), total=sum(times), longest=max(times, default=0.0), steps=steps)


class Questions(Value):
    """What questions of one time had in common, as sums alone: no word of any question is in it.

    `centroid` is the sum of `embedded` question vectors; it is only ever added to for several questions together.
    """

    asked: int = 0
    answers: int = 0
    abstained: int = 0
    empty: int = 0
    unknown: int = 0
    looked_at: int = 0
    similarity: float = 0.0
    similar: int = 0
    languages: dict[str, int] = Field(default_factory=dict[str, int])
    model: str = ""
    embedded: int = 0
    centroid: tuple[float, ...] = ()

    def plus(self, other: "Questions") -> "Questions":
        """Return both together; the centroid of another model cannot be added and is begun anew."""
        languages = dict(self.languages)
        for name, count in other.languages.items():
            languages[name] = languages.get(name, 0) + count
        sums = {
            name: getattr(self, name) + getattr(other, name)
            for name in ("asked", "answers", "abstained", "empty", "unknown", "looked_at", "similarity", "similar")
        }
        model, embedded, centroid = self.model, self.embedded, self.centroid
        if other.embedded:
            if model == other.model and len(centroid) == len(other.centroid):
                centroid = tuple(a + b for a, b in zip(centroid, other.centroid, strict=True))
                embedded += other.embedded
            else:
                model, embedded, centroid = other.model, other.embedded, other.centroid
        return Questions.model_validate(
            {**sums, "languages": languages, "model": model, "embedded": embedded, "centroid": centroid}
        )


class Measured(Value):
    """What was measured in one stretch of time: times by series, passages finished in `busy_s` of indexing, questions."""

    times: dict[str, Histogram] = Field(default_factory=dict[str, Histogram])
    chunks: int = 0
    busy_s: float = 0.0
    questions: Questions = Questions()

    def plus(self, other: "Measured") -> "Measured":
        """Return both together."""
        names = {**self.times, **other.times}
        times = {name: self.times.get(name, Histogram()).plus(other.times.get(name, Histogram())) for name in names}
        return Measured(
            times=times,
            chunks=self.chunks + other.chunks,
            busy_s=self.busy_s + other.busy_s,
            questions=self.questions.plus(other.questions),
        )


class Stretch(Value):
    """What was measured from `at` on, for `seconds`."""

    at: datetime
    seconds: int
    measured: Measured


class GoldenRun(Value):
    """One run of a golden set: figures, what they were measured with, and what fell since the last good run."""

    id: str
    at: datetime
    kind: RunKind
    trigger: Literal["nightly", "asked"]
    model: str
    weights: dict[str, float]
    figures: dict[str, float]
    fallen: tuple[str, ...] = ()


class TuningRecord(Value):
    """A proposal for the weights of recall, with figures on questions it was not tuned on. `state` says what became of it.

    `configured` are the weights of the settings at that time: when a person changes those, they count again.
    """

    id: str
    at: datetime
    state: Literal["proposed", "applied", "undone", "rejected"]
    reason: str
    before: dict[str, float]
    after: dict[str, float]
    configured: dict[str, float]
    figures: dict[str, float]


class TimePoint(Value):
    """Percentiles in ms of what happened from `at` on."""

    at: datetime
    count: int
    p50: float
    p95: float
    p99: float


class TimeSeries(Value):
    """Percentiles over time, and of all of that time together; `seconds` is the length of one point."""

    name: SeriesName
    seconds: int
    points: tuple[TimePoint, ...]
    whole: TimePoint


class RatePoint(Value):
    """Passages finished from `at` on, and how many a second while indexing ran."""

    at: datetime
    chunks: int
    chunks_per_s: float


class DriftPoint(Value):
    """The questions of the week from `at` on; shares are 0..1, None where nothing tells. `shift` is the cosine distance to
    the mean question of the week before."""

    at: datetime
    asked: int
    abstained: float | None
    empty: float | None
    unknown: float | None
    similarity: float | None
    languages: dict[str, float]
    shift: float | None = None


class Budget(Value):
    """What is used of what is meant to be used at most, in bytes."""

    name: Literal["disk", "memory", "undo"]
    used: int
    limit: int


class FailedFile(Value):
    """A file that is not remembered as it should be."""

    path: str
    state: str
    reason: str
    at: datetime


class Trouble(Value):
    """Something that is wrong, and what to do."""

    code: str
    text: str
    remedy: str = ""


class Health(Value):
    """Everything that Mneme knows of how well it does; `ok` is False when anything is in `troubles`.

    `failed` holds the first of `failed_files` files. `tuning` is what came of the last look for weights, `tuned` is in force.
    `last_backup` is None when there is none, or nobody knows.
    """

    at: datetime
    ok: bool
    troubles: tuple[Trouble, ...]
    model: str
    counts: tuple[Comparison, ...]
    times: tuple[TimeSeries, ...]
    throughput: tuple[RatePoint, ...]
    drift: tuple[DriftPoint, ...]
    runs: tuple[GoldenRun, ...]
    budgets: tuple[Budget, ...]
    failed: tuple[FailedFile, ...]
    failed_files: int
    offline: tuple[WatchedRoot, ...]
    spaces: tuple[SpaceRecord, ...]
    progress: Progress
    confirmed: int
    tuning: TuningRecord | None = None
    tuned: TuningRecord | None = None
    last_backup: datetime | None = None
    running: bool = False
    pools: tuple[PoolFigures, ...] = ()
    actors: tuple[ActorFigures, ...] = ()
