"""The record of verdicts in the record database. Built by `app`, used as AuditSink and AuditLog."""

import json
import os
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from assistant.adapters.store.sqlite_chain import LINE, PAGE, link
from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.domain.erasure import Doomed, marked_out
from assistant.domain.plan import Action, AuditRecord, Verdict
from assistant.domain.tool import EffectKind

MOST_PATHS = 200
"""Paths kept of one action; a plan over more keeps all of them in its run."""

_QUIET = {EffectKind.READ}
_NAMES = [name.strip() for name in LINE.split(",")]


class SqliteAudit:
    """AuditSink and AuditLog: rows stay, and nothing but paths and reasons changes in them. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def record(self, action: Action, verdict: Verdict, at: datetime) -> None:
        """Write one line; on disk when this returns where the action changes or sends something, soon where it only reads."""
        named = (*action.paths, *action.reads)
        kept = named if len(named) <= MOST_PATHS else (*named[:MOST_PATHS], f"… +{len(named) - MOST_PATHS}")
        values = (
            *(at.isoformat(), action.tool, action.origin, json.dumps(kept, ensure_ascii=False)),
            *(int(action.writes), int(action.network), verdict.decision.value, verdict.rule, verdict.reason),
            action.correlation,
        )

        def work(connection: Connection) -> None:
            last = connection.rows("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1")
            line = (_last(connection) + 1, *values)
            digest = link(last[0][1] if last else "", line)
            connection.rows(f"INSERT INTO audit ({LINE}) VALUES ({','.join('?' * len(_NAMES))})", (*line, digest))

        durable = action.writes or action.network or bool(set(action.effects) - _QUIET)
        await self._database.write(work, durable=durable)

    async def redact(self, paths: Sequence[str]) -> None:
        """Put digests in the place of these paths, and of those below them, in every line; the chain still holds."""
        doomed = Doomed(paths)

        def work(connection: Connection) -> None:
            sql = "SELECT seq, paths, reason FROM audit WHERE paths <> '[]' OR instr(reason, ?)"
            for seq, held, reason in connection.rows(sql, (os.sep,)):
                named: list[str] = json.loads(held)
                blank = [marked_out(path) if doomed.covers(path) else path for path in named]
                said = marked_out(reason) if doomed.named_in(reason) else reason
                if blank != named or said != reason:
                    values = (json.dumps(blank, ensure_ascii=False), said, seq)
                    connection.rows("UPDATE audit SET paths = ?, reason = ? WHERE seq = ?", values)

        if paths:
            await self._database.write(work, durable=True)

    async def read(self, before: int = 0, limit: int = 100) -> list[AuditRecord]:
        """List lines, newest first, those numbered below `before` (0: from the newest)."""
        sql = f"SELECT {LINE} FROM audit WHERE ? = 0 OR seq < ? ORDER BY seq DESC LIMIT ?"
        values = (before, before, max(0, limit))
        return await self._database.read(lambda connection: [_record(row) for row in connection.rows(sql, values)])

    async def count(self) -> int:
        """Count the lines."""
        return await self._database.read(lambda connection: int(connection.rows("SELECT count(*) FROM audit")[0][0]))

    async def check(self) -> list[int]:
        """Return the numbers of lines that were changed, put in or taken out, in order."""
        broken: list[int] = []
        before, seq = "", 0
        rows: list[tuple[Any, ...]] | None = None
        while rows is None or rows:
            rows, last = await self._database.read(lambda connection, seq=seq: _page(connection, seq))
            for row in rows:
                broken += range(seq + 1, row[0])
                if _linked(before, row) != row[-1]:
                    broken.append(row[0])
                # On from the digest that stands there: one changed line is told as one, not as all behind it.
                before, seq = row[-1], row[0]
            broken += () if rows else range(seq + 1, last + 1)
        return broken


def _page(connection: Connection, after: int) -> tuple[list[tuple[Any, ...]], int]:
    """Return the lines behind one, and the highest number that was ever given."""
    rows = connection.rows(f"SELECT {LINE} FROM audit WHERE seq > ? ORDER BY seq LIMIT ?", (after, PAGE))
    return rows, _last(connection)


def _last(connection: Connection) -> int:
    counted = connection.rows("SELECT seq FROM sqlite_sequence WHERE name = 'audit'")
    return int(counted[0][0]) if counted else 0


def _linked(before: str, row: Sequence[Any]) -> str:
    try:
        return link(before, row[:-1])
    except (TypeError, ValueError, AttributeError):
        return ""  # values of another kind than were ever written


def _record(row: Sequence[Any]) -> AuditRecord:
    values = dict(zip(_NAMES, row, strict=True))
    return AuditRecord.model_validate(values | {"paths": tuple(json.loads(values["paths"]))})
