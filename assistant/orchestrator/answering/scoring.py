"""Turns features into two numbers: how good each passage is, and whether the evidence answers at all. Used by `extract`.

The weights were fitted on the golden set (choice among passages) and, for the support, against it and questions foreign to it.
"""

from dataclasses import dataclass
from math import exp

import numpy as np

from assistant.domain.memory import ContextPack
from assistant.orchestrator.answering.features import Array, Features
from assistant.orchestrator.answering.question import Question

_CONSIDERED = 4
_NO_KEYS = 0.8


@dataclass(frozen=True, slots=True)
class _Weights:
    own: float
    near: float
    chunk: float
    cosine: float
    kind: float
    rank: float
    heading: float = -1.5
    question: float = -0.4
    short: float = -0.7


_BY_MEANING = _Weights(own=1.6, near=2.3, chunk=1.6, cosine=4.6, kind=2.2, rank=4.0)
_BY_WORDS = _Weights(own=3.3, near=3.0, chunk=3.0, cosine=0.0, kind=2.3, rank=2.8)


def rate(features: Features) -> Array:
    """Return a score for each passage; only their order and ratios matter."""
    weights = _BY_WORDS if features.cosine is None else _BY_MEANING
    score = (
        weights.own * features.own
        + weights.near * features.near
        + weights.chunk * features.chunk
        + weights.kind * features.kind
        + weights.rank * features.rank
        + weights.heading * features.heading
        + weights.question * features.question
        + weights.short * features.short
    )
    return score if features.cosine is None else score + weights.cosine * features.cosine


def support(question: Question, pack: ContextPack, features: Features, scores: Array) -> float:
    """Return how surely (0..1) the evidence speaks of what is asked; below 0.5 it is better to say nothing.

    What counts: the share of the question's rare terms met anywhere, its names and numbers among them, whether these and
    the word that says what is asked for meet in one evidence, and how near in meaning the best passages and evidence are.
    """
    met = features.held.max(axis=1)
    total = float(features.weights.sum())
    pool = float(features.weights @ met) / total if total > 0 else 0.0
    entities = [at for at, term in enumerate(question.terms) if term.entity]
    named = float(met[entities].mean()) if entities else 1.0
    keys = sorted({*entities, *question.focus})
    together = float(features.reached[keys].mean(axis=0).max()) if keys else _NO_KEYS
    if features.cosine is None:
        return _logistic(-6.4 + 4.8 * pool + 3.0 * together + 2.4 * named)
    best = np.argsort(-scores, kind="stable")[:_CONSIDERED]
    meaning = float(features.cosine[best].max())
    dense = max((evidence.dense or 0.0 for evidence in pack.evidence), default=0.0)
    return _logistic(-5.9 + 4.3 * meaning + 4.8 * dense + 2.8 * pool + 0.8 * together + 0.8 * named)


def _logistic(value: float) -> float:
    return 1.0 / (1.0 + exp(-value))
