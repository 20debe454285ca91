"""An Embedder without a model: words are hashed to directions, so texts that share words are close."""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from assistant.domain.errors import ModelError


class FakeEmbedder:
    """Deterministic; `calls` counts the texts of each embed_documents call, `failing` makes the next calls raise."""

    def __init__(
        self, dimensions: int = 64, languages: Sequence[str] = ("*",), model: str = "fake@1", failing: bool = False
    ) -> None:
        self._dimensions = dimensions
        self._languages = set(languages)
        self._model = model
        self.failing = failing
        self.closed = False
        self.calls: list[int] = []

    @property
    def model(self) -> str:
        return self._model

    @property
    def dimensions(self) -> int:
        return self._dimensions

    def knows(self, language: str) -> bool:
        return not language or "*" in self._languages or language in self._languages

    async def embed_documents(self, texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
        self.calls.append(len(texts))
        vectors = [self._vector(text) for text in texts]
        return np.stack(vectors) if vectors else np.zeros((0, self._dimensions), np.float32)

    async def embed_query(self, text: str) -> NDArray[np.float32]:
        return self._vector(text)

    async def close(self) -> None:
        self.closed = True

    def _vector(self, text: str) -> NDArray[np.float32]:
        if self.failing or self.closed:
            raise ModelError("The fake model refuses.")
        total = np.zeros(self._dimensions, np.float32)
        for word in text.lower().split() or [""]:
            seed = int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest())
            total += np.random.default_rng(seed).normal(size=self._dimensions).astype(np.float32)
        return (total / np.linalg.norm(total)).astype(np.float32)
