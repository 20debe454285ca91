"""The text index over SQLite FTS5 in a database of its own, encrypted when it has a key. Built by `app`, used as SparseIndex.

The engine finds candidates; they are ranked by the same BM25 with the same weights as Tantivy ranks, so that scores and
shares mean the same in both.
"""

import asyncio
import contextlib
import shutil
from collections.abc import Collection, Sequence
from pathlib import Path

from assistant.adapters.store.failures import damaged, guarded
from assistant.adapters.store.fts_schema import FIELDS, MIGRATIONS
from assistant.adapters.store.fts_search import beginning, frequencies, search
from assistant.adapters.store.sparse_stems import analysed
from assistant.adapters.store.sparse_text import VERSION, sound
from assistant.adapters.store.sqlite_database import Connection, Database, slices
from assistant.domain.errors import DamagedError
from assistant.domain.secret import Secret
from assistant.ports.stores import Scored, SparseQuery, SparseRow

STORE = "text index"
REMEDY = "Nothing is lost: close Mneme, delete the folder `words` in its memory and start again; it is rebuilt from the records."

FILE = "words.db"
CLOSED = "closed"
"""Says how the file was when it was last closed in order: one that still is like that is not read through at the start."""

ROWS_PER_TURN = 500
"""Rows written before other calls get their turn on the writing thread."""


