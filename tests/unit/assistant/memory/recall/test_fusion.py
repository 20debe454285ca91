"""Scores: parts within 0..1, the documented weights, and one side never drowning the other."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import Recall
from assistant.memory.recall.fusion import LEAST, Parts, Traits, fuse, lean, recency_part, score, unit
from assistant.memory.recall.wording import wording

NOW = 1_790_000_000.0
DAY = 86_400.0
NAMES = st.sampled_from("abcdef")
COSINES = st.dictionaries(NAMES, st.floats(-1, 1))
SHARES = st.dictionaries(NAMES, st.floats(-1, 2))
TRAITS = st.builds(Traits, st.floats(0, 2 * NOW), st.floats(-1, 2), st.booleans())


@given(st.none() | COSINES, SHARES, st.dictionaries(NAMES, TRAITS))
def test_every_known_candidate_of_either_index_is_scored_once_best_first(
    dense: dict[str, float] | None, sparse: dict[str, float], traits: dict[str, Traits]
) -> None:
    rows = fuse(dense, sparse, traits, Recall(), NOW)
    assert sorted(name for name, _, _ in rows) == sorted(({*(dense or {}), *sparse}) & traits.keys())
    scores = [value for _, value, _ in rows]
    assert scores == sorted(scores, reverse=True)
    for name, value, parts in rows:
        assert all(0 <= part <= 1 for part in (parts.sparse, parts.recency, parts.source_quality))
        assert parts.dense is None or 0 <= parts.dense <= 1
        assert (parts.dense is None) == (dense is None or not traits[name].embedded)
        assert 0 <= value <= 1 + 1e-9


@given(st.none() | st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 40))
def test_a_better_part_never_makes_the_score_worse(dense: float | None, sparse: float, more: float, trust: float) -> None:
    parts = Parts(dense, sparse, 0.5, 0.5)
    better = parts._replace(sparse=min(1.0, sparse + more))
    assert score(better, Recall(), trust) >= score(parts, Recall(), trust)
    if dense is not None:
        nearer = parts._replace(dense=min(1.0, dense + more))
        assert score(nearer, Recall(), trust) >= score(parts, Recall(), trust)


def test_the_weights_are_those_of_the_settings() -> None:
    weights = Recall(weight_dense=0.5, weight_sparse=0.25, weight_recency=0.125, weight_quality=0.0625)
    ((_, value, parts),) = fuse({"a": 0.8}, {"a": 0.8}, {"a": Traits(NOW, 0.6, True)}, weights, NOW)
    assert value == pytest.approx(0.5 * 0.8**2 + 0.25 * 0.8**1.5 + 0.125 + 0.0625 * 0.6)
    assert value == score(parts, weights)


@given(st.dictionaries(NAMES, st.floats(0.01, 1)), st.floats(0, 1), st.floats(0.05, 40))
def test_where_vectors_say_the_same_of_everything_text_search_orders(
    sparse: dict[str, float], cosine: float, trust: float
) -> None:
    traits = dict.fromkeys("abcdef", Traits(NOW, 1.0, True))
    both = [name for name, _, _ in fuse(dict.fromkeys("abcdef", cosine), sparse, traits, Recall(), NOW, trust)]
    alone = [name for name, _, _ in fuse(None, sparse, traits, Recall(), NOW)]
    assert descends([sparse.get(name, 0.0) for name in both])
    assert descends([sparse[name] for name in alone])


@given(st.dictionaries(NAMES, st.floats(0.01, 1), min_size=6), st.floats(0, 1), st.floats(0.05, 40))
def test_where_text_search_says_the_same_of_everything_vectors_order(dense: dict[str, float], share: float, trust: float) -> None:
    traits = dict.fromkeys("abcdef", Traits(NOW, 1.0, True))
    both = [name for name, _, _ in fuse(dense, dict.fromkeys("abcdef", share), traits, Recall(), NOW, trust)]
    assert descends([dense[name] for name in both])


@given(COSINES, SHARES, st.floats(0.05, 40), st.floats(1, 10))
def test_more_trust_never_puts_the_smaller_share_further_ahead(
    dense: dict[str, float], sparse: dict[str, float], trust: float, more: float
) -> None:
    traits = dict.fromkeys("abcdef", Traits(NOW, 1.0, True))
    before = [name for name, _, _ in fuse(dense, sparse, traits, Recall(), NOW, trust)]
    after = [name for name, _, _ in fuse(dense, sparse, traits, Recall(), NOW, trust * more)]
    share = {name: unit(sparse.get(name, 0.0)) for name in before}
    for one, other in combinations(before, 2):
        if share[one] > share[other] + 1e-6:
            assert after.index(one) < after.index(other)


@given(st.lists(st.floats(-1, 0.7), min_size=5, max_size=5), st.floats(0.15, 1))
def test_the_only_text_with_the_number_that_was_asked_for_comes_first_whatever_vectors_say(
    noise: list[float], share: float
) -> None:
    traits = dict.fromkeys("abcdef", Traits(NOW, 1.0, True))
    dense = {**dict(zip("bcdef", noise, strict=True)), "a": min(noise)}
    assert fuse(dense, {"a": share}, traits, Recall(), NOW, wording("#1035820"))[0][0] == "a"


def test_the_list_whose_best_stands_out_counts_for_more() -> None:
    flat, steep = [0.6 - 0.001 * n for n in range(20)], [0.9, *(0.3 - 0.001 * n for n in range(20))]
    assert 1 < lean(flat, steep) < 2
    assert 0 < lean(steep, flat) < 1
    assert lean(steep, steep) == pytest.approx(1.0)
    assert lean(flat, []) == lean(flat, [0.4] * 10) == LEAST
    assert lean([], []) == lean([0.5] * 10, [0.5] * 10) == 1.0
    assert lean(flat, steep, 3.0) == pytest.approx(3 * lean(flat, steep))


def test_a_single_hit_of_text_search_leads_by_all_it_has() -> None:
    cosines = [0.6 - 0.02 * n for n in range(20)]
    assert lean(cosines, [0.4]) == lean(cosines, [0.4, *[0.0] * 20]) > lean(cosines, [0.4] * 9 + [0.2])
    assert lean([0.4], [0.4]) == 1.0


@given(st.lists(st.floats(-1, 1)), st.lists(st.floats(0, 1)), st.floats(0.05, 50))
def test_neither_list_is_ever_silenced(cosines: list[float], shares: list[float], wording: float) -> None:
    assert LEAST * wording <= lean(cosines, shares, wording) < 1.42 * wording


def test_keywords_lean_to_text_search_and_sentences_to_vectors() -> None:
    traits = dict.fromkeys("ab", Traits(NOW, 1.0, True))
    first = {
        question: fuse({"a": 0.3, "b": 0.6}, {"a": 0.4, "b": 0.1}, traits, Recall(), NOW, wording(question))[0][0]
        for question in ("retention policy", "for how long do we have to keep it", "как долго это у нас")
    }
    assert list(first.values()) == ["a", "b", "b"]


def test_where_the_model_is_switched_off_text_search_takes_its_weight() -> None:
    rows = {name: (value, parts) for name, value, parts in fuse({"a": 0.9}, {"b": 1.0}, known(b=False), Recall(), NOW)}
    assert rows["b"][1].dense is None
    assert rows["b"][0] == pytest.approx(1.0)
    off = fuse(None, {"a": 0.5}, known(), Recall(), NOW)
    assert off[0][2].dense is None


def test_what_the_dense_index_did_not_return_gets_the_lowest_it_did() -> None:
    rows = {name: parts for name, _, parts in fuse({"a": 0.9, "c": 0.3}, {"b": 1.0}, known(), Recall(), NOW)}
    assert rows["b"].dense == pytest.approx(0.3)
    empty = fuse({}, {"b": 1.0}, known(), Recall(), NOW)
    assert empty[0][2].dense == 0.0


def test_equal_scores_keep_one_order() -> None:
    assert [name for name, _, _ in fuse({"b": 0.5, "a": 0.5, "c": 0.5}, {}, known(), Recall(), NOW)] == ["a", "b", "c"]


def test_the_text_part_is_cut_to_its_range() -> None:
    assert [unit(share) for share in (0.0, 0.3, 1.0, 1.5, -0.1)] == [0.0, 0.3, 1.0, 1.0, 0.0]


def test_recency_halves_and_the_future_counts_as_now() -> None:
    assert recency_part(NOW, NOW, 30) == 1.0
    assert recency_part(NOW + DAY, NOW, 30) == 1.0
    assert recency_part(NOW - 30 * DAY, NOW, 30) == pytest.approx(0.5)
    assert recency_part(0.0, NOW, 1e-9) == 0.0


@pytest.mark.parametrize(("cosine", "part"), [(-0.4, 0.0), (0.4, 0.4), (1.0000001, 1.0)])
def test_what_points_away_is_as_irrelevant_as_what_is_unrelated(cosine: float, part: float) -> None:
    assert unit(cosine) == part


def known(**embedded: bool) -> dict[str, Traits]:
    return {name: Traits(NOW, 1.0, embedded.get(name, True)) for name in "abc"}


def descends(values: list[float]) -> bool:
    """Tell whether no value is above the one before it, but for what rounding does to a score."""
    return all(after <= before + 1e-6 for before, after in pairwise(values))
