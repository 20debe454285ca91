"""Records of sources, roots and chunks in the record database. Built by `app`, used through the store protocols."""

import os
from collections.abc import Collection, Sequence
from typing import Any

from assistant.adapters.store.sqlite_database import Connection, Database, slices
from assistant.adapters.store.sqlite_rows import (
    CHUNK_COLUMNS,
    ROOT_COLUMNS,
    SOURCE_COLUMNS,
    UPSERT_CHUNK,
    UPSERT_SOURCE,
    chunk_of,
    chunk_row,
    root_of,
    root_row,
    source_of,
    source_row,
)
from assistant.adapters.store.sqlite_traits import Traits
from assistant.domain.document import Chunk, Root, Source, SourceState
from assistant.ports.records import Candidate, ChunkLine, ChunkMark, Totals

CANDIDATE = (
    "chunks.id, source_id, chunks.modality, chunks.language, chunks.digest, simhash, octet_length(text), "
    "path, root, modified, quality FROM chunks INDEXED BY chunks_traits"
)
"""Read from an index that holds all of it: some 400 rows of a question would otherwise be fetched with their texts."""


class SqliteSources:
    """The SourceStore over the record database. Deleting a source deletes its chunks. Raises StorageError.

    `traits` hear of every write.
    """

    def __init__(self, database: Database, traits: Traits | None = None) -> None:
        self._database = database
        self._traits = traits or Traits(database)

    async def put(self, sources: Sequence[Source]) -> None:
        """Add or replace by id, in one transaction."""
        if sources:
            rows = [source_row(source) for source in sources]
            with self._traits.writing(source.id for source in sources):
                await self._database.write(lambda connection: connection.many(UPSERT_SOURCE, rows))

    async def get(self, source_ids: Collection[str]) -> dict[str, Source]:
        """Return those that exist."""
        if not source_ids:
            return {}

        def work(connection: Connection) -> dict[str, Source]:
            rows = _rows(connection, f"SELECT {SOURCE_COLUMNS} FROM sources WHERE id IN", source_ids)
            return {row[0]: source_of(row) for row in rows}

        return await self._database.read(work)

    async def find(self, under: str = "", states: Collection[SourceState] = ()) -> list[Source]:
        """List sources ordered by path; `under` is a path: itself or anything below it."""
        terms: list[str] = []
        values: list[str] = []
        if under:
            # A range of the path index, not LIKE: names may hold wildcards, and /a/bc is not below /a/b.
            folder = under.rstrip(os.sep)
            terms.append("(path = ? OR path = ? OR (path >= ? AND path < ?))")
            values += [under, folder, folder + os.sep, folder + chr(ord(os.sep) + 1)]
        if states:
            terms.append(f"state IN ({','.join('?' * len(states))})")
            values += [state.value for state in states]
        where = f" WHERE {' AND '.join(terms)}" if terms else ""
        sql = f"SELECT {SOURCE_COLUMNS} FROM sources{where} ORDER BY path, id"
        return await self._database.read(lambda connection: [source_of(row) for row in connection.rows(sql, values)])

    async def delete(self, source_ids: Collection[str]) -> None:
        """Remove records and their chunks; unknown ids are ignored."""
        if source_ids:
            with self._traits.writing(source_ids):
                await self._database.write(lambda connection: _delete(connection, "DELETE FROM sources WHERE id IN", source_ids))

    async def roots(self) -> list[Root]:
        """List granted roots ordered by path."""
        sql = f"SELECT {ROOT_COLUMNS} FROM roots ORDER BY path"
        return await self._database.read(lambda connection: [root_of(row) for row in connection.rows(sql)])

    async def set_roots(self, add: Sequence[Root] = (), remove: Collection[str] = ()) -> None:
        """Withdraw and grant roots by path, in one transaction."""

        def work(connection: Connection) -> None:
            _delete(connection, "DELETE FROM roots WHERE path IN", remove)
            rows = [root_row(root) for root in add]
            connection.many(f"INSERT OR REPLACE INTO roots ({ROOT_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?)", rows)

        await self._database.write(work)


