"""Standing permissions in the record database. Built by `app`, used as GrantStore."""

from datetime import datetime

from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.domain.plan import Grant

_COLUMNS = ("id", "tool", "scope", "kind", "at", "expires", "plan")
_NAMES = ", ".join(_COLUMNS)


class SqliteGrants:
    """The GrantStore over the record database. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, grant: Grant) -> None:
        """Keep a grant."""
        expires = grant.expires.isoformat() if grant.expires else ""
        values = (grant.id, grant.tool, grant.scope, grant.kind, grant.at.isoformat(), expires, grant.plan)
        sql = f"INSERT OR REPLACE INTO grants ({_NAMES}) VALUES (?, ?, ?, ?, ?, ?, ?)"
        await self._database.write(lambda connection: connection.rows(sql, values), durable=True)

    async def all(self, now: datetime) -> list[Grant]:
        """List the grants that hold at this time, oldest first."""
        sql = f"SELECT {_NAMES} FROM grants ORDER BY at, id"
        rows = await self._database.read(lambda connection: connection.rows(sql))
        grants = [Grant.model_validate(dict(zip(_COLUMNS, (*row[:5], row[5] or None, row[6]), strict=True))) for row in rows]
        return [grant for grant in grants if grant.expires is None or grant.expires > now]

    async def remove(self, grant_id: str) -> bool:
        """Take a grant back; False when there is none."""

        def work(connection: Connection) -> bool:
            return bool(connection.rows("DELETE FROM grants WHERE id = ? RETURNING id", (grant_id,)))

        return await self._database.write(work, durable=True)
