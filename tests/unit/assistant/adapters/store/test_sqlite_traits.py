"""What ranking needs, held in memory: never another answer than the database's."""

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.store import sqlite_traits
from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.store.sqlite_traits import Traits
from assistant.domain.document import Chunk
from assistant.domain.secret import Secret
from tests.contract.samples import chunk, chunk_id, source

EVERYTHING = [chunk_id(number) for number in range(12)]


@dataclass
class Room:
    """Stores that share traits, and others over the same database that hold nothing."""

    database: Database
    traits: Traits
    sources: SqliteSources
    chunks: SqliteChunks
    plain: SqliteChunks

    async def agree(self) -> int:
        """Compare all candidates with the database's; return how many of them were held."""
        held = self.traits.known(EVERYTHING)
        assert await self.chunks.candidates(EVERYTHING) == await self.plain.candidates(EVERYTHING)
        return len(held)


def passage(number: int, source_id: str = "s1", **changes: object) -> Chunk:
    text = f"Насос {number} "
    return chunk(number, source_id, text, digest=sha256(text.encode()).hexdigest(), simhash=2**64 - 1 - number, **changes)


@pytest.fixture(params=[None, Secret(bytes(range(32)))], ids=["plain", "encrypted"])
async def room(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Room]:
    database = Database(tmp_path / "records.db", key=request.param)
    traits = Traits(database)
    found = Room(database, traits, SqliteSources(database, traits), SqliteChunks(database, traits), SqliteChunks(database))
    await found.chunks.replace(source("s1"), [passage(0), passage(256), passage(2, modality="code", language="python")])
    await found.chunks.replace(source("s2", quality=0.25, modified=1.5), [passage(n, "s2", language="ru") for n in (3, 4)])
    yield found
    await database.close()


async def test_what_is_held_is_what_the_database_says(room: Room) -> None:
    assert await room.agree() == 0
    await room.traits.hold()
    assert await room.agree() == 4
    assert list(room.traits.known([chunk_id(256), chunk_id(257), "nobody", "mi_" + "F" * 32])) == [chunk_id(256)]
    assert room.traits.known([]) == {}


async def test_an_empty_memory_holds_nothing(tmp_path: Path) -> None:
    database = Database(tmp_path / "records.db")
    traits = Traits(database)
    await traits.hold()
    assert traits.known(EVERYTHING) == {}
    await database.close()


async def test_it_reads_in_pages_and_no_more_than_the_most(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sqlite_traits, "PAGE", 2)
    await room.traits.hold()
    assert await room.agree() == 4
    monkeypatch.setattr(sqlite_traits, "MOST", 2)
    await room.traits.hold()
    assert await room.agree() == 2


async def test_what_is_spelt_in_another_way_is_left_to_the_database(room: Room) -> None:
    await room.chunks.replace(source("s3"), [chunk(5, "s3"), passage(6, "s3")])
    await room.database.write(lambda connection: connection.rows("UPDATE chunks SET id = 'odd' WHERE id = ?", (chunk_id(6),)))
    await room.traits.hold()
    assert await room.agree() == 4
    assert list(await room.chunks.candidates(["odd", chunk_id(5), chunk_id(3)])) == [chunk_id(3), chunk_id(5), "odd"]


WRITES: dict[str, tuple[int, Callable[[Room], Awaitable[object]]]] = {
    "put": (2, lambda room: room.sources.put([source("s2", path="/elsewhere", quality=0.75)])),
    "replace": (2, lambda room: room.chunks.replace(source("s1"), [passage(0, language="en"), passage(7)])),
    "replace all": (0, lambda room: room.chunks.replace_all([(source("s1"), [passage(2)]), (source("s2"), [])])),
    "erase": (2, lambda room: room.chunks.erase(["s2"])),
    "delete": (2, lambda room: room.sources.delete(["s1"])),
    "add": (4, lambda room: room.chunks.replace(source("s3"), [passage(8, "s3")])),
}


@pytest.mark.parametrize("name", WRITES)
async def test_nothing_stale_is_given_after_a_write(room: Room, name: str) -> None:
    left, write = WRITES[name]
    await room.traits.hold()
    await write(room)
    assert await room.agree() == left
    await room.traits.hold()
    await room.agree()


@pytest.mark.parametrize("name", WRITES)
async def test_nothing_stale_is_held_when_it_was_written_while_it_was_read(
    room: Room, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    aside = room.database.aside

    async def read_then_written(work: Callable[[Connection], Any]) -> Any:
        found = await aside(work)
        await WRITES[name][1](room)
        return found

    monkeypatch.setattr(room.database, "aside", read_then_written)
    await room.traits.hold()
    await room.agree()


async def test_a_write_that_fails_leaves_the_answers_right(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise OSError

    await room.traits.hold()
    monkeypatch.setattr(room.database, "write", fail)
    with pytest.raises(OSError):
        await room.sources.put([source("s2")])
    assert await room.agree() == 2


async def test_records_replaced_as_a_whole_are_read_again(room: Room, tmp_path: Path) -> None:
    await room.database.copy_to(tmp_path / "copy.db")
    await room.chunks.erase(["s1"])
    await room.traits.hold()
    assert await room.agree() == 2
    await room.database.take_over(tmp_path / "copy.db")
    assert await room.agree() == 0
    await room.traits.hold()
    assert await room.agree() == 4


async def test_it_is_wanted_by_the_third_question_and_again_when_much_is_missed(room: Room) -> None:
    asked = sqlite_traits.QUESTIONS * sqlite_traits.OF_A_QUESTION
    for _ in range(asked - 1):
        room.traits.known([chunk_id(3)])
    assert not room.traits.wanted.is_set()
    room.traits.known([chunk_id(3)])
    assert room.traits.wanted.is_set()
    await room.traits.hold()
    room.traits.known([chunk_id(3)])
    assert not room.traits.wanted.is_set()
    room.traits.known([chunk_id(3), chunk_id(11)])
    assert room.traits.wanted.is_set()


async def test_who_asks_while_it_is_read_does_not_want_it_twice(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    aside = room.database.aside

    async def read_while_asked(work: Callable[[Connection], Any]) -> Any:
        for _ in range(sqlite_traits.QUESTIONS * sqlite_traits.OF_A_QUESTION):
            room.traits.known([chunk_id(3)])
        return await aside(work)

    monkeypatch.setattr(room.database, "aside", read_while_asked)
    await room.traits.hold()
    assert not room.traits.wanted.is_set()
