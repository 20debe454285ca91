"""Names the natural language of a text, or "" where the evidence is thin. Built by the composition root, used by chunkers."""

import re
import string
import threading
from collections.abc import Callable
from typing import Protocol

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from assistant.domain.language.words import normalise, vocabulary
from assistant.domain.plain import all_but, plain_words

_WORDS = re.compile(r"[^\W\d_]+")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
_MARKS = {"uk": frozenset("іїєґ"), "sr": frozenset("јљњћђџ"), "be": frozenset("ў"), "ru": frozenset("ыэё")}
_ENGLISH = vocabulary("the and of to is that with was are this from which have be it by for not as can")
_SURE = vocabulary("the and of that with this from which have")
"""All of them are among `_ENGLISH`."""
_RUSSIAN = vocabulary("что это для из если к его их был была были он она они когда чтобы")
_SAMPLE = 2000
_MIN_LETTERS = 120
_MIN_CYRILLIC = 12
_LETTERS = all_but(string.ascii_letters)
_NO_LETTERS = bytes(byte for byte in range(128) if not chr(byte).isalpha())


class Classifier(Protocol):
    """What `Identifier` asks of a model: a language code and a probability in 0..1."""

    def classify(self, text: str) -> tuple[str, float]:
        """Return the likeliest language of `text`."""
        ...


def load_classifier() -> Classifier:
    """Load py3langid's model: about a second and 60 MB, so only where script and common words did not settle it."""
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)


class Identifier:
    """Names languages; the model is loaded at the first text that needs it, and kept by this object alone."""

    def __init__(self, load: Callable[[], Classifier] = load_classifier, confidence: float = 0.9) -> None:
        """Take the way to get the model and the probability below which its word is not taken."""
        self._load = load
        self._confidence = confidence
        self._model: Classifier | None = None
        self._loading = threading.Lock()

    def identify(self, text: str) -> str:
        """Return a BCP-47 code, or "" for short, mixed or non-prose text (code, tables, formulas)."""
        sample = text[:_SAMPLE]
        known = identify_by_script(sample)
        if known or not _is_prose(sample) or _CYRILLIC.search(sample):
            return known
        with self._loading:  # files are cut side by side, and each loading is a second of the processor
            self._model = self._model or self._load()
        code, probability = self._model.classify(sample)
        return code if probability >= self._confidence and code != "zxx" else ""


def identify_by_script(text: str) -> str:
    """Return ru, uk, be, bg, sr or en where script and common words settle it, else ""; needs no model."""
    sample = text[:_SAMPLE]
    letters = _letters(sample)
    cyrillic = 0 if sample.isascii() else len(_CYRILLIC.findall(sample))
    if cyrillic >= _MIN_CYRILLIC and cyrillic * 2 >= letters:
        return _by_cyrillic(sample)
    if cyrillic * 10 > letters or not _is_prose(sample):
        return ""
    found = _words(normalise(sample))
    common = list(filter(_ENGLISH.__contains__, found))
    sure = sum(map(_SURE.__contains__, common))
    return "en" if len(common) >= 0.16 * len(found) and sure >= 0.06 * len(found) else ""


def _by_cyrillic(sample: str) -> str:
    lower = sample.lower()
    counts = {code: sum(lower.count(letter) for letter in letters) for code, letters in _MARKS.items()}
    best = max(counts, key=lambda code: counts[code])
    if counts[best] > 0:
        return "be" if best == "uk" and counts["be"] * 4 > counts["uk"] else best
    found = [normalise(word) for word in _WORDS.findall(sample)]
    if lower.count("ъ") * 100 >= len(lower) and not _RUSSIAN.intersection(found):
        return "bg"
    return "ru" if _RUSSIAN.intersection(found) or len(found) < 30 else ""


def _is_prose(sample: str) -> bool:
    """Tell text a person wrote from code, tables and formulas: enough letters, and few signs among them."""
    letters = _letters(sample)
    return letters >= _MIN_LETTERS and letters >= 0.85 * len("".join(sample.split()))


def _words(sample: str) -> list[str]:
    return plain_words(sample, _LETTERS) if sample.isascii() else _WORDS.findall(sample)


def _letters(sample: str) -> int:
    """Count letters; plain text, nearly all there is, without a look at each of them."""
    return len(sample.encode().translate(None, _NO_LETTERS)) if sample.isascii() else sum(map(str.isalpha, sample))