class FtsSparse:
    """The SparseIndex in `folder`; a writing and a reading thread, so that no query waits for a commit.

    Writes gather in one open transaction that `commit` ends. Opens on first use or by `open`. Raises StorageError (disk,
    damage, another layout, a wrong key) and InUseError (another process writes).
    """

    def __init__(self, folder: Path, key: Secret | None = None) -> None:
        self._folder = folder
        self._key = key
        self._database = self._new()
        self._checked = False
        self._opening = asyncio.Lock()
        self._erased = False

    async def open(self) -> None:
        """Open or create, and look whether the file is sound; later calls do nothing."""
        async with self._opening:
            await self._open()

    async def upsert(self, rows: Sequence[SparseRow]) -> None:
        """Add or replace rows by chunk id; visible to `search` after `commit`."""
        await self.open()
        for start in range(0, len(rows), ROWS_PER_TURN):
            part = rows[start : start + ROWS_PER_TURN]
            if await self._database.stage(lambda connection, part=part: _upsert(connection, part)):
                self._erased = True

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove rows; visible after `commit`; unknown ids are ignored."""
        await self.open()
        if chunk_ids and await self._database.stage(lambda connection: _delete(connection, chunk_ids)):
            self._erased = True

    async def search(self, query: SparseQuery, k: int) -> list[Scored]:
        """Return at most `k` rows with any of the words, best first; scores are BM25, > 0."""
        await self.open()
        return await self._database.read(lambda connection: search(connection, query, k))

    async def frequencies(self, words: Collection[str]) -> dict[str, int]:
        """Return in how many committed bodies each word stands, by its stem; 0 for unknown ones."""
        await self.open()
        return await self._database.read(lambda connection: frequencies(connection, words))

    async def beginning(self, prefix: str) -> dict[str, int]:
        """Return the stems that begin so with the number of bodies that hold each."""
        await self.open()
        return await self._database.read(lambda connection: beginning(connection, prefix))

    async def count(self) -> int:
        """Return the number of committed rows, without listing them."""
        await self.open()
        rows = await self._database.read(lambda connection: connection.rows("SELECT count(*) FROM rows"))
        return int(rows[0][0])

    async def ids(self) -> set[str]:
        """Return every committed chunk id."""
        await self.open()
        return {row[0] for row in await self._database.read(lambda connection: connection.rows("SELECT chunk FROM rows"))}

    async def commit(self) -> None:
        """Make everything written so far searchable and durable; what was removed leaves the disk."""
        await self.open()
        await self._database.settle()
        if self._erased:
            await self._database.scrub()
            self._erased = False

    async def reset(self) -> None:
        """Throw the index away, damaged or not, and start empty: the first step of a rebuild."""
        async with self._opening:
            await self._abandon()
            self._database, self._checked, self._erased = self._new(), False, False
            await self._open()

    async def close(self) -> None:
        """Commit and release files and threads; safe to call twice."""
        checked, self._checked = self._checked, False
        await self._database.close()
        if checked:
            await asyncio.to_thread(self._mark_closed)

    def _new(self) -> Database:
        return Database(self._folder / FILE, migrations=MIGRATIONS, key=self._key, store=STORE, remedy=REMEDY)

    async def _open(self) -> None:
        if not self._checked:
            as_closed = await asyncio.to_thread(self._as_closed)
            await self._database.open()
            versions = await self._database.read(lambda connection: connection.rows("SELECT version FROM analyser"))
            if versions != [(VERSION,)]:
                raise damaged(STORE, "another analyser", REMEDY)
            if not as_closed and (complaints := await self._database.check()):
                raise damaged(STORE, complaints[0], REMEDY)
            self._checked = True

    async def _abandon(self) -> None:
        """Close the file and remove it; damage makes closing fail, which changes nothing then."""
        with contextlib.suppress(DamagedError):
            await self._database.close()
        await asyncio.to_thread(self._remove)

    def _remove(self) -> None:
        with guarded(STORE, REMEDY):
            if self._folder.is_dir():
                shutil.rmtree(self._folder)
            else:
                self._folder.unlink(missing_ok=True)

    def _as_closed(self) -> bool:
        """Tell whether the file is as it was closed, and take the mark away: from now on it changes."""
        mark = self._folder / CLOSED
        try:
            same = mark.read_text("utf-8") == self._state()
            mark.unlink()
        except OSError:
            return False
        return same

    def _mark_closed(self) -> None:
        with contextlib.suppress(OSError):  # without the mark it is read through at the next start, that is all
            (self._folder / CLOSED).write_text(self._state(), "utf-8")

    def _state(self) -> str:
        seen = (self._folder / FILE).stat()
        return f"{seen.st_size} {seen.st_mtime_ns}"


def _upsert(connection: Connection, rows: Sequence[SparseRow]) -> bool:
    """Write rows, the last of equal ids; return whether any took the place of an older one."""
    latest = {row.chunk_id: row for row in rows}
    replaced = _delete(connection, latest)
    first = int(connection.rows("SELECT coalesce(max(id), 0) + 1 FROM rows")[0][0])
    kinds: list[tuple[object, ...]] = []
    texts: list[tuple[object, ...]] = []
    lengths = [0] * len(FIELDS)
    for number, row in enumerate(latest.values(), first):
        stems = [analysed(text) for text in (row.body, row.symbols, row.path)]
        lengths = [known + len(more) for known, more in zip(lengths, stems, strict=True)]
        kinds.append((number, row.chunk_id, sound(row.source_id), row.modality, sound(row.language)))
        texts.append((number, *(" ".join(field) for field in stems)))
    connection.many(
        "INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [(*kind, *text[1:]) for kind, text in zip(kinds, texts, strict=True)],
    )
    connection.many("INSERT INTO words (rowid, body, symbols, path) VALUES (?, ?, ?, ?)", texts)
    _count(connection, len(latest), lengths)
    return replaced


def _delete(connection: Connection, chunk_ids: Collection[str]) -> bool:
    """Take rows out; return whether there were any."""
    found = False
    for marks, part in slices(chunk_ids):
        held = connection.rows(f"SELECT id, body, symbols, path FROM rows WHERE chunk IN ({marks})", part)
        if not held:
            continue
        found = True
        everything = int(connection.rows("SELECT words FROM sums WHERE field = 'rows'")[0][0])
        if len(held) == everything:
            connection.rows("INSERT INTO words (words) VALUES ('delete-all')")
        else:
            connection.many("INSERT INTO words (words, rowid, body, symbols, path) VALUES ('delete', ?, ?, ?, ?)", held)
        connection.many("DELETE FROM rows WHERE id = ?", [(row[0],) for row in held])
        _count(connection, -len(held), [-sum(len(row[place + 1].split()) for row in held) for place in range(len(FIELDS))])
    return found


def _count(connection: Connection, rows: int, words: Sequence[int]) -> None:
    changes = [(rows, "rows"), *zip(words, FIELDS, strict=True)]
    connection.many("UPDATE sums SET words = words + ? WHERE field = ?", changes)
