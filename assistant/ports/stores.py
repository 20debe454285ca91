"""Protocols of the stores: sources, chunks, journal, vector cache, and the two indexes. Used by memory and eval."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import Chunk, Modality, Root, Source, SourceState
from assistant.domain.memory import RecallRecord

Vector = NDArray[np.float32]
JournalOp = Literal["remember", "forget"]


@dataclass(frozen=True, slots=True)
class DensePoint:
    """A vector (float32, L2-normalised, shape (dim,)) with the payload that filters use."""

    chunk_id: str
    vector: Vector
    source_id: str
    project: str
    modality: Modality
    language: str
    path: str
    modified: float


@dataclass(frozen=True, slots=True)
class SparseRow:
    """A chunk as the text index sees it; `code` tells the analyser to split identifiers."""

    chunk_id: str
    source_id: str
    body: str
    symbols: str
    path: str
    modality: Modality
    language: str


@dataclass(frozen=True, slots=True)
class SparseQuery:
    """Words for the text index: `text` for the body, plus symbols and path fragments that lift what matches them.

    `phrases` lift rows that hold their words side by side, in order. `instead` are words standing in for misspelt ones, each
    with what it counts for (0..1) beside a word of `text`. The rest restricts: rows of these modalities, languages and
    sources alone (empty, None: all), and none whose body holds a word of `without`.
    """

    text: str
    symbols: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    modality: tuple[Modality, ...] = ()
    languages: tuple[str, ...] = ()
    sources: frozenset[str] | None = None
    without: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    instead: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Filter:
    """Restricts a dense search; empty (of `sources`: None) means no restriction."""

    modality: tuple[Modality, ...] = ()
    project: str = ""
    languages: tuple[str, ...] = ()
    sources: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate from one index; `score` is the index's own (cosine, or BM25).

    `share` (text index only, 0..1) is the score over what a chunk full of every asked word would get: how much of what
    was asked the chunk holds, comparable between questions and with a cosine.
    """

    chunk_id: str
    score: float
    share: float = 0.0


@dataclass(frozen=True, slots=True)
class ChunkMark:
    """What counting needs of a chunk, without its text."""

    chunk_id: str
    source_id: str
    modality: Modality
    language: str


class Candidate(NamedTuple):
    """What ranking needs of a chunk and of its source, without any text; `size` is that of the text in bytes of UTF-8.

    A tuple, since a query makes some 400 of them.
    """

    chunk_id: str
    source_id: str
    modality: Modality
    language: str
    digest: str
    simhash: int
    size: int
    path: str
    root: str
    modified: float
    quality: float


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """An operation on a source; `done` is the commit mark. `digest` is the file's sha256 the operation is about."""

    seq: int
    op: JournalOp
    source_id: str
    path: str
    digest: str
    at: datetime
    done: bool


@dataclass(frozen=True, slots=True)
class Totals:
    """Counts over all sources; `by_language` counts chunks."""

    sources: int
    chunks: int
    by_state: Mapping[str, int] = field(default_factory=dict[str, int])
    by_language: Mapping[str, int] = field(default_factory=dict[str, int])


class DenseIndex(Protocol):
    """Vectors by chunk id. Cosine similarity over L2-normalised vectors. Upserts are idempotent."""

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points; visible to `search` at once, on disk after `commit`."""
        ...

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points; unknown ids are ignored."""
        ...

    async def search(self, vector: Vector, k: int, where: Filter = Filter()) -> list[Scored]:
        """Return at most `k` points, best first; scores are cosines in -1..1."""
        ...

    async def ids(self) -> set[str]:
        """Return every chunk id held: the ground truth for verification."""
        ...

    async def commit(self) -> None:
        """Make everything written so far survive a crash."""
        ...

    async def close(self) -> None:
        """Commit and release files and threads; safe to call twice."""
        ...


class Vocabulary(Protocol):
    """The words a text index holds: what a question's words are checked and corrected against."""

    async def frequencies(self, words: Collection[str]) -> dict[str, int]:
        """Return in how many committed bodies each word stands, by the index's own stems; 0 for unknown ones, never raises."""
        ...

    async def beginning(self, prefix: str) -> dict[str, int]:
        """Return the index's terms (stems in lower case) that begin so, with the number of bodies that hold each."""
        ...


