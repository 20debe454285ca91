"""What every DenseIndex promises."""

import asyncio
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.domain.errors import InUseError, StorageError
from assistant.ports.stores import DenseIndex, Filter
from tests.contract.dense import ALL, HERE, LASTING, Opener
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point, unit
from tests.fakes.stores import FakeDense

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=ALL)
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[DenseIndex]:
    opened = ALL[request.param](tmp_path)
    yield opened
    if request.param == "qdrant-server":
        await opened.drop()  # type: ignore[attr-defined]
    await opened.close()


@pytest.fixture(params=LASTING)
def opener(request: pytest.FixtureRequest) -> Opener:
    return LASTING[request.param]


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


async def test_hands_out_the_vectors_it_holds(index: DenseIndex) -> None:
    held: Any = index
    tilted = unit(1, 2, 3, 4, 5, 6, 7, 8)
    await index.upsert([*(point(n) for n in range(5)), point(5, tilted)])
    await held.optimise()
    await index.upsert([point(1, axis(6)), point(7)])
    await index.delete([chunk_id(2)])
    asked = [chunk_id(n) for n in (0, 1, 2, 5, 7, 77)]
    found = await held.vectors([*asked, "no such id"])
    expected = {chunk_id(0): axis(0), chunk_id(1): axis(6), chunk_id(5): tilted, chunk_id(7): axis(7)}
    assert found.keys() == expected.keys()
    for key, vector in expected.items():
        assert found[key] @ vector == pytest.approx(1.0, abs=1e-3), key
    assert await held.vectors([]) == {}


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


async def test_filters_by_language_and_source_join(index: DenseIndex) -> None:
    await index.upsert(
        [
            point(0, language="python", source_id="s1"),
            point(1, language="ru", source_id="s1"),
            point(2, language="ru", source_id="s2"),
            point(3, language="", source_id="s3"),
        ]
    )

    async def found(where: Filter) -> set[str]:
        return {hit.chunk_id for hit in await index.search(axis(0), 10, where)}

    assert await found(Filter(languages=("ru", "python"))) == {chunk_id(0), chunk_id(1), chunk_id(2)}
    assert await found(Filter(languages=("ru",), sources=frozenset({"s1", "s3"}))) == {chunk_id(1)}
    assert await found(Filter(sources=frozenset({"s1", "s3", "nobody's"}))) == {chunk_id(0), chunk_id(1), chunk_id(3)}
    assert await found(Filter(sources=frozenset())) == set()


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
    st.tuples(st.just("optimise"), st.just(0), st.just(0)),
)


