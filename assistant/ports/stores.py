"""Protocols of the stores: sources, chunks, journal, vector cache, and the two indexes. Used by memory and eval."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import Modality

Vector = NDArray[np.float32]


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

    async def count(self) -> int:
        """Return the number of committed bodies, without listing them."""
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
    """An index that knows its size and what it holds, and can be rebuilt into a faster form without blocking its process."""

    async def count(self) -> int:
        """Return the number of points, without listing them."""
        ...

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        """Return the vectors of those points that are held, as exactly as the engine keeps them, to compare with others."""
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
