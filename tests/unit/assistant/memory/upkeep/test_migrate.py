"""What moves between two indexes, and what the comparison notices."""

from collections.abc import Sequence

import pytest

from assistant.domain.errors import MigrationError
from assistant.memory.embed.batcher import cache_key, embedded_text
from assistant.memory.upkeep.migrate import BATCH, Migration
from assistant.ports.stores import DensePoint, Scored, SparseQuery, SparseRow, Vector
from tests.contract.samples import axis, chunk, chunk_id, point, row, source
from tests.fakes.stores import FakeChunks, FakeDense, FakeRecords, FakeSources, FakeSparse, FakeVectorCache

MODEL = "m@1"


class Room:
    """Records of `count` chunks with cached vectors, and a migration that writes down what it tells."""

    def __init__(self, count: int) -> None:
        records = FakeRecords()
        records.sources["s1"] = source("s1")
        records.chunks = {chunk_id(n): chunk(n, text=f"word{n} common text") for n in range(count)}
        self.records = records
        self.cache = FakeVectorCache()
        self.cache.vectors = {(MODEL, cache_key(embedded_text(one))): axis(n) for n, one in enumerate(records.chunks.values())}
        self.told: list[tuple[str, int, int]] = []
        self.migration = Migration(FakeSources(records), FakeChunks(records), self.cache, self._tell)

    def _tell(self, what: str, done: int, total: int) -> None:
        self.told.append((what, done, total))

    async def old_text(self) -> FakeSparse:
        index = FakeSparse()
        await index.upsert([row(n, one.text) for n, one in enumerate(self.records.chunks.values())])
        await index.commit()
        return index

    async def old_vectors(self) -> FakeDense:
        index = FakeDense()
        await index.upsert([point(n, axis(n)) for n in range(len(self.records.chunks))])
        return index


async def test_all_text_moves_in_batches_and_is_told_of() -> None:
    room, new = Room(BATCH + 5), FakeSparse()
    moved = await room.migration.text(await room.old_text(), new)
    assert moved.count == BATCH + 5
    assert await new.ids() == set(room.records.chunks)
    assert [one.name for one in moved.comparisons] == ["passages in the text index", "searches for words"]
    assert room.told[0] == ("text", 0, BATCH + 5) and ("text", BATCH + 5, BATCH + 5) in room.told


async def test_an_empty_memory_moves() -> None:
    room = Room(0)
    assert (await room.migration.text(FakeSparse(), FakeSparse())).count == 0
    assert (await room.migration.vectors(MODEL, FakeDense(), FakeDense())).count == 0


async def test_chunks_without_a_source_stay_behind() -> None:
    room, new = Room(3), FakeSparse()
    room.records.chunks[chunk_id(9)] = chunk(9, source_id="gone")
    assert (await room.migration.text(await room.old_text(), new)).count == 3


async def test_only_vectors_of_the_old_index_move() -> None:
    room, old, new = Room(6), FakeDense(), FakeDense()
    await old.upsert([point(n, axis(n)) for n in (0, 2, 4, 77)])
    moved = await room.migration.vectors(MODEL, old, new)
    assert await new.ids() == {chunk_id(0), chunk_id(2), chunk_id(4)}
    assert (moved.count, moved.lacking) == (3, 0)


async def test_a_damaged_old_index_costs_nothing_that_is_cached() -> None:
    room, new = Room(6), FakeDense()
    assert (await room.migration.vectors(MODEL, None, new)).count == 6
    assert (await room.migration.text(None, FakeSparse())).count == 6


async def test_what_is_cached_no_longer_is_counted() -> None:
    room, new = Room(6), FakeDense()
    room.cache.vectors.pop(next(iter(room.cache.vectors)))
    moved = await room.migration.vectors(MODEL, await room.old_vectors(), new)
    assert (moved.count, moved.lacking) == (5, 1)


class Silent(FakeSparse):
    """Holds everything and finds nothing."""

    async def search(self, query: SparseQuery, k: int) -> list[Scored]:
        return []


class Losing(FakeSparse):
    """Loses the first row."""

    async def upsert(self, rows: Sequence[SparseRow]) -> None:
        await super().upsert(rows[1:])


class Confused(FakeDense):
    """Holds every id with the same vector."""

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        same: Vector = axis(1)
        await super().upsert([point(int(one.chunk_id[3:], 16), same) for one in points])


async def test_an_index_that_does_not_agree_is_refused() -> None:
    room = Room(30)
    for wrong in (Silent(), Losing()):
        with pytest.raises(MigrationError, match="stays in its old engine"):
            await room.migration.text(await room.old_text(), wrong)
    with pytest.raises(MigrationError, match="searches for neighbours"):
        await room.migration.vectors(MODEL, await room.old_vectors(), Confused())
