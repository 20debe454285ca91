"""What every record of verdicts promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from pathlib import Path
from typing import Protocol

import pytest

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.domain.plan import Action, Decision, Verdict
from assistant.domain.tool import EffectKind
from assistant.ports.system import AuditLog, AuditSink
from tests.contract.samples import AT
from tests.fakes.audit import FakeAudit

YES = Verdict(decision=Decision.ALLOW, rule="r", reason="said so")


class Audit(AuditSink, AuditLog, Protocol):
    pass


@pytest.fixture(params=["sqlite", "fake"])
async def audit(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Audit]:
    if request.param == "fake":
        yield FakeAudit()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteAudit(database)
    await database.close()


def act(number: int, *paths: str) -> Action:
    return Action(tool=f"files.t{number}", origin="cli", paths=paths, reads=("/read",), correlation=f"c{number}", writes=True)


async def test_verdicts_come_back_newest_first_in_pages(audit: Audit) -> None:
    for number in range(5):
        await audit.record(act(number, f"/a/{number}"), YES, AT)
    newest = await audit.read(limit=2)
    assert [line.tool for line in newest] == ["files.t4", "files.t3"]
    assert [line.tool for line in await audit.read(before=newest[-1].seq)] == ["files.t2", "files.t1", "files.t0"]
    line = newest[0]
    assert (line.at, line.origin, line.paths, line.correlation) == (AT, "cli", ("/a/4", "/read"), "c4")
    assert (line.decision, line.rule, line.reason) == (Decision.ALLOW, "r", "said so")
    assert (line.writes, line.network) == (True, False)
    assert await audit.count() == 5
    assert await audit.check() == []


async def test_an_empty_record_is_sound(audit: Audit) -> None:
    assert (await audit.read(), await audit.count(), await audit.check()) == ([], 0, [])


async def test_what_is_forgotten_leaves_paths_and_reasons_and_the_record_stays_sound(audit: Audit) -> None:
    stopped = YES.model_copy(update={"reason": "/a/secret/x is outside the folders you gave Mneme"})
    await audit.record(act(0, "/a/secret/x", "/a/secretary"), stopped, AT)
    await audit.record(act(1, "/b"), YES, AT)
    await audit.redact([])
    await audit.redact(["/a/secret"])
    second, first = await audit.read()
    assert "secret/" not in str(first)
    assert first.paths[1:] == ("/a/secretary", "/read")
    assert first.paths[0].startswith("forgotten:")
    assert first.reason.startswith("forgotten:")
    assert (second.paths, second.reason) == (("/b", "/read"), "said so")
    assert await audit.check() == []


async def test_lines_may_be_added_after_forgetting(audit: Audit) -> None:
    action = Action(tool="t", origin="cli", paths=("/a",), effects=(EffectKind.MOVE,))
    await audit.record(action, YES, AT)
    await audit.redact(["/a"])
    await audit.record(action, YES, AT)
    assert await audit.check() == []
    assert await audit.count() == 2
