"""Confirmed questions in the record database. Built by `app`, used as ConfirmedStore."""

from collections.abc import Collection, Sequence
from typing import Any

from assistant.adapters.store.sqlite_database import Connection, Database, slices
from assistant.domain.spaces import ConfirmedCase, ConfirmedPlace

_PLACE = "source_id, path, quote, line, line_end, page, cell"


class SqliteConfirmed:
    """The ConfirmedStore over the record database. Deleting a source deletes its places, the last place its question."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, case: ConfirmedCase) -> None:
        """Add or replace by id; places in sources that are not remembered are left out."""

        def work(connection: Connection) -> None:
            connection.rows("DELETE FROM confirmed_places WHERE case_id = ?", (case.id,))
            connection.rows("DELETE FROM confirmed WHERE id = ?", (case.id,))
            held = [p for p in case.places if connection.rows("SELECT 1 FROM sources WHERE id = ?", (p.source_id,))]
            if not held:
                return
            values = (case.id, case.question, case.language, case.at.isoformat())
            connection.rows("INSERT INTO confirmed (id, question, language, at) VALUES (?, ?, ?, ?)", values)
            rows = [(case.id, p.source_id, p.path, p.quote, p.line, p.line_end, p.page, p.cell) for p in held]
            connection.many(f"INSERT INTO confirmed_places (case_id, {_PLACE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)

        await self._database.write(work, durable=True)

    async def all(self) -> list[ConfirmedCase]:
        """Return every case, oldest first."""

        def work(connection: Connection) -> list[ConfirmedCase]:
            places: dict[str, list[ConfirmedPlace]] = {}
            for row in connection.rows(f"SELECT case_id, {_PLACE} FROM confirmed_places ORDER BY rowid"):
                places.setdefault(row[0], []).append(_place(row[1:]))
            cases = connection.rows("SELECT id, question, language, at FROM confirmed ORDER BY at, id")
            return [
                ConfirmedCase.model_validate(
                    {"id": row[0], "question": row[1], "language": row[2], "at": row[3], "places": places.get(row[0], ())}
                )
                for row in cases
            ]

        return await self._database.read(work)

    async def delete(self, case_ids: Collection[str]) -> None:
        """Remove cases; unknown ids are ignored."""

        def work(connection: Connection) -> None:
            for marks, part in slices(case_ids):
                connection.rows(f"DELETE FROM confirmed_places WHERE case_id IN ({marks})", part)
                connection.rows(f"DELETE FROM confirmed WHERE id IN ({marks})", part)

        if case_ids:
            await self._database.write(work, durable=True)

    async def of_sources(self, source_ids: Sequence[str]) -> list[str]:
        """Return the ids of the cases with a place in any of these sources."""

        def work(connection: Connection) -> list[str]:
            found: set[str] = set()
            for marks, part in slices(source_ids):
                sql = f"SELECT DISTINCT case_id FROM confirmed_places WHERE source_id IN ({marks})"
                found.update(row[0] for row in connection.rows(sql, part))
            return sorted(found)

        return await self._database.read(work) if source_ids else []


def _place(row: Sequence[Any]) -> ConfirmedPlace:
    names = [name.strip() for name in _PLACE.split(",")]
    return ConfirmedPlace.model_validate(dict(zip(names, row, strict=True)))
