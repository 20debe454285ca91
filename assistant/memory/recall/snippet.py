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
    places = [word for word in found if word.stem in stems]
    best, begin, last = 0, 0, 0
    for first in places:
        inside = [word for word in places if word.start >= first.start and word.end <= first.start + LENGTH]
        count = len({word.stem for word in inside})
        if count > best:
            best, begin, last = count, first.start, max(word.end for word in inside)
    # Some words before the first match, as far as the last one stays in.
    earliest = max(begin - LENGTH // 4, last - LENGTH)
    begin = min((word.start for word in found if earliest <= word.start <= begin), default=begin)
    ends = [word.end for word in found if begin < word.end <= begin + LENGTH]
    return text[begin : max(ends, default=begin + LENGTH)].strip()
