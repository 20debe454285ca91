"""The committed part of a usearch shard: a memory-mapped index that never changes, with ids and filters beside it.

Written by `usearch_merge`, read by `usearch_shard`. A row's key in the engine is its place in the sorted ids, so that no
two ids can share one.
"""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, cast

import numpy as np
import xxhash
from numpy.typing import NDArray

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import damaged
from assistant.ports.stores import Vector

Rows = NDArray[np.intp]
Ids = NDArray[np.bytes_]
Codes = NDArray[np.uint32]
"""By row and field, the place of the field's text in the names of that field."""

INDEX, IDS, CODES = "vectors.usearch", "ids.npy", "codes.npy"
MANIFEST = "base.json"

GRAPH_M, GRAPH_BUILD, GRAPH_SEARCH = 32, 256, 64
SMALL_M, SMALL_BUILD = 2, 1
"""Of an index that is only ever scanned: the engine cannot do without a graph, but a token one costs nothing."""

READ_BYTES = 1 << 20
FETCHED = 2000
"""Vectors copied out in one call, during which the engine blocks other threads (2 ms)."""

GATHERED = 5000
"""Allowed rows up to which they are fetched and compared one by one, instead of scanning everything."""


def new_index(dimensions: int, kind: str, graph: bool) -> Any:
    """Return an empty engine index for unit vectors: with the specification's graph, or for scanning."""
    from usearch.index import Index

    links, build = (GRAPH_M, GRAPH_BUILD) if graph else (SMALL_M, SMALL_BUILD)
    return Index(ndim=dimensions, metric="ip", dtype=kind, connectivity=links, expansion_add=build, expansion_search=GRAPH_SEARCH)


class Base:
    """The base in `folder`, checked against its checksums before it is mapped: the engine trusts what it maps."""

    def __init__(self, folder: Path, dimensions: int, store: str, remedy: str) -> None:
        told = _manifest(folder, store, remedy)
        for name, (size, digest) in told["files"].items():
            if _sealed(folder / name) != [size, digest]:
                raise damaged(store, f"{name} has changed", remedy)
        self.names: list[list[str]] = told["names"]
        self.graph = bool(told["graph"])
        self._index = new_index(dimensions, str(told["kind"]), self.graph)
        if not told["files"]:
            self.ids: Ids = np.empty(0, "S16")
            self.codes: Codes = np.empty((0, len(self.names)), np.uint32)
            return
        self.ids = np.load(folder / IDS, mmap_mode="r", allow_pickle=False)
        self.codes = np.load(folder / CODES, allow_pickle=False)
        self._index.view(str(folder / INDEX))
        if len(self._index) != len(self.ids) or self._index.ndim != dimensions:
            raise damaged(store, f"{INDEX} does not fit its ids", remedy)

    def __len__(self) -> int:
        return len(self.ids)

    def rows_of(self, ids: Sequence[bytes]) -> Rows:
        """Return the rows of those ids that are here."""
        if not len(self) or not ids:
            return np.empty(0, np.intp)
        asked = np.array(list(ids), dtype="S16")
        at = np.searchsorted(self.ids, asked)
        at[at == len(self)] = 0
        return at[self.ids[at] == asked].astype(np.intp)

    def vectors(self, rows: Rows) -> Vector:
        """Return the vectors of rows, in their order."""
        from usearch.compiled import ScalarKind

        blocks = [rows[start : start + FETCHED] for start in range(0, len(rows), FETCHED)]
        found = [np.stack(self._index.get(block.astype(np.uint64), ScalarKind.F32)) for block in blocks]
        return np.concatenate(found) if found else np.empty((0, self._index.ndim), np.float32)

    def nearest(self, asked: Vector, k: int, allowed: NDArray[np.bool_] | None) -> Iterator[tuple[int, float]]:
        """Yield the rows nearest to a unit vector and their cosines: `k` of them whenever so many are allowed (None: all)."""
        size = len(self)
        count = size if allowed is None else int(np.count_nonzero(allowed))
        if not count:
            return
        if allowed is None:
            yield from self._scan(asked, min(k, size), exact=not self.graph)
            return
        # Where most rows are allowed, a few more hits than asked for hold enough that are.
        wide = min(size, int(k * 1.5 * size / count) + 32)
        if count > GATHERED:
            found = [hit for hit in self._scan(asked, wide, exact=not self.graph or wide > 4 * k) if allowed[hit[0]]]
            if len(found) >= min(k, count):
                yield from found[:k]
                return
        yield from self._gathered(asked, k, np.flatnonzero(allowed))

    def close(self) -> None:
        """Unmap the files."""
        self._index.reset()

    def _scan(self, asked: Vector, k: int, exact: bool) -> Iterator[tuple[int, float]]:
        self._index.expansion_search = max(GRAPH_SEARCH, k)
        hits = self._index.search(asked, k, exact=exact, threads=1)
        for key, distance in zip(hits.keys.tolist(), hits.distances.tolist(), strict=True):
            yield int(key), 1.0 - float(distance)

    def _gathered(self, asked: Vector, k: int, rows: Rows) -> Iterator[tuple[int, float]]:
        parts: list[Vector] = []
        for start in range(0, len(rows), FETCHED):
            parts.append(self.vectors(rows[start : start + FETCHED]) @ asked)
        scores = np.concatenate(parts)
        for at in best(scores, k):
            yield int(rows[at]), float(scores[at])


