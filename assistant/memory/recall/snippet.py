"""Cuts the part of a chunk that shows best why it was found. Pure; called by the retriever."""

from collections.abc import Callable

LENGTH = 240


def snippet(text: str, stems: frozenset[str], stemmed: Callable[[str], list[tuple[str, int, int]]]) -> str:
    """Return at most LENGTH characters of `text`, letter for letter, holding most of the distinct query stems.

    `stemmed` gives (stem, start, end) for each word of a text. Without a match it is the beginning.
    """
    if len(text) <= LENGTH:
        return text.strip()
    words = stemmed(text)
    places = [(start, stem) for stem, start, _ in words if stem in stems]
    best, begin = -1, 0
    for start, _ in places:
        count = len({stem for at, stem in places if start <= at < start + LENGTH})
        if count > best:
            best, begin = count, start
    starts = [start for _, start, _ in words if begin - LENGTH // 4 <= start <= begin]
    begin = min(starts, default=0) if begin else 0
    ends = [end for _, _, end in words if begin < end <= begin + LENGTH]
    return text[begin : max(ends, default=begin + LENGTH)].strip()
