"""Scores candidates: normalises each part to 0..1 and adds them by the configured weights. Pure; called by the retriever."""

import math
from collections.abc import Callable, Mapping, Sequence
from heapq import nlargest
from operator import itemgetter
from typing import NamedTuple

from assistant.config.schema import Recall

SECONDS_PER_DAY = 86_400.0
COSINE_POWER = 2
SHARE_POWER = 1.5
"""How the two parts are bent before they are added: a middling cosine or half of what was asked is worth less than half."""

DEEP = 10
"""Rank down to which a list's lead is measured: how far its best hit stands out from the tenth."""

LEAST = 0.25
"""What text search counts for at least by the leads: ten texts that hold the asked word equally often are no reason for none."""


class Traits(NamedTuple):
    """What the score needs to know of a candidate: when its source changed (epoch seconds), the source's quality (0..1),
    and whether the model knows the chunk's language. A tuple, as Parts are."""

    modified: float
    quality: float
    embedded: bool


class Parts(NamedTuple):
    """The parts of a candidate's score as ScoreParts names them; a tuple, since a query makes some 400 of them."""

    dense: float | None
    sparse: float
    recency: float
    source_quality: float


def unit(number: float) -> float:
    """Return a part of a score cut to 0..1: what points away from the query is as irrelevant as what is unrelated."""
    return number if 0.0 <= number <= 1.0 else float(number > 1.0)


def recency_part(modified: float, now: float, half_life_days: float) -> float:
    """Return 1 for a source changed now (or in the future), halving every `half_life_days`."""
    age = max(0.0, now - modified) / SECONDS_PER_DAY
    return 0.5 ** (age / half_life_days)


def fuse(
    dense: Mapping[str, float] | None,
    sparse: Mapping[str, float],
    traits: Mapping[str, Traits],
    weights: Recall,
    now: float,
    wording: float = 1.0,
) -> list[tuple[str, float, Parts]]:
    """Return (chunk id, score, parts), best first, for every candidate of either index that `traits` knows.

    `dense` maps chunk ids to cosines (None: switched off for this query), `sparse` to shares of the attainable BM25. A
    candidate that the dense index did not return is given the lowest cosine it did return, an upper bound of its own.
    `wording` is what text search counts for by how the question is written.
    """
    floor = min(dense.values(), default=0.0) if dense else 0.0
    trust = lean(list(dense.values()), list(sparse.values()), wording) if dense and sparse else 1.0
    scored, half_life = scorer(weights, trust), weights.recency_days
    rows: list[tuple[str, float, Parts]] = []
    for chunk_id in {**(dense or {}), **sparse}:
        trait = traits.get(chunk_id)
        if trait is None:
            continue
        cosine = None if dense is None or not trait.embedded else unit(dense.get(chunk_id, floor))
        recency = recency_part(trait.modified, now, half_life)
        parts = Parts(cosine, unit(sparse.get(chunk_id, 0.0)), recency, unit(trait.quality))
        rows.append((chunk_id, scored(parts), parts))
    rows.sort(key=itemgetter(0))
    rows.sort(key=itemgetter(1), reverse=True)
    return rows


def lean(cosines: Sequence[float], shares: Sequence[float], wording: float = 1.0) -> float:
    """Return what text search counts for beside vectors in this question, `wording` times a quarter to the root of 2.

    The list whose best hit stands out more from its tenth has found something; the other one is guessing.
    """
    vectors, text = _lead(cosines), _lead(shares)
    return wording * max(LEAST, math.sqrt(2 * text / (vectors + text)) if vectors + text > 0 else 1.0)


def score(parts: Parts, weights: Recall, trust: float = 1.0) -> float:
    """Return the weighted sum of the parts; where the dense part is switched off, text search takes over its weight.

    `trust` (see `lean`) moves weight between the first two, whose sum stays that of the settings.
    """
    return scorer(weights, trust)(parts)


def scorer(weights: Recall, trust: float) -> Callable[[Parts], float]:
    """Return `score` for one question: what is the same for all of its 400 candidates is looked up once."""
    vectors, text = weights.weight_dense, weights.weight_sparse * trust
    both, shared = vectors + weights.weight_sparse, vectors + text
    fresh, good = weights.weight_recency, weights.weight_quality

    def scored(parts: Parts) -> float:
        relevance = parts.sparse**SHARE_POWER
        if parts.dense is not None:
            relevance = (vectors * parts.dense**COSINE_POWER + text * relevance) / shared if shared > 0 else 0.0
        return both * relevance + fresh * parts.recency + good * parts.source_quality

    return scored


def _lead(found: Sequence[float]) -> float:
    best = nlargest(DEEP, found)
    # What text search did not return holds no asked word: a single hit leads by all it has.
    return max(0.0, best[0]) - (max(0.0, best[-1]) if len(best) == DEEP else 0.0) if best else 0.0
