"""Cuts text into words with stems, English and Russian in one pass. Used by simhash, recall and answering."""

import re
import unicodedata
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from py_rust_stemmers import SnowballStemmer

from assistant.domain.plain import ALPHANUMERIC, all_but, has_number_with_marks, plain_words

_WORD = re.compile(r"\d++(?:[.,:]\d++)++|[^\W_]++")
_NUMBER = re.compile(r"\d(?<![0-9A-Za-z]\d)\d*+(?:[.,:]\d++)++")
_HUMP = re.compile(r"(?<=[a-zа-яё0-9])(?=[A-ZА-ЯЁ])|(?<=[A-ZА-ЯЁ])(?=[A-ZА-ЯЁ][a-zа-яё])")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_LETTERS = all_but(ALPHANUMERIC)


def vocabulary(listing: str) -> frozenset[str]:
    """Return the words of a listing separated by blanks."""
    return frozenset(listing.split())


STOP_WORDS = vocabulary(
    """
    a an the and or but if then else of to in on at by for with from into onto over under about as is are was were be been
    being am do does did done has have had having it its this that these those there here what which who whom whose when
    where why how can could shall should will would may might must i you he she we they me him her us them my your his our
    their not no nor so than too very just also any some each all both few more most much many such only own same s t d ll
    m re ve let get got please tell show give name
    и или но а да же ли бы в во на с со к ко по о об от до из у за над под при про для без через между не ни это этот эта
    эти тот та те то что чтобы как так там тут где когда кто кого кому чем чего чему зачем почему какой какая какое какие
    каком каким какого какую каких который которая которое которые которого которой которых котором сколько чей чья чье чьи
    куда откуда я ты он она оно мы вы они меня тебя его ее нас вас их мне тебе ему ей нам вам им мой твой наш ваш свой быть
    был была было были есть будет если то либо уже еще только очень тоже также все всех весь вся всего можно нужно надо
    ведь вот ну ж б ль нибудь скажи покажи назови
    """
)


class Word(NamedTuple):
    """A word of a text: `text[start:end]` as it stands, its stem, and whether it carries no meaning of its own."""

    start: int
    end: int
    stem: str
    stop: bool


def normalise(word: str) -> str:
    """Return the word in lower case with ё written as е."""
    return word.lower().replace("ё", "е")


def composed(text: str) -> str:
    """Return the text with letters and their marks as one character each (NFC), however it was written down."""
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def stem(word: str) -> str:
    """Return the stem by the word's script: Russian for Cyrillic, English for the rest."""
    return _stem(normalise(word))


def words(text: str, *, identifiers: bool = False) -> list[Word]:
    """Cut `text` into words, in order. With `identifiers`, parts of camelCase names follow as words of their own.

    Numbers with inner points, commas or colons stay whole (3.14, 12:30); snake_case always falls apart.
    """
    found: list[Word] = []
    for match in _WORD.finditer(text):
        raw = match.group()
        found.append(Word(match.start(), match.end(), *_entry(raw)))
        if identifiers and _HUMP.search(raw):
            start = match.start()
            cuts = [0, *(hump.start() for hump in _HUMP.finditer(raw)), len(raw)]
            found.extend(Word(start + a, start + b, *_entry(raw[a:b])) for a, b in pairwise(cuts))
    return found


def spans(text: str, wanted: frozenset[str]) -> tuple[list[tuple[int, int]], list[tuple[int, int, str]]]:
    """Return (start, end) of every word, and (start, end, stem) of those whose stem is wanted: `words` in a third."""
    everything = [match.span() for match in _WORD.finditer(text)]
    raws = [text[a:b] for a, b in everything]
    stem_of = {raw: found for raw in set(raws) if (found := _entry(raw)[0]) in wanted}
    if not stem_of:
        return everything, []
    return everything, [(a, b, stem_of[raw]) for (a, b), raw in zip(everything, raws, strict=True) if raw in stem_of]


def stems(text: str) -> list[str]:
    """Return the stems of all words, stop words included."""
    return [stem for stem, _ in map(_entry, _plain(text) if text.isascii() else _WORD.findall(text))]


def _plain(text: str) -> list[str]:
    """Return what `_WORD` finds in ASCII text."""
    if not has_number_with_marks(text):
        return plain_words(text, _LETTERS)
    found: list[str] = []
    at = 0
    for match in _NUMBER.finditer(text):
        found += plain_words(text[at : match.start()], _LETTERS)
        found.append(match.group())
        at = match.end()
    return found + plain_words(text[at:], _LETTERS)


@lru_cache(maxsize=65536)
def _entry(raw: str) -> tuple[str, bool]:
    """Return a word's stem and whether it is a stop word; words recur all the time, within a text and between texts."""
    plain = normalise(raw)
    return _stem(plain), plain in STOP_WORDS


def _stem(plain: str) -> str:
    # An engine for each call: it costs less than a microsecond, and one shared between threads would be no gain.
    return SnowballStemmer("russian" if _CYRILLIC.search(plain) else "english").stem_word(plain)
