"""Takes stretches that were forgotten out of chunks, leaving what stands around them. Pure.

Used by the pipeline and by forgetting.
"""

import math
import re
from collections.abc import Mapping, Sequence
from hashlib import sha256

from assistant.domain.document import Chunk, Document, Span, chunk_id
from assistant.domain.forgotten import merged, stretches
from assistant.domain.lines import line_range, line_starts
from assistant.domain.sensitive import Sensitive
from assistant.domain.simhash import simhash

Places = Mapping[int, Sequence[tuple[int, int]]]
"""Stretches [start, end) by the part they stand in."""

NOTHING_LEFT = "you had all of its passages forgotten"
"""The reason beside a source that is remembered without a passage."""

_INK = re.compile(r"[^\n\r]")
_WORD = re.compile(r"\w")
_LEVEL = re.compile(r"( > |: |\.)")


def found(document: Document, marks: frozenset[str], key: bytes) -> Places:
    """Return where a document holds what was forgotten."""
    places = {at: stretches(part.text, marks, key) for at, part in enumerate(document.parts if marks else ())}
    return {at: spans for at, spans in places.items() if spans}


def blanked(document: Document, places: Places) -> Document:
    """Return the document with spaces in these places: headings and names that stand there are not seen by whoever cuts it."""
    parts = list(document.parts)
    for at, spans in places.items():
        text = parts[at].text
        for start, end in spans:
            text = text[:start] + _INK.sub(" ", text[start:end]) + text[end:]
        parts[at] = parts[at].model_copy(update={"text": text})
    return document.model_copy(update={"parts": tuple(parts)})


def without(chunks: Sequence[Chunk], places: Places, gone: str) -> list[Chunk]:
    """Return the chunks less these places of their parts; `gone` is all the text that goes, for headings and names."""
    words = gone.casefold()
    result: list[Chunk] = []
    for chunk in chunks:
        inside = [
            (max(0, start - chunk.offset), min(len(chunk.text), end - chunk.offset))
            for start, end in places.get(chunk.part, ())
            if start < chunk.offset + len(chunk.text) and end > chunk.offset
        ]
        kept = _unnamed(chunk, words)
        result += [_piece(kept, start, end) for start, end in _rest(chunk.text, inside)] if inside else [kept]
    return [chunk.model_copy(update={"ordinal": at}) if chunk.ordinal != at else chunk for at, chunk in enumerate(result)]


def _unnamed(chunk: Chunk, gone: str) -> Chunk:
    """Return the chunk without headings and names that stand in what goes, but for those in its own text."""
    own = chunk.text.casefold()

    def stays(name: str) -> bool:
        low = name.strip().casefold()
        return not low or low not in gone or low in own

    symbols = tuple(name for name in chunk.symbols if stays(name))
    levels = _LEVEL.split(chunk.scope)
    scope = chunk.scope
    if not all(stays(level) for level in levels[::2]):
        scope = " > ".join(level for level in levels[::2] if stays(level))
    if (scope, symbols) == (chunk.scope, chunk.symbols):
        return chunk
    return chunk.model_copy(update={"scope": scope, "symbols": symbols})


def _rest(text: str, inside: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return what is left around these places, without white space at its ends; leftovers without a letter go as well."""
    rest: list[tuple[int, int]] = []
    at = 0
    for start, end in [*merged(inside), (len(text), len(text))]:
        piece = text[at:start]
        lead = len(piece) - len(piece.lstrip())
        if _WORD.search(piece):
            rest.append((at + lead, at + len(piece.rstrip())))
        at = end
    return rest


def _piece(chunk: Chunk, start: int, end: int) -> Chunk:
    """Return the stretch [start, end) of a chunk as a chunk of its own."""
    text = chunk.text[start:end]
    digest = sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    first, last = line_range(line_starts(chunk.text), start, end)
    marks = tuple(
        Sensitive(mark.kind, max(0, mark.start - start), min(len(text), mark.end - start))
        for mark in chunk.sensitive
        if mark.start < end and mark.end > start
    )
    return chunk.model_copy(
        update={
            "id": chunk_id(chunk.source_id, chunk.part, chunk.offset + start, digest),
            "offset": chunk.offset + start,
            "text": text,
            "span": _lines(chunk.span, first - 1, last - 1),
            "digest": digest,
            "simhash": simhash(text),
            "tokens": math.ceil(chunk.tokens * len(text) / max(1, len(chunk.text))),
            "sensitive": marks,
        }
    )


def _lines(span: Span, first: int, last: int) -> Span:
    """Return the span from its line `first` to its line `last`, both counted from 0."""
    if span.unit == "line":
        return span.model_copy(update={"start": span.start + first, "end": span.start + last})
    if not span.line:
        return span
    lines = {"line": span.line + first, "line_end": span.line + last}
    rows = span.unit == "cell" and (span.start, span.end) == (span.line, span.line_end)  # a row of a sheet is a line of it
    return span.model_copy(update={**lines, **({"start": lines["line"], "end": lines["line_end"]} if rows else {})})
