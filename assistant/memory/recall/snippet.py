"""Cuts the part of a chunk that shows best why it was found. Pure; called by the retriever."""

from assistant.domain.language import spans

LENGTH = 240


def snippet(text: str, stems: frozenset[str]) -> str:
    """Return at most LENGTH characters of `text`, letter for letter, with as many distinct query stems as possible.

    Without a match it is the beginning.
    """
    if len(text) <= LENGTH:
        return text.strip()
    found, places = spans(text, stems)
    if not places:
        return text[: max((end for _, end in found if end <= LENGTH), default=LENGTH)].strip()
    best, begin, last = 0, 0, 0
    for first, _, _ in places:
        inside = [(end, stem) for start, end, stem in places if start >= first and end <= first + LENGTH]
        count = len({stem for _, stem in inside})
        if count > best:
            best, begin, last = count, first, max(end for end, _ in inside)
    # Some words before the first match, as far as the last one stays in.
    earliest = max(begin - LENGTH // 4, last - LENGTH)
    begin = min((start for start, _ in found if earliest <= start <= begin), default=begin)
    ends = [end for _, end in found if begin < end <= begin + LENGTH]
    return text[begin : max(ends, default=begin + LENGTH)].strip()
