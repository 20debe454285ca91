"""Protocols for content: reading files, counting tokens, embedding. Used by memory."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import Document, Span


@dataclass(frozen=True, slots=True)
class RenderedPage:
    """A preview picture (PNG bytes) with rectangles (x, y, w, h in pixels) where the quote stands."""

    png: bytes
    width: int
    height: int
    page: int
    pages: int
    marks: tuple[tuple[float, float, float, float], ...] = ()


class Reader(Protocol):
    """Turns files into documents in a separate process with caps on time, memory and output."""

    async def read(self, path: str) -> Document:
        """Extract the text of a file; raises ReadError (crash, time-out, limit, encrypted, damaged) with the reason."""
        ...

    async def render(self, path: str, page: int, quote: str, width: int) -> RenderedPage:
        """Draw a PDF page or an image `width` pixels wide, marking `quote` where it stands; raises ReadError."""
        ...

    async def close(self) -> None:
        """Stop the processes; safe to call twice."""
        ...


class Embedder(Protocol):
    """A text-embedding model. Vectors are float32 and L2-normalised."""

    @property
    def model(self) -> str:
        """Model id and revision, the key of the vector cache."""
        ...

    @property
    def dimensions(self) -> int:
        """Length of a vector."""
        ...

    def knows(self, language: str) -> bool:
        """Tell whether the model was trained on this language (BCP-47 or a programming language; "" counts as known)."""
        ...

    async def embed_documents(self, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
        """Return an array of shape (len(texts), dimensions); each text is cut at the model's token limit.

        What is `urgent`, since a person waits for it, does not wait for what is not.
        """
        ...

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        """Return an array of shape (dimensions,)."""
        ...

    async def close(self) -> None:
        """Release the model."""
        ...


class Reranker(Protocol):
    """A model that reads a question and a passage together and says how well the one answers the other."""

    @property
    def model(self) -> str:
        """Model id and revision."""
        ...

    def knows(self, language: str) -> bool:
        """Tell whether the model was trained on this language (see Embedder.knows)."""
        ...

    async def relevance(self, question: str, passages: Sequence[str]) -> list[float]:
        """Return 0..1 for each passage; pairs are cut at the model's token limit. Raises ModelError."""
        ...

    async def close(self) -> None:
        """Release the model."""
        ...


class TokenCounter(Protocol):
    """Counts tokens as the model does, without the special ones."""

    @property
    def limit(self) -> int:
        """Most tokens in one input, special tokens not counted."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text; blocking, releases the GIL."""
        ...

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the (start, end) character offsets of each token."""
        ...


SkipKind = Literal["ignored", "binary", "too large", "unsupported", "unreadable", "outside"]


@dataclass(frozen=True, slots=True)
class FoundFile:
    """A file met on a walk; `skip` and `reason` tell why it will not be read, "" when it will."""

    path: str
    size: int
    modified: float
    skip: SkipKind | Literal[""] = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Passage:
    """The text now standing at a remembered place."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True)
class Presence:
    """How a root stands now: `empty` is a folder without any entry, `device` names the drive it is on ("" when unknown)."""

    there: bool
    empty: bool = False
    device: str = ""


class FileWalker(Protocol):
    """Walks granted paths by the ignore rules; blocking file-system work runs on threads."""

    async def walk(self, path: str) -> list[FoundFile]:
        """List every file at or under `path`, with the reason where it is skipped; raises PathRefusedError."""
        ...

    async def look(self, root: str, paths: Collection[str]) -> list[FoundFile]:
        """List what now stands at or under each of `paths` as a walk of `root` would, without walking the rest.

        What is gone is not listed; a path below an ignored folder lists that folder. Raises PathRefusedError for the root.
        """
        ...

    async def presence(self, path: str) -> Presence:
        """Tell whether a root can be read at all, without walking it; never raises."""
        ...

    async def digest(self, path: str) -> str:
        """Return the sha256 of the file's bytes (hex); raises ReadError when it cannot be read."""
        ...

    async def stat(self, path: str) -> FoundFile | None:
        """Look at one file without judging it; None when it is gone."""
        ...

    async def stats(self, paths: Collection[str]) -> dict[str, FoundFile | None]:
        """Look at some files at once, as `stat` does."""
        ...
