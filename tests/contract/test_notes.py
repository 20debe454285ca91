"""What every keeper of small facts promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_notes import SqliteNotes
from assistant.ports.records import Notes
from tests.fakes.stores import FakeNotes


@pytest.fixture(params=["sqlite", "fake"])
async def notes(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Notes]:
    if request.param == "fake":
        yield FakeNotes()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteNotes(database)
    await database.close()


async def test_a_fact_is_kept_replaced_and_taken_away(notes: Notes) -> None:
    assert await notes.get("pause") == ""
    await notes.put("pause", "on")
    await notes.put("pause", "on, since noon")
    assert await notes.get("pause") == "on, since noon"
    await notes.put("pause", "")
    assert await notes.get("pause") == ""
    await notes.put("never put", "")


async def test_facts_outlive_a_restart(tmp_path: Path) -> None:
    first = Database(tmp_path / "records.db")
    await SqliteNotes(first).put("progress", "{}")
    await first.close()
    second = Database(tmp_path / "records.db")
    assert await SqliteNotes(second).get("progress") == "{}"
    await second.close()
