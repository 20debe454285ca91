"""What every SparseIndex promises; what only the real analyser can do stands beside the adapter."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.adapters.store.fts_sparse import FtsSparse
from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.domain.secret import Secret
from assistant.ports.stores import SparseIndex, SparseQuery
from tests.contract.samples import chunk_id, row
from tests.fakes.stores import FakeSparse

KEY = Secret(bytes(range(32)))

ENGINES: dict[str, Callable[[Path], SparseIndex]] = {
    "fake": lambda folder: FakeSparse(),
    "tantivy": TantivySparse,
    "fts5": FtsSparse,
    "fts5 with a key": lambda folder: FtsSparse(folder, KEY),
}
REAL = [name for name in ENGINES if name != "fake"]


@pytest.fixture(params=ENGINES)
async def index(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[SparseIndex]:
    opened = ENGINES[request.param](tmp_path / "sparse")
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
    assert (await index.ids(), await index.count()) == (set(), 0)
    await index.commit()
    assert await index.count() == 1
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


async def test_filters_join_without_changing_scores(index: SparseIndex) -> None:
    await index.upsert(
        [
            row(1, "apple", language="python", source_id="a"),
            row(2, "apple", language="ru", source_id="a"),
            row(3, "apple", language="ru", source_id="b"),
            row(4, "apple pear", language="", source_id="c"),
        ]
    )
    await index.commit()
    everything = {hit.chunk_id: hit.score for hit in await index.search(SparseQuery("apple"), 10)}
    only = await index.search(SparseQuery("apple", languages=("ru", "python"), sources=frozenset("a")), 10)
    assert {hit.chunk_id for hit in only} == {chunk_id(1), chunk_id(2)}
    assert {hit.chunk_id: pytest.approx(hit.score) for hit in only}.items() <= everything.items()
    assert len(await index.search(SparseQuery("apple", languages=("ru",)), 1)) == 1
    assert await index.search(SparseQuery("apple", sources=frozenset()), 10) == []
    assert await index.search(SparseQuery("apple", languages=("nobody's",)), 10) == []


async def test_rows_with_an_unwanted_word_stay_out(index: SparseIndex) -> None:
    await index.upsert([row(1, "green apple"), row(2, "red Apple"), row(3, "blue apple", symbols="red", path="/red")])
    await index.commit()
    hits = await index.search(SparseQuery("apple", without=("RED",)), 10)
    assert {hit.chunk_id for hit in hits} == {chunk_id(1), chunk_id(3)}
    assert len(await index.search(SparseQuery("apple", without=("nothing",)), 10)) == 3
    assert await index.search(SparseQuery("", without=("red",)), 10) == []


async def test_a_phrase_lifts_the_rows_that_hold_it_together(index: SparseIndex) -> None:
    await index.upsert(
        [row(1, "transfer of heat and transfer of heat"), row(2, "laws of heat transfer in slabs"), row(3, "transfer heat")]
    )
    await index.commit()
    hits = await index.search(SparseQuery("", phrases=("heat transfer",)), 10)
    assert hits[0].chunk_id == chunk_id(2)
    assert {hit.chunk_id for hit in hits} == {chunk_id(1), chunk_id(2), chunk_id(3)}
    assert len(await index.search(SparseQuery("", phrases=("heat",)), 10)) == 3


async def test_a_word_for_a_misspelt_one_counts_for_less(index: SparseIndex) -> None:
    await index.upsert([row(1, "apple"), row(2, "pear")])
    await index.commit()
    plain = {hit.chunk_id: hit.score for hit in await index.search(SparseQuery("pear apple"), 10)}
    hits = {hit.chunk_id: hit.score for hit in await index.search(SparseQuery("pear", instead=(("apple", 0.5),)), 10)}
    assert hits[chunk_id(2)] == pytest.approx(plain[chunk_id(2)])
    assert 0 < hits[chunk_id(1)] < plain[chunk_id(1)]


async def test_the_vocabulary_counts_committed_bodies(index: SparseIndex) -> None:
    await index.upsert([row(1, "apple apple pear"), row(2, "Apple", symbols="plum", path="/fig"), row(3, "груша")])
    assert await index.frequencies(["apple"]) == {"apple": 0}
    await index.commit()
    odd = ("plum", "fig", "", " ", "\ud800", "x" * 5000)
    counted = await index.frequencies(["apple", "APPLE", "pear", "груша", *odd])
    assert counted == {"apple": 2, "APPLE": 2, "pear": 1, "груша": 1} | dict.fromkeys(odd, 0)
    assert await index.frequencies([]) == {}
    assert set((await index.beginning("pe")).values()) == {1}
    assert await index.beginning("none") == {}


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


async def test_shares_tell_how_much_of_the_question_a_row_holds(index: SparseIndex) -> None:
    await index.upsert([row(1, "apple pear"), row(2, "apple"), *(row(n, "plum") for n in range(3, 20))])
    await index.commit()
    both, one = await index.search(SparseQuery("apple pear"), 10)
    assert (both.chunk_id, one.chunk_id) == (chunk_id(1), chunk_id(2))
    assert 0 < one.share < both.share <= 1
    assert (await index.search(SparseQuery("apple fig cherry melon"), 1))[0].share < 0.5


async def test_a_reset_forgets_everything_and_goes_on(index: SparseIndex) -> None:
    if isinstance(index, FakeSparse):
        pytest.skip("the fake is never rebuilt")
    assert isinstance(index, TantivySparse | FtsSparse)
    await index.upsert([row(1, "committed")])
    await index.commit()
    await index.upsert([row(2, "not committed")])
    await index.reset()
    assert await index.ids() == set()
    await index.upsert([row(3, "afterwards")])
    await index.commit()
    assert await index.ids() == {chunk_id(3)}
    assert await found(index, "committed") == []


@pytest.mark.parametrize("engine", REAL)
async def test_closing_commits_and_reopening_finds_it(engine: str, tmp_path: Path) -> None:
    first = ENGINES[engine](tmp_path / "sparse")
    await first.upsert([row(1, "first"), row(2, "second")])
    await first.commit()
    await first.delete([chunk_id(2)])
    await first.upsert([row(3, "third")])
    await first.close()
    again = ENGINES[engine](tmp_path / "sparse")
    assert await again.ids() == {chunk_id(1), chunk_id(3)}
    assert await found(again, "first second third") == [chunk_id(1), chunk_id(3)]
    await again.close()


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


@pytest.mark.parametrize("engine", ["tantivy", "fts5"])
@settings(max_examples=25, deadline=None)
@given(steps=st.lists(step, max_size=12))
def test_any_history_leaves_what_the_fake_has(engine: str, steps: list[tuple[str, int, list[str]]]) -> None:
    async def run(folder: Path) -> None:
        real, fake = ENGINES[engine](folder), FakeSparse()
        try:
            for name, number, body in steps:
                if name == "reopen":
                    await real.close()
                    await fake.close()
                    real = ENGINES[engine](folder)
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
