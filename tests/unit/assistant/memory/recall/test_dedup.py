"""Near-duplicates fold into the best-ranked one, and nothing is lost by it."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.memory.recall.dedup import fold
from tests.unit.assistant.memory.recall.candidates import candidate as chunk

LONG = "The night watch walks along the harbour wall and counts the lamps that burn between the two old lighthouses"
NAMES = st.lists(st.sampled_from("abcdefgh"), unique=True)


def test_equal_and_nearly_equal_texts_fold_into_the_best() -> None:
    chunks = {
        "a": chunk("a", LONG),
        "b": chunk("b", LONG),
        "c": chunk("c", LONG + ".", simhash=chunk("a", LONG).simhash ^ 0b111),
        "d": chunk("d", "Something else"),
    }
    assert fold(["a", "d", "b", "c"], chunks, 3, 10) == [("a", ["b", "c"]), ("d", [])]
    assert fold(["a", "c"], chunks, 2, 10) == [("a", []), ("c", [])]


def test_a_long_text_is_no_duplicate_of_its_beginning() -> None:
    chunks = {"a": chunk("a", LONG), "b": chunk("b", LONG * 2, simhash=chunk("a", LONG).simhash)}
    assert len(fold(["a", "b"], chunks, 3, 10)) == 2


def test_short_texts_that_differ_in_a_word_stay_apart() -> None:
    chunks = {"a": chunk("a", "retry limit is 3"), "b": chunk("b", "retry limit is 5")}
    assert len(fold(["a", "b"], chunks, 3, 10)) == 2


def test_duplicates_of_what_is_kept_fold_even_when_it_is_full() -> None:
    chunks = {"a": chunk("a", "one"), "b": chunk("b", "one"), "c": chunk("c", "two"), "d": chunk("d", "one")}
    assert fold(["a", "b", "c", "d"], chunks, 3, 1) == [("a", ["b"])]


@given(NAMES, st.dictionaries(st.sampled_from("abcdefgh"), st.sampled_from(["one", "two", "three"])), st.integers(1, 8))
def test_the_best_of_its_kind_stays_and_order_is_kept(ranked: list[str], texts: dict[str, str], k: int) -> None:
    chunks = {name: chunk(name, texts.get(name, name)) for name in "abcdefgh"}
    rows = fold(ranked, chunks, 3, k)
    kept = [name for name, _ in rows]
    assert len(kept) <= k
    assert kept == [name for name in ranked if name in kept]
    assert len({chunks[name].digest for name in kept}) == len(kept)
    for name, folded in rows:
        assert all(ranked.index(other) > ranked.index(name) for other in folded)
    gathered = [name for name, folded in rows for name in (name, *folded)]
    assert len(gathered) == len(set(gathered))
    if len(kept) < k:
        assert set(gathered) == set(ranked)
