"""Marks what is sensitive in the chunks of a document. Called by the pipeline."""

from collections import Counter, defaultdict
from collections.abc import Sequence

from assistant.domain.document import Chunk, Document
from assistant.domain.sensitive import SECRETS, Sensitive, scan


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


def secrets_in(chunks: Sequence[Chunk]) -> str:
    """Name the kinds of secrets in chunks with how many there are, as in "password: 2, key: 1"; "" without any."""
    found = {(chunk.part, chunk.offset + mark.start, mark.kind) for chunk in chunks for mark in chunk.sensitive}
    counted = Counter(kind.value for _, _, kind in found if kind in SECRETS)
    return ", ".join(f"{kind}: {number}" for kind, number in sorted(counted.items()))


def _inside(found: Sequence[Sensitive], offset: int, length: int) -> tuple[Sensitive, ...]:
    """Return what overlaps `length` characters from `offset`, in places counted from there."""
    return tuple(
        Sensitive(kind, max(0, start - offset), min(length, end - offset))
        for kind, start, end in found
        if start < offset + length and end > offset
    )
