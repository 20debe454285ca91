"""Cuts documents into chunks, purely: one module per strategy, one door. Called by the pipeline on its executor."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.config.schema import Chunking
from assistant.domain.document import Chunk, Document, Part, Span, chunk_id
from assistant.domain.language import identify_by_script
from assistant.domain.lines import line_range, line_starts
from assistant.domain.simhash import simhash
from assistant.memory.ingest.chunkers.code import CodeOutline
from assistant.memory.ingest.chunkers.pieces import Block, Cut, Ruler, trimmed
from assistant.memory.ingest.chunkers.prose import ProseOutline
from assistant.memory.ingest.chunkers.tables import TableOutline
from assistant.ports.content import TokenCounter

__all__ = ["chunk_document"]

_TABLES = frozenset({"text/csv", "text/tab-separated-values"})


def chunk_document(
    document: Document,
    source_id: str,
    counter: TokenCounter,
    settings: Chunking,
    identify: Callable[[str], str] = identify_by_script,
) -> list[Chunk]:
    """Return the document's chunks in order; together they hold every visible character of every part.

    No chunk has more than `settings.max_tokens` (or the model's limit, where lower). `identify` names the language of a
    stretch of prose, "" when unsure. Equal input gives equal output; no text makes it raise.
    """
    limit = max(1, min(settings.max_tokens, counter.limit))
    overlap = min(settings.overlap_tokens, limit // 2)
    plans = [_Plan(index, part, document) for index, part in enumerate(document.parts)]
    ruler = Ruler(counter, limit)
    ruler.measure([(plan.part.text, plan.blocks()) for plan in plans])
    chunks: list[Chunk] = []
    for plan in plans:
        for cut, tokens in ruler.verify(plan.part.text, plan.cuts(limit, overlap)):
            chunks.append(plan.chunk(cut, tokens, source_id, len(chunks), identify))
    return chunks


@dataclass(slots=True)
class _Plan:
    """How one part of a document is cut."""

    index: int
    part: Part
    code: bool
    language: str
    outline: CodeOutline | ProseOutline | TableOutline
    starts: Sequence[int]

    def __init__(self, index: int, part: Part, document: Document) -> None:
        self.index = index
        self.part = part
        self.code = part.modality == "code" or (document.modality == "code" and part.kind == "lines")
        self.language = part.language or document.language
        self.starts = line_starts(part.text)
        if part.kind == "sheet" or document.media in _TABLES:
            self.outline = TableOutline(part.text, part.label)
        elif self.code:
            self.outline = CodeOutline(part.text, document.symbols if len(document.parts) == 1 else ())
        else:
            media = document.media if part.kind == "lines" else "text/markdown"
            self.outline = ProseOutline(part.text, media, part.label if part.kind == "page" else "")

    def blocks(self) -> list[Block]:
        return self.outline.blocks()

    def cuts(self, limit: int, overlap: int) -> list[Cut]:
        if isinstance(self.outline, ProseOutline):
            return self.outline.cuts(limit, overlap)
        return self.outline.cuts(limit)

    def chunk(self, cut: Cut, tokens: int, source_id: str, ordinal: int, identify: Callable[[str], str]) -> Chunk:
        start, end = cut.start, trimmed(self.part.text, cut.start, cut.end)[1]
        text = self.part.text[start:end]
        data = text.encode("utf-8", "surrogatepass")
        digest = hashlib.sha256(data).hexdigest()
        return Chunk(
            id=chunk_id(source_id, self.index, start, digest),
            source_id=source_id,
            ordinal=ordinal,
            part=self.index,
            offset=start,
            text=text,
            span=self._span(start, end),
            modality="code" if self.code else self.part.modality,
            language=self.language if self.code else identify(text) or self.language,
            scope=cut.scope,
            symbols=cut.symbols,
            digest=digest,
            simhash=simhash(text),
            tokens=tokens,
        )

    def _span(self, start: int, end: int) -> Span:
        line, line_end = line_range(self.starts, start, end)
        part = self.part
        if part.kind == "lines":
            return Span(unit="line", start=line, end=line_end)
        if part.kind == "sheet":
            return Span(unit="cell", start=line, end=line_end, label=part.label, line=line, line_end=line_end)
        unit = "page" if part.kind == "page" else "cell"
        return Span(unit=unit, start=part.number, end=part.number, label=part.label, line=line, line_end=line_end)
