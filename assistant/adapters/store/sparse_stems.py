"""Stems of words as Tantivy's analyser takes them, for text indexes that have none. Used by `fts_sparse`. Pure."""

import unicodedata
from functools import lru_cache

from py_rust_stemmers import SnowballStemmer

from assistant.adapters.store.sparse_text import LONGEST, sound, words

_LETTERS = {
    **dict(zip("ðđħıĸłŋøŧƀɓɔɖɗǝəɛƒɨƙɲɵʋƴ", "ddhiqlnotbboddeaefiknovy", strict=True)),
    **{"æ": "ae", "œ": "oe", "þ": "th", "ß": "ss"},
}
"""Letters of living alphabets that do not fall apart into a plain one and a mark."""


def analysed(text: str) -> list[str]:
    """Return the stems of a text in order: what is written to the index."""
    return [stem for word in words(sound(text)) for stem in stems(word)]


@lru_cache(maxsize=65536)
def stems(word: str) -> tuple[str, ...]:
    """Return the stem of a word, nothing for one that is too long; Russian endings go first, then English ones.

    Tantivy's are the same but for some 6 words in 10,000: its English stemmer is of a later edition.
    """
    if len(word.encode("utf-8", "replace")) >= LONGEST * 4:
        return ()
    plain = _plain(word.lower())
    # An engine for each call: it costs less than a microsecond, and one shared between threads would be no gain.
    return (SnowballStemmer("english").stem_word(SnowballStemmer("russian").stem_word(plain)),)


def _plain(word: str) -> str:
    """Return a word with Latin letters freed of their marks."""
    return word if word.isascii() else "".join(_letter(letter) for letter in word)


def _letter(letter: str) -> str:
    if letter.isascii():
        return letter
    parts = unicodedata.normalize("NFKD", letter)
    if len(parts) > 1 and parts[0].isascii() and all(unicodedata.combining(mark) for mark in parts[1:]):
        return parts[0]
    return _LETTERS.get(letter, letter)
