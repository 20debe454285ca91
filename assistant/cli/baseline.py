"""Compares the figures of an evaluation with a stored baseline, and writes one. Used by `eval`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.cli.output import name
from assistant.domain.base import Value
from assistant.domain.errors import ReadError, StorageError

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


def read_baseline(path: Path) -> Baseline:
    """Read a baseline; raises ReadError."""
    try:
        return Baseline.model_validate(json.loads(path.read_text("utf-8")))
    except (OSError, ValueError) as error:
        raise ReadError(
            f"The baseline {name(str(path))} cannot be read: {error}.", remedy="`mneme eval --write-baseline FILE` makes one."
        ) from error


def write_baseline(path: Path, figures: Mapping[str, float]) -> None:
    """Store figures, keeping the tolerances that an older baseline there has; raises StorageError or ReadError."""
    tolerance = read_baseline(path).tolerance if path.exists() else USUAL_TOLERANCE
    content: dict[str, Any] = {"figures": dict(sorted(figures.items())), "tolerance": tolerance}
    try:
        path.write_text(json.dumps(content, indent=2) + "\n", "utf-8")
    except OSError as error:
        raise StorageError(f"The baseline {name(str(path))} cannot be written: {error.strerror}.") from error


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


def _fall(figure: str, expected: float, found: float) -> float:
    return found - expected if figure.rpartition(".")[2] in LOWER_IS_BETTER else expected - found
