"""Which words of a snippet answer to a query, for showing them strong. Pure; used by the list of hits."""

import re

_WORD = re.compile(r"\w+")
_PART = re.compile(r"[^\W\d_]+|\d+")
_CAMEL = re.compile(r"(?<=[a-zа-яё\d])(?=[A-ZА-ЯЁ])")
_SHORT = 3
_COMMON = re.compile(
    r"and|are|but|did|does|for|from|had|has|have|how|its|not|our|that|the|their|them|then|there|they|this|was|were|what|when|where"
    r"|which|who|why|will|with|you|your|без|был|была|были|было|вот|где|для|его|если|есть|или|как|какая|какие|какой|когда|который"
    r"|кто|мне|можно|надо|нет|них|она|они|оно|под|почему|при|про|так|там|тем|тот|что|чтобы|эта|эти|это"
)


def _stem(word: str) -> str:
    """Cut what inflects in English and Russian; rough on purpose: it only decides what is printed strong."""
    return word if len(word) <= _SHORT + 1 else word[: max(_SHORT + 1, len(word) - 3)]


def matched_words(text: str, query: str) -> list[tuple[int, int]]:
    """Give (start, end) in code points of the words of `text` that share a stem with a word of `query`.

    Identifiers count as matched when one of their parts does: `parse` matches `parse_line` and `parseLine`.
    """
    words = [word.casefold() for word in _WORD.findall(query)]
    stems = {_stem(word) for word in words if not _COMMON.fullmatch(word) and (len(word) >= _SHORT or word.isdigit())}
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
