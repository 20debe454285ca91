"""Opening, migrating, locking, scrubbing: the record database beyond what its stores promise."""

import asyncio
import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest
from sqlcipher3 import dbapi2

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.adapters.store.sqlite_journal import SqliteJournal, SqliteVectorCache
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.store.sqlite_schema import MIGRATIONS, Migration
from assistant.domain.errors import InUseError, StorageError
from assistant.domain.plan import Action, Decision, Verdict
from assistant.domain.secret import Secret
from tests.contract.samples import AT, StillClock, chunk, source, unit

NEWEST = MIGRATIONS[-1].number
LATER = Migration(NEWEST + 1, "a column", ("ALTER TABLE sources ADD COLUMN mood TEXT NOT NULL DEFAULT 'fine'",))
BROKEN = Migration(NEWEST + 2, "half a change", ("CREATE TABLE half (x)", "CREATE TABLE sources (x)"))


def look(path: Path, sql: str) -> list[tuple[Any, ...]]:
    connection: Any = dbapi2.connect(str(path))
    try:
        return connection.execute(sql).fetchall()
    finally:
        connection.close()


async def test_opening_makes_a_private_file_in_the_right_mode(tmp_path: Path) -> None:
    path = tmp_path / "new" / "folder" / "records.db"
    database = Database(path)
    await database.open()
    await database.open()
    names = ("journal_mode", "foreign_keys", "secure_delete", "auto_vacuum")
    found = [(await database.write(lambda connection, name=name: connection.rows(f"PRAGMA {name}")))[0][0] for name in names]
    assert found == ["wal", 1, 1, 2]
    assert await database.check() == []
    await database.close()
    await database.close()
    assert look(path, "SELECT number FROM migrations ORDER BY number") == [(step.number,) for step in MIGRATIONS]
    if sys.platform != "win32":
        assert path.stat().st_mode & 0o077 == 0


