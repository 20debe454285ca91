"""Small valid values for the contract suites of the stores."""

from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from assistant.domain.document import Chunk, Source, SourceState, Span
from assistant.ports.stores import DensePoint, SparseRow, Vector

AT = datetime(2026, 11, 22, 17, 30, 5, 123456, tzinfo=UTC)
DIMENSIONS = 8


class StillClock:
    """A Clock that stands."""

    def now(self) -> datetime:
        return AT

    def monotonic(self) -> float:
        return 0.0


def source(name: str, path: str = "", **changes: object) -> Source:
    """A source; `path` is made native, so that folders mean folders on every system."""
    native = str(Path(path or f"/home/u/{name}"))
    values = {"id": name, "path": native, "root": "/home/u", "project": "u", "state": SourceState.QUEUED, "updated": AT}
    return Source.model_validate(values | changes)


def chunk(number: int, source_id: str = "s1", text: str = "", **changes: object) -> Chunk:
    values = {
        "id": chunk_id(number),
        "source_id": source_id,
        "ordinal": number,
        "part": 0,
        "offset": 0,
        "text": text or f"text {number}",
        "span": Span(unit="line", start=number + 1, end=number + 2),
        "modality": "text",
        "digest": f"digest {number}",
    }
    return Chunk.model_validate(values | changes)


def chunk_id(number: int) -> str:
    return f"mi_{number:032x}"


def unit(*numbers: float) -> Vector:
    vector = np.array(numbers, dtype=np.float32)
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def axis(number: int, tilt: float = 0.0) -> Vector:
    """The vector along one axis, a little tilted towards the next one."""
    vector = np.zeros(DIMENSIONS, dtype=np.float32)
    vector[number % DIMENSIONS] = 1.0
    vector[(number + 1) % DIMENSIONS] = tilt
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def point(number: int, vector: Vector | None = None, **changes: object) -> DensePoint:
    values: dict[str, object] = {
        "chunk_id": chunk_id(number),
        "vector": axis(number) if vector is None else vector,
        "source_id": "s1",
        "project": "u",
        "modality": "text",
        "language": "en",
        "path": "/home/u/s1",
        "modified": 1.5,
    }
    return DensePoint(**(values | changes))  # type: ignore[arg-type]


def row(number: int, body: str, **changes: object) -> SparseRow:
    values: dict[str, object] = {
        "chunk_id": chunk_id(number),
        "source_id": "s1",
        "body": body,
        "symbols": "",
        "path": "",
        "modality": "text",
        "language": "en",
    }
    return SparseRow(**(values | changes))  # type: ignore[arg-type]
