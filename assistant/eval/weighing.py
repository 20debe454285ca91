"""Finds weights of recall for judged questions, and tells whether they hold on questions they were not found on. Pure.

Used by `eval.tuning`. Candidates were collected once; a set of weights is then tried without asking memory again.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from math import log2

import numpy as np
from numpy.typing import NDArray

from assistant.memory.recall.fusion import COSINE_POWER, SHARE_POWER, lean

Floats = NDArray[np.float64]

FOLDS = 5
DEPTH = 10
PRIOR = 0.5
"""What the mean of the bundled questions counts for beside that of the person's own."""
RESAMPLES = 2000
SURE = 0.95
"""Share of the resamples in which the new weights have to do better."""
LEAST_GAIN = 0.005
"""Mean nDCG@10 on held-out questions below which a change is not worth making."""
MOST_LOSS = 0.01
"""How much the bundled questions may lose."""
TEXT_SHARES = tuple(step / 10 for step in range(11))
RECENCIES = (0.0, 0.02, 0.05, 0.1, 0.15, 0.2, 0.3)
QUALITIES = (0.0, 0.03, 0.06, 0.1, 0.15)


@dataclass(frozen=True, slots=True)
class Weights:
    """Weights of vectors (alpha), text search (beta), recency (gamma) and quality (delta)."""

    dense: float
    sparse: float
    recency: float
    quality: float


@dataclass(frozen=True, slots=True)
class Judged:
    """The candidates of one question: parts of their scores (`dense` is NaN where vectors had no say), and which are right.

    `wording` is what text search counts for by how the question is written.
    """

    dense: Floats
    sparse: Floats
    recency: Floats
    quality: Floats
    right: NDArray[np.bool_]
    wording: float = 1.0

    def trust(self) -> float:
        """Return what text search counts for in this question, see `fusion.lean`."""
        if np.isnan(self.dense).all() or not self.sparse.any():
            return 1.0
        return lean(self.dense[~np.isnan(self.dense)].tolist(), self.sparse.tolist(), self.wording)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Weights with the evidence for them: mean nDCG@10 on held-out questions before and after, on the bundled ones too.

    `sure` is the share of resamples in which the new ones do better; `worthwhile` says whether that is more than noise.
    """

    weights: Weights
    questions: int
    before: float
    after: float
    bundled_before: float
    bundled_after: float
    sure: float
    worthwhile: bool
    reason: str


def scores(question: Judged, weights: Weights, trust: float | None = None) -> Floats:
    """Return the score of every candidate, as `fusion.score` gives it."""
    lent = question.trust() if trust is None else trust
    text = weights.sparse * lent
    bent = question.sparse**SHARE_POWER
    total = weights.dense + text
    mixed = (weights.dense * question.dense**COSINE_POWER + text * bent) / total if total > 0 else np.zeros_like(bent)
    relevance = np.where(np.isnan(question.dense), bent, mixed)
    rest = weights.recency * question.recency + weights.quality * question.quality
    return (weights.dense + weights.sparse) * relevance + rest


def gain(question: Judged, weights: Weights, trust: float | None = None) -> float:
    """Return nDCG@10 of a question of which any one right candidate is enough; ties count against it."""
    if not question.right.any():
        return 0.0
    found = scores(question, weights, trust)
    best = float(found[question.right].max())
    rank = int(np.count_nonzero(found[~question.right] >= best - 1e-12))
    return 1.0 / log2(rank + 2) if rank < DEPTH else 0.0


def choices(now: Weights) -> list[Weights]:
    """Return the weights to try, the present ones first; all have the same sum, on which other limits rest."""
    whole = now.dense + now.sparse + now.recency + now.quality
    found = [now]
    for text, recency, quality in product(TEXT_SHARES, RECENCIES, QUALITIES):
        left = 1.0 - recency - quality
        found.append(
            Weights(
                dense=round(whole * left * (1 - text), 4),
                sparse=round(whole * left * text, 4),
                recency=round(whole * recency, 4),
                quality=round(whole * quality, 4),
            )
        )
    return found


def propose(own: Sequence[Judged], bundled: Sequence[Judged], now: Weights, seed: int = 0) -> Proposal:
    """Cross-validate and return what came of it: each own question is judged by weights found without it."""
    tried = choices(now)
    mine, prior = _gains(own, tried), _gains(bundled, tried)
    leant = prior.mean(axis=1) * PRIOR if len(bundled) else np.zeros(len(tried))
    order = np.random.default_rng(seed).permutation(len(own))
    held = np.zeros(len(own))
    for fold in range(FOLDS):
        out = order[fold::FOLDS]
        kept = np.setdiff1d(order, out)
        if len(out) and len(kept):
            held[out] = mine[_best(mine[:, kept].mean(axis=1) + leant), out]
    chosen = _best(mine.mean(axis=1) + leant) if len(own) else 0
    before, after = (float(mine[0].mean()), float(held.mean())) if len(own) else (0.0, 0.0)
    lost = (float(prior[0].mean()), float(prior[chosen].mean())) if len(bundled) else (0.0, 0.0)
    sure = _sure(held - mine[0], seed) if len(own) else 0.0
    reason = _against(chosen, after - before, sure, lost[0] - lost[1])
    return Proposal(
        weights=tried[chosen],
        questions=len(own),
        before=round(before, 4),
        after=round(after, 4),
        bundled_before=round(lost[0], 4),
        bundled_after=round(lost[1], 4),
        sure=round(sure, 3),
        worthwhile=not reason,
        reason=reason or "on held-out questions the new weights do better by more than noise",
    )


def _gains(questions: Sequence[Judged], tried: Sequence[Weights]) -> Floats:
    """Return the gain of every question under all weights, shape (weights, questions)."""
    found = np.zeros((len(tried), len(questions)))
    for at, question in enumerate(questions):
        trust = question.trust()
        found[:, at] = [gain(question, weights, trust) for weights in tried]
    return found


def _best(values: Floats) -> int:
    """Return the index of the greatest value; the first of equals, so that nothing changes without need."""
    return int(np.flatnonzero(values >= values.max() - 1e-9)[0])


def _sure(differences: Floats, seed: int) -> float:
    """Return the share of paired resamples of the questions whose mean difference is above zero."""
    draws = np.random.default_rng(seed + 1).integers(0, len(differences), (RESAMPLES, len(differences)))
    return float((differences[draws].mean(axis=1) > 1e-12).mean())


def _against(chosen: int, gained: float, sure: float, lost: float) -> str:
    if chosen == 0:
        return "no other weights do better than the present ones"
    if gained < LEAST_GAIN:
        return "on held-out questions the new weights do not do better"
    if sure < SURE:
        return "the gain on held-out questions may be noise"
    if lost > MOST_LOSS:
        return "the bundled questions would lose by it"
    return ""
