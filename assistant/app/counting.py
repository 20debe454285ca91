"""Token counting where the model's tokenizer does not fit the text. Built by `engines`."""

import re
from collections.abc import Sequence

from assistant.ports.content import TokenCounter

_WORD = re.compile(r"\w+|[^\w\s]")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
WORDS_LIMIT = 512


class WordCounter:
    """Stands in for a model's tokenizer where no model is installed: words and punctuation marks."""

    limit = WORDS_LIMIT

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of words and marks of each text."""
        return [sum(1 for _ in _WORD.finditer(text)) for text in texts]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the place of each word or mark."""
        return [match.span() for match in _WORD.finditer(text)]


class ForeignWordCounter:
    """Counts words of Cyrillic text for a model that does not know Russian, tokens of all other text.

    Such a tokenizer falls back to single letters, which would cut Russian prose into scraps of a dozen words; since the
    model never reads these chunks, their size need not obey its limit.
    """

    def __init__(self, model: TokenCounter) -> None:
        self._model = model
        self._words = WordCounter()

    @property
    def limit(self) -> int:
        """The model's limit."""
        return self._model.limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens, or of words and marks where most letters are Cyrillic."""
        foreign = [_is_foreign(text) for text in texts]
        counted = iter(self._model.count([text for text, other in zip(texts, foreign, strict=True) if not other]))
        return [self._words.count([text])[0] if other else next(counted) for text, other in zip(texts, foreign, strict=True)]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return the place of each token, or of each word or mark."""
        return self._words.offsets(text) if _is_foreign(text) else self._model.offsets(text)


def _is_foreign(text: str) -> bool:
    return not text.isascii() and len(_CYRILLIC.findall(text)) * 2 > sum(map(str.isalpha, text))
