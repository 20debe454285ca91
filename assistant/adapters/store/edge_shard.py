"""How a Qdrant Edge shard is configured, and how points, filters and ids become the engine's. Used by `edge_dense`."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

import numpy as np
import qdrant_edge as untyped

from assistant.domain.errors import StorageError
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

engine: Any = untyped

VECTOR = "text"
"""Name of the vector inside a point; a second space gets a second name."""

PREFIX = "mi_"
"""Chunk ids are this and 32 hexadecimal digits, which are the engine's UUID."""

FILTERED = ("project", "modality", "language", "source")
"""Payload fields with an index of their own: those that `Filter` asks for. Without one, 50,000 points take 50 ms to filter;
with these four a search takes 0.1 to 16 ms and a write as long as with none."""

FULL_VECTORS = "matrix.dat"
"""The file with the exact vectors of a quantised segment: four fifths of all bytes, of which a search needs a few pages."""

READ_BYTES = 1 << 20

GRAPH_SCAN_KB = 100
"""Size (KB) of a segment, or of what a filter leaves of it, up to which it is scanned although there is a graph."""

NEVER = 1_000_000_000
"""A full-scan threshold (KB) above any size: a graph pays only above a million vectors, and building one takes minutes."""

INDEXING_KB = 1000
"""Size above which a segment is quantised; the engine leaves smaller ones as they are."""

OVERSAMPLING = 2.0
"""Candidates taken from the int8 scan for each result and scored again exactly: recall@20 rises from .97 to 1."""

ENOUGH = 100
"""Results from which no more candidates are taken than are wanted: the best twenty are among them anyway, and each one more
is a page of the exact vectors (200 results of 100,000 vectors: 2.8 ms instead of 4.2)."""


GRAPH_LINKS, GRAPH_BUILD, GRAPH_SEARCH = 32, 256, 64
"""The graph of the specification: links of a point, candidates while building, candidates while searching."""


def config(dimensions: int, graph: bool = False) -> Any:
    """Return the configuration of a shard: cosine, int8 quantisation, a graph or none.

    No write-ahead log: the journal already tells what to repeat after a crash, and a log of the engine's own would keep
    vectors and paths on disk that were to be forgotten.
    """
    return engine.EdgeConfig(
        vectors={VECTOR: engine.EdgeVectorParams(size=dimensions, distance=engine.Distance.Cosine, memory=engine.Memory.Cold)},
        hnsw_config=(
            engine.HnswIndexConfig(m=GRAPH_LINKS, ef_construct=GRAPH_BUILD, full_scan_threshold=GRAPH_SCAN_KB)
            if graph
            else engine.HnswIndexConfig(m=0, ef_construct=4, full_scan_threshold=NEVER)
        ),
        quantization_config=engine.ScalarQuantizationConfig(
            type=engine.ScalarType.Int8, quantile=0.99, memory=engine.Memory.Cached
        ),
        optimizers=engine.EdgeOptimizersConfig(
            indexing_threshold=INDEXING_KB,
            default_segment_number=1,
            # Whatever was deleted leaves the disk with the next optimisation, not when a fifth of all points is gone.
            deleted_threshold=0.000001,
            vacuum_min_vector_number=1,
        ),
        wal_enabled=False,
    )


def create(path: str, dimensions: int) -> Any:
    """Create an empty shard with its payload indexes."""
    shard = engine.EdgeShard.create(path, config(dimensions))
    for name in FILTERED:
        shard.update(engine.UpdateOperation.create_field_index(name, engine.PayloadSchemaType.Keyword))
    shard.flush()
    return shard


def load(path: str, dimensions: int, graph: bool = False) -> Any:
    """Open an existing shard; the engine refuses other dimensions. With `graph` the next `optimize` builds one.

    The engine maps its files page by page while it blocks all threads: 20 s for 100,000 vectors on a busy disk. Reading
    them through first takes half a second of a thread that blocks nobody.
    """
    for file in Path(path).rglob("*"):
        if file.name != FULL_VECTORS and file.is_file():
            _read_through(file)
    return engine.EdgeShard.load(path, config(dimensions, graph))


def _read_through(file: Path) -> None:
    with file.open("rb", buffering=0) as stream:
        while stream.read(READ_BYTES):
            pass


def uuid_of(chunk_id: str) -> UUID | None:
    """Return the engine's id, or None for what is no chunk id."""
    digits = chunk_id.removeprefix(PREFIX)
    if len(digits) != 32 or len(chunk_id) != 35 or not digits.isascii() or not digits.isalnum() or digits != digits.lower():
        return None
    try:
        return UUID(hex=digits)
    except ValueError:
        return None


