"""Small chunks, sources and hits for the tests of recalling."""

from datetime import UTC, datetime
from typing import Any

from assistant.domain.document import Chunk, Source, SourceState, Span
from assistant.domain.memory import Cite, Hit, ScoreParts
from assistant.domain.simhash import simhash
from assistant.ports.records import Candidate

AT = datetime(2026, 11, 22, tzinfo=UTC)


def source(name: str = "s", path: str = "", **more: Any) -> Source:
    values = {"id": name, "path": path or f"/r/{name}.txt", "root": "/r", "project": "r", "state": SourceState.READY}
    return Source.model_validate({**values, "updated": AT, "digest": f"digest of {name}", **more})


def chunk(name: str, text: str = "", source_id: str = "s", **more: Any) -> Chunk:
    values = {"id": name, "source_id": source_id, "ordinal": 0, "part": 0, "offset": 0, "text": text or name}
    span = Span(unit="line", start=1, end=1)
    found = {"span": span, "modality": "text", "digest": text or name, "simhash": simhash(text or name), "tokens": 10}
    return Chunk.model_validate({**values, **found, **more})


def candidate(name: str, text: str = "", **more: Any) -> Candidate:
    c, s = chunk(name, text, **more), source()
    size = len(c.text.encode())
    return Candidate(c.id, s.id, c.modality, c.language, c.digest, c.simhash, size, s.path, s.root, s.modified, s.quality)


def hit(name: str, **more: Any) -> Hit:
    parts = ScoreParts(dense=0.5, sparse=0.5, recency=0.5, source_quality=1.0)
    values = {"id": name, "score": 0.5, "snippet": "", "cite": Cite(path="/r"), "parts": parts, "modality": "text", "group": "s"}
    return Hit.model_validate({**values, **more})
