"""Small facts that outlive a restart, in the record database. Built by `app`, used as Notes."""

from assistant.adapters.store.sqlite_database import Connection, Database


class SqliteNotes:
    """The Notes over the record database. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> str:
        """Return a fact, "" when it was never put."""

        def work(connection: Connection) -> str:
            rows = connection.rows("SELECT value FROM notes WHERE name = ?", (name,))
            return str(rows[0][0]) if rows else ""

        return await self._database.read(work)

    async def put(self, name: str, value: str) -> None:
        """Keep a fact; "" takes it away."""
        if value:
            sql, values = "INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", (name, value)
        else:
            sql, values = "DELETE FROM notes WHERE name = ?", (name,)
        await self._database.write(lambda connection: connection.rows(sql, values))
