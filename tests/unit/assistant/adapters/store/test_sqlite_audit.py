"""The chain of the audit: whoever changes a line behind Mneme's back is found, and so is a line that is gone or put in."""

from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_audit import MOST_PATHS, SqliteAudit
from assistant.adapters.store.sqlite_chain import PAGE
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_schema import MIGRATIONS
from assistant.domain.errors import StorageError
from assistant.domain.plan import Action, Decision, Verdict
from tests.contract.samples import AT

YES = Verdict(decision=Decision.ALLOW, rule="r", reason="said so")
OPEN = "DROP TRIGGER audit_keeps; DROP TRIGGER audit_stays; DROP TRIGGER audit_linked"
ROW = "(at, tool, origin, paths, writes, network, decision, rule, reason)"


@pytest.fixture
async def database(tmp_path: Path):
    database = Database(tmp_path / "records.db")
    yield database
    await database.close()


async def filled(database: Database, lines: int = 5) -> SqliteAudit:
    audit = SqliteAudit(database)
    for number in range(lines):
        await audit.record(Action(tool=f"t{number}", origin="cli", paths=(f"/a/{number}",)), YES, AT)
    return audit


async def tamper(database: Database, sql: str) -> None:
    for statement in (*OPEN.split("; "), sql):
        await database.write(lambda connection, statement=statement: connection.rows(statement))


@pytest.mark.parametrize(
    ("sql", "broken"),
    [
        ("UPDATE audit SET decision = 'deny' WHERE seq = 3", [3]),
        ("UPDATE audit SET paths = '[\"/other\"]' WHERE seq = 3", [3]),
        ("UPDATE audit SET paths = 'torn' WHERE seq = 3", [3]),
        ("UPDATE audit SET paths = '[1]' WHERE seq = 3", [3]),
        ("UPDATE audit SET reason = 'fine' WHERE seq = 2", [2]),
        ("UPDATE audit SET correlation = 'x' WHERE seq = 5", [5]),
        ("UPDATE audit SET hash = 'x' WHERE seq = 2", [2, 3]),
        ("DELETE FROM audit WHERE seq = 3", [3, 4]),
        ("DELETE FROM audit WHERE seq = 1", [1, 2]),
        ("DELETE FROM audit WHERE seq >= 4", [4, 5]),
        (f"INSERT INTO audit {ROW} SELECT at, tool, origin, paths, 0, 0, 'allow', 'r', 'r' FROM audit WHERE seq = 1", [6]),
    ],
)
async def test_tampering_is_found(database: Database, sql: str, broken: list[int]) -> None:
    audit = await filled(database)
    await tamper(database, sql)
    assert await audit.check() == broken


async def test_neither_hashes_nor_correlations_can_be_changed_through_the_database(database: Database) -> None:
    audit = await filled(database)
    for sql in ("UPDATE audit SET hash = ''", "UPDATE audit SET correlation = 'x'", "DELETE FROM audit"):
        with pytest.raises(StorageError):
            await database.write(lambda connection, sql=sql: connection.rows(sql))
    assert await audit.check() == []


async def test_a_record_from_before_the_chain_is_chained_when_it_is_opened(tmp_path: Path) -> None:
    old = Database(tmp_path / "records.db", migrations=[step for step in MIGRATIONS if step.number < 12])
    sql = f"INSERT INTO audit {ROW} VALUES (?, 't', 'cli', ?, 0, 0, 'allow', 'r', 'reason')"
    rows = [(AT.isoformat(), f'["forgotten:0a1b2c", "/a/{number}"]') for number in range(PAGE + 2)]
    await old.write(lambda connection: connection.many(sql, rows))
    await old.close()
    database = Database(tmp_path / "records.db")
    audit = SqliteAudit(database)
    assert await audit.check() == []
    await audit.record(Action(tool="new", origin="cli"), YES, AT)
    await audit.redact(["/a/1"])
    assert (await audit.read(limit=1))[0].seq == PAGE + 3
    assert await audit.check() == []
    await tamper(database, "UPDATE audit SET tool = 'x' WHERE seq = 2")
    assert await audit.check() == [2]
    await database.close()


async def test_of_very_many_paths_some_are_kept_with_their_number(database: Database) -> None:
    audit = SqliteAudit(database)
    await audit.record(Action(tool="t", origin="cli", paths=tuple(f"/a/{n}" for n in range(MOST_PATHS + 7))), YES, AT)
    (line,) = await audit.read()
    assert len(line.paths) == MOST_PATHS + 1
    assert line.paths[-1] == "… +7"
    assert await audit.check() == []
