"""What is measured, in memory, and a Health as the window gets it."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from assistant.api.views import Health, TimePoint, TimeSeries
from assistant.domain.health import GoldenRun, Measured, Questions, Stretch, TuningRecord
from assistant.domain.upkeep import Comparison, Progress
from assistant.ports.health import SECONDS, Width, beginning

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)

IDLE = Progress(
    active=False,
    paused=False,
    files_total=0,
    files_searchable=0,
    files_done=0,
    files_failed=0,
    chunks_total=0,
    chunks_embedded=0,
    chunks_per_s=0.0,
    eta_s=None,
)
KEPT: dict[Width, int] = {"minutes": 86_400, "hours": 31 * 86_400, "days": 1096 * 86_400, "weeks": 1096 * 86_400}


class FakeHealthStore:
    """HealthStore in memory."""

    def __init__(self) -> None:
        self.measured: dict[tuple[int, int], Measured] = {}
        self.golden: list[GoldenRun] = []
        self.proposals: dict[str, TuningRecord] = {}

    async def add(self, at: datetime, measured: Measured) -> None:
        now = int(at.timestamp())
        bare = measured.questions.model_copy(update={"model": "", "embedded": 0, "centroid": ()})
        for width, seconds in SECONDS.items():
            weekly = width == "weeks"
            new = Measured(questions=measured.questions) if weekly else measured.model_copy(update={"questions": bare})
            key = (seconds, beginning(width, now))
            if new != Measured():
                self.measured[key] = self.measured.get(key, Measured()).plus(new)
            old = [key for key in self.measured if key[0] == seconds and key[1] < now - KEPT[width]]
            for one in old:
                del self.measured[one]

    async def stretches(self, width: Width, since: datetime) -> list[Stretch]:
        seconds = SECONDS[width]
        return [
            Stretch(at=datetime.fromtimestamp(start, UTC), seconds=seconds, measured=held)
            for (wide, start), held in sorted(self.measured.items())
            if wide == seconds and start + seconds > since.timestamp()
        ]

    async def put_run(self, run: GoldenRun) -> None:
        self.golden = [*(one for one in self.golden if one.id != run.id), run]

    async def runs(self, limit: int) -> list[GoldenRun]:
        return self.golden[-limit:]

    async def put_tuning(self, record: TuningRecord) -> None:
        self.proposals[record.id] = record

    async def tunings(self) -> Sequence[TuningRecord]:
        return sorted(self.proposals.values(), key=lambda one: one.at)


def times(name: str, p95: Sequence[float]) -> TimeSeries:
    """Make a series with these percentiles, an hour apart."""
    points = tuple(
        TimePoint(at=NOON - timedelta(hours=len(p95) - at), count=10, p50=value / 2, p95=value, p99=value * 1.2)
        for at, value in enumerate(p95)
    )
    top = max(p95, default=0.0)
    whole = TimePoint(at=NOON, count=10 * len(p95), p50=top / 2, p95=top, p99=top * 1.2)
    return TimeSeries.model_validate({"name": name, "seconds": 3600, "points": points, "whole": whole})


def healthy(**more: object) -> Health:
    """Make a Health of a memory where nothing was measured yet and all is well."""
    values: dict[str, object] = {
        "at": NOON,
        "ok": True,
        "troubles": (),
        "model": "all-MiniLM-L6-v2@1",
        "counts": (Comparison(name="text rows for records", expected=120, found=120, agrees=True),),
        "times": tuple(times(name, ()) for name in ("search", "ask", "searchable", "ready")),
        "throughput": (),
        "drift": (),
        "runs": (),
        "budgets": (
            {"name": "disk", "used": 1_200_000_000, "limit": 20_000_000_000},
            {"name": "memory", "used": 300_000_000, "limit": 1_610_000_000},
        ),
        "failed": (),
        "failed_files": 0,
        "offline": (),
        "spaces": (),
        "progress": IDLE,
        "confirmed": 0,
    }
    return Health.model_validate(values | more)


def week(**more: object) -> Questions:
    """Make the questions of a week."""
    return Questions.model_validate({"asked": 10, "answers": 4, "abstained": 1, **more})
