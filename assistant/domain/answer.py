"""Answers: claims bound to citations that can be checked letter for letter."""

from typing import Literal

from assistant.domain.base import Value
from assistant.domain.sensitive import SensitiveKind

CitationState = Literal["verified", "source changed", "source missing"]


class Citation(Value):
    """A numbered proof: `quote` stands letter for letter at the place; `hash` is the sha256 of the file when read.

    `sensitive` says what the passage holds that the quote was taken from, which is more than the quote.
    """

    n: int
    path: str
    line: int | None = None
    line_end: int | None = None
    page: int | None = None
    cell: str | None = None
    quote: str
    hash: str
    state: CitationState = "verified"
    chunk_id: str = ""
    scope: str = ""
    sensitive: tuple[SensitiveKind, ...] = ()


class Claim(Value):
    """One statement of an answer and the numbers of the citations that carry it."""

    text: str
    citations: tuple[int, ...]


class Answer(Value):
    """A cited answer; when `abstained`, `claims` is empty and `nearest` shows the closest evidence."""

    question: str
    answer: str
    abstained: bool
    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...] = ()
    notes: tuple[str, ...] = ()
    took_ms: float
