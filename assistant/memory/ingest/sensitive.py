"""Marks what is sensitive in the chunks of a document. Called by the pipeline."""

from collections import defaultdict
from collections.abc import Sequence

from assistant.domain.document import Chunk, Document
from assistant.domain.sensitive import Sensitive, scan


def marked(document: Document, chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks with their marks. Parts are looked through whole, so that a key cut in two is marked in both chunks."""
    cut_from: defaultdict[int, list[int]] = defaultdict(list)
    for at, chunk in enumerate(chunks):
        cut_from[chunk.part].append(at)
    result = list(chunks)
    for part, places in cut_from.items():
        found = scan(document.parts[part].text)
        for at in places if found else ():
            chunk = chunks[at]
            if marks := _inside(found, chunk.offset, len(chunk.text)):
                result[at] = chunk.model_copy(update={"sensitive": marks})
    return result


def _inside(found: Sequence[Sensitive], offset: int, length: int) -> tuple[Sensitive, ...]:
    """Return what overlaps `length` characters from `offset`, in places counted from there."""
    return tuple(
        Sensitive(kind, max(0, start - offset), min(length, end - offset))
        for kind, start, end in found
        if start < offset + length and end > offset
    )
