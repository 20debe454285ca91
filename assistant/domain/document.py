"""Sources, the documents read from them, and the chunks cut from those. Used by every floor above."""

from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from typing import Literal, get_args

from pydantic import Field

from assistant.domain.base import Value
from assistant.domain.sensitive import Sensitive

Modality = Literal["text", "code", "image", "audio", "video"]
MODALITIES: tuple[Modality, ...] = get_args(Modality)
SpanUnit = Literal["line", "page", "cell", "timecode"]
PartKind = Literal["lines", "page", "cell", "sheet"]


class SourceState(StrEnum):
    """Where a source stands on its way into memory; the words are those a person sees."""

    QUEUED = "queued"
    READING = "reading"
    SEARCHABLE = "searchable"
    EMBEDDING = "embedding"
    READY = "ready"
    FAILED = "failed"
    EXCLUDED = "excluded"
    OFFLINE = "offline"
    NEEDS_UPDATE = "needs update"


PENDING_STATES = frozenset({SourceState.QUEUED, SourceState.READING, SourceState.SEARCHABLE, SourceState.EMBEDDING})


class Root(Value):
    """A folder or single file that a person gave to Mneme.

    `watched` tells that changes on disk are followed. `device` names the drive it was last seen on, "" before that.
    `forgotten` are ids of sources and folders below it that a person had erased: watching does not bring them back.
    """

    path: str
    project: str
    added: datetime
    watched: bool = True
    device: str = ""
    forgotten: tuple[str, ...] = ()


class Source(Value):
    """One file and what Mneme knows of it. `path` is absolute and resolved; `id` is derived from it."""

    id: str
    path: str
    root: str
    project: str
    state: SourceState
    reason: str = ""
    media: str = ""
    modality: Modality = "text"
    language: str = ""
    size: int = 0
    modified: float = 0.0
    digest: str = ""
    quality: float = 1.0
    chunks: int = 0
    updated: datetime


class Span(Value):
    """A place inside a document, 1-based and inclusive at both ends.

    `unit` line: lines of the document's text; page: pages or slides; cell: cells of a notebook, or rows of the sheet
    named by `label`. `line`/`line_end` give the lines inside the part when the unit is not line (0 when unknown).
    """

    unit: SpanUnit
    start: int = Field(ge=1)
    end: int = Field(ge=1)
    label: str = ""
    line: int = 0
    line_end: int = 0


class Symbol(Value):
    """A named definition in source code, with the lines it covers (1-based, inclusive)."""

    name: str
    kind: str
    scope: str
    line: int
    line_end: int


class Part(Value):
    """A stretch of a document with a place of its own: the whole text, a page, a notebook cell, a sheet.

    `text` is letter for letter what the source holds (decoded); `number` is 1-based within the document.
    """

    kind: PartKind
    number: int
    text: str
    label: str = ""
    modality: Modality = "text"
    language: str = ""


class Document(Value):
    """What a reader made of a source. `extracted` tells that the text is not the file's own bytes (PDF, DOCX, ...).

    `digest` is the sha256 (hex) of the very bytes it was made of, `size` and `modified` what the file had at that moment.
    """

    media: str
    modality: Modality
    language: str = ""
    title: str = ""
    encoding: str = ""
    extracted: bool = False
    parts: tuple[Part, ...]
    symbols: tuple[Symbol, ...] = ()
    warnings: tuple[str, ...] = ()
    digest: str = ""
    size: int = 0
    modified: float = 0.0


class Chunk(Value):
    """A retrievable span: `text` is `parts[part].text[offset:offset + len(text)]` of the document it was cut from.

    `id` is stable: derived from the source, the place and the text. `digest` is the sha256 of the text (hex), and
    `simhash` a 64-bit fingerprint for near-duplicates. `language` is a natural language (BCP-47) for prose and a
    programming language for code; "" when unknown. `tokens` is counted by the model's own tokenizer. `sensitive` marks
    stretches of `text` that a person would not want shown by accident.
    """

    id: str
    source_id: str
    ordinal: int
    part: int
    offset: int
    text: str
    span: Span
    modality: Modality
    language: str = ""
    scope: str = ""
    symbols: tuple[str, ...] = ()
    digest: str
    simhash: int = 0
    tokens: int = 0
    sensitive: tuple[Sensitive, ...] = ()


def chunk_id(source_id: str, part: int, offset: int, digest: str) -> str:
    """Return the id of a chunk: of its source, its place in it and its text's sha256, so that equal reading gives equal ids."""
    place = f"{source_id}\0{part}\0{offset}\0{digest}".encode("utf-8", "surrogatepass")
    return "mi_" + blake2b(place, digest_size=16).hexdigest()
