"""Reads and writes the file of a baseline. Used by `eval`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from assistant.cli.output import name
from assistant.domain.errors import ReadError, StorageError
from assistant.eval.baseline import USUAL_TOLERANCE, Baseline


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
