"""Finds the question's words that no text holds, and what they were meant to be. Called by the retriever."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.language import STOP_WORDS, normalise
from assistant.domain.language.spelling import in_cyrillic, one_slip, other_layout, slips
from assistant.ports.stores import Vocabulary

SHORTEST = 5
"""Letters below which a word is left alone: too many others lie one slip away."""

LONGEST = 40
"""Letters above which a word is data, not misspelt: its neighbours are as many as its letters, and each as long."""

LONG = 8
"""Letters from which two slips are looked for as well."""

MOST_WORDS = 4
"""Words of one question that are corrected; more unknown ones are another language, not slips."""

MOST_BESIDE = 12
"""Short words that are looked at beside one in the other layout."""

SLIP_WEIGHT = 0.6
KEYBOARD_WEIGHT = 0.9
"""What a corrected word counts for beside one that stands as written; another layout is hardly ever a coincidence."""

_TOKEN = re.compile(r"[^\s\"«»“”()]+")
_WORD = re.compile(r"[^\W\d_]+")
_KEYS = re.compile(r"[a-z\[\];',.`]+", re.IGNORECASE)
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_ENDS = "?!.,;:"


@dataclass(frozen=True, slots=True)
class Correction:
    """A word as written, the word searched for instead and what that counts for; `whole`: it was typed in another layout."""

    written: str
    meant: str
    weight: float
    whole: bool


async def corrections(text: str, vocabulary: Vocabulary) -> list[Correction]:
    """Return a correction for each word that the index does not know and that resembles one it does."""
    tokens = {token: None for token in _TOKEN.findall(text) if token.lower().strip(_ENDS) not in STOP_WORDS}
    spoken = {token: _word(token) for token in tokens}
    counts = await vocabulary.frequencies({word for word in spoken.values() if word})
    unknown = [token for token, word in spoken.items() if _suspect(token, word) and not counts.get(word, 0)]
    found: list[Correction] = []
    for token in unknown[:MOST_WORDS]:
        correction = await _correct(token, spoken[token], vocabulary)
        if correction is not None:
            found.append(correction)
    if any(one.whole for one in found):
        done = {one.written for one in found}
        left = [token for token, word in spoken.items() if not counts.get(word, 0) and not {token, word} & done]
        found += await _retyped_too(left[:MOST_BESIDE], vocabulary)
    return found


async def _retyped_too(tokens: Sequence[str], vocabulary: Vocabulary) -> list[Correction]:
    """Return corrections of short words beside one that was typed in the other layout: nobody changes it for one word."""
    meant = {token: swapped for token in tokens if _WORD.fullmatch(swapped := other_layout(token.rstrip("?!")))}
    known = await vocabulary.frequencies(set(meant.values()))
    return [Correction(token, word, KEYBOARD_WEIGHT, whole=True) for token, word in meant.items() if known.get(word, 0)]


def _word(token: str) -> str:
    """Return the token when it is one plain word, else ""; names in code style are meant as they stand."""
    word = token.strip(_ENDS + "-–—'’")
    plain = word.islower() or word[1:].islower() or word.isupper()
    return word if len(word) <= LONGEST and _WORD.fullmatch(word) and plain else ""


def _suspect(token: str, word: str) -> bool:
    return (
        len(word) >= SHORTEST or bool(not word and SHORTEST <= len(token) <= LONGEST and _KEYS.fullmatch(token)) or _typed(word)
    )


def _typed(word: str) -> bool:
    """Tell whether a short word makes no sense in its own layout: nobody writes four letters of only one kind."""
    return len(word) >= SHORTEST - 1 and not re.search("[aeiouyаеиоуыэюя]", normalise(word))


async def _correct(token: str, word: str, vocabulary: Vocabulary) -> Correction | None:
    swapped = other_layout(word or token.rstrip("?!"))
    if _WORD.fullmatch(swapped) and await _best({swapped}, vocabulary):
        return Correction(word or token, swapped, KEYBOARD_WEIGHT, whole=True)
    if len(word) < SHORTEST:
        return None
    guess = await _best(one_slip(word), vocabulary)
    if not guess and not _CYRILLIC.search(word):
        guess = await _best({in_cyrillic(word)}, vocabulary)
    if not guess and len(word) >= LONG:
        guess = await _two_slips(normalise(word), vocabulary)
    return Correction(word, guess, SLIP_WEIGHT, whole=False) if guess else None


async def _best(guesses: set[str], vocabulary: Vocabulary) -> str:
    counts = await vocabulary.frequencies(guesses)
    return max(sorted(counts), key=lambda word: counts[word]) if any(counts.values()) else ""


async def _two_slips(word: str, vocabulary: Vocabulary) -> str:
    """Return the nearest term with the same first three letters: first letters are seldom wrong, and all terms are too many."""
    terms = await vocabulary.beginning(word[:3])
    # Terms are stems: what is compared is as much of the word as the term has letters, or the word whole.
    near = {
        term: min(slips(word, term, 2), slips(word[: len(term)], term, 2))
        for term in terms
        if len(word) - 4 <= len(term) <= len(word) + 2 and len(term) >= SHORTEST
    }
    best = min(near, key=lambda term: (near[term], -terms[term], term), default="")
    return best if best and near[best] <= 2 else ""
