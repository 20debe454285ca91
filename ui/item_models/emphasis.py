"""Which words of a snippet answer to a query, for showing them strong. Pure; used by the list of hits."""

import re

_WORD = re.compile(r"\w+")
_PART = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ])")
_SHORT = 3


def _stem(word: str) -> str:
    """Cut what inflects in English and Russian; rough on purpose: it only decides what is printed strong."""
    return word if len(word) <= _SHORT + 1 else word[: max(_SHORT + 1, len(word) - 3)]


def matched_words(text: str, query: str) -> list[tuple[int, int]]:
    """Give (start, end) in code points of the words of `text` that share a stem with a word of `query`.

    Identifiers count as matched when one of their parts does: `parse` matches `parse_line` and `parseLine`.
    """
    stems = {_stem(word.casefold()) for word in _WORD.findall(query) if len(word) >= _SHORT or word.isdigit()}
    if not stems:
        return []
    found: list[tuple[int, int]] = []
    for word in _WORD.finditer(text):
        parts = [word[0], *_PART.findall(_CAMEL.sub(" ", word[0]))]
        if any(_matches(part.casefold(), stems) for part in parts):
            found.append(word.span())
    return found


def _matches(word: str, stems: set[str]) -> bool:
    return any(word == stem or (len(stem) > _SHORT and word.startswith(stem)) for stem in stems)
