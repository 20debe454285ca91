"""Counts tokens with a model's own tokenizer, without loading the model. Used by the chunkers and the answer's budget."""

import json
import re
import string
from collections.abc import Sequence
from pathlib import Path
from typing import Any, cast

from tokenizers import Tokenizer

from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest
from assistant.domain.plain import ALPHANUMERIC, all_but

MOST_WORDS = 100_000
"""Words whose tokens are remembered, some 10 MB; then remembering starts anew."""

_LETTERS = "0-9A-Za-zÀ-ÖØ-öø-ſЀ-џ"
_MARKS = r"!-/:-@\[-`{-~«»–—‘’“”„…•"
_PLAIN = re.compile(f"[\t\n\r \xa0{_LETTERS}{_MARKS}]*")
"""Text of which BERT's rules make words exactly as `_WORDS` does; controls, accents on their own and rare signs are left out."""

_WORDS = re.compile(f"[{_LETTERS}]+|[{_MARKS}]")
_JOINT = "\0"
_ASCII_LETTERS = all_but(ALPHANUMERIC + _JOINT)
_NO_MARKS = f"\t\n\r {ALPHANUMERIC}".encode("ascii")
_USUAL = _NO_MARKS + string.punctuation.encode("ascii") + b"\0"


class ModelTokens:
    """The TokenCounter of an installed model. Blocking; the counting itself releases the GIL."""

    def __init__(self, manifest: ModelManifest, folder: Path) -> None:
        """Load `folder`/tokenizer.json; raises ModelError when it is missing or damaged."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            stated = cast(dict[str, Any], json.loads((folder / "tokenizer.json").read_bytes()))
        except Exception as error:  # the tokenizer raises plain Exception for anything it cannot read
            raise ModelError(
                f"The tokenizer of {manifest.name} cannot be read: {error}.",
                kept="Text search works without it.",
                remedy=f"Run: mneme models remove {manifest.id}, then mneme models install {manifest.id}.",
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._by_word = _by_word(stated)
        added = [re.escape(str(token["content"])) for token in stated.get("added_tokens") or ()]
        self._added = re.compile("|".join(added) or "(?!)")
        self._known: dict[str, int] = {}
        special = self._tokenizer.num_special_tokens_to_add(False)
        self._limit = manifest.max_tokens - special - sum(self.count([manifest.document_prefix]))

    @property
    def limit(self) -> int:
        """Most tokens of a text that the model reads: special tokens and the model's own prefix are taken off."""
        return self._limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens and truncation left out.

        A tokenizer of BERT's kind cuts every word alone, and words recur: their counts are remembered, and only new words
        and text of an unusual alphabet reach the engine. It took a third of all time until text was searchable.
        """
        if not self._by_word:
            return self._engine(texts)
        if len(self._known) > MOST_WORDS:
            self._known = {}
        known = self._known  # others may start a new one meanwhile; this one stays whole
        split = self._split(texts)
        fresh = list(set[str]().union(*filter(None, split)).difference(known))
        odd = [text for text, found in zip(texts, split, strict=True) if found is None]
        known.update(zip(fresh, self._each(fresh), strict=True))
        others = iter(self._engine(odd))
        return [next(others) if found is None else sum(map(known.__getitem__, found)) for found in split]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of each token in characters of `text`."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)

    def _each(self, words: list[str]) -> list[int]:
        """Count the tokens of single words in one go: as a batch the engine wakes a thread for each core, 6 ms for a dozen."""
        counts = [0] * len(words)
        for number in self._tokenizer.encode(" ".join(words), add_special_tokens=False).word_ids if words else ():
            if number is not None:
                counts[number] += 1
        return counts

    def _split(self, texts: Sequence[str]) -> list[list[str] | None]:
        """Return the words and marks of each text, in any order; None for one that the engine would not cut so."""
        plain = iter(self._split_plain([text for text in texts if text.isascii()]))
        return [next(plain) if text.isascii() else self._found(text) for text in texts]

    def _split_plain(self, texts: Sequence[str]) -> Sequence[list[str] | None]:
        """Do as `_split` for ASCII texts, in few steps for all of them: leaves of code are lines, thousands in a file."""
        whole = _JOINT.join(texts)
        data = whole.encode("ascii")
        odd = data.count(b"\0") != len(texts) - 1 or data.translate(None, _USUAL) or self._added.search(whole)
        if odd:
            return [self._found(text) for text in texts]
        words = data.translate(_ASCII_LETTERS).decode("ascii").split(_JOINT)
        marks = data.translate(None, _NO_MARKS).decode("ascii").split(_JOINT)
        return [[*run.split(), *signs] for run, signs in zip(words, marks, strict=True)]

    def _found(self, text: str) -> list[str] | None:
        return None if _PLAIN.fullmatch(text) is None or self._added.search(text) else _WORDS.findall(text)

    def _engine(self, texts: Sequence[str]) -> list[int]:
        if not texts:
            return []
        return [len(found) for found in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]


def _by_word(stated: dict[str, Any]) -> bool:
    """Tell whether a tokenizer treats each word alone: BERT's normaliser and word cutting, and word pieces."""
    parts = {name: (stated.get(name) or {}).get("type") for name in ("normalizer", "pre_tokenizer", "model")}
    return parts == {"normalizer": "BertNormalizer", "pre_tokenizer": "BertPreTokenizer", "model": "WordPiece"}
