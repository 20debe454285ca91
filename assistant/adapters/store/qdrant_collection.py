"""How a collection on a Qdrant server is named, configured, written and read. Used by `qdrant_dense`, on its threads."""

import hashlib
import os
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import numpy as np

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.edge_shard import FILTERED, INDEXING_KB, NEVER, checked, chunk_id_of, known
from assistant.config.schema import Qdrant
from assistant.domain.errors import StorageError
from assistant.ports.stores import DensePoint, Filter, Scored, Vector

OWNER = "owner"
"""The file, in the memory, with the random name under which its collections lie on the server.

Two memories on one server must never meet in a collection: each would remove the other's vectors as strays.
"""

GRAPH_M, GRAPH_BUILD, GRAPH_SEARCH = 32, 256, 64
GRAPH_SCAN_KB = 10_000
"""Size below which a graph is not used: filtered to so little, a scan is faster and exact."""

NAME_SHOWN = 60
VACUUM = 0.001
"""Share of deleted points at which the server rewrites a segment: deleted vectors shall not lie there for long."""


def collection_name(settings: Qdrant, model: str, owner: str) -> str:
    """Return the collection of one model (id and revision) of one memory: readable, and unlike any other."""
    digest = hashlib.sha256(f"{owner}\n{model}".encode()).hexdigest()[:16]
    return f"{settings.collection_prefix}_{re.sub(r'[^A-Za-z0-9.-]', '-', model)[:NAME_SHOWN]}_{digest}"


def owner_of(folder: Path) -> str:
    """Return the name of the memory for its server, made on the first call. Raises OSError."""
    file = folder / OWNER
    try:
        found = file.read_text("ascii", "replace").strip()
    except FileNotFoundError:
        found = ""
    if re.fullmatch("[0-9a-f]{32}", found):
        return found
    folder.mkdir(parents=True, exist_ok=True)
    partial = folder / f"{OWNER}.part"
    with partial.open("w", encoding="ascii") as stream:
        stream.write(made := uuid4().hex)
        stream.flush()
        os.fsync(stream.fileno())
    partial.replace(file)
    sync_folder(folder)
    return made


def create(client: Any, name: str, settings: Qdrant, dimensions: int) -> None:
    """Create the collection: cosine, int8 beside the exact vectors, no graph yet."""
    from qdrant_client import models

    client.create_collection(
        name,
        vectors_config=models.VectorParams(size=dimensions, distance=models.Distance.COSINE, on_disk=settings.on_disk),
        shard_number=settings.shard_number,
        replication_factor=settings.replication_factor,
        write_consistency_factor=settings.write_consistency_factor,
        hnsw_config=models.HnswConfigDiff(m=0, full_scan_threshold=NEVER),
        optimizers_config=models.OptimizersConfigDiff(indexing_threshold=INDEXING_KB, deleted_threshold=VACUUM),
        quantization_config=models.ScalarQuantization(
            scalar=models.ScalarQuantizationConfig(type=models.ScalarType.INT8, quantile=0.99, always_ram=True)
        ),
    )


def ready(client: Any, name: str, settings: Qdrant, dimensions: int) -> None:
    """Create the collection and its payload indexes where they are missing. Raises StorageError for vectors of another size."""
    from qdrant_client import models

    if not client.collection_exists(name):
        create(client, name, settings, dimensions)
    info = client.get_collection(name)
    vectors = info.config.params.vectors
    size, distance = getattr(vectors, "size", None), str(getattr(vectors, "distance", "")).rpartition(".")[2].lower()
    if size != dimensions or distance != "cosine":
        raise StorageError(
            f"The collection {name} on the Qdrant server holds {size}-dimensional vectors, not {dimensions}-dimensional ones.",
            kept="Nothing was changed.",
            remedy="Switch the model back, or remove the collection on the server and let the vectors be made again.",
        )
    for field in FILTERED:
        if field not in (info.payload_schema or {}):
            client.create_payload_index(name, field, models.PayloadSchemaType.KEYWORD, wait=True)


