"""How text becomes the words of the text index: folding, identifiers split and kept whole, stop words. Pure.

Used by the text indexes for what is indexed and for what is asked, so that both always agree.
"""

import re
import unicodedata
from functools import lru_cache
from itertools import chain

from assistant.domain.plain import ALPHANUMERIC, all_but

VERSION = 1
"""Raised whenever the same text would give other words: an index written by another version is refused."""

LONGEST = 100
"""Characters above which a word is no word but data (base64, minified code): it is dropped."""

_SPLIT_BELOW = 65536
"""Length up to which a run of word characters is looked at at all."""

_FOLD = {
    "ё": "е",
    "Ё": "Е",
    "\u0301": "",  # stress marks, as dictionaries and textbooks set them
    "\u0300": "",
    "\u00ad": "",  # soft hyphens, as PDFs carry them
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\u2060": "",
    "\ufeff": "",
}

_WORD = re.compile(r"\w+(?:\.\w+)*")
_PART = re.compile(r"[A-ZА-Я]+(?![a-zа-я])|[A-ZА-Я]?[a-zа-я]+|\d+|[^\W\d_]+")
_RUNS = all_but(f"{ALPHANUMERIC}_.")
_IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")

_STOP_EN = """a about above after again all am an and any are as at be because been before being below between both but by can
could did do does doing down during each few for from further had has have having he her here hers him his how i
if in into is it its itself me more most my no nor not of off on once only or other our ours out over own same
she should so some such than that the their theirs them then there these they this those through to too under
until up very was we were what when where which while who whom why will with would you your yours"""

_STOP_RU = """а без бы был была были было быть в вам вас весь во вот все всего всех вы где да даже для до его ее ей если есть
еще же за здесь и из или им их к как какая какие какой какую ко когда которая которые который кто ли либо мне
может мой моя мы на над надо наш не него нее нет ни них но о об однако он она они оно от очень по под при про с
со так также такой там те тем то того тоже той только том тут ты у уже хотя чего чей чем что чтобы чье чья эта
эти это этого этой этом этот эту я"""

STOP_WORDS = frozenset(_STOP_EN.split()) | frozenset(_STOP_RU.split())


def fold(text: str) -> str:
    """Return the text in one spelling: compatibility forms composed, ё as е, invisible and stress marks gone."""
    if text.isascii():
        return text
    folded = unicodedata.normalize("NFKC", text)
    for mark, plain in _FOLD.items():
        if mark in folded:
            folded = folded.replace(mark, plain)
    return folded


def sound(text: str) -> str:
    """Return the text without what UTF-8 cannot write (lone surrogates); its words around them stay searchable."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()


def words(text: str) -> list[str]:
    """Return the words of a text in order, each compound followed by its parts; case is kept, stems are not taken.

    `parseConfig.v2` gives `parseConfig.v2 parseConfig parse Config v2 v 2`.
    """
    runs: list[str] = _plain_runs(text) if text.isascii() else _WORD.findall(fold(text))
    if max(map(len, runs), default=0) <= LONGEST:
        return list(chain.from_iterable(map(_expand, runs)))
    return [word for run in runs for word in (_expand(run) if len(run) <= LONGEST else _expand_long(run))]


def _plain_runs(text: str) -> list[str]:
    """Return what `_WORD` finds in ASCII text: a point stays where it stands between two characters of a word."""
    data = text.encode("ascii").translate(_RUNS)
    if b"." in data:
        data = data.replace(b"..", b"  ").replace(b" .", b"  ").replace(b". ", b"  ").strip(b".")
    return data.decode("ascii").split()


@lru_cache(maxsize=65536)
def _expand(run: str) -> tuple[str, ...]:
    """Return a run of word characters and dots, followed by its parts where it is made of several."""
    if run.isalpha() and (run.islower() or run[1:].islower()) and not _IDEOGRAPH.search(run):
        return (run,) if len(run) <= LONGEST else ()
    found = [run] if len(run) <= LONGEST else []
    pieces = run.split(".")
    for piece in pieces:
        if len(pieces) > 1 and len(piece) <= LONGEST:
            found.append(piece)
        parts = _parts(piece)
        if len(parts) > 1 or (parts and parts[0] != piece):
            found += [part for part in parts if len(part) <= LONGEST]
    return tuple(found)


def _expand_long(run: str) -> tuple[str, ...]:
    """As `_expand`, without the cache, for runs that would fill it with text nobody asks for twice."""
    return _expand.__wrapped__(run) if len(run) <= _SPLIT_BELOW else ()


def _parts(piece: str) -> list[str]:
    parts: list[str] = []
    for part in _PART.findall(piece):
        # Scripts without spaces are indexed by the character: better than not at all, and no dictionary is needed.
        parts += list(part) if _IDEOGRAPH.search(part) else [part]
    return parts


def asked(text: str) -> list[str]:
    """Return the words of a question without stop words; all of them where nothing else would be left."""
    everything = words(text)
    telling = [word for word in everything if word.lower() not in STOP_WORDS]
    return telling or everything
