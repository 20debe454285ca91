"""Keyed digests of what was forgotten, in the record database. Built by `app`, used as Tombstones."""

import secrets
from collections.abc import Collection, Sequence
from typing import Any

from assistant.adapters.store.sqlite_database import Connection, Database, slices
from assistant.domain.forgotten import StoneKind, Tombstone

KEY = "forgetting.key"


class SqliteTombstones:
    """The Tombstones over the record database. Raises StorageError."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def key(self) -> bytes:
        """Return the key of this memory's digests, made when it is first asked for."""

        def work(connection: Connection) -> bytes:
            fresh = secrets.token_hex(32)
            connection.rows("INSERT OR IGNORE INTO notes (name, value) VALUES (?, ?)", (KEY, fresh))
            return bytes.fromhex(connection.rows("SELECT value FROM notes WHERE name = ?", (KEY,))[0][0])

        return await self._database.write(work, durable=True)

    async def take_key(self, key: bytes) -> None:
        """Use this key from now on and remove every stone of another: records were replaced by older ones."""

        def work(connection: Connection) -> None:
            held = connection.rows("SELECT value FROM notes WHERE name = ?", (KEY,))
            if not held or held[0][0] != key.hex():
                connection.rows("DELETE FROM tombstones")
                connection.rows("INSERT OR REPLACE INTO notes (name, value) VALUES (?, ?)", (KEY, key.hex()))

        await self._database.write(work, durable=True)

    async def bury(self, stones: Sequence[Tombstone]) -> None:
        """Set stones, on disk when this returns; those that stand already stay."""
        rows = [(stone.source_id, stone.kind, stone.mark, stone.at.isoformat()) for stone in stones]
        sql = "INSERT OR IGNORE INTO tombstones (source_id, kind, mark, at) VALUES (?, ?, ?, ?)"
        if rows:
            await self._database.write(lambda connection: connection.many(sql, rows), durable=True)

    async def standing(self, kinds: Collection[StoneKind], source_ids: Collection[str] | None = None) -> list[Tombstone]:
        """Return stones of these kinds (of these sources), ordered by source, kind and mark."""
        wanted = sorted(kinds)
        where = f"kind IN ({','.join('?' * len(wanted))})"
        columns = "SELECT source_id, kind, mark, at FROM tombstones"

        def work(connection: Connection) -> list[tuple[Any, ...]]:
            if source_ids is None:
                return connection.rows(f"{columns} WHERE {where}", wanted)
            return [
                row
                for marks, part in slices(source_ids)
                for row in connection.rows(f"{columns} WHERE {where} AND source_id IN ({marks})", (*wanted, *part))
            ]

        rows = sorted(await self._database.read(work))
        names = ("source_id", "kind", "mark", "at")
        return [Tombstone.model_validate(dict(zip(names, row, strict=True))) for row in rows]

    async def lift(self, source_ids: Collection[str], kinds: Collection[StoneKind]) -> None:
        """Take stones away: what they stand for may be remembered again."""
        wanted = sorted(kinds)

        def work(connection: Connection) -> None:
            for marks, part in slices(source_ids):
                sql = f"DELETE FROM tombstones WHERE source_id IN ({marks}) AND kind IN ({','.join('?' * len(wanted))})"
                connection.rows(sql, (*part, *wanted))

        if source_ids and wanted:
            await self._database.write(work)

    async def carry(self, source_id: str, target_id: str) -> None:
        """Set the stones of words of one source for another as well: the file was moved there."""
        sql = (
            "INSERT OR IGNORE INTO tombstones (source_id, kind, mark, at) "
            "SELECT ?, kind, mark, at FROM tombstones WHERE source_id = ? AND kind = 'words'"
        )
        await self._database.write(lambda connection: connection.rows(sql, (target_id, source_id)))

    async def cached(self) -> set[str]:
        """Return the keys under which vectors are cached, of any model: where forgotten text might linger."""
        sql = "SELECT DISTINCT digest FROM vectors"
        return await self._database.read(lambda connection: {row[0] for row in connection.rows(sql)})