async def test_migrations_run_once_in_order_with_a_backup_before(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    first = Database(path)
    await SqliteSources(first).put([source("s1")])
    await first.close()
    assert not list(tmp_path.glob("*before*")), "a new database needs no backup"

    for _ in range(2):
        second = Database(path, migrations=(*MIGRATIONS, LATER))
        assert list(await SqliteSources(second).get(["s1"])) == ["s1"]
        await second.close()
    assert look(path, "SELECT id, mood FROM sources") == [("s1", "fine")]
    assert look(path, "SELECT number, name FROM migrations ORDER BY number")[-1] == (LATER.number, "a column")
    backup = tmp_path / f"records.db.before-{LATER.number}"
    assert look(backup, "SELECT id FROM sources") == [("s1",)]
    assert look(backup, "SELECT max(number) FROM migrations") == [(NEWEST,)]


async def test_a_failing_migration_leaves_the_layout_before_it(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    broken = Database(path, migrations=(*MIGRATIONS, LATER, BROKEN))
    with pytest.raises(StorageError):
        await broken.open()
    await broken.close()
    assert look(path, "SELECT max(number) FROM migrations") == [(LATER.number,)]
    assert look(path, "SELECT name FROM sqlite_master WHERE name = 'half'") == []
    database = Database(path, migrations=(*MIGRATIONS, LATER))
    await database.open()
    await database.close()


async def test_a_newer_layout_is_refused_and_kept(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    newer = Database(path, migrations=(*MIGRATIONS, LATER))
    await newer.open()
    await newer.close()
    older = Database(path)
    with pytest.raises(StorageError, match="newer"):
        await older.open()
    await older.close()
    assert look(path, "SELECT count(*) FROM migrations") == [(LATER.number,)]


async def test_two_that_open_a_new_database_at_once_both_can(tmp_path: Path) -> None:
    both = [Database(tmp_path / "records.db") for _ in range(2)]
    await asyncio.gather(*(database.open() for database in both))
    for database in both:
        assert await database.check() == []
        await database.close()


async def test_a_query_does_not_wait_for_a_long_write(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    chunks = SqliteChunks(database)
    await chunks.replace(source("s1"), [chunk(1)])
    begun, go_on = threading.Event(), threading.Event()

    def long_write(connection: Connection) -> None:
        connection.rows("DELETE FROM chunks")
        begun.set()
        assert go_on.wait(30)

    writing = asyncio.ensure_future(database.write(long_write))
    assert await asyncio.to_thread(begun.wait, 30)
    async with asyncio.timeout(30):
        assert len(await chunks.get([chunk(1).id])) == 1
        assert (await chunks.totals()).chunks == 1
        assert len(await SqliteSources(database).find()) == 1
    go_on.set()
    await writing
    assert await chunks.ids() == set()
    await database.close()


async def test_a_failed_write_leaves_nothing_and_the_next_one_works(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    chunks = SqliteChunks(database)
    stray = chunk(2).model_copy(update={"source_id": "of nobody"})
    with pytest.raises(StorageError):
        await chunks.replace(source("s1"), [chunk(1), stray])
    assert (await chunks.totals()).sources == 0
    await chunks.replace(source("s1"), [chunk(1)])
    assert (await chunks.totals()).chunks == 1
    await database.close()


async def test_a_full_disk_is_named_and_nothing_is_lost(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    chunks = SqliteChunks(database)
    await chunks.replace(source("s1"), [chunk(1)])
    pages = (await database.read(lambda connection: connection.rows("PRAGMA page_count")))[0][0]
    await database._writing.run(lambda: database._ready_writer().rows(f"PRAGMA max_page_count = {pages}"))
    with pytest.raises(StorageError, match="disk is full") as caught:
        await chunks.replace(source("s2"), [chunk(n, "s2", text="x" * 5000) for n in range(2, 50)])
    assert caught.value.remedy
    assert await chunks.ids() == {chunk(1).id}
    await database._writing.run(lambda: database._ready_writer().rows("PRAGMA max_page_count = 1000000"))
    await chunks.replace(source("s2"), [chunk(2, "s2")])
    assert await database.check() == []
    await database.close()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="permissions do not bind this user")
async def test_a_read_only_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "locked").mkdir(mode=0o500)
    database = Database(tmp_path / "locked" / "records.db")
    with pytest.raises(StorageError, match="read-only"):
        await database.open()
    await database.close()


async def test_a_place_that_cannot_hold_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "records.db").mkdir()
    database = Database(tmp_path / "records.db")
    with pytest.raises(StorageError, match="folder"):
        await database.open()
    await database.close()


async def test_what_is_no_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    path.write_bytes(b"not a database at all " * 500)
    database = Database(path)
    with pytest.raises(StorageError, match="damaged"):
        await database.open()
    await database.close()
    assert path.read_bytes() == b"not a database at all " * 500


async def test_damage_inside_is_found_by_the_check(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    database = Database(path)
    await SqliteChunks(database).replace(source("s1"), [chunk(n, text="word " * 500) for n in range(200)])
    await database.close()
    content = bytearray(path.read_bytes())
    for page in range(60, len(content) // 4096, 3):
        content[page * 4096 : page * 4096 + 200] = b"\xff" * 200
    path.write_bytes(bytes(content))
    damaged = Database(path)
    assert await damaged.check()
    with pytest.raises(StorageError, match="damaged"):
        await SqliteChunks(damaged).of_sources(["s1"])
    await damaged.close()


async def test_erased_text_is_gone_from_every_file(tmp_path: Path) -> None:
    path = tmp_path / "records.db"
    first = Database(path)
    await SqliteChunks(first).replace(source("s1"), [chunk(1, text="the unforgettable secret " * 300)])
    await SqliteVectorCache(first).put("m", {"digest 1": unit(*range(1, 385))})
    await first.close()
    second = Database(path, migrations=(*MIGRATIONS, LATER))
    chunks = SqliteChunks(second)
    await chunks.replace(source("s2"), [chunk(2, "s2", text="what stays")])
    size = path.stat().st_size
    assert any(b"unforgettable" in file.read_bytes() for file in tmp_path.iterdir())
    await chunks.erase(["s1"])
    await SqliteVectorCache(second).erase(["digest 1"])
    await SqliteSources(second).delete(["s1"])
    await second.scrub()
    vector = unit(*range(1, 385)).tobytes()[:64]
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert b"unforgettable" not in content, file
        assert vector not in content, file
    assert path.stat().st_size < size
    assert len(await chunks.ids()) == 1
    await second.close()


async def test_the_audit_only_grows(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    audit = SqliteAudit(database)
    action = Action(tool="recall", origin="cli", paths=("/a", "/б"), writes=True)
    await audit.record(action, Verdict(decision=Decision.ASK, rule="default", reason="unknown"), AT)
    for sql in ("DELETE FROM audit", "UPDATE audit SET decision = 'allow'", "DELETE FROM journal"):
        await SqliteJournal(database, StillClock()).begin("remember", [source("s1")])
        with pytest.raises(StorageError):
            await database.write(lambda connection, sql=sql: connection.rows(sql))
    await database.close()
    ((at, tool, origin, paths, writes, network, decision, rule, reason),) = look(
        tmp_path / "records.db", "SELECT at, tool, origin, paths, writes, network, decision, rule, reason FROM audit"
    )
    assert (at, tool, origin, json.loads(paths)) == (AT.isoformat(), "recall", "cli", ["/a", "/б"])
    assert (writes, network, decision, rule, reason) == (1, 0, "ask", "default", "unknown")


async def test_after_closing_it_says_so(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    await database.close()
    with pytest.raises(StorageError, match="closed"):
        await SqliteSources(database).find()


async def test_errors_name_the_other_holder(tmp_path: Path) -> None:
    one, two = Database(tmp_path / "records.db", busy_seconds=0.05), Database(tmp_path / "records.db", busy_seconds=0.05)
    await one.open()
    await two.open()
    await one._writing.run(lambda: one._ready_writer().rows("BEGIN IMMEDIATE"))
    with pytest.raises(InUseError):
        await SqliteSources(two).put([source("s1")])
    await one._writing.run(lambda: one._ready_writer().rows("ROLLBACK"))
    await SqliteSources(two).put([source("s1")])
    await one.close()
    await two.close()


async def test_with_a_key_nothing_on_disk_can_be_read(tmp_path: Path) -> None:
    key, canary = Secret(bytes(range(32))), "the canary in the mine"
    path = tmp_path / "records.db"
    first = Database(path, key=key)
    await SqliteChunks(first).replace(source("s1", path="/home/u/canary.txt"), [chunk(1, text=f"{canary} " * 300)])
    await SqliteVectorCache(first).put("m", {"digest 1": unit(*range(1, 385))})
    for file in tmp_path.iterdir():  # while it is open: the write-ahead log is encrypted as well
        assert b"canary" not in file.read_bytes(), file
    await first.close()
    second = Database(path, key=key, migrations=(*MIGRATIONS, LATER))  # a copy is kept from before the migration
    assert canary in (await SqliteChunks(second).get([chunk(1).id]))[chunk(1).id].text
    assert await second.check() == []
    await second.close()
    assert sorted(file.name for file in tmp_path.iterdir()) == ["records.db", f"records.db.before-{LATER.number}"]
    vector = unit(*range(1, 385)).tobytes()[:64]
    for file in tmp_path.iterdir():
        content = file.read_bytes()
        assert not content.startswith(b"SQLite format 3")
        assert b"canary" not in content and vector not in content and b"CREATE TABLE" not in content


@pytest.mark.parametrize("other", [None, Secret(bytes(32))])
async def test_another_key_or_none_opens_nothing(tmp_path: Path, other: Secret | None, capfd: pytest.CaptureFixture[str]) -> None:
    path, key = tmp_path / "records.db", Secret(bytes(range(32)))
    first = Database(path, key=key)
    await SqliteSources(first).put([source("s1")])
    await first.close()
    before = path.read_bytes()
    wrong = Database(path, key=other)
    with pytest.raises(StorageError) as caught:
        await wrong.open()
    await wrong.close()
    assert path.read_bytes() == before
    told = str(caught.value) + repr(caught.value.__cause__) + "".join(capfd.readouterr())
    assert not any(form in told for form in (*key.forms(), *Secret(bytes(32)).forms()))
