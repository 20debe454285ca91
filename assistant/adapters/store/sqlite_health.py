"""What is measured while Mneme runs, in the record database. Built by `app`, used as HealthStore."""

from collections.abc import Sequence
from datetime import UTC, datetime

from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.domain.base import Value
from assistant.domain.health import GoldenRun, Measured, Stretch, TuningRecord
from assistant.ports.health import SECONDS, Width, beginning

DAY = SECONDS["days"]
KEPT: dict[Width, int] = {"minutes": DAY, "hours": 31 * DAY, "days": 1096 * DAY, "weeks": 1096 * DAY}
"""For how long stretches of each width are kept, in seconds."""
MOST_RUNS = 2000
MOST_TUNINGS = 200


class SqliteHealth:
    """The HealthStore over the record database. Raises StorageError. Question vectors are summed up by the week only."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, at: datetime, measured: Measured) -> None:
        """Add to the minute, hour, day and week of `at`, and drop stretches that are too old for their width."""
        now = int(at.timestamp())
        bare = measured.questions.model_copy(update={"model": "", "embedded": 0, "centroid": ()})
        plain = measured.model_copy(update={"questions": bare})
        weekly = Measured(questions=measured.questions)
        found = "SELECT data FROM measured WHERE width = ? AND start = ?"
        put = "INSERT OR REPLACE INTO measured (width, start, data) VALUES (?, ?, ?)"

        def work(connection: Connection) -> None:
            for width, seconds in SECONDS.items():
                start = beginning(width, now)
                new = weekly if width == "weeks" else plain
                if new == Measured():
                    continue
                rows = connection.rows(found, (seconds, start))
                whole = Measured.model_validate_json(rows[0][0]).plus(new) if rows else new
                connection.rows(put, (seconds, start, whole.model_dump_json(exclude_defaults=True)))
                connection.rows("DELETE FROM measured WHERE width = ? AND start < ?", (seconds, now - KEPT[width]))

        await self._database.write(work)

    async def stretches(self, width: Width, since: datetime) -> list[Stretch]:
        """Return the stretches of this width that end after `since`, oldest first; those without anything are left out."""
        seconds = SECONDS[width]
        sql = "SELECT start, data FROM measured WHERE width = ? AND start > ? ORDER BY start"
        after = int(since.timestamp()) - seconds
        rows = await self._database.read(lambda connection: connection.rows(sql, (seconds, after)))
        return [
            Stretch(
                at=datetime.fromtimestamp(start, UTC),
                seconds=seconds,
                measured=Measured.model_validate_json(data),
            )
            for start, data in rows
        ]

    async def put_run(self, run: GoldenRun) -> None:
        """Keep a golden run; the oldest of many go."""
        await self._put("golden_runs", run.id, run.at, run, MOST_RUNS)

    async def runs(self, limit: int) -> list[GoldenRun]:
        """Return the newest golden runs, oldest first."""
        return [GoldenRun.model_validate_json(data) for data in await self._newest("golden_runs", limit)]

    async def put_tuning(self, record: TuningRecord) -> None:
        """Add or replace a proposal by its id; the oldest of many go."""
        await self._put("tunings", record.id, record.at, record, MOST_TUNINGS)

    async def tunings(self) -> Sequence[TuningRecord]:
        """Return all proposals, oldest first."""
        return [TuningRecord.model_validate_json(data) for data in await self._newest("tunings", MOST_TUNINGS)]

    async def _put(self, table: str, key: str, at: datetime, value: Value, most: int) -> None:
        moment = at.astimezone(UTC).isoformat()

        def work(connection: Connection) -> None:
            sql = f"INSERT OR REPLACE INTO {table} (id, at, data) VALUES (?, ?, ?)"
            connection.rows(sql, (key, moment, value.model_dump_json()))
            old = f"SELECT id FROM {table} ORDER BY at DESC, id DESC LIMIT -1 OFFSET ?"
            connection.rows(f"DELETE FROM {table} WHERE id IN ({old})", (most,))

        await self._database.write(work)

    async def _newest(self, table: str, limit: int) -> list[str]:
        sql = f"SELECT data FROM {table} ORDER BY at DESC, id DESC LIMIT ?"
        rows = await self._database.read(lambda connection: connection.rows(sql, (limit,)))
        return [row[0] for row in reversed(rows)]
