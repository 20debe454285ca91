"""What every store of tombstones promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_journal import SqliteVectorCache
from assistant.adapters.store.sqlite_tombstones import SqliteTombstones
from assistant.domain.forgotten import StoneKind, Tombstone
from assistant.ports.forgetting import Tombstones
from tests.contract.samples import AT
from tests.fakes.stores import FakeVectorCache
from tests.fakes.tombstones import FakeTombstones

VECTOR = np.ones(3, dtype=np.float32)


@pytest.fixture(params=["sqlite", "fake"])
async def stones(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Tombstones]:
    if request.param == "fake":
        cache = FakeVectorCache()
        await cache.put("m", {"d1": VECTOR})
        yield FakeTombstones(cache)
        return
    database = Database(tmp_path / "records.db")
    await SqliteVectorCache(database).put("m", {"d1": VECTOR})
    yield SqliteTombstones(database)
    await database.close()


def stone(source: str, kind: StoneKind, mark: str) -> Tombstone:
    return Tombstone(source_id=source, kind=kind, mark=mark, at=AT)


async def test_stones_stand_until_they_are_lifted(stones: Tombstones) -> None:
    one, two, three = stone("s1", "words", "1:a"), stone("s1", "chunk", "b"), stone("s2", "words", "1:a")
    await stones.bury([three, one, two, one])
    await stones.bury([])
    assert await stones.standing(["words"]) == [one, three]
    assert await stones.standing(["words", "chunk"], ["s1"]) == [two, one]
    await stones.lift(["s1"], ["words"])
    assert await stones.standing(["words", "chunk"]) == [two, three]


async def test_the_rules_of_a_source_follow_it(stones: Tombstones) -> None:
    await stones.bury([stone("s1", "words", "1:a"), stone("s1", "chunk", "b")])
    await stones.carry("s1", "s3")
    assert await stones.standing(["words", "chunk"], ["s3"]) == [stone("s3", "words", "1:a")]


async def test_the_key_stays_and_stones_of_another_key_go(stones: Tombstones) -> None:
    key = await stones.key()
    assert len(key) == 32
    assert await stones.key() == key
    await stones.bury([stone("s1", "words", "1:a")])
    await stones.take_key(key)
    assert len(await stones.standing(["words"])) == 1
    await stones.take_key(b"o" * 32)
    assert await stones.standing(["words"]) == []
    assert await stones.key() == b"o" * 32


async def test_cached_vectors_are_listed(stones: Tombstones) -> None:
    assert await stones.cached() == {"d1"}
