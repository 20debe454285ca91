"""Accepts batches of readings from gateways and decides which rows are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum

OLDEST_ACCEPTED = timedelta(days=40)
FUTURE_TOLERANCE = timedelta(minutes=5)
MAX_BATCH = 500


class Outcome(Enum):
    """What the gateway is told about one reading."""

    STORED = "stored"
    DUPLICATE = "duplicate"
    DISCARD = "discard"


@dataclass(frozen=True)
class Reading:
    """One measurement of one node; grams and deci-degrees are integers on purpose."""

    node: str
    sequence: int
    taken_at: datetime
    weight_g: int
    temperature_dc: int | None = None


class BatchTooLarge(ValueError):
    """The gateway sent more readings than one transaction may hold."""


@dataclass
class IngestWindow:
    """Remembers the highest committed sequence per node and filters a batch against it."""

    committed: dict[str, int] = field(default_factory=dict)

    def judge(self, reading: Reading, now: datetime) -> Outcome:
        """Classify a single reading without changing any state."""
        if reading.taken_at < now - OLDEST_ACCEPTED:
            return Outcome.DISCARD
        if reading.taken_at > now + FUTURE_TOLERANCE:
            return Outcome.DISCARD
        if reading.sequence <= self.committed.get(reading.node, -1):
            return Outcome.DUPLICATE
        return Outcome.STORED

    def admit(self, batch: list[Reading], now: datetime) -> list[Reading]:
        """Return the readings to insert, in order of node and sequence.

        Within a batch the same pair may occur twice when a gateway lost power while
        writing its spool; only the first occurrence survives.
        """
        if len(batch) > MAX_BATCH:
            raise BatchTooLarge(f"{len(batch)} readings, at most {MAX_BATCH} are taken at once")
        fresh: dict[tuple[str, int], Reading] = {}
        for reading in batch:
            if self.judge(reading, now) is Outcome.STORED:
                fresh.setdefault((reading.node, reading.sequence), reading)
        return [fresh[key] for key in sorted(fresh)]

    def commit(self, rows: list[Reading]) -> dict[str, int]:
        """Advance the watermarks after the database has committed, and return them.

        A gap in the numbering is not an error: the spool thins old readings, so numbers
        are missing for ever. The watermark therefore jumps to the largest number seen.
        """
        for row in rows:
            self.committed[row.node] = max(row.sequence, self.committed.get(row.node, -1))
        return dict(self.committed)