def graph(client: Any, name: str, size: int) -> bool:
    """Have the server build its graph once there are `size` points; return whether that began now."""
    from qdrant_client import models

    if client.get_collection(name).config.hnsw_config.m or count(client, name) < size:
        return False
    built = models.HnswConfigDiff(m=GRAPH_M, ef_construct=GRAPH_BUILD, full_scan_threshold=GRAPH_SCAN_KB)
    client.update_collection(name, hnsw_config=built)
    return True


def batch_of(points: Sequence[DensePoint], dimensions: int) -> list[tuple[str, list[float], dict[str, str]]]:
    """Return ids, vectors and payloads; raises StorageError for ids and vectors that do not fit.

    The payload is what filters ask for, no more: paths and times stay on this computer.
    """
    last = {point.chunk_id: point for point in points}
    return [
        (
            str(known(key)),
            checked(point.vector, dimensions),
            {"project": point.project, "modality": str(point.modality), "language": point.language, "source": point.source_id},
        )
        for key, point in last.items()
    ]


def upsert(client: Any, name: str, batch: Sequence[tuple[str, list[float], dict[str, str]]]) -> None:
    """Write points and wait until a search finds them."""
    from qdrant_client import models

    ids, vectors, payloads = zip(*batch, strict=True)
    points = models.Batch(ids=list(ids), vectors=list(vectors), payloads=list(payloads))
    client.upsert(name, points, wait=True, ordering=models.WriteOrdering.MEDIUM)


def delete(client: Any, name: str, ids: Sequence[UUID]) -> None:
    """Remove points and wait until no search finds them."""
    from qdrant_client import models

    selector = models.PointIdsList(points=[str(found) for found in ids])
    client.delete(name, selector, wait=True, ordering=models.WriteOrdering.MEDIUM)


def search(client: Any, name: str, vector: list[float], k: int, where: Filter, oversampling: float) -> list[Scored]:
    """Return the `k` nearest: from the int8 vectors (or the graph), then scored exactly."""
    from qdrant_client import models

    quantised = models.QuantizationSearchParams(rescore=True, oversampling=oversampling)
    params = models.SearchParams(hnsw_ef=max(GRAPH_SEARCH, k), quantization=quantised)
    found = client.query_points(
        name, query=vector, limit=k, query_filter=_filter(where), search_params=params, with_payload=False, with_vectors=False
    )
    return [Scored(chunk_id_of(hit.id), max(-1.0, min(1.0, float(hit.score)))) for hit in found.points]


def scroll(client: Any, name: str, after: Any, limit: int, copies: int) -> tuple[list[str], Any]:
    """Return chunk ids from a place on, and the next place (None at the end); of several copies, what most hold."""
    from qdrant_client import models

    consistency = models.ReadConsistencyType.MAJORITY if copies > 1 else None
    records, following = client.scroll(
        name, limit=limit, offset=after, with_payload=False, with_vectors=False, consistency=consistency
    )
    return [chunk_id_of(record.id) for record in records], following


def vectors(client: Any, name: str, ids: Sequence[UUID]) -> dict[str, Vector]:
    """Return the exact vectors of those points that are held, by chunk id."""
    records = client.retrieve(name, [str(each) for each in ids], with_payload=False, with_vectors=True)
    return {chunk_id_of(record.id): np.asarray(record.vector, dtype=np.float32) for record in records}


def count(client: Any, name: str) -> int:
    """Return how many points there are, exactly."""
    return int(client.count(name, exact=True).count)


def _filter(where: Filter) -> Any:
    from qdrant_client import models

    must: list[Any] = []
    if where.modality:
        must.append(models.FieldCondition(key="modality", match=models.MatchAny(any=list(where.modality))))
    if where.project:
        must.append(models.FieldCondition(key="project", match=models.MatchValue(value=where.project)))
    if where.languages:
        must.append(models.FieldCondition(key="language", match=models.MatchAny(any=list(where.languages))))
    if where.sources is not None:
        must.append(models.FieldCondition(key="source", match=models.MatchAny(any=sorted(where.sources))))
    return models.Filter(must=must) if must else None
