"""What every record of recalls promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_recalls import SqliteRecallLog
from assistant.adapters.store.sqlite_records import SqliteSources
from assistant.ports.records import RecallLog
from tests.contract.samples import AT, StillClock, source
from tests.fakes.stores import FakeRecallLog

PATHS = {"s1": "/home/u/a.md", "s2": "/home/u/b.md"}


@pytest.fixture(params=["sqlite", "fake"])
async def log(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[RecallLog]:
    if request.param == "fake":
        yield FakeRecallLog(PATHS)
        return
    database = Database(tmp_path / "records.db")
    await SqliteSources(database).put([source(key, path=path) for key, path in PATHS.items()])
    yield SqliteRecallLog(database, StillClock())
    await database.close()


async def test_lines_come_back_newest_first_with_what_was_shown(log: RecallLog) -> None:
    await log.note("cli", "recall", "first", ["s2", "s1", "s2"])
    await log.note("window", "ask", "second", [])
    second, first = await log.read()
    assert (first.origin, first.kind, first.query, first.paths) == ("cli", "recall", "first", ("/home/u/a.md", "/home/u/b.md"))
    assert (second.origin, second.kind, second.query, second.paths) == ("window", "ask", "second", ())
    assert first.at == AT


async def test_a_line_names_the_request_it_belongs_to(log: RecallLog) -> None:
    await log.note("window", "ask", "why", ["s1"], "turn_1")
    await log.note("cli", "recall", "why", [])
    await log.redact(["s1"])
    assert [(line.correlation, line.query) for line in await log.read()] == [("", "why"), ("turn_1", "")]


async def test_older_lines_are_read_on(log: RecallLog) -> None:
    for number in range(5):
        await log.note("cli", "recall", str(number), [])
    page = await log.read(limit=2)
    assert [line.query for line in page] == ["4", "3"]
    assert [line.query for line in await log.read(before=page[-1].seq, limit=10)] == ["2", "1", "0"]


async def test_what_showed_a_forgotten_source_loses_its_words(log: RecallLog) -> None:
    await log.note("cli", "recall", "words of a", ["s1", "s2"])
    await log.note("cli", "recall", "words of b", ["s2"])
    assert await log.count(["s1"]) == 1
    await log.redact(["s1"])
    assert await log.count(["s1"]) == 0
    newer, older = await log.read()
    assert (newer.query, newer.paths) == ("words of b", ("/home/u/b.md",))
    assert (older.query, older.paths) == ("", ("/home/u/b.md",))
    await log.redact([])
    await log.redact(["unknown"])
    assert await log.count([]) == 0
