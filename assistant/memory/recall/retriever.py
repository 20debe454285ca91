"""Finds candidates in both indexes, scores and folds them, and turns them into hits. Called by the service."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from assistant.config.schema import Recall
from assistant.domain.document import Chunk, Source, SourceState
from assistant.domain.errors import ModelError
from assistant.domain.language import words
from assistant.domain.memory import Asked, Hit, RecallQuery, ScoreParts, Signals, cite_at
from assistant.domain.sensitive import hidden
from assistant.memory.embed import takes_part
from assistant.memory.recall.dedup import fold
from assistant.memory.recall.exact import Ranked, first, held
from assistant.memory.recall.fusion import Traits, fuse
from assistant.memory.recall.hints import hinted
from assistant.memory.recall.query import parse
from assistant.memory.recall.rerank import Second
from assistant.memory.recall.scope import narrowed
from assistant.memory.recall.searching import Search, query_language
from assistant.memory.recall.snippet import snippet
from assistant.memory.recall.wording import wording
from assistant.memory.store import Stores
from assistant.ports.content import Embedder, FileWalker, FoundFile
from assistant.ports.records import Candidate

_UNREAD = frozenset({SourceState.NEEDS_UPDATE, SourceState.QUEUED, SourceState.READING, SourceState.OFFLINE})

_HELD_NOWHERE = "“{}” stands nowhere letter for letter; what follows only resembles it"

RetrieverName = Literal["hybrid", "dense", "sparse"]


@dataclass(frozen=True, slots=True)
class Recalled:
    """Hits with the chunks and sources behind them, and those folded into them; `text` is the question without its filters."""

    hits: tuple[Hit, ...]
    chunks: dict[str, Chunk]
    sources: dict[str, Source]
    notes: tuple[str, ...]
    text: str


class Retriever:
    """Candidates are the union of what both indexes return; the dense one is asked only in a language it knows."""

    def __init__(
        self,
        stores: Stores,
        embedder: Embedder | None,
        walker: FileWalker,
        settings: Recall,
        now: Callable[[], datetime],
        second: Second | None = None,
    ) -> None:
        self._stores = stores
        self._embedder = embedder
        self._walker = walker
        self._settings = settings
        self._now = now
        self._second = second

    async def recall(self, query: RecallQuery, use: RetrieverName = "hybrid") -> Recalled:
        """Return at most `query.k` hits, best first; `use` restricts to one index for measuring.

        The text may hold filters, phrases and names (see `parse`). Without a word or number in it only its signals are
        looked up, or, where it filters, the newest of what the filters let through.
        """
        now = self._now()
        asked = _signalled(parse(query.text, now), query.signals)
        scope = narrowed(asked.scope, query.modality)
        if scope is None:
            return Recalled((), {}, {}, asked.notes, asked.text)
        search = Search(self._stores, self._embedder, asked, scope, self._candidates(query))
        looked = await search.run(dense=use != "sparse", sparse=use != "dense")
        found = looked.records
        ranked = fuse(
            looked.dense,
            _lifted(looked.sparse, asked.files, found) if use != "dense" else {},
            self._traits(found),
            self._settings,
            now.timestamp(),
            wording(asked.text),
        )
        if use == "hybrid":
            ranked = await self._looked_at_again(asked.text, ranked, looked.notes)
        if asked.phrases or asked.exact:
            counts = held(asked.phrases, asked.exact, await self._stores.chunks.get(looked.sparse.keys()))
            ranked = first(ranked, counts)
            if ranked and not counts:
                looked.notes.append(_HELD_NOWHERE.format(", ".join((*asked.phrases, *asked.exact))))
        scored = {chunk_id: (score, parts) for chunk_id, score, parts in ranked}
        folds = fold([row[0] for row in ranked], found, self._settings.duplicate_bits, query.k)
        # Texts and places of what will be shown alone: of some 400 candidates that is a twentieth.
        shown = [found[key] for chunk_id, folded in folds for key in (chunk_id, *folded)]
        chunks, sources, looks = await asyncio.gather(
            self._stores.chunks.get({one.chunk_id for one in shown}),
            self._stores.sources.get({one.source_id for one in shown}),
            self._walker.stats({found[chunk_id].path for chunk_id, _ in folds}),
        )
        kept = _still_there(folds, {key for key, chunk in chunks.items() if chunk.source_id in sources})
        stems = frozenset(word.stem for word in words(asked.text) if not word.stop)
        changed = {key for chunk_id, _ in kept if _changed(sources[key := chunks[chunk_id].source_id], looks)}
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
                    parts=ScoreParts(**parts._asdict()),
                    modality=chunk.modality,
                    language=chunk.language,
                    scope=chunk.scope,
                    group=source.id,
                    source_changed=source.id in changed,
                    also=tuple(cite_at(sources[chunks[key].source_id].path, chunks[key].span) for key in folded),
                    sensitive=tuple(dict.fromkeys(mark.kind for mark in chunk.sensitive)),
                )
            )
        return Recalled(tuple(hits), chunks, sources, (*asked.notes, *looked.notes), asked.text)

    async def _looked_at_again(self, text: str, ranked: Ranked, notes: list[str]) -> Ranked:
        second = self._second
        if second is None or not second.wanted(ranked, query_language(text)):
            return ranked
        try:
            return await second.order(text, ranked, await self._stores.chunks.get(second.head(ranked)))
        except ModelError as error:
            notes.append(f"not reranked: {error.what}")
            return ranked

    def _candidates(self, query: RecallQuery) -> int:
        return max(self._settings.candidates, 2 * query.k)

    def _traits(self, found: Mapping[str, Candidate]) -> dict[str, Traits]:
        """Return what the score needs; whether the model knows a language is asked once for each, not for 400 candidates."""
        embedder = self._embedder
        kinds = {(one.modality, one.language): one for one in found.values()} if embedder is not None else {}
        known = {kind for kind, one in kinds.items() if embedder is not None and takes_part(one, embedder)}
        return {key: Traits(one.modified, one.quality, (one.modality, one.language) in known) for key, one in found.items()}


def _signalled(asked: Asked, signals: Signals) -> Asked:
    """Return the question with the signals that came beside its text."""
    symbols, files = (*signals.code_symbols, *asked.symbols), (*signals.file_hints, *asked.files)
    return asked.model_copy(update={"symbols": tuple(dict.fromkeys(symbols)), "files": tuple(dict.fromkeys(files))})


def _lifted(shares: dict[str, float], hints: tuple[str, ...], found: dict[str, Candidate]) -> dict[str, float]:
    """Return the shares, those of files that were hinted at brought half the way up to 1: a hint lifts and hides nothing."""
    if not hints:
        return shares
    test = hinted(hints)
    return shares | {key: (1.0 + shares.get(key, 0.0)) / 2 for key, one in found.items() if test(one)}


def _changed(source: Source, looks: Mapping[str, FoundFile | None]) -> bool:
    """Tell whether a file no longer has the size and time it was read with, or was not read since."""
    look = looks.get(source.path)
    gone = look is None or look.size != source.size or look.modified != source.modified
    return gone or source.state in _UNREAD


def _still_there(folds: list[tuple[str, list[str]]], held: set[str]) -> list[tuple[str, list[str]]]:
    """Return the folds without what was forgotten since it was ranked."""
    return [(chunk_id, [key for key in folded if key in held]) for chunk_id, folded in folds if chunk_id in held]
