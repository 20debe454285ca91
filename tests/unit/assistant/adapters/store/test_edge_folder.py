"""Files of holes are copied as such, and names of backups tell their order whatever the clock does."""

import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from assistant.adapters.store import sqlite_backup
from assistant.adapters.store.edge_folder import copy_with_holes
from assistant.adapters.store.failures import require_room
from assistant.adapters.store.sqlite_backup import SqliteBackups
from assistant.adapters.store.sqlite_database import Database
from assistant.domain.errors import CrampedError

MIB = 1024 * 1024


@pytest.mark.parametrize("pieces", [(), ((0, b"head"),), ((3 * MIB, b"middle"),), ((0, b"a" * 5000), (7 * MIB - 3, b"end"))])
def test_a_copy_is_equal_and_no_larger_on_disk(tmp_path: Path, pieces: tuple[tuple[int, bytes], ...]) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    with source.open("wb") as stream:
        stream.truncate(7 * MIB)
        for at, data in pieces:
            stream.seek(at)
            stream.write(data)
    copy_with_holes(str(source), str(target))
    assert target.read_bytes() == source.read_bytes()
    if sys.platform == "linux":
        assert target.stat().st_blocks * 512 <= source.stat().st_blocks * 512 + MIB


def test_an_empty_file_is_copied(tmp_path: Path) -> None:
    (tmp_path / "source").touch()
    copy_with_holes(str(tmp_path / "source"), str(tmp_path / "target"))
    assert (tmp_path / "target").read_bytes() == b""


def test_too_little_room_is_told_before_the_engine_meets_it(tmp_path: Path) -> None:
    require_room(tmp_path, 1, "vector index")
    with pytest.raises(CrampedError, match="vector index rests"):
        require_room(tmp_path, 1 << 60, "vector index")


async def test_a_backup_made_after_the_clock_was_set_back_is_the_newest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    at = datetime(2030, 1, 1, tzinfo=UTC)

    class Clock(datetime):
        @classmethod
        def now(cls, tz: object = None) -> datetime:
            return at

    monkeypatch.setattr(sqlite_backup, "datetime", Clock)
    database = Database(tmp_path / "records.db")
    await database.open()
    backups = SqliteBackups(database, tmp_path / "backups")
    made: list[str] = []
    for step in (timedelta(), timedelta(days=-1200), timedelta(days=-1300), timedelta(days=5)):
        at = datetime(2030, 1, 1, tzinfo=UTC) + step
        made.append((await backups.create()).path)
    assert [copy.path for copy in await backups.kept()] == made[::-1]
    await backups.drop(2, 1 << 40)
    assert [copy.path for copy in await backups.kept()] == made[:1:-1]
    await database.close()
