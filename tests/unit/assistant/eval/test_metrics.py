"""The measures against values worked out by hand, and their bounds."""

from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.eval.metrics import mean, ndcg, percentile, recall, reciprocal_rank

RANKED = st.lists(st.sampled_from("abcdefgh"), unique=True)
JUDGED = st.dictionaries(st.sampled_from("abcdefgh"), st.floats(-1, 3))


def test_ndcg_by_hand() -> None:
    relevant = {"a": 3.0, "b": 2.0, "c": 0.0}
    gained = 2.0 / log2(2) + 0.0 + 3.0 / log2(4)
    assert ndcg(["b", "c", "a"], relevant, 10) == pytest.approx(gained / (3.0 + 2.0 / log2(3)))
    assert ndcg(["a", "b"], relevant, 10) == pytest.approx(1.0)
    assert ndcg(["c", "b"], relevant, 1) == 0.0


def test_recall_and_reciprocal_rank_by_hand() -> None:
    relevant = {"a": 1.0, "b": 2.0, "c": 0.0}
    assert recall(["x", "a", "c", "b"], relevant, 3) == 0.5
    assert reciprocal_rank(["c", "x", "b", "a"], relevant, 10) == pytest.approx(1 / 3)
    assert reciprocal_rank(["c", "x", "b"], relevant, 2) == 0.0


@given(RANKED, JUDGED, st.integers(1, 10))
def test_all_lie_between_nought_and_one(ranked: list[str], relevant: dict[str, float], k: int) -> None:
    for measure in (ndcg, recall, reciprocal_rank):
        assert 0.0 <= measure(ranked, relevant, k) <= 1.0 + 1e-9
    if not any(gain > 0 for gain in relevant.values()):
        assert ndcg(ranked, relevant, k) == recall(ranked, relevant, k) == reciprocal_rank(ranked, relevant, k) == 0.0


@given(RANKED, JUDGED, st.integers(1, 10))
def test_the_ideal_order_is_the_best(ranked: list[str], relevant: dict[str, float], k: int) -> None:
    ideal = sorted(relevant, key=lambda name: -relevant[name])
    assert ndcg(ranked, relevant, k) <= ndcg(ideal, relevant, k) + 1e-9


@given(st.lists(st.floats(0, 100), min_size=1))
def test_percentiles_are_values_that_occurred(values: list[float]) -> None:
    assert percentile(values, 0.0) == min(values)
    assert percentile(values, 1.0) == max(values)
    assert percentile(values, 0.5) in values


def test_of_nothing_everything_is_nought() -> None:
    assert percentile([], 0.5) == mean([]) == 0.0
    assert percentile([1, 2, 3, 4], 0.5) == 2
    assert mean([1.0, 2.0]) == 1.5
