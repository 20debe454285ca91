"""The audit keeps what was done and when; of what was forgotten it keeps no path, and nothing else in it can be changed."""

from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.domain.errors import StorageError
from assistant.domain.plan import Action, Decision, Verdict
from tests.contract.samples import AT

YES = Verdict(decision=Decision.ALLOW, rule="r", reason="said so")


async def test_forgotten_paths_leave_the_audit_and_others_stay(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    audit = SqliteAudit(database)
    for paths in (("/a/secret/x.md", "/b"), ("/a/secretary",), ()):
        await audit.record(Action(tool="memory.preview", origin="window", paths=paths), YES, AT)
    await audit.redact(["/a/secret"])
    rows = await database.read(lambda c: c.rows("SELECT paths, tool, at FROM audit ORDER BY seq"))
    assert "secret/" not in str(rows)
    assert '"/b"' in rows[0][0] and "forgotten:" in rows[0][0]
    assert rows[1][0] == '["/a/secretary"]'
    assert {row[1] for row in rows} == {"memory.preview"}
    for wrong in ("UPDATE audit SET origin = 'x'", "DELETE FROM audit"):
        with pytest.raises(StorageError):
            await database.write(lambda c, wrong=wrong: c.rows(wrong))
    await database.close()
