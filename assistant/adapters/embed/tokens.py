"""Counts tokens with a model's own tokenizer, without loading the model. Used by the chunkers and the answer's budget."""

from collections.abc import Sequence
from pathlib import Path

from tokenizers import Tokenizer

from assistant.domain.errors import ModelError
from assistant.domain.models import ModelManifest


class ModelTokens:
    """The TokenCounter of an installed model. Blocking; the counting itself releases the GIL."""

    def __init__(self, manifest: ModelManifest, folder: Path) -> None:
        """Load `folder`/tokenizer.json; raises ModelError when it is missing or damaged."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the tokenizer raises plain Exception for anything it cannot read
            raise ModelError(
                f"The tokenizer of {manifest.name} cannot be read: {error}.",
                kept="Text search works without it.",
                remedy=f"Run: mneme models remove {manifest.id}, then mneme models install {manifest.id}.",
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        special = self._tokenizer.num_special_tokens_to_add(False)
        self._limit = manifest.max_tokens - special - sum(self.count([manifest.document_prefix]))

    @property
    def limit(self) -> int:
        """Most tokens of a text that the model reads: special tokens and the model's own prefix are taken off."""
        return self._limit

    def count(self, texts: Sequence[str]) -> list[int]:
        """Return the number of tokens of each text, special tokens and truncation left out."""
        return [len(found) for found in self._tokenizer.encode_batch_fast(list(texts), add_special_tokens=False)]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        """Return (start, end) of each token in characters of `text`."""
        return list(self._tokenizer.encode(text, add_special_tokens=False).offsets)
