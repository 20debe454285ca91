"""Copies of the record database: made while it is used, checked, rotated, put back. Built by `app`, used as Backups."""

import asyncio
import contextlib
import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import guarded
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_schema import MIGRATIONS
from assistant.domain.errors import DamagedError, StorageError
from assistant.domain.secret import Secret
from assistant.domain.upkeep import Backup

STORE = "backup"
REMEDY = "Free some space or choose another place, and try again."
PREFIX, SUFFIX = "records-", ".db"
STAMP = "%Y%m%d-%H%M%S-%f"
PLAIN = b"SQLite format 3\0"


class SqliteBackups:
    """The Backups of one record database; automatic ones lie in `folder`. With a `key` they are encrypted as it is."""

    def __init__(self, database: Database | None, folder: Path, key: Secret | None = None) -> None:
        self._database = database
        self._folder = folder
        self._key = key

    async def create(self, target: str = "") -> Backup:
        """Write a checked copy: to `target`, which must not exist, or as an automatic one."""
        place = Path(target) if target else self._next()
        if place.exists():
            raise StorageError(f"{place} exists already.", kept="It was not touched.", remedy="Choose another name.")
        partial = place.with_name(place.name + ".part")
        with guarded(STORE, REMEDY):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                partial.unlink(missing_ok=True)
                await self._live().copy_to(partial)
                await self.examine(str(partial))
                await asyncio.to_thread(_settle, partial, place)
            finally:
                partial.unlink(missing_ok=True)
        return await self.examine(str(place))

    async def kept(self) -> list[Backup]:
        """List automatic copies, newest first."""
        return [backup for file in self._files() if (backup := await self._described(file)) is not None]

    async def examine(self, file: str) -> Backup:
        """Check a copy wholly; raises DamagedError for one that cannot be put back."""
        place = Path(file)
        if not await asyncio.to_thread(place.is_file):
            raise StorageError(f"There is no backup {place}.", kept="Nothing was changed.", remedy="Check the spelling.")
        newest = max(step.number for step in MIGRATIONS)
        copy = Database(place, key=self._key, store=STORE, remedy="Choose another backup.")
        try:
            layout, sources, chunks, complaints = await copy.inspect()
        finally:
            await copy.close()
        if complaints:
            raise DamagedError(
                f"The backup {place} is damaged ({complaints[0]}).", kept="Nothing was changed.", remedy="Choose another one."
            )
        if layout > newest:
            raise StorageError(
                f"The backup {place} was written by a newer Mneme.", kept="Nothing was changed.", remedy="Use the newer version."
            )
        look = await asyncio.to_thread(place.stat)
        automatic = place.parent == self._folder
        at = datetime.fromtimestamp(look.st_mtime, UTC)
        return Backup(path=file, at=at, bytes=look.st_size, sources=sources, chunks=chunks, automatic=automatic)

    async def restore(self, file: str) -> None:
        """Replace the records by a copy's, in one transaction."""
        await self._live().take_over(Path(file))

    async def drop(self, keep: int, most_bytes: int) -> int:
        """Delete automatic copies beyond the newest `keep` or beyond so many bytes, oldest first; return the bytes freed.

        What a crash left half written goes as well, and in an encrypted memory every copy that is not encrypted.
        """
        return await asyncio.to_thread(self._drop, keep, most_bytes)

    def _drop(self, keep: int, most_bytes: int) -> int:
        freed = held = kept = 0
        with guarded(STORE, "Give yourself the right to delete there."):
            for partial in self._folder.glob("*.part*"):
                partial.unlink(missing_ok=True)
            for file in self._files():
                size = file.stat().st_size
                held += size
                if kept < keep and held <= most_bytes and not (self._key is not None and _plain(file)):
                    kept += 1
                else:
                    freed += size
                    file.unlink()
        return freed

    def _next(self) -> Path:
        """Return a name for now that sorts behind all there are, whatever the clock did since: names tell the order."""
        now = datetime.now(UTC)
        newest = self.newest()
        if newest is not None:
            with contextlib.suppress(ValueError):
                last = datetime.strptime(newest.name.removeprefix(PREFIX).removesuffix(SUFFIX), STAMP).replace(tzinfo=UTC)
                now = max(now, last + timedelta(microseconds=1))
        return self._folder / f"{PREFIX}{now:{STAMP}}{SUFFIX}"

    def newest(self) -> Path | None:
        """Return the newest automatic copy, unexamined."""
        return next(iter(self._files()), None)

    def _files(self) -> list[Path]:
        """Automatic copies by name, which tells their time, newest first."""
        return sorted(self._folder.glob(f"{PREFIX}*{SUFFIX}"), reverse=True)

    async def _described(self, file: Path) -> Backup | None:
        with contextlib.suppress(StorageError):
            return await self.examine(str(file))
        return None

    def _live(self) -> Database:
        assert self._database is not None, "copies are made of an open memory"
        return self._database


def put_in_place(file: Path, records: Path, aside: Path) -> None:
    """Replace a record database that nobody has open by a checked copy; the present one goes to `aside`. Raises StorageError."""
    with guarded(STORE, REMEDY):
        partial = records.with_name(records.name + ".part")
        shutil.copyfile(file, partial)
        partial.chmod(0o600)
        for ending in ("", "-wal", "-shm"):
            present = records.with_name(records.name + ending)
            if present.exists():
                present.rename(aside.with_name(aside.name + ending))
        _settle(partial, records)


def _settle(partial: Path, place: Path) -> None:
    with partial.open("rb+") as file:
        os.fsync(file.fileno())
    partial.replace(place)
    sync_folder(place.parent)


def _plain(file: Path) -> bool:
    with file.open("rb") as stream:
        return stream.read(len(PLAIN)) == PLAIN
