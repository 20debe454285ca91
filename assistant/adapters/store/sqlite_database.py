"""The record database: opening, migrations, transactions and care. Shared by the record stores of this room."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

from sqlcipher3 import dbapi2 as untyped

from assistant.adapters.store.failures import damaged
from assistant.adapters.store.lane import Lane
from assistant.adapters.store.sqlite_schema import MIGRATIONS, Migration
from assistant.domain.errors import StorageError
from assistant.domain.secret import Secret

T = TypeVar("T")

dbapi2: Any = untyped

STORE = "record database"
REMEDY = "Put back a copy from your backup, or move the file away and add your folders again: your own files are untouched."

READ_CACHE_KB = 32_768

SLICE = 5000
"""Values bound in one statement; the engine allows 250,000 but its planner slows down long before."""


class Connection:
    """The engine's connection, narrowed to what the stores use, with its rows typed."""

    def __init__(self, raw: Any) -> None:
        self._raw = raw

    def rows(self, sql: str, values: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """Run one statement and return all its rows."""
        return self._raw.execute(sql, values).fetchall()

    def many(self, sql: str, values: Iterable[Sequence[object]]) -> None:
        """Run one statement for each row of values."""
        self._raw.executemany(sql, values)

    def copy_into(self, other: "Connection") -> None:
        """Make the other file hold what this one does, page by page."""
        self._raw.backup(other._raw)

    def close(self) -> None:
        """Release the file."""
        self._raw.close()


def slices(values: Iterable[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Cut values into lists that one statement can bind; yields the placeholders and the values."""
    everything = tuple(dict.fromkeys(values))
    for start in range(0, len(everything), SLICE):
        part = everything[start : start + SLICE]
        yield ",".join("?" * len(part)), part


def unlock(connection: Connection, key: Secret) -> None:
    """Give a connection its 32-byte key, before anything else is asked of it; a wrong one shows at the first read."""
    # The engine would report a failing page on standard error.
    connection.rows("PRAGMA cipher_log_level = NONE")
    connection.rows(f"PRAGMA key = \"x'{key.reveal().hex()}'\"")
    connection.rows("PRAGMA temp_store = MEMORY")


class Database:
    """One SQLite file with a writing and a reading thread, so that no query waits for a long write.

    Opens and migrates on first use or by `open`. Raises StorageError (disk, damage, a newer layout) and InUseError
    (another process holds the file for longer than `busy_seconds`). With a `key` of 32 bytes everything on disk is
    encrypted (SQLCipher 4, AES-256 with an HMAC for each page), the log and every copy made with VACUUM INTO included.
    `store` and `remedy` are how errors name it, and where they say a sound copy comes from.
    """

    def __init__(
        self,
        path: Path,
        *,
        migrations: Sequence[Migration] = MIGRATIONS,
        busy_seconds: float = 5.0,
        key: Secret | None = None,
        store: str = STORE,
        remedy: str = REMEDY,
    ) -> None:
        self._path = path
        self._key = key
        self._migrations = tuple(migrations)
        self._busy_seconds = busy_seconds
        self._store, self._remedy = store, remedy
        self._writing = Lane(store, remedy)
        self._reading = Lane(store, remedy)
        self._staged = False
        self._writer: Connection | None = None
        self._reader: Connection | None = None
        self.generation = 0
        """How many times everything was replaced at once: nothing read before it counts any more."""

    async def open(self) -> None:
        """Open and migrate; later calls do nothing."""
        if self._writer is None:
            await self._writing.run(self._ready_writer)

    async def read(self, work: Callable[[Connection], T]) -> T:
        """Run `work` on the reading thread over one consistent snapshot."""
        await self.open()
        return await self._reading.run(lambda: self._read(work))

    async def write(self, work: Callable[[Connection], T], *, durable: bool = False) -> T:
        """Run `work` on the writing thread in one transaction; `durable` waits until the disk has it."""
        return await self._writing.run(lambda: self._write(work, durable))

    async def stage(self, work: Callable[[Connection], T]) -> T:
        """Run `work` in a transaction that stays open until `settle` or `close`: nobody sees its writes before.

        A failure takes back `work` alone, or on a full disk everything staged. A database that stages is not written otherwise.
        """
        return await self._writing.run(lambda: self._stage(work))

    async def settle(self) -> None:
        """Commit what was staged; it then survives a crash of Mneme, as `write` without `durable` does."""
        await self._writing.run(self._settle)

    async def check(self, short: bool = False) -> list[str]:
        """Run the engine's integrity check (the `short` one leaves indexes out); return complaints, empty when sound.

        On a thread and a connection of its own: writing and reading go on.
        """
        await self.open()
        return await self.aside(lambda connection: self._check(connection, short))

    async def inspect(self) -> tuple[int, int, int, list[str]]:
        """Look at a file that nobody has open, changing nothing; return its layout, its sources and chunks, and complaints."""
        return await self.aside(self._inspect)

    async def copy_to(self, target: Path) -> None:
        """Write a sound copy of everything committed to a new file, encrypted as this one is; nobody waits for it."""
        await self.open()
        await self.aside(lambda connection: self._copy(connection, target))

    async def take_over(self, copy: Path) -> None:
        """Replace everything by what a copy holds, in one transaction: readers see the one or the other. Then migrate it."""
        self.generation += 1
        await self._writing.run(lambda: self._take_over(copy))
        self.generation += 1

    async def aside(self, work: Callable[[Connection], T]) -> T:
        """Run long work on a thread and a connection of its own: writing and reading go on."""
        lane = Lane(f"{self._store} upkeep", self._remedy)

        def whole() -> T:
            connection = self._connect()
            try:
                return work(connection)
            finally:
                connection.close()

        try:
            return await lane.run(whole)
        finally:
            await lane.close(lambda: None)

    async def scrub(self) -> None:
        """Give freed pages back, truncate the log, drop copies kept from migrations: erased text is gone from disk."""
        await self._writing.run(self._scrub)

    async def close(self) -> None:
        """Checkpoint and release; safe to call twice."""
        await self._reading.close(self._close_reader)
        await self._writing.close(self._close_writer)

    def _connect(self, path: Path | None = None) -> Connection:
        raw = dbapi2.connect(str(path or self._path), timeout=self._busy_seconds, isolation_level=None, cached_statements=256)
        connection = Connection(raw)
        if self._key is not None:
            unlock(connection, self._key)
        connection.rows(f"PRAGMA busy_timeout = {int(self._busy_seconds * 1000)}")
        return connection

    def _ready_writer(self) -> Connection:
        if self._writer is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._path.touch(mode=0o600)
            connection = self._connect()
            try:
                # Only an empty file takes this; it lets `scrub` give pages back without rewriting the whole file.
                connection.rows("PRAGMA auto_vacuum = INCREMENTAL")
                connection.rows("PRAGMA journal_mode = WAL")
                # A crash of Mneme loses nothing in this mode; a power cut may lose the last commits, never the order of
                # commits. What must outlive a power cut asks for `durable`, which syncs everything before it as well.
                connection.rows("PRAGMA synchronous = NORMAL")
                connection.rows("PRAGMA foreign_keys = ON")
                connection.rows("PRAGMA secure_delete = ON")
                connection.rows("PRAGMA journal_size_limit = 67108864")
                self._migrate(connection)
            except BaseException:
                connection.close()
                raise
            self._writer = connection
        return self._writer

    def _ready_reader(self) -> Connection:
        if self._reader is None:
            self._reader = self._connect()
            self._reader.rows("PRAGMA query_only = ON")
            # A query reads some hundreds of rows all over the file; with the engine's 8 MB most would come from disk calls.
            self._reader.rows(f"PRAGMA cache_size = -{READ_CACHE_KB}")
        return self._reader

    def _migrate(self, connection: Connection) -> None:
        connection.rows("CREATE TABLE IF NOT EXISTS migrations (number INTEGER PRIMARY KEY, name TEXT, applied TEXT)")
        applied = {int(row[0]) for row in connection.rows("SELECT number FROM migrations")}
        newest = max((step.number for step in self._migrations), default=0)
        if applied and max(applied) > newest:
            raise StorageError(
                f"The {self._store} was written by a newer Mneme (layout {max(applied)}, this one knows {newest}).",
                kept="Nothing was changed.",
                remedy="Use the newer version.",
            )
        missing = [step for step in self._migrations if step.number not in applied]
        if missing and applied:
            self._back_up(connection, max(applied))
        for step in missing:
            self._apply(connection, step)

    def _apply(self, connection: Connection, step: Migration) -> None:
        connection.rows("BEGIN IMMEDIATE")
        try:
            # Another process may have got here first while this one waited for the lock.
            if not connection.rows("SELECT 1 FROM migrations WHERE number = ?", (step.number,)):
                for statement in step.sql:
                    connection.rows(statement)
                if step.work:
                    step.work(connection)
                now = datetime.now(UTC).isoformat()
                connection.rows("INSERT INTO migrations VALUES (?, ?, ?)", (step.number, step.name, now))
            connection.rows("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def _back_up(self, connection: Connection, number: int) -> None:
        target = self._path.with_name(f"{self._path.name}.before-{number + 1}")
        partial = target.with_name(target.name + ".part")
        partial.unlink(missing_ok=True)
        connection.rows("VACUUM INTO ?", (str(partial),))
        partial.replace(target)

    def _read(self, work: Callable[[Connection], T]) -> T:
        connection = self._ready_reader()
        connection.rows("BEGIN")
        try:
            return work(connection)
        finally:
            _roll_back(connection)

    def _write(self, work: Callable[[Connection], T], durable: bool) -> T:
        connection = self._ready_writer()
        if durable:
            connection.rows("PRAGMA synchronous = FULL")
        try:
            connection.rows("BEGIN IMMEDIATE")
            result = work(connection)
            connection.rows("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise
        finally:
            if durable:
                connection.rows("PRAGMA synchronous = NORMAL")
        return result

    def _stage(self, work: Callable[[Connection], T]) -> T:
        connection = self._ready_writer()
        if not self._staged:
            connection.rows("BEGIN IMMEDIATE")
            self._staged = True
        try:
            connection.rows("SAVEPOINT staged")
            result = work(connection)
            connection.rows("RELEASE staged")
        except BaseException:
            self._unstage(connection)
            raise
        return result

    def _unstage(self, connection: Connection) -> None:
        try:
            connection.rows("ROLLBACK TO staged")
            connection.rows("RELEASE staged")
        except dbapi2.OperationalError as error:
            # The engine rolled everything back by itself (full disk).
            if "no such savepoint" not in str(error):
                raise
            self._staged = False

    def _settle(self) -> None:
        if not self._staged:
            return
        connection = self._ready_writer()
        self._staged = False
        try:
            connection.rows("COMMIT")
        except BaseException:
            _roll_back(connection)
            raise

    def _check(self, connection: Connection, short: bool) -> list[str]:
        try:
            complaints = [str(row[0]) for row in connection.rows(f"PRAGMA {'quick' if short else 'integrity'}_check(20)")]
            orphans = [] if short else connection.rows("PRAGMA foreign_key_check")
        except dbapi2.DatabaseError as error:
            if "malformed" not in str(error):
                raise
            return [str(damaged(self._store, str(error), self._remedy))]
        return [line for line in complaints if line != "ok"] + [f"{row[0]}: a row without its {row[2]}" for row in orphans]

    def _inspect(self, connection: Connection) -> tuple[int, int, int, list[str]]:
        connection.rows("PRAGMA query_only = ON")
        complaints = self._check(connection, short=False)
        if complaints:
            return 0, 0, 0, complaints
        layout = connection.rows("SELECT max(number) FROM migrations")[0][0]
        counts = connection.rows("SELECT (SELECT count(*) FROM sources), (SELECT count(*) FROM chunks)")[0]
        return int(layout or 0), int(counts[0]), int(counts[1]), []

    def _copy(self, connection: Connection, target: Path) -> None:
        target.touch(mode=0o600)
        copy = self._connect(target)
        try:
            connection.copy_into(copy)
            copy.rows("PRAGMA journal_mode = DELETE")
        finally:
            copy.close()

    def _take_over(self, copy: Path) -> None:
        writer = self._ready_writer()
        source = self._connect(copy)
        try:
            source.copy_into(writer)
        finally:
            source.close()
        self._migrate(writer)

    def _scrub(self) -> None:
        connection = self._ready_writer()
        connection.rows("PRAGMA incremental_vacuum")
        connection.rows("PRAGMA wal_checkpoint(TRUNCATE)")
        for copy in self._path.parent.glob(f"{self._path.name}.before-*"):
            copy.unlink(missing_ok=True)

    def _close_reader(self) -> None:
        if self._reader is not None:
            self._reader.close()
            self._reader = None

    def _close_writer(self) -> None:
        if self._writer is not None:
            try:
                self._settle()
                self._writer.rows("PRAGMA wal_checkpoint(TRUNCATE)")
            finally:
                self._writer.close()
                self._writer = None


def _roll_back(connection: Connection) -> None:
    try:
        connection.rows("ROLLBACK")
    except dbapi2.OperationalError as error:
        # The engine may have rolled back by itself already (full disk); there is nothing left to undo then.
        if "no transaction" not in str(error):
            raise
