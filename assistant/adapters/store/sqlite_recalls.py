"""The record of what was looked up, in the record database. Built by `app`, used as RecallLog."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, Literal

from assistant.adapters.store.sqlite_database import Connection, Database, slices
from assistant.domain.memory import RecallRecord
from assistant.ports.system import Clock


class SqliteRecallLog:
    """The RecallLog over the record database. Raises StorageError."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def note(
        self, origin: str, kind: Literal["recall", "ask"], query: str, source_ids: Collection[str], correlation: str = ""
    ) -> None:
        """Append one line with the time of now."""
        at = self._clock.now().isoformat()
        sql = "INSERT INTO recalled (at, origin, kind, query, correlation) VALUES (?, ?, ?, ?, ?) RETURNING seq"

        def work(connection: Connection) -> None:
            seq = connection.rows(sql, (at, origin, kind, query, correlation))[0][0]
            rows = [(source_id, seq) for source_id in dict.fromkeys(source_ids)]
            connection.many("INSERT INTO recalled_sources (source_id, seq) VALUES (?, ?)", rows)

        await self._database.write(work)

    async def read(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        """Return the newest lines (those numbered below `before`, 0 for all), newest first."""

        def work(connection: Connection) -> list[RecallRecord]:
            lines = connection.rows(
                "SELECT seq, at, origin, kind, query, correlation FROM recalled WHERE ? = 0 OR seq < ? ORDER BY seq DESC LIMIT ?",
                (before, before, max(0, limit)),
            )
            return [_record(line, _paths(connection, line[0])) for line in lines]

        return await self._database.read(work)

    async def redact(self, source_ids: Collection[str]) -> None:
        """Blank the words of every line that showed one of these sources, and take the sources out of it."""

        def work(connection: Connection) -> None:
            for marks, part in slices(source_ids):
                named = f"SELECT seq FROM recalled_sources WHERE source_id IN ({marks})"
                connection.rows(f"UPDATE recalled SET query = '' WHERE seq IN ({named})", part)
                connection.rows(f"DELETE FROM recalled_sources WHERE source_id IN ({marks})", part)

        if source_ids:
            await self._database.write(work, durable=True)

    async def count(self, source_ids: Collection[str]) -> int:
        """Count the lines that name one of these sources."""

        def work(connection: Connection) -> int:
            seqs: set[int] = set()
            for marks, part in slices(source_ids):
                rows = connection.rows(f"SELECT DISTINCT seq FROM recalled_sources WHERE source_id IN ({marks})", part)
                seqs.update(row[0] for row in rows)
            return len(seqs)

        return await self._database.read(work)


def _paths(connection: Connection, seq: int) -> tuple[str, ...]:
    sql = "SELECT path FROM recalled_sources JOIN sources ON id = source_id WHERE seq = ? ORDER BY path"
    return tuple(row[0] for row in connection.rows(sql, (seq,)))


def _record(line: tuple[Any, ...], paths: tuple[str, ...]) -> RecallRecord:
    seq, at, origin, kind, query, correlation = line
    when = datetime.fromisoformat(at)
    return RecallRecord(seq=seq, at=when, origin=origin, kind=kind, query=query, paths=paths, correlation=correlation)
