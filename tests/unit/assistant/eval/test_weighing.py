"""Weights are scored as fusion scores them, and never proposed when they do not do better on questions held out."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.config.schema import Recall
from assistant.eval import weighing
from assistant.eval.weighing import Judged, Weights, choices, gain, propose, scores
from assistant.memory.recall.fusion import Parts, Traits, fuse, score

NOW = Weights(0.42, 0.42, 0.1, 0.06)
SHARE = st.floats(min_value=0, max_value=1)
WEIGHT = st.floats(min_value=0, max_value=2)
PARTS = st.tuples(st.one_of(st.none(), SHARE), SHARE, SHARE, SHARE)

Row = tuple[float | None, float, float, float]


def question(rows: list[Row], right: int) -> Judged:
    columns = [np.array([np.nan if row[at] is None else row[at] for row in rows], dtype=np.float64) for at in range(4)]
    return Judged(*columns, right=np.arange(len(rows)) == right)


def recall_of(weights: Weights) -> Recall:
    return Recall(
        weight_dense=weights.dense, weight_sparse=weights.sparse, weight_recency=weights.recency, weight_quality=weights.quality
    )


@given(st.lists(PARTS, min_size=1, max_size=8), st.builds(Weights, WEIGHT, WEIGHT, WEIGHT, WEIGHT), st.floats(0, 2))
def test_scores_are_those_of_fusion(rows: list[Row], weights: Weights, trust: float) -> None:
    found = scores(question(rows, 0), weights, trust)
    expected = [score(Parts(*row), recall_of(weights), trust) for row in rows]
    assert found == pytest.approx(expected, abs=1e-9)


def test_ranks_are_those_of_fusion_from_end_to_end() -> None:
    dense = {"a": 0.8, "b": 0.7, "c": 0.2}
    sparse = {"a": 0.1, "b": 0.6, "c": 0.9}
    traits = {key: Traits(modified=0.0, quality=0.5, embedded=True) for key in "abc"}
    ranked = fuse(dense, sparse, traits, recall_of(NOW), 0.0, 2.5)
    rows = [(part.dense, part.sparse, part.recency, part.source_quality) for _, _, part in ranked]
    seen = replace(question(rows, 0), wording=2.5)
    assert scores(seen, NOW) == pytest.approx([value for _, value, _ in ranked], abs=1e-9)


def test_all_choices_keep_the_sum_of_the_present_weights() -> None:
    whole = NOW.dense + NOW.sparse + NOW.recency + NOW.quality
    tried = choices(NOW)
    assert tried[0] == NOW
    assert {round(one.dense + one.sparse + one.recency + one.quality, 2) for one in tried} == {round(whole, 2)}


def test_ties_count_against_a_question() -> None:
    assert gain(question([(0.5, 0.5, 0, 0), (0.5, 0.5, 0, 0)], 0), NOW) == pytest.approx(1 / np.log2(3))
    assert gain(question([(0.5, 0.5, 0, 0)], 5), NOW) == 0.0


def worded(chance: np.random.Generator, sparse_knows: bool) -> Judged:
    """A question whose right passage the text index knows best (or the vectors), among thirty others."""
    dense, sparse = chance.uniform(0.2, 0.9, 30), chance.uniform(0.2, 0.9, 30)
    (sparse if sparse_knows else dense)[0] = 0.97
    (dense if sparse_knows else sparse)[0] = 0.25
    rest = np.full(30, 0.5)
    return Judged(dense, sparse, rest, rest, np.arange(30) == 0)


def test_what_helps_on_held_out_questions_is_proposed() -> None:
    chance = np.random.default_rng(4)
    found = propose([worded(chance, True) for _ in range(30)], [], NOW)
    assert found.worthwhile
    assert found.weights.sparse > NOW.sparse
    assert found.after > found.before + 0.1
    assert found.sure >= weighing.SURE


def test_the_bundled_questions_may_object() -> None:
    chance = np.random.default_rng(4)
    own = [worded(chance, True) for _ in range(25)]
    bundled = [worded(chance, False) for _ in range(25)]
    found = propose(own, bundled, NOW)
    assert found.bundled_after >= found.bundled_before - weighing.MOST_LOSS or not found.worthwhile


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.integers(3, 25))
def test_noise_is_hardly_ever_worth_a_change_and_never_without_a_gain(seed: int, size: int) -> None:
    chance = np.random.default_rng(seed)
    own: list[Judged] = []
    for _ in range(size):
        columns = [chance.uniform(0, 1, 15) for _ in range(4)]
        own.append(Judged(*columns, right=np.arange(15) == chance.integers(15)))
    found = propose(own, [], NOW)
    if found.worthwhile:
        assert found.after >= found.before + weighing.LEAST_GAIN - 1e-4
        assert found.sure >= weighing.SURE
        assert found.weights != NOW
    else:
        assert found.reason


def test_the_same_questions_give_the_same_proposal() -> None:
    chance = np.random.default_rng(9)
    own = [worded(chance, bool(n % 3)) for n in range(20)]
    assert propose(own, own[:5], NOW) == propose(own, own[:5], NOW)


def test_without_questions_nothing_is_proposed() -> None:
    assert not propose([], [], NOW).worthwhile
