"""Protocol of what is measured while Mneme runs. Used by eval; fulfilled by an adapter."""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal, Protocol

from assistant.domain.health import GoldenRun, Measured, Stretch, TuningRecord

Width = Literal["minutes", "hours", "days", "weeks"]
SECONDS: dict[Width, int] = {"minutes": 60, "hours": 3600, "days": 86_400, "weeks": 604_800}
MONDAY = 4 * 86_400
"""The first Monday of the epoch, which began on a Thursday."""


def beginning(width: Width, at: float) -> int:
    """Return when the stretch of this width around `at` began; both are epoch seconds. Days are those of UTC."""
    first = MONDAY if width == "weeks" else 0
    return int(at) - (int(at) - first) % SECONDS[width]


class HealthStore(Protocol):
    """Figures by stretches of time, of bounded size: minutes for a day, hours for a month, days and weeks for three years."""

    async def add(self, at: datetime, measured: Measured) -> None:
        """Add to the minute, hour, day and week of `at`, and drop stretches that are too old for their width."""
        ...

    async def stretches(self, width: Width, since: datetime) -> list[Stretch]:
        """Return the stretches of this width that end after `since`, oldest first; minutes without anything are left out."""
        ...

    async def put_run(self, run: GoldenRun) -> None:
        """Keep a golden run; the oldest of many go."""
        ...

    async def runs(self, limit: int) -> list[GoldenRun]:
        """Return the newest golden runs, oldest first."""
        ...

    async def put_tuning(self, record: TuningRecord) -> None:
        """Add or replace a proposal by its id; the oldest of many go."""
        ...

    async def tunings(self) -> Sequence[TuningRecord]:
        """Return all proposals, oldest first."""
        ...
