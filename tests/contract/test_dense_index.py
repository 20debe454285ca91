"""What every DenseIndex promises."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.store.edge_dense import EdgeDense
from assistant.domain.errors import StorageError
from assistant.ports.stores import DenseIndex, Filter
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point, unit
from tests.fakes.qdrant import local_qdrant
from tests.fakes.stores import FakeDense


@pytest.fixture(params=["fake", "edge", "qdrant"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DenseIndex]:
    opened: DenseIndex = (
        FakeDense()
        if request.param == "fake"
        else (
            EdgeDense(tmp_path / "dense", DIMENSIONS, batch=3) if request.param == "edge" else local_qdrant(tmp_path, DIMENSIONS)
        )
    )
    yield opened
    await opened.close()


async def test_finds_the_nearest_first_with_cosines(index: DenseIndex) -> None:
    await index.upsert([point(n) for n in range(DIMENSIONS)])
    hits = await index.search(unit(0, 3, 4, 0, 0, 0, 0, 0), 3)
    assert [hit.chunk_id for hit in hits[:2]] == [chunk_id(2), chunk_id(1)]
    assert [hit.score for hit in hits] == pytest.approx([0.8, 0.6, 0.0], abs=1e-5)


async def test_scores_may_be_negative(index: DenseIndex) -> None:
    await index.upsert([point(1)])
    assert [hit.score for hit in await index.search(-axis(1), 1)] == pytest.approx([-1.0], abs=1e-5)


async def test_an_empty_index_finds_nothing(index: DenseIndex) -> None:
    assert await index.search(axis(0), 5) == []
    assert await index.ids() == set()
    await index.delete([chunk_id(1)])
    await index.commit()


async def test_upsert_is_idempotent_and_replaces(index: DenseIndex) -> None:
    await index.upsert([point(1), point(2)])
    await index.upsert([point(1), point(2)])
    await index.upsert([point(1, axis(5), modality="code")])
    assert await index.ids() == {chunk_id(1), chunk_id(2)}
    hits = await index.search(axis(5), 1, Filter(modality=("code",)))
    assert [(hit.chunk_id, round(hit.score, 4)) for hit in hits] == [(chunk_id(1), 1.0)]


async def test_the_last_of_equal_ids_in_one_call_stands(index: DenseIndex) -> None:
    await index.upsert([point(1, axis(n)) for n in range(DIMENSIONS)])
    assert await index.ids() == {chunk_id(1)}
    assert (await index.search(axis(DIMENSIONS - 1), 1))[0].score == pytest.approx(1.0, abs=1e-5)


async def test_delete_ignores_what_it_does_not_know(index: DenseIndex) -> None:
    await index.upsert([point(n) for n in range(5)])
    await index.delete([chunk_id(1), chunk_id(77), "no such id", "", "mi_", "mi_" + "g" * 32, "mi_\ud800"])
    await index.delete([])
    assert await index.ids() == {chunk_id(n) for n in (0, 2, 3, 4)}
    assert chunk_id(1) not in {hit.chunk_id for hit in await index.search(axis(1), 10)}


async def test_filters_join(index: DenseIndex) -> None:
    await index.upsert(
        [
            point(0, modality="code", project="a"),
            point(1, modality="text", project="a"),
            point(2, modality="text", project="b"),
            point(3, modality="image", project="b"),
        ]
    )

    async def found(where: Filter) -> set[str]:
        return {hit.chunk_id for hit in await index.search(axis(0), 10, where)}

    assert await found(Filter(modality=("text",))) == {chunk_id(1), chunk_id(2)}
    assert await found(Filter(modality=("text", "code"), project="a")) == {chunk_id(0), chunk_id(1)}
    assert await found(Filter(project="b")) == {chunk_id(2), chunk_id(3)}
    assert await found(Filter(project="nobody's")) == set()


async def test_k_bounds_the_hits(index: DenseIndex) -> None:
    await index.upsert([point(n) for n in range(DIMENSIONS)])
    assert len(await index.search(axis(0), 3)) == 3
    assert len(await index.search(axis(0), 100)) == DIMENSIONS
    assert await index.search(axis(0), 0) == []


@pytest.mark.parametrize("odd", ["a\0b", "' OR 1=1 --", "\u202etxt", "\U0001f4a9", "x" * 1_000_000, ""])
async def test_odd_payloads_are_taken(index: DenseIndex, odd: str) -> None:
    await index.upsert([point(1, path=odd, project=odd or "p", language=odd, source_id=odd)])
    hits = await index.search(axis(1), 1, Filter(project=odd or "p"))
    assert [hit.chunk_id for hit in hits] == [chunk_id(1)]


async def test_writes_searches_and_listings_may_overlap(index: DenseIndex) -> None:
    async with asyncio.TaskGroup() as group:
        for start in range(0, 60, 20):
            group.create_task(index.upsert([point(n) for n in range(start, start + 20)]))
            group.create_task(index.search(axis(1), 5))
            group.create_task(index.ids())
            group.create_task(index.commit())
    assert len(await index.ids()) == 60


async def test_points_are_counted_once_each(index: Any) -> None:
    assert await index.count() == 0
    await index.upsert([point(1), point(2), point(1)])
    await index.delete([chunk_id(2)])
    assert await index.count() == len(await index.ids()) == 1


async def test_closing_twice_is_safe(index: DenseIndex) -> None:
    await index.upsert([point(1)])
    await index.close()
    await index.close()


step = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 12), st.integers(0, 7)),
    st.tuples(st.just("delete"), st.integers(0, 12), st.just(0)),
    st.tuples(st.just("commit"), st.just(0), st.just(0)),
    st.tuples(st.just("reopen"), st.just(0), st.just(0)),
)


@settings(max_examples=12, deadline=None)
@given(st.lists(step, max_size=12))
def test_any_history_leaves_what_the_fake_has(steps: list[tuple[str, int, int]]) -> None:
    async def run(folder: Path) -> None:
        real, fake = EdgeDense(folder, DIMENSIONS), FakeDense()
        try:
            for name, number, place in steps:
                if name == "reopen":
                    await real.close()
                    real = EdgeDense(folder, DIMENSIONS)
                    continue
                for index in (real, fake):
                    if name == "put":
                        await index.upsert([point(number, axis(place, number / 20))])
                    elif name == "delete":
                        await index.delete([chunk_id(number)])
                    elif name == "commit":
                        await index.commit()
            assert await real.ids() == await fake.ids()
            for place in range(3):
                asked = axis(place, 0.3)
                ours, theirs = await real.search(asked, 5), await fake.search(asked, 5)
                assert np.allclose([hit.score for hit in ours], [hit.score for hit in theirs], atol=1e-4)
        finally:
            await real.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "dense"))


@pytest.mark.parametrize("vector", [np.ones(3, np.float32), np.full(DIMENSIONS, np.nan, np.float32)])
async def test_vectors_that_do_not_fit_are_refused_and_change_nothing(tmp_path: Path, vector: np.ndarray) -> None:
    index = EdgeDense(tmp_path / "dense", DIMENSIONS)
    with pytest.raises(StorageError):
        await index.upsert([point(1), point(2, vector)])
    with pytest.raises(StorageError):
        await index.search(vector, 3)
    assert await index.ids() == set()
    await index.close()


async def test_ids_and_texts_that_do_not_fit_are_refused(tmp_path: Path) -> None:
    index = EdgeDense(tmp_path / "dense", DIMENSIONS)
    for odd in (point(1, chunk_id="s1"), point(1, path="\ud800")):
        with pytest.raises(StorageError):
            await index.upsert([odd])
    assert await index.ids() == set()
    await index.close()
