"""Cuts the part of a chunk that shows best why it was found. Pure; called by the retriever."""

from assistant.domain.language import words

LENGTH = 240


def snippet(text: str, stems: frozenset[str]) -> str:
    """Return at most LENGTH characters of `text`, letter for letter, with as many distinct query stems as possible.

    Without a match it is the beginning.
    """
    if len(text) <= LENGTH:
        return text.strip()
    found = words(text)
    places = [(word.start, word.stem) for word in found if word.stem in stems]
    best, begin = 0, 0
    for start, _ in places:
        count = len({stem for at, stem in places if start <= at < start + LENGTH})
        if count > best:
            best, begin = count, start
    lead = [word.start for word in found if begin - LENGTH // 4 <= word.start <= begin]
    begin = min(lead, default=0) if begin else 0
    ends = [word.end for word in found if begin < word.end <= begin + LENGTH]
    return text[begin : max(ends, default=begin + LENGTH)].strip()
