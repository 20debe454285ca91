"""Measures of ranked retrieval. Pure; used by the runners. Definitions: Manning, Raghavan, Schütze, chapter 8; Järvelin 2002."""

from collections.abc import Mapping, Sequence
from math import ceil, log2


def ndcg(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return nDCG@k in 0..1 with linear gains and a log2 discount; 0 when nothing is relevant."""
    gained = sum(max(0.0, relevant.get(name, 0.0)) / log2(rank + 2) for rank, name in enumerate(ranked[:k]))
    ideal = sorted((gain for gain in relevant.values() if gain > 0), reverse=True)[:k]
    best = sum(gain / log2(rank + 2) for rank, gain in enumerate(ideal))
    return gained / best if best else 0.0


def recall(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return the share of relevant items among the first k; 0 when nothing is relevant."""
    wanted = {name for name, gain in relevant.items() if gain > 0}
    return len(wanted & set(ranked[:k])) / len(wanted) if wanted else 0.0


def reciprocal_rank(ranked: Sequence[str], relevant: Mapping[str, float], k: int) -> float:
    """Return 1/rank of the first relevant item among the first k, else 0."""
    return next((1.0 / (rank + 1) for rank, name in enumerate(ranked[:k]) if relevant.get(name, 0.0) > 0), 0.0)


def percentile(values: Sequence[float], share: float) -> float:
    """Return the nearest-rank percentile (`share` in 0..1); 0 of nothing."""
    ordered = sorted(values)
    return ordered[max(0, ceil(share * len(ordered)) - 1)] if ordered else 0.0


def mean(values: Sequence[float]) -> float:
    """Return the mean; 0 of nothing."""
    return sum(values) / len(values) if values else 0.0