class SqliteChunks:
    """The ChunkStore over the record database; `traits` hear of every write. Raises StorageError."""

    def __init__(self, database: Database, traits: Traits | None = None) -> None:
        self._database = database
        self._traits = traits or Traits(database)

    async def replace(self, source: Source, chunks: Sequence[Chunk]) -> list[str]:
        """In one transaction store the source record and exactly these chunks for it; return ids that are gone."""
        return await self.replace_all([(source, chunks)])

    async def replace_all(self, items: Sequence[tuple[Source, Sequence[Chunk]]]) -> list[str]:
        """Do as `replace` for several sources in one transaction: a batch of small files took as many commits as files."""

        def work(connection: Connection) -> list[str]:
            coming = [chunk for _, chunks in items for chunk in chunks]
            kept = {chunk.id for chunk in coming}
            connection.many(UPSERT_SOURCE, [source_row(source) for source, _ in items])
            gone = [chunk_id for chunk_id in _ids_of(connection, [source.id for source, _ in items]) if chunk_id not in kept]
            _delete(connection, "DELETE FROM chunks WHERE id IN", gone)
            connection.many(UPSERT_CHUNK, map(chunk_row, coming))
            return gone

        with self._traits.writing(source.id for source, _ in items):
            return await self._database.write(work)

    async def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        """Return those that exist."""
        if not chunk_ids:
            return {}

        def work(connection: Connection) -> dict[str, Chunk]:
            rows = _rows(connection, f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE id IN", chunk_ids)
            return {row[0]: chunk_of(row) for row in rows}

        return await self._database.read(work)

    async def of_sources(self, source_ids: Collection[str]) -> list[Chunk]:
        """Return the chunks of these sources, ordered by source and ordinal."""
        if not source_ids:
            return []

        def work(connection: Connection) -> list[Chunk]:
            rows = _rows(connection, f"SELECT {CHUNK_COLUMNS} FROM chunks WHERE source_id IN", source_ids)
            return [chunk_of(row) for row in sorted(rows, key=_by_place)]

        return await self._database.read(work)

    async def ids(self, languages: Collection[str] | None = None) -> set[str]:
        """Return every chunk id (of these languages)."""

        def work(connection: Connection) -> set[str]:
            if languages is None:
                return {row[0] for row in connection.rows("SELECT id FROM chunks")}
            return {row[0] for row in _rows(connection, "SELECT id FROM chunks WHERE language IN", languages)}

        return await self._database.read(work)

    async def marks(self) -> list[ChunkMark]:
        """Return every chunk's id, source, modality and language, in no order."""
        sql = "SELECT id, source_id, modality, language FROM chunks"
        return await self._database.read(lambda connection: [ChunkMark(*row) for row in connection.rows(sql)])

    async def lines(self, after: int, limit: int, texts: bool = False) -> list[ChunkLine]:
        """Return a page of all chunks, those behind place `after` (0 to begin); empty at the end."""
        heavy = "digest, scope, text" if texts else "'', '', ''"
        sql = f"SELECT rowid, id, source_id, modality, language, part, offset, {heavy} FROM chunks"
        page = f"{sql} WHERE rowid > ? ORDER BY rowid LIMIT ?"
        return await self._database.read(lambda connection: [ChunkLine(*row) for row in connection.rows(page, (after, limit))])

    async def candidates(self, chunk_ids: Collection[str]) -> dict[str, Candidate]:
        """Return those that exist and whose source does."""
        found = self._traits.known(chunk_ids)
        rest = [chunk_id for chunk_id in chunk_ids if chunk_id not in found]
        if not rest:
            return found

        def work(connection: Connection) -> dict[str, Candidate]:
            rows = _rows(connection, f"SELECT {CANDIDATE} JOIN sources ON sources.id = source_id WHERE chunks.id IN", rest)
            return {row[0]: Candidate(*row) for row in rows}

        return found | await self._database.read(work)

    async def erase(self, source_ids: Collection[str]) -> list[str]:
        """Remove all chunks of these sources, overwriting their pages; return their ids."""
        if not source_ids:
            return []

        def work(connection: Connection) -> list[str]:
            gone = _ids_of(connection, source_ids)
            _delete(connection, "DELETE FROM chunks WHERE source_id IN", source_ids)
            return gone

        with self._traits.writing(source_ids):
            return await self._database.write(work, durable=True)

    async def totals(self) -> Totals:
        """Count sources and chunks."""

        def work(connection: Connection) -> Totals:
            states = connection.rows("SELECT state, count(*) FROM sources GROUP BY state")
            languages = connection.rows("SELECT language, count(*) FROM chunks GROUP BY language")
            by_state = {str(state): int(count) for state, count in states}
            by_language = {str(language): int(count) for language, count in languages}
            chunks = sum(by_language.values())
            return Totals(sources=sum(by_state.values()), chunks=chunks, by_state=by_state, by_language=by_language)

        return await self._database.read(work)


def _by_place(row: tuple[Any, ...]) -> tuple[str, int, str]:
    return row[1], row[2], row[0]


def _rows(connection: Connection, sql: str, values: Collection[str]) -> list[tuple[Any, ...]]:
    return [row for marks, part in slices(values) for row in connection.rows(f"{sql} ({marks})", part)]


def _delete(connection: Connection, sql: str, values: Collection[str]) -> None:
    for marks, part in slices(values):
        connection.rows(f"{sql} ({marks})", part)


def _ids_of(connection: Connection, source_ids: Collection[str]) -> list[str]:
    return [row[0] for row in _rows(connection, "SELECT id FROM chunks WHERE source_id IN", source_ids)]
