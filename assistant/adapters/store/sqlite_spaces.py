"""The registry of vector spaces in the record database. Built by `app`, used as SpaceRegistry."""

import json

from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.domain.spaces import SpaceRecord

_COLUMNS = "model, dimensions, state, reason, done, total, recut, figures, updated"


class SqliteSpaces:
    """The SpaceRegistry over the record database; one transaction moves answering from one to another. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def all(self) -> list[SpaceRecord]:
        """Return every space, ordered by model."""

        def work(connection: Connection) -> list[SpaceRecord]:
            found = connection.rows(f"SELECT {_COLUMNS} FROM spaces ORDER BY model")
            names = [name.strip() for name in _COLUMNS.split(",")]
            rows = [dict(zip(names, row, strict=True)) for row in found]
            return [SpaceRecord.model_validate({**row, "figures": json.loads(row["figures"])}) for row in rows]

        return await self._database.read(work)

    async def put(self, record: SpaceRecord) -> None:
        """Add or replace a space by its model; an active one makes the one that was active a kept one."""
        r = record
        values = (
            *(r.model, r.dimensions, r.state, r.reason, r.done, r.total, int(r.recut)),
            *(json.dumps(r.figures), r.updated.isoformat()),
        )

        def work(connection: Connection) -> None:
            if r.state == "active":
                connection.rows("UPDATE spaces SET state = 'kept' WHERE state = 'active' AND model <> ?", (r.model,))
            connection.rows(f"INSERT OR REPLACE INTO spaces ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

        await self._database.write(work, durable=True)

    async def delete(self, model: str) -> None:
        """Remove a space's record; an unknown one is ignored."""
        await self._database.write(lambda c: c.rows("DELETE FROM spaces WHERE model = ?", (model,)), durable=True)
