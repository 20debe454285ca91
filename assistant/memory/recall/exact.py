"""Puts first what holds a phrase or a quoted name letter for letter. Pure; called by the retriever."""

import re
from collections.abc import Mapping, Sequence

from assistant.domain.document import Chunk
from assistant.domain.language import composed, normalise
from assistant.memory.recall.fusion import Parts

Ranked = list[tuple[str, float, Parts]]


def held(phrases: Sequence[str], names: Sequence[str], chunks: Mapping[str, Chunk]) -> dict[str, int]:
    """Return how many phrases (in any letter case, however broken into lines) and names (as they stand) each chunk holds."""
    said = [said_as(phrase) for phrase in phrases]
    called = [_bounded(name) for name in names]
    found: dict[str, int] = {}
    for key, chunk in chunks.items():
        plain = as_said(chunk.text) if said else ""
        defined = "\n".join([chunk.text, chunk.scope, *chunk.symbols]) if called else ""
        count = sum(test.search(plain) is not None for test in said) + sum(test.search(defined) is not None for test in called)
        if count:
            found[key] = count
    return found


def said_as(phrase: str) -> re.Pattern[str]:
    """Return the pattern by which texts in the form of `as_said` hold a phrase."""
    return _bounded(as_said(phrase))


def as_said(text: str) -> str:
    """Return a text in the one form in which phrases are looked for: lower case, single blanks, letters with marks composed."""
    return " ".join(normalise(composed(text)).split())


def first(ranked: Ranked, counts: Mapping[str, int]) -> Ranked:
    """Return the candidates with those that hold more first, otherwise in their order; no score is below the next one's."""
    ordered = sorted(ranked, key=lambda row: -counts.get(row[0], 0))
    best = 0.0
    raised: Ranked = []
    for chunk_id, score, parts in reversed(ordered):
        best = max(best, score)
        raised.append((chunk_id, best, parts))
    return raised[::-1]


def _bounded(text: str) -> re.Pattern[str]:
    """Return the pattern of a text that does not begin or end within a word."""
    return re.compile(r"(?<!\w)" * text[:1].isalnum() + re.escape(text) + r"(?!\w)" * text[-1:].isalnum())
