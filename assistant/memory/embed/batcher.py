"""Embeds chunks in batches of like length, each distinct text once. Called by the service while indexing."""

from collections.abc import Awaitable, Callable, Iterable, Sequence
from hashlib import sha256

from assistant.domain.document import Chunk
from assistant.ports.content import Embedder
from assistant.ports.records import Candidate, ChunkLine, ChunkMark, VectorCache
from assistant.ports.stores import Vector


def embedded_text(chunk: Chunk | ChunkLine) -> str:
    """Return what the model reads: the scope as a heading, then the text."""
    return f"{chunk.scope}\n{chunk.text}" if chunk.scope else chunk.text


def cache_key(text: str) -> str:
    """Return the digest under which the vector of an embedded text is cached."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def cache_keys(chunks: Iterable[Chunk | ChunkLine]) -> set[str]:
    """Return the cache keys of these chunks."""
    return {cache_key(embedded_text(chunk)) for chunk in chunks}


def takes_part(chunk: Chunk | ChunkMark | ChunkLine | Candidate, embedder: Embedder) -> bool:
    """Tell whether the model knows the chunk's language; code counts as known, by way of its names and comments."""
    return chunk.modality == "code" or embedder.knows(chunk.language)


class Batcher:
    """Turns chunks into vectors through the cache; `batch` chunks go to the model at a time."""

    def __init__(self, embedder: Embedder, cache: VectorCache, batch: int) -> None:
        self._embedder = embedder
        self._cache = cache
        self._batch = batch

    async def vectors(
        self, chunks: Sequence[Chunk], done: Callable[[int], None], proceed: Callable[[], Awaitable[None]]
    ) -> list[Vector]:
        """Return one vector per chunk, in order; `done` hears how many more chunks are finished, `proceed` may hold up a batch.

        What was computed before an interruption stays in the cache, so that a second run continues there.
        """
        texts: dict[str, str] = {}
        keys: list[str] = []
        waiting: dict[str, int] = {}
        for chunk in chunks:
            text = embedded_text(chunk)
            key = cache_key(text)
            keys.append(key)
            texts[key] = text
            waiting[key] = waiting.get(key, 0) + 1
        found = dict(await self._cache.get(self._embedder.model, texts.keys()))
        done(sum(waiting[key] for key in found))
        missing = sorted((key for key in texts if key not in found), key=lambda key: len(texts[key]))
        for start in range(0, len(missing), self._batch):
            await proceed()
            part = missing[start : start + self._batch]
            rows = await self._embedder.embed_documents([texts[key] for key in part])
            fresh: dict[str, Vector] = dict(zip(part, rows, strict=True))
            await self._cache.put(self._embedder.model, fresh)
            found.update(fresh)
            done(sum(waiting[key] for key in part))
        return [found[key] for key in keys]
