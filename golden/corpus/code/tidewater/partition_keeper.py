"""Creates next month's partitions, exports old ones and drops them when that is safe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

RAW_DAYS = 90


@dataclass(frozen=True, order=True)
class Month:
    """A calendar month that knows its neighbours and its table name."""

    year: int
    number: int

    @classmethod
    def of(cls, day: date) -> Month:
        return cls(day.year, day.month)

    def shift(self, months: int) -> Month:
        index = self.year * 12 + self.number - 1 + months
        return Month(index // 12, index % 12 + 1)

    @property
    def table(self) -> str:
        return f"readings_{self.year}_{self.number:02d}"

    def last_day(self) -> date:
        following = self.shift(1)
        return date.fromordinal(date(following.year, following.number, 1).toordinal() - 1)


@dataclass(frozen=True)
class Step:
    """One statement to run, with the reason that goes into the log."""

    sql: str
    reason: str


class PartitionKeeper:
    """Plans the upkeep; it never talks to the database itself."""

    def __init__(self, exported: Callable[[str], bool], frozen: set[str] | None = None) -> None:
        self._exported = exported
        self._frozen = frozen or set()

    def plan(self, existing: list[Month], today: date) -> list[Step]:
        """Statements that bring the partitions into the wanted state.

        Two months ahead are created so that a job that sleeps for a month does no harm.
        A partition is dropped only when its newest row is past retention, a verified
        export exists, and nobody has put a legal hold on it.
        """
        steps = [self._create(m) for m in self._wanted(today) if m not in existing]
        for month in sorted(existing):
            if (today - month.last_day()).days <= RAW_DAYS:
                continue
            if month.table in self._frozen:
                continue
            if self._exported(month.table):
                steps.append(Step(f"DROP TABLE {month.table}", "past retention and exported"))
            else:
                steps.append(Step(f"CALL export_partition('{month.table}')", "export first"))
        return steps

    def _wanted(self, today: date) -> list[Month]:
        now = Month.of(today)
        return [now.shift(offset) for offset in range(3)]

    def _create(self, month: Month) -> Step:
        after = month.shift(1)
        return Step(
            f"CREATE TABLE {month.table} PARTITION OF readings FOR VALUES "
            f"FROM ('{month.year}-{month.number:02d}-01') TO ('{after.year}-{after.number:02d}-01')",
            "needed within two months",
        )
