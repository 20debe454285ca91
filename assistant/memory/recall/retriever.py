"""Finds candidates in both indexes, scores and folds them, and turns them into hits. Called by the service."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.config.schema import Recall
from assistant.domain.document import Chunk, Source, SourceState
from assistant.domain.errors import ModelError
from assistant.domain.language import identify_by_script, words
from assistant.domain.memory import Hit, RecallQuery, cite_at
from assistant.domain.sensitive import hidden
from assistant.memory.embed import takes_part
from assistant.memory.recall.dedup import fold
from assistant.memory.recall.fusion import Traits, fuse
from assistant.memory.recall.hints import hinted
from assistant.memory.recall.snippet import snippet
from assistant.memory.store import Stores
from assistant.ports.content import Embedder, FileWalker
from assistant.ports.stores import Candidate, Filter, Scored, SparseQuery

_CYRILLIC = re.compile("[\u0400-\u04ff]")

_UNREAD = frozenset({SourceState.NEEDS_UPDATE, SourceState.QUEUED, SourceState.READING, SourceState.OFFLINE})

RetrieverName = Literal["hybrid", "dense", "sparse"]


@dataclass(frozen=True, slots=True)
class Recalled:
    """Hits with the chunks and sources behind them, and those folded into them."""

    hits: tuple[Hit, ...]
    chunks: dict[str, Chunk]
    sources: dict[str, Source]
    notes: tuple[str, ...]


class Retriever:
    """Candidates are the union of what both indexes return; the dense one is asked only in a language it knows."""

    def __init__(
        self,
        stores: Stores,
        embedder: Embedder | None,
        walker: FileWalker,
        settings: Recall,
        now: Callable[[], datetime],
    ) -> None:
        self._stores = stores
        self._embedder = embedder
        self._walker = walker
        self._settings = settings
        self._now = now

    async def recall(self, query: RecallQuery, use: RetrieverName = "hybrid") -> Recalled:
        """Return at most `query.k` hits, best first; `use` restricts to one index for measuring.

        Without a word or number in the query only its signals are looked up.
        """
        notes: list[str] = []
        dense, sparse = await asyncio.gather(
            self._dense(query, notes) if use != "sparse" else _nothing(),
            self._sparse(query) if use != "dense" else _nothing(),
        )
        ids = {one.chunk_id for one in [*(dense or []), *(sparse or [])]}
        found = await self._stores.chunks.candidates(ids)
        ranked = fuse(
            None if dense is None else {one.chunk_id: one.score for one in dense},
            _lifted({one.chunk_id: one.share for one in sparse or []}, query, found) if use != "dense" else {},
            {key: self._traits(one) for key, one in found.items()},
            self._settings,
            self._now().timestamp(),
        )
        scored = {chunk_id: (score, parts) for chunk_id, score, parts in ranked}
        folds = fold([row[0] for row in ranked], found, self._settings.duplicate_bits, query.k)
        # Texts and places of what will be shown alone: of some 400 candidates that is a twentieth.
        chunks = await self._stores.chunks.get({key for chunk_id, folded in folds for key in (chunk_id, *folded)})
        sources = await self._stores.sources.get({chunk.source_id for chunk in chunks.values()})
        kept = _still_there(folds, {key for key, chunk in chunks.items() if chunk.source_id in sources})
        stems = frozenset(word.stem for word in words(query.text) if not word.stop)
        changed = await self._changed({chunks[chunk_id].source_id for chunk_id, _ in kept}, sources)
        hits: list[Hit] = []
        for chunk_id, folded in kept:
            chunk = chunks[chunk_id]
            source = sources[chunk.source_id]
            score, parts = scored[chunk_id]
            hits.append(
                Hit(
                    id=chunk_id,
                    score=score,
                    snippet=snippet(chunk.text if query.secrets else hidden(chunk.text, chunk.sensitive), stems),
                    cite=cite_at(source.path, chunk.span),
                    parts=parts,
                    modality=chunk.modality,
                    language=chunk.language,
                    scope=chunk.scope,
                    group=source.id,
                    source_changed=source.id in changed,
                    also=tuple(cite_at(sources[chunks[key].source_id].path, chunks[key].span) for key in folded),
                    sensitive=tuple(dict.fromkeys(mark.kind for mark in chunk.sensitive)),
                )
            )
        return Recalled(tuple(hits), chunks, sources, tuple(notes))

    async def _dense(self, query: RecallQuery, notes: list[str]) -> list[Scored] | None:
        if self._embedder is None or self._stores.dense is None:
            notes.append("text search only: no model is installed")
            return None
        if not any(map(str.isalnum, query.text)):
            return None
        language = query_language(query.text)
        if not self._embedder.knows(language):
            notes.append("text search only: the installed model does not know this language")
            return None
        try:
            vector = await self._embedder.embed_query(query.text)
        except ModelError as error:
            notes.append(f"text search only: {error.what}")
            return None
        return await self._stores.dense.search(vector, self._candidates(query), Filter(modality=query.modality))

    async def _sparse(self, query: RecallQuery) -> list[Scored]:
        words = SparseQuery(query.text, query.signals.code_symbols, query.signals.file_hints, query.modality)
        return await self._stores.sparse.search(words, self._candidates(query))

    def _candidates(self, query: RecallQuery) -> int:
        return max(self._settings.candidates, 2 * query.k)

    def _traits(self, found: Candidate) -> Traits:
        embedded = self._embedder is not None and takes_part(found, self._embedder)
        return Traits(found.modified, found.quality, embedded)

    async def _changed(self, ids: set[str], sources: dict[str, Source]) -> set[str]:
        """Return those of the sources whose file no longer has the size and time it was read with, or was not read since."""
        looks = await asyncio.gather(*(self._walker.stat(sources[key].path) for key in ids))
        changed: set[str] = set()
        for key, look in zip(ids, looks, strict=True):
            source = sources[key]
            gone = look is None or look.size != source.size or look.modified != source.modified
            if gone or source.state in _UNREAD:
                changed.add(key)
        return changed


def _lifted(shares: dict[str, float], query: RecallQuery, found: dict[str, Candidate]) -> dict[str, float]:
    """Return the shares, those of files that were hinted at brought half the way up to 1: a hint lifts and hides nothing."""
    if not query.signals.file_hints:
        return shares
    test = hinted(query.signals.file_hints)
    return shares | {key: (1.0 + shares.get(key, 0.0)) / 2 for key, one in found.items() if test(one)}


def _still_there(folds: list[tuple[str, list[str]]], held: set[str]) -> list[tuple[str, list[str]]]:
    """Return the folds without what was forgotten since it was ranked."""
    return [(chunk_id, [key for key in folded if key in held]) for chunk_id, folded in folds if chunk_id in held]


async def _nothing() -> None:
    return None


def query_language(text: str) -> str:
    """Name the language of a question; a few Cyrillic words count as Russian, a few Latin ones as anything ("")."""
    cyrillic = len(_CYRILLIC.findall(text))
    return identify_by_script(text) or ("ru" if cyrillic * 2 > sum(map(str.isalpha, text)) else "")
