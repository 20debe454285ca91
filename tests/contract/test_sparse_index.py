"""What every SparseIndex promises; what only the real analyser can do stands beside the adapter."""

import asyncio
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.ports.stores import SparseIndex, SparseQuery
from tests.contract.samples import chunk_id, row
from tests.fakes.stores import FakeSparse


@pytest.fixture(params=["fake", "tantivy"])
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SparseIndex]:
    opened: SparseIndex = FakeSparse() if request.param == "fake" else TantivySparse(tmp_path / "sparse")
    yield opened
    await opened.close()


async def found(index: SparseIndex, text: str, k: int = 10, **more: tuple[str, ...]) -> list[str]:
    return [hit.chunk_id for hit in await index.search(SparseQuery(text, **more), k)]  # type: ignore[arg-type]


async def test_finds_rows_with_any_of_the_words_best_first(index: SparseIndex) -> None:
    await index.upsert([row(1, "green apples"), row(2, "green apples and green pears"), row(3, "nothing here")])
    await index.commit()
    hits = await index.search(SparseQuery("pears apples"), 10)
    assert [hit.chunk_id for hit in hits] == [chunk_id(2), chunk_id(1)]
    assert all(hit.score > 0 for hit in hits)
    assert hits[0].score > hits[1].score


async def test_writes_show_after_commit(index: SparseIndex) -> None:
    await index.upsert([row(1, "first")])
    assert await found(index, "first") == []
    assert await index.ids() == set()
    await index.commit()
    assert await found(index, "first") == [chunk_id(1)]
    await index.delete([chunk_id(1)])
    assert await found(index, "first") == [chunk_id(1)]
    await index.commit()
    assert await found(index, "first") == []
    assert await index.ids() == set()


async def test_upsert_is_idempotent_and_replaces(index: SparseIndex) -> None:
    for _ in range(2):
        await index.upsert([row(1, "old"), row(2, "other")])
        await index.commit()
    await index.upsert([row(1, "new")])
    await index.commit()
    assert await index.ids() == {chunk_id(1), chunk_id(2)}
    assert await found(index, "old") == []
    assert await found(index, "new") == [chunk_id(1)]


async def test_the_last_of_equal_ids_stands(index: SparseIndex) -> None:
    await index.upsert([row(1, "one"), row(1, "two")])
    await index.upsert([row(1, "three"), row(1, "four")])
    await index.commit()
    assert await index.ids() == {chunk_id(1)}
    assert await found(index, "one two three") == []
    assert await found(index, "four") == [chunk_id(1)]


async def test_delete_ignores_what_it_does_not_know(index: SparseIndex) -> None:
    await index.upsert([row(1, "word"), row(2, "word")])
    await index.delete(["nobody", "", chunk_id(1)])
    await index.delete([])
    await index.commit()
    assert await index.ids() == {chunk_id(2)}


async def test_modality_filters_without_changing_scores(index: SparseIndex) -> None:
    await index.upsert([row(1, "apple", modality="code"), row(2, "apple pie"), row(3, "apple", modality="image")])
    await index.commit()
    everything = {hit.chunk_id: hit.score for hit in await index.search(SparseQuery("apple"), 10)}
    only = await index.search(SparseQuery("apple", modality=("code", "text")), 10)
    assert {hit.chunk_id for hit in only} == {chunk_id(1), chunk_id(2)}
    assert {hit.chunk_id: pytest.approx(hit.score) for hit in only}.items() <= everything.items()


async def test_symbols_and_paths_are_searched(index: SparseIndex) -> None:
    await index.upsert([row(1, "body", symbols="Parser load"), row(2, "body", path="/home/u/notes/todo.md"), row(3, "body")])
    await index.commit()
    assert await found(index, "parser") == [chunk_id(1)]
    assert await found(index, "", symbols=("load",)) == [chunk_id(1)]
    assert await found(index, "", paths=("notes",)) == [chunk_id(2)]


async def test_k_bounds_the_hits(index: SparseIndex) -> None:
    await index.upsert([row(n, "same words") for n in range(20)])
    await index.commit()
    assert len(await found(index, "words", 7)) == 7
    assert len(await found(index, "words", 500)) == 20
    assert await found(index, "words", 0) == []


@pytest.mark.parametrize(
    "odd",
    [
        "",
        " \t\n",
        '"unclosed AND (NOT body:* ^2 ~1 [a TO b] \\',
        "field:value -minus +plus",
        "a\0b",
        "\ud800 lone",
        "\u202egnihtemos\u202c",
        "x" * 1_000_000,
        "слово" * 100_000,
        "a.b" * 100_000,
        "() [] {} <> !?",
        "\U0001f4a9 e\u0301 ﬁ",
        "word " * 50_000,
        "/ (?i)regex .* /",
    ],
)
async def test_odd_text_never_raises(index: SparseIndex, odd: str) -> None:
    await index.upsert([row(1, odd, symbols=odd, path=odd, language="l"), row(2, "plain")])
    await index.commit()
    await index.search(SparseQuery(odd, symbols=(odd,), paths=(odd,)), 10)
    assert await found(index, "plain") == [chunk_id(2)]
    assert await index.ids() == {chunk_id(1), chunk_id(2)}


async def test_writes_and_searches_may_overlap(index: SparseIndex) -> None:
    async with asyncio.TaskGroup() as group:
        for start in range(0, 60, 20):
            group.create_task(index.upsert([row(n, f"word{n}") for n in range(start, start + 20)]))
            group.create_task(index.commit())
            group.create_task(index.search(SparseQuery("word1"), 5))
            group.create_task(index.ids())
    await index.commit()
    assert len(await index.ids()) == 60


async def test_closing_twice_is_safe(index: SparseIndex) -> None:
    await index.upsert([row(1, "word")])
    await index.close()
    await index.close()


WORDS = ("apple", "pear", "plum", "fig")
step = st.one_of(
    st.tuples(st.just("put"), st.integers(0, 6), st.lists(st.sampled_from(WORDS), max_size=4)),
    st.tuples(st.just("delete"), st.integers(0, 6), st.just([])),
    st.tuples(st.just("commit"), st.just(0), st.just([])),
    st.tuples(st.just("reopen"), st.just(0), st.just([])),
)


@settings(max_examples=25, deadline=None)
@given(st.lists(step, max_size=12))
def test_any_history_leaves_what_the_fake_has(steps: list[tuple[str, int, list[str]]]) -> None:
    async def run(folder: Path) -> None:
        real, fake = TantivySparse(folder), FakeSparse()
        try:
            for name, number, body in steps:
                if name == "reopen":
                    await real.close()
                    await fake.close()
                    real = TantivySparse(folder)
                    continue
                for index in (real, fake):
                    if name == "put":
                        await index.upsert([row(number, " ".join(body))])
                    elif name == "delete":
                        await index.delete([chunk_id(number)])
                    else:
                        await index.commit()
            assert await real.ids() == await fake.ids()
            for word in WORDS:
                assert set(await found(real, word)) == set(await found(fake, word))
        finally:
            await real.close()

    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(run(Path(folder) / "sparse"))