def best(scores: Vector, k: int) -> list[int]:
    """Return the places of the `k` highest scores, highest first."""
    if k < len(scores):
        some = np.argpartition(-scores, k - 1)[:k]
        return some[np.argsort(-scores[some], kind="stable")].tolist()
    return np.argsort(-scores, kind="stable").tolist()


def seal_empty(folder: Path, kind: str, fields: int) -> None:
    """Write a base without rows, on disk when this returns."""
    _write_manifest(folder, {"kind": kind, "graph": False, "files": {}, "names": [[] for _ in range(fields)]})


def seal(folder: Path, index: Any, kind: str, graph: bool, ids: Ids, codes: Codes, names: Sequence[Sequence[str]]) -> None:
    """Write a base of at least one row, on disk when this returns; row n of each is the engine's key n."""
    index.save(str(folder / INDEX))
    np.save(folder / IDS, ids, allow_pickle=False)
    np.save(folder / CODES, codes, allow_pickle=False)
    files = {name: _sealed(folder / name, sync=True) for name in (INDEX, IDS, CODES)}
    _write_manifest(folder, {"kind": kind, "graph": graph, "files": files, "names": names})


def _write_manifest(folder: Path, told: Mapping[str, Any]) -> None:
    text = json.dumps(told)
    with (folder / MANIFEST).open("w", encoding="ascii") as file:
        file.write(f"{xxhash.xxh3_64_hexdigest(text.encode())}\n{text}")
        file.flush()
        os.fsync(file.fileno())
    sync_folder(folder)


def _manifest(folder: Path, store: str, remedy: str) -> dict[str, Any]:
    try:
        check, _, told = (folder / MANIFEST).read_text("ascii").partition("\n")
        if xxhash.xxh3_64_hexdigest(told.encode()) != check:
            raise ValueError("checksum")
        return cast(dict[str, Any], json.loads(told))
    except (FileNotFoundError, ValueError) as error:
        raise damaged(store, f"{MANIFEST}: {error}", remedy) from error


def _sealed(file: Path, sync: bool = False) -> list[int | str]:
    """Return size and checksum of a file ([0, ""] when missing), after making it survive a power cut if asked to."""
    state, size = xxhash.xxh3_64(), 0
    try:
        stream = file.open("r+b" if sync else "rb", buffering=0)
    except FileNotFoundError:
        return [0, ""]
    with stream:
        if sync:
            os.fsync(stream.fileno())
        while part := stream.read(READ_BYTES):
            state.update(part)
            size += len(part)
    return [size, state.hexdigest()]
