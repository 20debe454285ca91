"""What every VectorCache promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_journal import SqliteVectorCache
from assistant.ports.records import VectorCache
from tests.fakes.stores import FakeVectorCache


@pytest.fixture(params=["fake", "sqlite"])
async def cache(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[VectorCache]:
    if request.param == "fake":
        yield FakeVectorCache()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteVectorCache(database)
    await database.close()


async def test_gives_back_every_bit(cache: VectorCache) -> None:
    vector = np.random.default_rng(1).normal(size=384).astype(np.float32)
    await cache.put("m@1", {"d1": vector})
    found = await cache.get("m@1", ["d1", "d2"])
    assert list(found) == ["d1"]
    assert found["d1"].dtype == np.float32
    assert np.array_equal(found["d1"], vector)


async def test_models_do_not_share_vectors(cache: VectorCache) -> None:
    await cache.put("m@1", {"d1": np.ones(4, np.float32)})
    await cache.put("m@2", {"d1": np.zeros(4, np.float32)})
    assert (await cache.get("m@1", ["d1"]))["d1"].tolist() == [1, 1, 1, 1]
    assert await cache.get("m@3", ["d1"]) == {}
    assert await cache.count(["d1", "d2"]) == 2


async def test_put_replaces(cache: VectorCache) -> None:
    await cache.put("m", {"d1": np.ones(4, np.float32)})
    await cache.put("m", {"d1": np.zeros(4, np.float32)})
    await cache.put("m", {})
    assert (await cache.get("m", ["d1"]))["d1"].tolist() == [0, 0, 0, 0]
    assert await cache.count(["d1"]) == 1


async def test_erase_forgets_under_every_model(cache: VectorCache) -> None:
    for model in ("m@1", "m@2"):
        await cache.put(model, {"d1": np.ones(4, np.float32), "d2": np.ones(4, np.float32)})
    await cache.erase(["d1", "nobody"])
    await cache.erase([])
    assert await cache.count(["d1"]) == 0
    assert list(await cache.get("m@2", ["d1", "d2"])) == ["d2"]
    assert await cache.get("m@1", []) == {}


async def test_clear_forgets_one_model(cache: VectorCache) -> None:
    for model in ("m@1", "m@2"):
        await cache.put(model, {"d1": np.ones(4, np.float32)})
    await cache.clear("m@1")
    await cache.clear("nobody")
    assert await cache.get("m@1", ["d1"]) == {}
    assert list(await cache.get("m@2", ["d1"])) == ["d1"]