class SparseIndex(Vocabulary, Protocol):
    """Text search by BM25 over stemmed English and Russian words and split identifiers."""

    async def upsert(self, rows: Sequence[SparseRow]) -> None:
        """Add or replace rows by chunk id; visible to `search` after `commit`."""
        ...

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove rows; visible after `commit`; unknown ids are ignored."""
        ...

    async def search(self, query: SparseQuery, k: int) -> list[Scored]:
        """Return at most `k` rows with any of the words, best first; scores are BM25, > 0. Never raises on odd input."""
        ...

    async def ids(self) -> set[str]:
        """Return every committed chunk id."""
        ...

    async def commit(self) -> None:
        """Make everything written so far searchable and durable."""
        ...

    async def close(self) -> None:
        """Commit and release files, threads and locks; safe to call twice."""
        ...


class Optimisable(Protocol):
    """An index that knows its size and can be rebuilt into a faster form without blocking the process that owns it."""

    async def count(self) -> int:
        """Return the number of points, without listing them."""
        ...

    async def optimise(self) -> bool:
        """Quantise and merge in a child process, then swap in; return whether anything changed."""
        ...


class Rebuildable(Protocol):
    """An index that can be thrown away and filled again from the records."""

    async def open(self) -> None:
        """Open or create; raises DamagedError when what is there cannot be understood. Later calls do nothing."""
        ...

    async def reset(self) -> None:
        """Throw everything away, damaged or not, and start empty: the first step of a rebuild."""
        ...


class SourceStore(Protocol):
    """Records of sources and of the roots they were found under."""

    async def put(self, sources: Sequence[Source]) -> None:
        """Add or replace by id, in one transaction."""
        ...

    async def get(self, source_ids: Collection[str]) -> dict[str, Source]:
        """Return those that exist."""
        ...

    async def find(self, under: str = "", states: Collection[SourceState] = ()) -> list[Source]:
        """List sources ordered by path; `under` is a path: itself or anything below it (a folder, never a name prefix)."""
        ...

    async def delete(self, source_ids: Collection[str]) -> None:
        """Remove records; unknown ids are ignored."""
        ...

    async def roots(self) -> list[Root]:
        """List granted roots ordered by path."""
        ...

    async def set_roots(self, add: Sequence[Root] = (), remove: Collection[str] = ()) -> None:
        """Grant and withdraw roots by path."""
        ...


class ChunkCensus(Protocol):
    """What is known of many chunks together, cheaply: nothing here loads their text."""

    async def ids(self, languages: Collection[str] | None = None) -> set[str]:
        """Return every chunk id (of these languages)."""
        ...

    async def marks(self) -> list[ChunkMark]:
        """Return every chunk's id, source, modality and language, in no order."""
        ...

    async def candidates(self, chunk_ids: Collection[str]) -> dict[str, Candidate]:
        """Return those that exist and whose source does."""
        ...

    async def totals(self) -> Totals:
        """Count sources and chunks."""
        ...


class ChunkStore(ChunkCensus, Protocol):
    """Records of chunks with their text."""

    async def replace(self, source: Source, chunks: Sequence[Chunk]) -> list[str]:
        """In one transaction store the source record and exactly these chunks for it; return ids that are gone."""
        ...

    async def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        """Return those that exist."""
        ...

    async def of_sources(self, source_ids: Collection[str]) -> list[Chunk]:
        """Return the chunks of these sources, ordered by source and ordinal."""
        ...

    async def erase(self, source_ids: Collection[str]) -> list[str]:
        """Remove all chunks of these sources, overwriting their pages; return their ids."""
        ...


class Journal(Protocol):
    """The append-only truth about operations; indexes are its projections."""

    async def begin(self, op: JournalOp, sources: Sequence[Source]) -> list[int]:
        """Append one open entry per source; return their sequence numbers."""
        ...

    async def finish(self, seqs: Collection[int]) -> None:
        """Set the commit mark."""
        ...

    async def pending(self) -> list[JournalEntry]:
        """Return entries without a commit mark, oldest first."""
        ...

    async def read(self, after: int = 0, limit: int = 1000) -> list[JournalEntry]:
        """Return entries with a higher sequence number, oldest first."""
        ...

    async def redact(self, source_ids: Collection[str]) -> None:
        """Blank paths and digests of forgotten sources' entries."""
        ...


class VectorCache(Protocol):
    """Vectors by (model id and revision, sha256 of the embedded text), so that equal text is embedded once."""

    async def get(self, model: str, digests: Collection[str]) -> dict[str, Vector]:
        """Return the vectors that are known."""
        ...

    async def put(self, model: str, vectors: Mapping[str, Vector]) -> None:
        """Remember vectors."""
        ...

    async def erase(self, digests: Collection[str]) -> None:
        """Forget vectors of these texts under every model."""
        ...

    async def count(self, digests: Collection[str]) -> int:
        """Count the vectors of these texts under any model."""
        ...

    async def clear(self, model: str) -> None:
        """Forget every vector of one model."""
        ...

    async def keep(self, models: Collection[str], digests: set[bytes]) -> int:
        """Forget all but the vectors of these models and of these texts (digests as bytes); return how many went.

        Without a model named, those of every model stay.
        """
        ...


class DatabaseUpkeep(Protocol):
    """Care of the record database as a whole."""

    async def check(self, short: bool = False) -> list[str]:
        """Run the engine's integrity check (the `short` one leaves indexes out); return complaints, empty when sound."""
        ...

    async def scrub(self) -> None:
        """Return freed pages and truncate the write-ahead log, so that erased text is gone from disk."""
        ...

    async def close(self) -> None:
        """Checkpoint and release; safe to call twice."""
        ...


class RecallLog(Protocol):
    """An append-only record of what was looked up, from which only forgetting takes something away."""

    async def note(self, origin: str, kind: Literal["recall", "ask"], query: str, source_ids: Collection[str]) -> None:
        """Append one line with the time of now."""
        ...

    async def read(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        """Return the newest lines (those numbered below `before`, 0 for all), newest first."""
        ...

    async def redact(self, source_ids: Collection[str]) -> None:
        """Blank the words of every line that showed one of these sources, and take the sources out of it."""
        ...

    async def count(self, source_ids: Collection[str]) -> int:
        """Count the lines that name one of these sources."""
        ...


class Notes(Protocol):
    """Small facts that outlive a restart, by name."""

    async def get(self, name: str) -> str:
        """Return a fact, "" when it was never put."""
        ...

    async def put(self, name: str, value: str) -> None:
        """Keep a fact; "" takes it away."""
        ...
