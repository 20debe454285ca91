"""Scores: parts within 0..1, the documented weights, and one side never drowning the other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.config import Recall
from assistant.memory.recall.fusion import Parts, Traits, fuse, lean, recency_part, score, unit

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


@given(st.none() | st.floats(0, 1), st.floats(0, 1), st.floats(0, 1), st.floats(0, 2))
def test_a_better_part_never_makes_the_score_worse(dense: float | None, sparse: float, more: float, trust: float) -> None:
    parts = Parts(dense, sparse, 0.5, 0.5)
    better = parts._replace(sparse=min(1.0, sparse + more))
    assert score(better, Recall(), trust) >= score(parts, Recall(), trust)
    if dense is not None:
        nearer = parts._replace(dense=min(1.0, dense + more))
        assert score(nearer, Recall(), trust) >= score(parts, Recall(), trust)


def test_the_weights_are_those_of_the_settings() -> None:
    weights = Recall(weight_dense=0.5, weight_sparse=0.25, weight_recency=0.125, weight_quality=0.0625)
    ((_, value, parts),) = fuse({"a": 0.8}, {"a": 0.4}, {"a": Traits(NOW, 0.6, True)}, weights, NOW)
    assert value == pytest.approx(0.5 * 0.8**2 + 0.25 * 0.4**1.5 + 0.125 + 0.0625 * 0.6)
    assert value == score(parts, weights)


def test_the_list_whose_best_stands_out_counts_for_more() -> None:
    flat, steep = [0.6 - 0.001 * n for n in range(20)], [0.9, *(0.3 - 0.001 * n for n in range(20))]
    assert 1 < lean(flat, steep) < 2
    assert 0 < lean(steep, flat) < 1
    assert lean(steep, steep) == pytest.approx(1.0)
    assert lean(flat, []) == 0.0
    assert lean([], []) == lean([0.5], [0.5]) == 1.0
    traits = dict.fromkeys([*map(str, range(20)), "word"], Traits(NOW, 1.0, True))
    cosines = {str(n): 0.6 - 0.001 * n for n in range(20)}
    shares = {"word": 0.6} | {str(n): 0.1 for n in range(20)}
    assert fuse(cosines, shares, traits, Recall(), NOW)[0][0] == "word"


@given(st.lists(st.floats(-1, 1)), st.lists(st.floats(0, 1)))
def test_the_lean_is_bounded(cosines: list[float], shares: list[float]) -> None:
    assert 0 <= lean(cosines, shares) <= 2


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
