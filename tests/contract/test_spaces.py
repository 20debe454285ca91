"""What every SpaceRegistry and every ConfirmedStore promises."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_confirmed import SqliteConfirmed
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_records import SqliteSources
from assistant.adapters.store.sqlite_spaces import SqliteSpaces
from assistant.domain.spaces import ConfirmedCase, ConfirmedPlace, SpaceRecord
from assistant.ports.records import SourceStore
from assistant.ports.spaces import ConfirmedStore, SpaceRegistry
from tests.contract.samples import AT, source
from tests.fakes.spaces import FakeConfirmed, FakeRegistry
from tests.fakes.stores import FakeRecords, FakeSources


@pytest.fixture(params=["fake", "sqlite"])
async def registry(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SpaceRegistry]:
    if request.param == "fake":
        yield FakeRegistry()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteSpaces(database)
    await database.close()


def space(model: str, **changes: object) -> SpaceRecord:
    values = {"model": model, "dimensions": 384, "state": "building", "updated": AT}
    return SpaceRecord.model_validate(values | changes)


async def test_a_space_comes_back_whole(registry: SpaceRegistry) -> None:
    one = space("b@1", reason="why", done=3, total=7, recut=True, figures={"golden.recall@20": 0.93})
    await registry.put(one)
    await registry.put(space("a@2", dimensions=1024))
    assert [record.model for record in await registry.all()] == ["a@2", "b@1"]
    assert (await registry.all())[1] == one
    assert one.model_id == "b"


async def test_only_one_space_answers(registry: SpaceRegistry) -> None:
    await registry.put(space("a@1", state="active"))
    await registry.put(space("b@1"))
    await registry.put(space("b@1", state="active"))
    assert [(record.model, record.state) for record in await registry.all()] == [("a@1", "kept"), ("b@1", "active")]
    await registry.put(space("a@1", state="active"))
    assert [record.state for record in await registry.all()] == ["active", "kept"]


async def test_a_space_is_deleted(registry: SpaceRegistry) -> None:
    await registry.put(space("a@1"))
    await registry.delete("a@1")
    await registry.delete("nobody")
    assert await registry.all() == []


@pytest.fixture(params=["fake", "sqlite"])
async def stores(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[tuple[ConfirmedStore, SourceStore]]:
    if request.param == "fake":
        records = FakeRecords()
        yield FakeConfirmed(records), FakeSources(records)
        return
    database = Database(tmp_path / "records.db")
    yield SqliteConfirmed(database), SqliteSources(database)
    await database.close()


def case(name: str, *source_ids: str) -> ConfirmedCase:
    places = tuple(
        ConfirmedPlace(source_id=one, path=f"/home/u/{one}", quote=f"quote of {one}", line=3, line_end=4) for one in source_ids
    )
    return ConfirmedCase(id=name, question=f"What of {name}?", language="en", at=AT, places=places)


async def test_a_confirmed_case_comes_back_whole(stores: tuple[ConfirmedStore, SourceStore]) -> None:
    confirmed, sources = stores
    await sources.put([source("s1"), source("s2")])
    await confirmed.put(case("c1", "s1", "s2"))
    await confirmed.put(case("c2", "s2"))
    assert await confirmed.all() == [case("c1", "s1", "s2"), case("c2", "s2")]
    await confirmed.put(case("c1", "s2"))
    assert await confirmed.all() == [case("c1", "s2"), case("c2", "s2")]
    assert await confirmed.of_sources(["s2", "nobody"]) == ["c1", "c2"]
    assert await confirmed.of_sources(["s1"]) == []
    await confirmed.delete(["c2", "nobody"])
    assert await confirmed.all() == [case("c1", "s2")]


async def test_places_go_with_their_sources_and_a_question_with_its_last_place(
    stores: tuple[ConfirmedStore, SourceStore],
) -> None:
    confirmed, sources = stores
    await sources.put([source("s1"), source("s2")])
    await confirmed.put(case("c1", "s1", "s2"))
    await confirmed.put(case("c2", "s1"))
    await confirmed.put(case("c3", "unknown"))
    await sources.delete(["s1"])
    assert await confirmed.all() == [case("c1", "s2")]
    await sources.delete(["s2"])
    assert await confirmed.all() == []
