"""Compares figures of an evaluation with earlier ones, figure by figure, each with its own tolerance. Used by runs and `eval`."""

import json
from collections.abc import Mapping
from pathlib import Path

from assistant.domain.base import Value

UNJUDGED = frozenset({"query_p50_ms", "query_p95_ms", "chunks_per_s", "chunks", "documents", "queries", "questions"})
"""Figures that say what was measured on which machine, not how well; reported only."""
LOWER_IS_BETTER = frozenset({"abstention_wrong"})
ANY = "default"
USUAL_TOLERANCE = {ANY: 0.01}


class Baseline(Value):
    """Stored figures and by how much each may get worse: by its name, by its name without language, or `default`."""

    figures: dict[str, float]
    tolerance: dict[str, float]

    def allowed(self, figure: str) -> float:
        """Return how much worse a figure may be."""
        return next(
            (self.tolerance[key] for key in (figure, figure.rpartition(".")[2], ANY) if key in self.tolerance),
            0.0,
        )


class Regression(Value):
    """A figure that got worse than allowed; `found` is None when it was not measured at all."""

    figure: str
    expected: float
    found: float | None
    allowed: float


def regressions(baseline: Baseline, figures: Mapping[str, float]) -> list[Regression]:
    """Return what got worse than allowed, ordered by name."""
    worse: list[Regression] = []
    for figure, expected in sorted(baseline.figures.items()):
        if figure.rpartition(".")[2] in UNJUDGED:
            continue
        found = figures.get(figure)
        allowed = baseline.allowed(figure)
        if found is None or _fall(figure, expected, found) > allowed + 1e-9:
            worse.append(Regression(figure=figure, expected=expected, found=found, allowed=allowed))
    return worse


def tolerances(path: Path) -> dict[str, float]:
    """Return the tolerances of a stored baseline, the usual ones where it cannot be read."""
    try:
        return Baseline.model_validate(json.loads(path.read_text("utf-8"))).tolerance
    except (OSError, ValueError):
        return dict(USUAL_TOLERANCE)


def _fall(figure: str, expected: float, found: float) -> float:
    return found - expected if figure.rpartition(".")[2] in LOWER_IS_BETTER else expected - found