@pytest.mark.parametrize("name", LASTING)
@settings(max_examples=10, deadline=None)
@given(steps=st.lists(step, max_size=14))
def test_any_history_leaves_what_the_fake_has(name: str, steps: list[tuple[str, int, int]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(replayed(LASTING[name], Path(folder), steps))


async def replayed(opener: Opener, folder: Path, steps: list[tuple[str, int, int]]) -> None:
    real, fake = opener(folder), FakeDense()
    try:
        for name, number, place in steps:
            if name == "reopen":
                await real.close()
                real = opener(folder)
                continue
            for index in (real, fake):
                if name == "put":
                    vector = axis(place, number / 20)
                    await index.upsert([point(number, vector, modality="code" if place % 2 else "text", project=f"p{place % 3}")])
                elif name == "delete":
                    await index.delete([chunk_id(number)])
                elif name == "commit":
                    await index.commit()
                else:
                    await index.optimise()
        assert await real.ids() == await fake.ids()
        assert await real.count() == await fake.count()
        for place in range(3):
            asked = axis(place, 0.3)
            for where in (Filter(), Filter(modality=("code",)), Filter(project="p1"), Filter(("text", "code"), "p2")):
                ours, theirs = await real.search(asked, 5, where), await fake.search(asked, 5, where)
                assert np.allclose([hit.score for hit in ours], [hit.score for hit in theirs], atol=2e-3)
    finally:
        await real.close()


ODD_VECTORS = [np.ones(3, np.float32), np.full(DIMENSIONS, np.nan, np.float32), np.full(DIMENSIONS, np.inf, np.float32)]


@pytest.mark.parametrize("vector", [*ODD_VECTORS, np.ones((1, DIMENSIONS), np.float32), np.empty(0, np.float32)])
async def test_vectors_that_do_not_fit_are_refused_and_change_nothing(opener: Opener, tmp_path: Path, vector: np.ndarray) -> None:
    index = opener(tmp_path)
    with pytest.raises(StorageError):
        await index.upsert([point(1), point(2, vector)])
    with pytest.raises(StorageError):
        await index.search(vector, 3)
    assert await index.ids() == set()
    await index.close()


@pytest.mark.parametrize("odd", ["s1", "", "mi_" + "g" * 32, "mi_" + "A" * 32, "mi_\ud800"])
async def test_ids_that_do_not_fit_are_refused(opener: Opener, tmp_path: Path, odd: str) -> None:
    index = opener(tmp_path)
    with pytest.raises(StorageError):
        await index.upsert([point(2), point(1, chunk_id=odd)])
    assert await index.ids() == set()
    await index.close()


async def test_a_name_that_is_no_text_is_refused_or_found_but_never_breaks_anything(opener: Opener, tmp_path: Path) -> None:
    index = opener(tmp_path)
    await index.upsert([point(2)])
    try:
        await index.upsert([point(1, project="\ud800", path="\ud800")])
        held = {chunk_id(1), chunk_id(2)}
    except StorageError:
        held = {chunk_id(2)}
    assert await index.ids() == held
    await index.close()
    again = opener(tmp_path)
    assert await again.ids() == held
    await again.close()


async def test_ids_near_to_each_other_never_meet(opener: Opener, tmp_path: Path) -> None:
    """Engines with short keys must not take two ids for one: the same ends, the same beginnings, zeros on either side."""
    ids = [f"mi_{key}" for key in ("0" * 32, "0" * 31 + "1", "1" + "0" * 31, "f" * 32, "f" * 16 + "0" * 16, "0" * 16 + "f" * 16)]
    index = opener(tmp_path)
    await index.upsert([point(n, chunk_id=key) for n, key in enumerate(ids)])
    await index.delete([ids[0]])
    await index.optimise()
    await index.close()
    again = opener(tmp_path)
    assert await again.ids() == set(ids[1:])
    for n, key in enumerate(ids[1:], 1):
        assert (await again.search(axis(n), 1))[0].chunk_id == key
    await again.close()


async def test_as_many_as_were_asked_for_are_found_however_narrow_the_filter(opener: Opener, tmp_path: Path) -> None:
    """The few that are allowed lie behind many nearer ones that are not."""
    index = opener(tmp_path)
    near = [point(n, axis(0, n / 1000)) for n in range(200)]
    far = [point(n, axis(0, 5 + n / 1000), project="rare", modality="code") for n in range(200, 205)]
    await index.upsert([*near, *far])
    for _ in range(2):
        assert {hit.chunk_id for hit in await index.search(axis(0), 5, Filter(project="rare"))} == {
            chunk_id(n) for n in range(200, 205)
        }
        assert len(await index.search(axis(0), 3, Filter(modality=("code",)))) == 3
        assert len(await index.search(axis(0), 300, Filter(project="u"))) == 200
        await index.delete([chunk_id(0)])
        await index.upsert([point(0)])
        await index.optimise()
    await index.close()


async def test_what_was_committed_is_there_after_opening_again(opener: Opener, tmp_path: Path) -> None:
    index = opener(tmp_path)
    await index.upsert([point(n, project="проект 💾") for n in range(5)])
    await index.delete([chunk_id(3)])
    await index.commit()
    await index.close()
    again = opener(tmp_path)
    assert await again.ids() == {chunk_id(n) for n in (0, 1, 2, 4)}
    assert len(await again.search(axis(0), 9, Filter(project="проект 💾"))) == 4
    await again.close()


@pytest.mark.parametrize("dimensions", [DIMENSIONS - 1, DIMENSIONS + 1])
async def test_vectors_of_another_size_are_refused_and_kept(opener: Opener, tmp_path: Path, dimensions: int) -> None:
    index = opener(tmp_path)
    await index.upsert([point(1)])
    await index.close()
    other = opener(tmp_path, dimensions)
    with pytest.raises(StorageError):
        await other.open()
    await other.close()
    again = opener(tmp_path)
    assert await again.ids() == {chunk_id(1)}
    await again.close()


async def test_a_reset_starts_empty_and_goes_on(opener: Opener, tmp_path: Path) -> None:
    index = opener(tmp_path)
    await index.upsert([point(1)])
    await index.reset()
    assert await index.ids() == set()
    await index.upsert([point(2)])
    assert await index.count() == 1
    await index.close()


async def test_after_closing_it_says_so(opener: Opener, tmp_path: Path) -> None:
    index = opener(tmp_path)
    await index.open()
    await index.close()
    with pytest.raises(StorageError, match="closed"):
        await index.ids()
    assert await index.optimise() is False


HOLDER = """
import asyncio, sys
from pathlib import Path
from tests.contract.dense import LASTING

async def hold():
    index = LASTING[sys.argv[1]](Path(sys.argv[2]))
    await index.open()
    print("open", flush=True)
    sys.stdin.read()
    await index.close()

asyncio.run(hold())
"""


@pytest.mark.parametrize("name", HERE)
async def test_a_second_process_is_refused(name: str, tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLDER, name, str(tmp_path)]
    holder = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    with holder:
        assert holder.stdin and holder.stdout
        assert holder.stdout.readline() == "open\n"
        index = LASTING[name](tmp_path)
        with pytest.raises(InUseError):
            await index.open()
        await index.close()
        holder.stdin.close()
        assert holder.wait(30) == 0
