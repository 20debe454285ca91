"""Prepares a remembered source for showing at a place. Called by the façade; parses nothing in this process."""

from pathlib import Path

from assistant.domain.document import Document, Part, Source
from assistant.domain.errors import ReadError
from assistant.domain.lines import line_of, line_range, line_starts
from assistant.domain.memory import Cite
from assistant.domain.upkeep import PreviewView
from assistant.memory.service import Memory
from assistant.ports.content import FileWalker, Reader

PICTURES = ("application/pdf", "image/")
MOST_CHARACTERS = 400_000
"""Text shown at once; of longer texts the part around the place."""


class Previews:
    """Only what is in memory can be shown; the reader's worker draws and extracts."""

    def __init__(self, memory: Memory, reader: Reader, walker: FileWalker) -> None:
        self._memory = memory
        self._reader = reader
        self._walker = walker

    async def show(self, cite: Cite, quote: str, width: int) -> PreviewView:
        """Return the view; raises NotRememberedError, or ReadError when the file is gone or unreadable."""
        source = await self._memory.source(cite.path)
        title = Path(source.path).name
        note = ""
        try:
            if await self._walker.digest(source.path) != source.digest:
                note = "source changed"
        except ReadError as error:
            return PreviewView(path=source.path, kind="none", title=title, quote=quote, note=str(error))
        if source.media.startswith(PICTURES):
            drawn = await self._reader.render(source.path, cite.page or 1, quote, width)
            return PreviewView(
                path=source.path,
                kind="page",
                title=title,
                quote=quote,
                page=drawn.page,
                pages=drawn.pages,
                png=drawn.png,
                width=drawn.width,
                height=drawn.height,
                marks=drawn.marks,
                note=note,
            )
        return _text_view(source, await self._reader.read(source.path), cite, quote, note)


def _text_view(source: Source, document: Document, cite: Cite, quote: str, note: str) -> PreviewView:
    part = _part_for(document, cite)
    text, first_line = part.text, 1
    starts = line_starts(text)
    at = _place(text, starts, quote, cite.line)
    line, line_end = line_range(starts, at, at + len(quote)) if at >= 0 else (cite.line or 0, cite.line_end or 0)
    if at < 0 and quote and not note:
        note = "source changed"
    if len(text) > MOST_CHARACTERS:
        start = text.rfind("\n", 0, max(0, at - MOST_CHARACTERS // 2)) + 1
        first_line = line_of(starts, start)
        text = text[start : start + MOST_CHARACTERS]
    code = part.modality == "code" or document.modality == "code"
    markdown = "markdown" in document.media
    return PreviewView(
        path=source.path,
        kind="code" if code else "markdown" if markdown else "text",
        title=Path(source.path).name + (f" · {part.label}" if part.label else ""),
        language=part.language or document.language,
        text=text,
        extracted=document.extracted,
        first_line=first_line,
        line=line,
        line_end=line_end,
        quote=quote if at >= 0 else "",
        page=part.number if part.kind == "page" else 0,
        pages=len(document.parts) if part.kind == "page" else 0,
        note=note,
    )


def _part_for(document: Document, cite: Cite) -> Part:
    """Return the cited page or cell, else the first part."""
    if cite.page:
        wanted = [part for part in document.parts if part.number == cite.page]
    elif cite.cell:
        label, _, place = cite.cell.rpartition(" ")
        number = int(place.partition("-")[0]) if place.partition("-")[0].isdigit() else 0
        wanted = [part for part in document.parts if part.label == label or (part.kind == "cell" and part.number == number)]
    else:
        wanted = []
    return (wanted or list(document.parts))[0]


def _place(text: str, starts: list[int], quote: str, line: int | None) -> int:
    """Return the offset of the quote nearest to a line, or -1."""
    if not quote:
        return -1
    best, best_distance, at = -1, -1, text.find(quote)
    while at >= 0:
        distance = abs(line_of(starts, at) - (line or 1))
        if best < 0 or distance < best_distance:
            best, best_distance = at, distance
        if line is None:
            break
        at = text.find(quote, at + 1)
    return best
