"""Protocols of the record database: sources, chunks, journal, vector cache, small facts. Used by memory and eval."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NamedTuple, Protocol

from assistant.domain.document import Chunk, Modality, Root, Source, SourceState
from assistant.domain.memory import RecallRecord
from assistant.ports.stores import Vector

JournalOp = Literal["remember", "forget"]


@dataclass(frozen=True, slots=True)
class ChunkMark:
    """What counting needs of a chunk, without its text."""

    chunk_id: str
    source_id: str
    modality: Modality
    language: str


class ChunkLine(NamedTuple):
    """A chunk as checking sees it; `place` is where the next page begins. Without texts `digest`, `scope`, `text` are ""."""

    place: int
    chunk_id: str
    source_id: str
    modality: Modality
    language: str
    part: int
    offset: int
    digest: str
    scope: str
    text: str


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
    """What is known of many chunks together, cheaply: nothing here loads their text unless it is asked for."""

    async def ids(self, languages: Collection[str] | None = None) -> set[str]:
        """Return every chunk id (of these languages)."""
        ...

    async def marks(self) -> list[ChunkMark]:
        """Return every chunk's id, source, modality and language, in no order."""
        ...

    async def lines(self, after: int, limit: int, texts: bool = False) -> list[ChunkLine]:
        """Return a page of all chunks, those behind place `after` (0 to begin); empty at the end. What is added meanwhile
        may be among them or not.
        """
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

    async def replace_all(self, items: Sequence[tuple[Source, Sequence[Chunk]]]) -> list[str]:
        """Do as `replace` for several sources in one transaction: all of them are stored, or none."""
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

    async def note(
        self, origin: str, kind: Literal["recall", "ask"], query: str, source_ids: Collection[str], correlation: str = ""
    ) -> None:
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
