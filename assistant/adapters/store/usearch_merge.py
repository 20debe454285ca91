"""Makes a new base of a usearch shard out of all its rows. Called by `usearch_dense`, on a thread that blocks nobody."""

from collections.abc import Callable
from pathlib import Path

import numpy as np

from assistant.adapters.store.usearch_base import FETCHED, Codes, new_index, seal, seal_empty
from assistant.adapters.store.usearch_shard import Snapshot

ADDED = 200
"""Vectors given to the engine in one call: with a graph, some 0.3 s of a thread that lets others run."""


def merge(folder: Path, rows: Snapshot, dimensions: int, kind: str, graph: bool, stopped: Callable[[], bool]) -> bool:
    """Write a base of these rows into a new `folder`; returns False when stopped half-way. Raises OSError."""
    folder.mkdir(parents=True)
    if not len(rows):
        seal_empty(folder, kind, len(rows.names))
        return True
    kept = len(rows.rows)
    ids = np.concatenate([rows.base.ids[rows.rows], np.array(rows.ids, dtype="S16")])
    order = np.argsort(ids, kind="stable")
    index = new_index(dimensions, kind, graph)
    for start in range(0, len(order), FETCHED):
        part = order[start : start + FETCHED]
        old = part < kept
        vectors = np.empty((len(part), dimensions), np.float32)
        vectors[old] = rows.base.vectors(rows.rows[part[old]])
        vectors[~old] = rows.vectors[part[~old] - kept]
        for first in range(0, len(part), ADDED):
            if stopped():
                return False
            some = vectors[first : first + ADDED]
            keys = np.arange(start + first, start + first + len(some), dtype=np.uint64)
            index.add(keys, some, copy=True, threads=1)
    codes, names = _fewer(np.concatenate([rows.base.codes[rows.rows], rows.codes])[order], rows.names)
    seal(folder, index, kind, graph, ids[order], codes, names)
    return True


def _fewer(codes: Codes, names: list[list[str]]) -> tuple[Codes, list[list[str]]]:
    """Give new codes to the texts that are still used: what was forgotten leaves its project's name as well."""
    columns: list[Codes] = []
    kept: list[list[str]] = []
    for field, texts in enumerate(names):
        used, fresh = np.unique(codes[:, field], return_inverse=True)
        columns.append(fresh.astype(np.uint32))
        kept.append([texts[int(code)] for code in used])
    return np.stack(columns, axis=1), kept