def known(chunk_id: str) -> UUID:
    """Return the engine's id. Raises StorageError for what is no chunk id."""
    point_id = uuid_of(chunk_id)
    if point_id is None:
        raise StorageError(f"The vector index cannot hold {chunk_id!r}: it is no chunk id.", kept="Nothing was changed.")
    return point_id


def checked(vector: Vector, dimensions: int) -> list[float]:
    """Return the numbers of a vector. Raises StorageError unless it has this length and is finite."""
    array = np.asarray(vector, dtype=np.float32)
    if array.shape != (dimensions,) or not bool(np.isfinite(array).all()):
        raise StorageError(
            f"The vector index holds {dimensions} finite numbers per vector, not an array of shape {array.shape}.",
            kept="Nothing was changed.",
            remedy="Check that the installed model is the one the memory was made with.",
        )
    return array.tolist()


def chunk_id_of(point_id: Any) -> str:
    """Return the chunk id of an engine's id."""
    return PREFIX + (point_id.hex if isinstance(point_id, UUID) else str(point_id).replace("-", ""))


def upserting(points: Sequence[DensePoint], dimensions: int) -> Any:
    """Return the operation that adds or replaces points. Raises StorageError for ids and vectors that do not fit."""
    return engine.UpdateOperation.upsert_points([_point(point, dimensions) for point in points])


def deleting(ids: Sequence[UUID]) -> Any:
    """Return the operation that removes points."""
    return engine.UpdateOperation.delete_points(list(ids))


def search(shard: Any, vector: list[float], k: int, where: Filter) -> list[Scored]:
    """Look for the `k` nearest: by the graph where there is one, else by a scan, quantised where the shard is optimised.

    What was found is scored again exactly.
    """
    more = OVERSAMPLING if k < ENOUGH else 1.0
    params = engine.SearchParams(
        hnsw_ef=GRAPH_SEARCH, quantization=engine.QuantizationSearchParams(rescore=True, oversampling=more)
    )
    asked = engine.Query.Nearest(vector, using=VECTOR)
    request = engine.SearchRequest(query=asked, limit=k, filter=_filter(where), params=params)
    return [Scored(chunk_id_of(hit.id), max(-1.0, min(1.0, float(hit.score)))) for hit in shard.search(request)]


def scroll(shard: Any, after: Any, limit: int) -> tuple[list[str], Any]:
    """Return chunk ids from a place on, and the next place (None at the end)."""
    records, following = shard.scroll(engine.ScrollRequest(offset=after, limit=limit, with_payload=False, with_vector=False))
    return [chunk_id_of(record.id) for record in records], following


def everything(shard: Any, size: int) -> Iterator[Any]:
    """Yield the operations that add all points of a shard to another, `size` at a time."""
    after: Any = None
    while True:
        request = engine.ScrollRequest(offset=after, limit=size, with_payload=True, with_vector=True)
        records, after = shard.scroll(request)
        if records:
            points = [engine.Point(str(UUID(str(one.id))), one.vector, one.payload) for one in records]
            yield engine.UpdateOperation.upsert_points(points)
        if after is None:
            return


def vectors(shard: Any, ids: Sequence[UUID]) -> dict[str, Vector]:
    """Return the exact vectors of those points that are held, by chunk id."""
    records = shard.retrieve(list(ids), False, True)
    return {chunk_id_of(record.id): np.asarray(record.vector[VECTOR], dtype=np.float32) for record in records}


def count(shard: Any) -> int:
    """Return how many points there are, exactly."""
    return int(shard.count(engine.CountRequest(exact=True)))


def unquantised(shard: Any) -> int:
    """Return how many vectors wait for the next optimisation."""
    info = shard.info()
    return max(0, int(info.points_count) - int(info.indexed_vectors_count))


def _point(point: DensePoint, dimensions: int) -> Any:
    payload: dict[str, Any] = {
        "project": point.project,
        "modality": point.modality,
        "language": point.language,
        "source": point.source_id,
        "path": point.path,
        "time": point.modified,
    }
    return engine.Point(str(known(point.chunk_id)), {VECTOR: checked(point.vector, dimensions)}, payload)


def _filter(where: Filter) -> Any:
    must: list[Any] = []
    if where.modality:
        must.append(engine.FieldCondition("modality", match=engine.MatchAny(list(where.modality))))
    if where.project:
        must.append(engine.FieldCondition("project", match=engine.MatchValue(where.project)))
    if where.languages:
        must.append(engine.FieldCondition("language", match=engine.MatchAny(list(where.languages))))
    if where.sources is not None:
        must.append(engine.FieldCondition("source", match=engine.MatchAny(sorted(where.sources))))
    return engine.Filter(must=must) if must else None
