"""What every Journal promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_journal import SqliteJournal
from assistant.ports.records import Journal
from tests.contract.samples import AT, StillClock, source
from tests.fakes.stores import FakeJournal


@pytest.fixture(params=["fake", "sqlite"])
async def journal(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Journal]:
    if request.param == "fake":
        fake = FakeJournal()
        fake.now = AT
        yield fake
        return
    database = Database(tmp_path / "records.db")
    yield SqliteJournal(database, StillClock())
    await database.close()


async def test_entries_are_numbered_and_open(journal: Journal) -> None:
    first = await journal.begin("remember", [source("s1", digest="d1"), source("s2")])
    second = await journal.begin("forget", [source("s1", digest="d1")])
    assert [*first, *second] == sorted({*first, *second})
    assert [(e.seq, e.op, e.source_id, e.done) for e in await journal.pending()] == [
        (first[0], "remember", "s1", False),
        (first[1], "remember", "s2", False),
        (second[0], "forget", "s1", False),
    ]
    entry = (await journal.pending())[0]
    assert (entry.path, entry.digest, entry.at) == (source("s1").path, "d1", AT)
    assert await journal.begin("remember", []) == []


async def test_the_commit_mark_closes_an_entry_and_keeps_it(journal: Journal) -> None:
    one, two = await journal.begin("remember", [source("s1"), source("s2")])
    await journal.finish([one, 999])
    await journal.finish([])
    assert [entry.seq for entry in await journal.pending()] == [two]
    assert [(entry.seq, entry.done) for entry in await journal.read()] == [(one, True), (two, False)]


async def test_reads_in_pages(journal: Journal) -> None:
    seqs = await journal.begin("remember", [source(f"s{n}") for n in range(5)])
    assert [entry.seq for entry in await journal.read(limit=2)] == seqs[:2]
    assert [entry.seq for entry in await journal.read(after=seqs[1], limit=2)] == seqs[2:4]
    assert await journal.read(after=seqs[-1]) == []


async def test_redaction_leaves_the_entry_without_its_path(journal: Journal) -> None:
    await journal.begin("remember", [source("s1", digest="d"), source("s2", digest="d")])
    await journal.redact(["s1", "nobody"])
    await journal.redact([])
    assert [(e.source_id, e.path, e.digest) for e in await journal.read()] == [
        ("s1", "", ""),
        ("s2", source("s2").path, "d"),
    ]
