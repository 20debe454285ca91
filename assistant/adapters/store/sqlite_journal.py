"""Journal and vector cache in the record database. Built by `app`, used through their protocols."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, cast

import numpy as np

from assistant.adapters.store.sqlite_database import Connection, Database, slices
from assistant.domain.document import Source
from assistant.ports.records import JournalEntry, JournalOp
from assistant.ports.stores import Vector
from assistant.ports.system import Clock

PAGE = 20_000
"""Cached vectors looked at together."""

_ENTRY = "SELECT seq, op, source_id, path, digest, at, done FROM journal"


class SqliteJournal:
    """The Journal over the record database. Raises StorageError.

    Opening an entry waits for the disk: the indexes sync their own files, and after a power cut nothing may stand in them
    that the journal does not know. A lost commit mark only repeats an idempotent operation, so marks do not wait.
    """

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock

    async def begin(self, op: JournalOp, sources: Sequence[Source]) -> list[int]:
        """Append one open entry per source; return their sequence numbers."""
        if not sources:
            return []
        at = self._clock.now().isoformat()
        insert = "INSERT INTO journal (op, source_id, path, digest, at) VALUES (?, ?, ?, ?, ?) RETURNING seq"

        def work(connection: Connection) -> list[int]:
            return [int(connection.rows(insert, (op, s.id, s.path, s.digest, at))[0][0]) for s in sources]

        return await self._database.write(work, durable=True)

    async def finish(self, seqs: Collection[int]) -> None:
        """Set the commit mark."""
        if seqs:
            rows = [(seq,) for seq in seqs]
            await self._database.write(lambda connection: connection.many("UPDATE journal SET done = 1 WHERE seq = ?", rows))

    async def pending(self) -> list[JournalEntry]:
        """Return entries without a commit mark, oldest first."""
        sql = f"{_ENTRY} WHERE done = 0 ORDER BY seq"
        return await self._database.read(lambda connection: [_entry(row) for row in connection.rows(sql)])

    async def read(self, after: int = 0, limit: int = 1000) -> list[JournalEntry]:
        """Return entries with a higher sequence number, oldest first."""
        sql = f"{_ENTRY} WHERE seq > ? ORDER BY seq LIMIT ?"
        values = (after, max(0, limit))
        return await self._database.read(lambda connection: [_entry(row) for row in connection.rows(sql, values)])

    async def redact(self, source_ids: Collection[str]) -> None:
        """Blank paths and digests of forgotten sources' entries."""

        def work(connection: Connection) -> None:
            for marks, part in slices(source_ids):
                connection.rows(f"UPDATE journal SET path = '', digest = '' WHERE source_id IN ({marks})", part)

        if source_ids:
            await self._database.write(work, durable=True)


class SqliteVectorCache:
    """The VectorCache over the record database. Raises StorageError.

    Vectors are kept as float32, not halved: a memory rebuilt from the cache must rank exactly as the one first embedded.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, model: str, digests: Collection[str]) -> dict[str, Vector]:
        """Return the vectors that are known."""
        if not digests:
            return {}

        def work(connection: Connection) -> dict[str, Vector]:
            found: dict[str, Vector] = {}
            for marks, part in slices(digests):
                sql = f"SELECT digest, vector FROM vectors WHERE model = ? AND digest IN ({marks})"
                found |= {row[0]: np.frombuffer(row[1], dtype="<f4") for row in connection.rows(sql, (model, *part))}
            return found

        return await self._database.read(work)

    async def put(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Remember vectors."""
        if vectors:
            rows = [(digest, model, np.asarray(vector, dtype="<f4").tobytes()) for digest, vector in vectors.items()]
            sql = "INSERT OR REPLACE INTO vectors (digest, model, vector) VALUES (?, ?, ?)"
            await self._database.write(lambda connection: connection.many(sql, rows))

    async def count(self, digests: Collection[str]) -> int:
        """Count the vectors of these texts under any model."""

        def work(connection: Connection) -> int:
            counted = 0
            for marks, part in slices(digests):
                counted += int(connection.rows(f"SELECT count(*) FROM vectors WHERE digest IN ({marks})", part)[0][0])
            return counted

        return await self._database.read(work)

    async def erase(self, digests: Collection[str]) -> None:
        """Forget vectors of these texts under every model."""

        def work(connection: Connection) -> None:
            for marks, part in slices(digests):
                connection.rows(f"DELETE FROM vectors WHERE digest IN ({marks})", part)

        if digests:
            await self._database.write(work, durable=True)

    async def clear(self, model: str) -> None:
        """Forget every vector of one model."""
        await self._database.write(lambda c: c.rows("DELETE FROM vectors WHERE model = ?", (model,)), durable=True)

    async def keep(self, models: Collection[str], digests: set[bytes]) -> int:
        """Forget all but the vectors of these models and of these texts (digests as bytes); return how many went.

        Without a model named, those of every model stay.
        """
        sql = "SELECT rowid, model, digest FROM vectors WHERE rowid > ? ORDER BY rowid LIMIT ?"
        gone = after = 0
        while rows := await self._database.read(lambda c, after=after: c.rows(sql, (after, PAGE))):
            after = rows[-1][0]
            doomed = [(row[0],) for row in rows if (models and row[1] not in models) or bytes.fromhex(row[2]) not in digests]
            if doomed:
                await self._database.write(lambda c, doomed=doomed: c.many("DELETE FROM vectors WHERE rowid = ?", doomed))
            gone += len(doomed)
        return gone


def _entry(row: tuple[Any, ...]) -> JournalEntry:
    op = cast(JournalOp, row[1])
    at = datetime.fromisoformat(row[5])
    return JournalEntry(seq=row[0], op=op, source_id=row[2], path=row[3], digest=row[4], at=at, done=bool(row[6]))
