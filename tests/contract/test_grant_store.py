"""What every store of standing permissions promises, over the record database and the fake."""

from collections.abc import AsyncGenerator
from datetime import timedelta
from pathlib import Path

import pytest

from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_grants import SqliteGrants
from assistant.domain.plan import Grant
from assistant.ports.acting import GrantStore
from tests.contract.samples import AT
from tests.fakes.acting_stores import FakeGrants


@pytest.fixture(params=["sqlite", "fake"])
async def store(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[GrantStore]:
    if request.param == "fake":
        yield FakeGrants()
        return
    database = Database(tmp_path / "records.db")
    yield SqliteGrants(database)
    await database.close()


def grant(name: str, **changes: object) -> Grant:
    return Grant.model_validate({"id": name, "tool": "files.sort", "scope": "/shots", "kind": "always", "at": AT} | changes)


async def test_grants_come_back_oldest_first(store: GrantStore) -> None:
    later = grant("g1", at=AT + timedelta(seconds=1), expires=AT + timedelta(days=30))
    plan = grant("g2", kind="plan", plan="plan_1", scope="")
    for one in (later, plan):
        await store.add(one)
    assert await store.all(AT) == [plan, later]


async def test_an_expired_grant_does_not_hold(store: GrantStore) -> None:
    ends = AT + timedelta(days=1)
    await store.add(grant("g1", expires=ends))
    assert await store.all(ends - timedelta(microseconds=1)) == [grant("g1", expires=ends)]
    assert await store.all(ends) == []


async def test_a_grant_is_taken_back_once(store: GrantStore) -> None:
    await store.add(grant("g1"))
    assert await store.remove("g1")
    assert not await store.remove("g1")
    assert await store.all(AT) == []


async def test_a_grant_of_the_same_id_is_replaced(store: GrantStore) -> None:
    await store.add(grant("g1"))
    await store.add(grant("g1", scope="/docs"))
    assert await store.all(AT) == [grant("g1", scope="/docs")]
