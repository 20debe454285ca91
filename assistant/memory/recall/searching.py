"""Asks both indexes within the question's filters and gives candidates with their scores. Called by the retriever."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from assistant.domain.errors import ModelError, StorageError
from assistant.domain.language import identify_by_script
from assistant.domain.memory import Asked, Scope
from assistant.memory.recall.scope import newest, sources_within, wanted
from assistant.memory.recall.spelling import Correction, corrections
from assistant.memory.store import Stores
from assistant.ports.content import Embedder
from assistant.ports.records import Candidate
from assistant.ports.stores import Filter, Scored, SparseQuery

MOST_LOOKED_AT = 20_000
"""Candidates looked at, best first, to find enough without what is unwanted; only what nearly all texts hold gets there."""

_CYRILLIC = re.compile("[\u0400-\u04ff]")


@dataclass
class Found:
    """Candidates of both indexes: cosines (None: vectors were not asked) and shares, by chunk id; `notes` say what was done.

    `records` tell of those that exist.
    """

    dense: dict[str, float] | None = None
    sparse: dict[str, float] = field(default_factory=dict[str, float])
    records: dict[str, Candidate] = field(default_factory=dict[str, Candidate])
    notes: list[str] = field(default_factory=list[str])


@dataclass
class _Spelling:
    """What was put right in the question, once it is `known`."""

    corrected: list[Correction] = field(default_factory=list[Correction])
    known: asyncio.Event = field(default_factory=asyncio.Event)


class Search:
    """One question to both indexes; `size` is the number of candidates taken from each."""

    def __init__(self, stores: Stores, embedder: Embedder | None, asked: Asked, scope: Scope, size: int) -> None:
        self._stores = stores
        self._embedder = embedder
        self._asked = asked
        self._scope = scope
        self._size = size

    async def run(self, *, dense: bool, sparse: bool) -> Found:
        """Return the candidates; a question without a word that only filters gives what the filters let through."""
        found = Found()
        within = await sources_within(self._scope, self._stores.sources)
        if within is not None and not within:
            found.notes.append("no remembered file is within the filters of the question")
            return found
        sources = None if within is None else frozenset(within)
        worded = any(map(str.isalnum, self._asked.text))
        if not worded and not self._asked.files and not self._asked.symbols and self._asked.scope.restricts:
            listed = list(within.values()) if within is not None else await self._stores.sources.find()
            found.sparse = dict.fromkeys(await newest(self._scope, listed, self._stores.chunks, self._size), 0.0)
            found.records = await self._stores.chunks.candidates(found.sparse.keys())
            return found
        spelling = _Spelling()
        vectors, _ = await asyncio.gather(
            self._dense(sources, spelling, found.notes) if dense and worded else _nothing(),
            self._text(sources, spelling, found, worded=worded, sparse=sparse),
        )
        if vectors is not None:
            found.dense = {one.chunk_id: one.score for one in vectors}
            more = [chunk_id for chunk_id in found.dense if chunk_id not in found.sparse]
            found.records |= await self._stores.chunks.candidates(more)
        return found

    async def _text(
        self, sources: frozenset[str] | None, spelling: _Spelling, found: Found, *, worded: bool, sparse: bool
    ) -> None:
        """Put the spelling right, ask the text index and look its candidates up, while the model reads the question."""
        try:
            if worded:
                spelling.corrected = await corrections(self._asked.text, self._stores.sparse)
        finally:
            spelling.known.set()
        if spelling.corrected:
            found.notes.append("also searched for: {}".format(", ".join(one.meant for one in spelling.corrected)))
        if sparse:
            rows = await self._sparse(sources, spelling.corrected)
            found.sparse = {one.chunk_id: one.share for one in rows}
            found.records = await self._stores.chunks.candidates(found.sparse.keys())

    async def _dense(self, sources: frozenset[str] | None, spelling: _Spelling, notes: list[str]) -> list[Scored] | None:
        if self._embedder is None or self._stores.dense is None:
            notes.append("text search only: no model is installed")
            return None
        where = Filter(modality=self._scope.modality, languages=self._scope.languages, sources=sources)
        written = self._asked.text
        try:
            # Hardly any question is typed in another layout: the model does not wait until that is known.
            vector = await self._embedder.embed_query(written) if self._embedder.knows(query_language(written)) else None
            await spelling.known.wait()
            text = _retyped(written, spelling.corrected)
            if not self._embedder.knows(query_language(text)):
                notes.append("text search only: the installed model does not know this language")
                return None
            if vector is None or text != written:
                vector = await self._embedder.embed_query(text)
            dense = self._stores.dense
            if self._scope.unwanted:
                return await self._wanted(lambda size: dense.search(vector, size, where))
            return await dense.search(vector, self._size, where)
        except (ModelError, StorageError) as error:  # a server that does not answer, say
            notes.append(f"text search only: {error.what}")
            return None

    async def _wanted(self, search: Callable[[int], Awaitable[list[Scored]]]) -> list[Scored]:
        """Look further and further down until enough is left that holds nothing unwanted, or nothing more is to come."""
        wide = self._size
        while True:
            hits = await search(wide)
            chunks = await self._stores.chunks.get({hit.chunk_id for hit in hits})
            clean = wanted(self._scope, chunks)
            kept = [hit for hit in hits if hit.chunk_id in clean]
            if len(kept) >= self._size or len(hits) < wide or wide >= MOST_LOOKED_AT:
                return kept[: self._size]
            wide *= 4

    async def _sparse(self, sources: frozenset[str] | None, corrected: Sequence[Correction]) -> list[Scored]:
        asked, scope = self._asked, self._scope
        query = SparseQuery(
            text=_less(asked.text, [*asked.phrases, *(one.written for one in corrected)]),
            symbols=asked.symbols,
            paths=asked.files,
            modality=scope.modality,
            languages=scope.languages,
            sources=sources,
            without=scope.without,
            phrases=asked.phrases,
            instead=tuple((one.meant, one.weight) for one in corrected),
        )
        if scope.without_phrases or scope.not_languages:  # the index itself knows unwanted words alone
            return await self._wanted(lambda size: self._stores.sparse.search(query, size))
        return await self._stores.sparse.search(query, self._size)


def query_language(text: str) -> str:
    """Name the language of a question; a few Cyrillic words count as Russian, a few Latin ones as anything ("")."""
    cyrillic = len(_CYRILLIC.findall(text))
    return identify_by_script(text) or ("ru" if cyrillic * 2 > sum(map(str.isalpha, text)) else "")


def _less(text: str, parts: Sequence[str]) -> str:
    """Return the text without these parts of it, which are asked for in other ways."""
    for part in parts:
        text = text.replace(part, " ", 1)
    return text


def _retyped(text: str, corrected: Sequence[Correction]) -> str:
    """Return the text with what was typed in another layout put right; slips the model reads over by itself."""
    for one in corrected:
        if one.whole:
            text = text.replace(one.written, one.meant)
    return text


async def _nothing() -> None:
    return None
