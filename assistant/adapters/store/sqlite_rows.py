"""How sources and chunks become rows and back. Used by the record stores of this room.

Values are built through pydantic's validation, which is compiled: `model_construct` looks cheaper and takes twice as long.
"""

import json
from typing import Any

from assistant.domain.document import Chunk, Root, Source

SOURCE_COLUMNS = (
    "id, path, root, project, state, reason, media, modality, language, size, modified, digest, quality, chunks, updated"
)
CHUNK_COLUMNS = (
    'id, source_id, ordinal, part, offset, text, unit, start, "end", label, line, line_end, modality, language, scope, '
    "symbols, digest, simhash, tokens, sensitive"
)
ROOT_COLUMNS = "path, project, added, watched, device, forgotten"

_SIGN = 1 << 63
_WRAP = 1 << 64


def upsert(table: str, columns: str) -> str:
    """Return the statement that adds a row or replaces the one with its id.

    Not INSERT OR REPLACE: that deletes first, and deleting a source deletes its chunks.
    """
    names = [name.strip() for name in columns.split(",")]
    marks = ", ".join("?" * len(names))
    changes = ", ".join(f"{name} = excluded.{name}" for name in names if name != "id")
    return f"INSERT INTO {table} ({columns}) VALUES ({marks}) ON CONFLICT (id) DO UPDATE SET {changes}"


UPSERT_SOURCE = upsert("sources", SOURCE_COLUMNS)
UPSERT_CHUNK = upsert("chunks", CHUNK_COLUMNS)


def source_row(source: Source) -> tuple[Any, ...]:
    """Return the values of SOURCE_COLUMNS."""
    s = source
    return (
        *(s.id, s.path, s.root, s.project, s.state.value, s.reason, s.media, s.modality, s.language),
        *(s.size, s.modified, s.digest, s.quality, s.chunks, s.updated.isoformat()),
    )


def source_of(row: tuple[Any, ...]) -> Source:
    """Build a source from the values of SOURCE_COLUMNS."""
    return Source.model_validate(
        {
            "id": row[0],
            "path": row[1],
            "root": row[2],
            "project": row[3],
            "state": row[4],
            "reason": row[5],
            "media": row[6],
            "modality": row[7],
            "language": row[8],
            "size": row[9],
            "modified": row[10],
            "digest": row[11],
            "quality": row[12],
            "chunks": row[13],
            "updated": row[14],
        }
    )


def chunk_row(chunk: Chunk) -> tuple[Any, ...]:
    """Return the values of CHUNK_COLUMNS; the unsigned fingerprint becomes the engine's signed integer."""
    c, span = chunk, chunk.span
    simhash = c.simhash - _WRAP if c.simhash >= _SIGN else c.simhash
    symbols = json.dumps(c.symbols, ensure_ascii=False) if c.symbols else ""
    return (
        *(c.id, c.source_id, c.ordinal, c.part, c.offset, c.text),
        *(span.unit, span.start, span.end, span.label, span.line, span.line_end),
        *(c.modality, c.language, c.scope, symbols, c.digest, simhash, c.tokens),
        json.dumps(c.sensitive) if c.sensitive else "",
    )


def chunk_of(row: tuple[Any, ...]) -> Chunk:
    """Build a chunk from the values of CHUNK_COLUMNS."""
    simhash: int = row[17]
    return Chunk.model_validate(
        {
            "id": row[0],
            "source_id": row[1],
            "ordinal": row[2],
            "part": row[3],
            "offset": row[4],
            "text": row[5],
            "span": {
                "unit": row[6],
                "start": row[7],
                "end": row[8],
                "label": row[9],
                "line": row[10],
                "line_end": row[11],
            },
            "modality": row[12],
            "language": row[13],
            "scope": row[14],
            "symbols": json.loads(row[15]) if row[15] else (),
            "digest": row[16],
            "simhash": simhash + _WRAP if simhash < 0 else simhash,
            "tokens": row[18],
            "sensitive": json.loads(row[19]) if row[19] else (),
        }
    )


def root_of(row: tuple[Any, ...]) -> Root:
    """Build a root from the values of ROOT_COLUMNS."""
    return Root.model_validate(
        {
            "path": row[0],
            "project": row[1],
            "added": row[2],
            "watched": bool(row[3]),
            "device": row[4],
            "forgotten": json.loads(row[5]) if row[5] else (),
        }
    )


def root_row(root: Root) -> tuple[Any, ...]:
    """Return the values of ROOT_COLUMNS."""
    forgotten = json.dumps(root.forgotten) if root.forgotten else ""
    return root.path, root.project, root.added.isoformat(), int(root.watched), root.device, forgotten
