"""Takes deleted points off the disk of a shard nobody else has open. Called by `edge_optimise`, in the child process.

The engine writes a segment anew when some of its points were deleted, and leaves it as it is when all of them were.
"""

import shutil
from pathlib import Path
from typing import Any
from uuid import uuid4

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store import edge_shard
from assistant.ports.stores import DensePoint

SEGMENTS = "segments"
DELETED = "id_tracker.deleted"
"""The file of a segment that takes no new points in which a bit is set for each deleted one."""

BATCH = 500
MOST_ROUNDS = 10
"""Optimisations in a row; one or two find something to do."""


def erase(folder: Path, dimensions: int, graph: bool) -> None:
    """Optimise the shard so that no byte of a deleted point is left; writes it anew where the engine would not."""
    before = _segments(folder)
    shard = edge_shard.load(str(folder), dimensions, graph)
    marker = _stir(shard, dimensions)
    for _ in range(MOST_ROUNDS):
        if not shard.optimize():
            break
    shard.update(edge_shard.deleting([edge_shard.known(marker)]))
    shard.flush()
    if any(_littered(folder / SEGMENTS / name) for name in before & _segments(folder)):
        _write_anew(shard, folder, dimensions, graph)
    else:
        shard.close()


def _stir(shard: Any, dimensions: int) -> str:
    """Make the segment that takes new points one that holds both a point and a deleted one; return the point's id."""
    vector: NDArray[np.float32] = np.zeros(dimensions, dtype=np.float32)
    vector[0] = 1.0
    stays, goes = (f"{edge_shard.PREFIX}{uuid4().hex}" for _ in range(2))
    points = [DensePoint(name, vector, "", "", "text", "", "", 0.0) for name in (stays, goes)]
    shard.update(edge_shard.upserting(points, dimensions))
    shard.update(edge_shard.deleting([edge_shard.known(goes)]))
    shard.flush()
    return stays


def _segments(folder: Path) -> set[str]:
    return {path.name for path in (folder / SEGMENTS).iterdir()}


def _littered(segment: Path) -> bool:
    """Tell whether a segment may hold deleted points; one that takes new points would have been written anew after `_stir`."""
    try:
        return any((segment / DELETED).read_bytes())
    except FileNotFoundError:
        return True


def _write_anew(shard: Any, folder: Path, dimensions: int, graph: bool) -> None:
    """Put a new shard with the same points in the place of this one."""
    fresh = folder.with_name(f"{folder.name}-anew")
    shutil.rmtree(fresh, ignore_errors=True)
    edge_shard.create(str(fresh), dimensions).close()
    written = edge_shard.load(str(fresh), dimensions, graph)
    for points in edge_shard.everything(shard, BATCH):
        written.update(points)
    written.optimize()
    written.flush()
    written.close()
    shard.close()
    shutil.rmtree(folder)
    fresh.rename(folder)
