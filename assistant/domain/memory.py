"""Questions to memory and what it gives back; the JSON forms follow section 11 of the specification."""

from datetime import datetime
from typing import Literal

from pydantic import Field

from assistant.domain.base import Value
from assistant.domain.document import Modality, Span
from assistant.domain.sensitive import Sensitive, SensitiveKind


class Signals(Value):
    """Hints that join the text query: names of code symbols and globs or fragments of file paths."""

    code_symbols: tuple[str, ...] = ()
    file_hints: tuple[str, ...] = ()


class RecallQuery(Value):
    """What to look for. An empty `modality` means all; `k` bounds the number of items; `secrets` asks for what is hidden
    otherwise.
    """

    text: str
    signals: Signals = Signals()
    modality: tuple[Modality, ...] = ()
    k: int = Field(default=20, ge=1, le=1000)
    secrets: bool = False


class Cite(Value):
    """A place on disk, as shown to a person."""

    path: str
    line: int | None = None
    line_end: int | None = None
    page: int | None = None
    cell: str | None = None


def cite_at(path: str, span: Span) -> Cite:
    """Return the place of a span as a person reads it."""
    line, line_end = (span.start, span.end) if span.unit == "line" else (span.line, span.line_end)
    cell = f"{span.label or 'cell'} {span.start}" + (f"-{span.end}" if span.end != span.start else "")
    return Cite(
        path=path,
        line=line or None,
        line_end=line_end or None,
        page=span.start if span.unit == "page" else None,
        cell=cell if span.unit == "cell" else None,
    )


class ScoreParts(Value):
    """The parts of a score, each in 0..1 before weighting; `dense` is None where the model was switched off."""

    dense: float | None
    sparse: float
    recency: float
    source_quality: float


class Hit(Value):
    """One recalled item. `also` lists near-duplicates that were folded into it; `group` is its source's id; `sensitive` says
    what its passage holds, of which secrets are hidden in the snippet unless asked for.
    """

    id: str
    score: float
    snippet: str
    cite: Cite
    parts: ScoreParts
    modality: Modality
    language: str = ""
    scope: str = ""
    group: str
    source_changed: bool = False
    also: tuple[Cite, ...] = ()
    sensitive: tuple[SensitiveKind, ...] = ()


class RecallResult(Value):
    """Items, best first; `notes` says what was left out and why (for instance: no model for this language)."""

    items: tuple[Hit, ...]
    took_ms: float
    notes: tuple[str, ...] = ()


class RecallRecord(Value):
    """Who looked what up and when: the door, the words, and the paths of the sources that were shown.

    `correlation` is that of the verdict on it and, where an answer came of it, of the turn.
    """

    seq: int
    at: datetime
    origin: str
    kind: Literal["recall", "ask"]
    query: str
    paths: tuple[str, ...]
    correlation: str = ""


class Evidence(Value):
    """A passage in a context pack: `text` letter for letter as remembered, with its place and the file's digest.

    `sensitive` says what it holds, `withheld` are the secrets in it that nobody asked to see: no quote may touch them.
    """

    n: int
    chunk_id: str
    source_id: str
    path: str
    span: Span
    part: int
    offset: int
    text: str
    scope: str
    language: str
    digest: str
    score: float
    dense: float | None = None
    sparse: float = 0.0
    sensitive: tuple[SensitiveKind, ...] = ()
    withheld: tuple[Sensitive, ...] = ()


class ContextPack(Value):
    """Evidence within a strict token budget, best first."""

    query: str
    evidence: tuple[Evidence, ...]
    tokens: int
    budget: int
    notes: tuple[str, ...] = ()


class Scope(Value):
    """What a question restricts itself to; times are epoch seconds. Empty parts restrict nothing."""

    paths: tuple[str, ...] = ()
    not_paths: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    modality: tuple[Modality, ...] = ()
    since: float | None = None
    until: float | None = None
    without: tuple[str, ...] = ()
    without_phrases: tuple[str, ...] = ()
    not_languages: tuple[str, ...] = ()

    @property
    def restricts(self) -> bool:
        """Tell whether it names anything at all but unwanted words."""
        return self.by_source or bool(self.languages or self.modality or self.not_languages)

    @property
    def unwanted(self) -> bool:
        """Tell whether anything is named that a chunk must not be or hold."""
        return bool(self.without or self.without_phrases or self.not_languages)

    @property
    def by_source(self) -> bool:
        """Tell whether it takes looking at sources to know what is within."""
        return bool(self.paths or self.not_paths) or self.since is not None or self.until is not None


class Asked(Value):
    """A question taken apart: `text` without filters, phrases to hold letter for letter, names, files, scope and notes."""

    text: str
    phrases: tuple[str, ...] = ()
    exact: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    scope: Scope = Scope()
    notes: tuple[str, ...] = ()
