"""The memory's one door: remembering, recalling, forgetting, verifying. Used by the orchestrator; built by `app`."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from typing import Literal

from assistant.config.schema import Recall, Settings
from assistant.domain.document import Chunk, Source, SourceState
from assistant.domain.errors import HoldsSecretsError, NotRememberedError, ReadError, ReaderStoppedError, UnsteadyFileError
from assistant.domain.left_out import NOTHING_LEFT
from assistant.domain.memory import ContextPack, RecallQuery, RecallRecord, RecallResult
from assistant.domain.upkeep import Estimate, ForgetReport, VerifyReport
from assistant.memory.embed import Batcher, cache_keys, takes_part
from assistant.memory.ingest.discovery import LEFT_OUT, Discovery, Queued, source_id
from assistant.memory.ingest.noticing import Noticing, rebased
from assistant.memory.ingest.own import OwnSources
from assistant.memory.ingest.pipeline import Pipeline
from assistant.memory.ingest.sensitive import secrets_in
from assistant.memory.recall import Retriever, RetrieverName, Second, excerpts, pack
from assistant.memory.store import AllSpaces, Engines, Prepared, VectorSpace, Writer
from assistant.memory.store.outage import Outage
from assistant.memory.store.sturdy import Repairs
from assistant.memory.upkeep import (
    Care,
    Forgetting,
    Graves,
    Passages,
    Tell,
    forgotten,
    replay,
    unfinished,
    unheard,
)
from assistant.ports.content import Embedder
from assistant.ports.records import Totals
from assistant.ports.system import Clock

HandsOff = Callable[[Queued], AbstractAsyncContextManager[None]]
SET_ASIDE = "Mneme leaves it alone until it changes or you try it again."


class Memory:
    """What Mneme remembers. Sources move queued → reading → searchable → embedding → ready; the scheduler drives them."""

    def __init__(self, engines: Engines, pipeline: Pipeline, settings: Settings, clock: Clock) -> None:
        self._engines = engines
        self._pipeline = pipeline
        self._settings = settings
        self._clock = clock
        self.spaces = AllSpaces(engines.stores.dense, engines.optimisable)
        self.care = Care(lambda: self._engines, self.spaces)
        self._writer = Writer(replace(engines.stores, dense=self.spaces), self._unlearn)
        self.repairs = Repairs()
        self.outage = Outage()  # of the vectors: their server is down, or their disk full
        self._repairing = asyncio.Lock()
        self.writing = asyncio.Lock()  # held by whoever reads records and writes them again: no other writing comes between
        self._discovery = Discovery(engines.walker, engines.stores.sources, clock.now, settings.ingest.secrets == "exclude")
        self.passages = Passages(engines.stores, engines.tombstones, self.write_text, clock.now)
        pipeline.keep_out(self.passages.rules)
        carry = self.passages.carry
        self.noticing = Noticing(engines.walker, engines.stores, self._writer, self.write_text, self._discovery, carry)
        self.own = OwnSources(engines.walker, engines.stores, engines.tombstones, clock.now)
        self._batcher = self.batcher(engines.embedder)
        self._retriever = self._retrieving(engines)
        self._written_since_optimise = 0

    def turn(self, space: VectorSpace | None) -> None:
        """Answer from this space from now on, in one step: whoever is in the middle of something ends it with the one before.

        The caller keeps writing away, and reconciles what the space lacks.
        """
        dense = space.dense if space else None
        self._engines = replace(
            self._engines,
            stores=replace(self._engines.stores, dense=dense),
            optimisable=dense,
            embedder=space.embedder if space else None,
        )
        self._batcher = self.batcher(self._engines.embedder)
        self._retriever = self._retrieving(self._engines)
        self.spaces.answers = self.spaces.compact = dense
        if space is not None:
            self._pipeline.cut_with(space.cut)

    def batcher(self, embedder: Embedder | None) -> Batcher | None:
        """Return what embeds chunks with this model."""
        return Batcher(embedder, self._engines.cache, self._settings.embedding.batch) if embedder else None

    def _retrieving(self, engines: Engines) -> Retriever:
        recall, rerank = self._settings.recall, self._settings.rerank
        second = Second(engines.reranker, rerank, self._clock.monotonic) if engines.reranker else None
        return Retriever(engines.stores, engines.embedder, engines.walker, recall, self._clock.now, second)

    @property
    def engines(self) -> Engines:
        """What memory works with at this moment."""
        return self._engines

    @property
    def model(self) -> str:
        """Id and revision of the model in use; "" for text search alone."""
        return self._engines.embedder.model if self._engines.embedder else ""

    async def estimate(self, paths: Sequence[str], chunks_per_s: float) -> Estimate:
        """See Discovery.estimate."""
        return await self._discovery.estimate(paths, chunks_per_s if self._batcher else 0.0)

    async def enqueue(self, paths: Sequence[str], hands_off: HandsOff | None = None) -> Queued:
        """Grant paths and queue what is new or changed; what is now excluded, or deleted, leaves the indexes.

        Written is within `hands_off`, which keeps away whoever works on what is concerned.
        """
        await self._repaired()
        await self.passages.lift({source_id(path) for path in paths})
        queued = await self._discovery.enqueue(paths)
        await self.noticing.settle(queued)
        await self.noticing.unblock([*paths, *(source.path for source in queued.sources)])
        async with hands_off(queued) if hands_off else self.writing:
            queued.sources = await self.noticing.take(queued)
        await self.passages.wanted([source.id for source in queued.sources])
        return queued

    async def want_own(self, path: str) -> Source | None:
        """See OwnSources.wanted; waits for the repair after a start."""
        await self._repaired()
        async with self.writing:
            return await self.own.wanted(path)

    async def notice(self, changes: Mapping[str, Collection[str]]) -> Queued:
        """See Noticing.look; waits for the repair after a start."""
        await self._repaired()
        return await self.noticing.look(changes)

    async def replay(self, census: bool = True) -> list[Source]:
        """Repair after a start; return what still waits for reading (queued) or embedding (searchable).

        Without a `census` only what was left unfinished is looked up: enough after a clean end. Remembering and
        forgetting wait until it is done: it must not take what they just wrote for a leftover.
        """
        async with self._repairing:
            await self._forgetting().resume()
            if not census:
                return await unfinished(self._engines.stores)
            engines = self._engines
            if self.outage.error is not None:  # the vectors are looked at when they are back
                return await replay(replace(engines.stores, dense=None), self._writer, None)
            return await replay(engines.stores, self._writer, engines.embedder, self.spaces.beside, engines.optimisable)

    async def forgotten(self) -> set[str]:
        """Return the ids of sources that were forgotten and not remembered again since."""
        return await forgotten(self._engines.stores.journal)

    async def renewed(self, gone: set[str], graves: Graves) -> None:
        """Start afresh on records that were replaced, without what was forgotten; indexes follow with the next `replay`."""
        self._writer.renew()
        await self.passages.restore(graves)
        held = await self._engines.stores.sources.get(gone)
        if held:
            await self._forgetting().forget([], list(held.values()))

    async def _repaired(self) -> None:
        async with self._repairing:
            pass

    async def _unlearn(self, held: Sequence[Chunk], coming: Sequence[Chunk]) -> None:
        await self._engines.cache.erase(cache_keys(held) - cache_keys(coming))

    async def mark(self, source: Source, state: SourceState, reason: str = "") -> Source:
        """Record another state of a source and return the new record; whoever took the record earlier holds `writing` since."""
        marked = source.model_copy(update={"state": state, "reason": reason, "updated": self._clock.now()})
        await self._engines.stores.sources.put([marked])
        return marked

    async def unchanged(self, source: Source) -> Source | None:
        """Record that a source was looked at and is in memory as it is; None when something else is there by now.

        The caller holds `writing`.
        """
        held = (await self._engines.stores.sources.get([source.id])).get(source.id)
        if held is None or held.digest != source.digest:
            return None
        return await self.mark(rebased(source, held), SourceState.SEARCHABLE)

    async def read(self, source: Source) -> Prepared | None:
        """Read and cut a source; None when its content is already in memory. Raises ReadError with the reason."""
        prepared = await self._pipeline.prepare(source)
        if prepared is not None and not prepared.chunks and prepared.source.reason != NOTHING_LEFT:
            reasons = prepared.source.reason or "there is no text in it"
            raise ReadError(f"Nothing to remember: {reasons}.", remedy="The file itself was not touched.")
        if prepared is not None and self._settings.ingest.secrets == "exclude" and (held := secrets_in(prepared.chunks)):
            raise HoldsSecretsError(f"Left out, since it holds secrets: {held}.")
        return prepared

    async def reject(self, source: Source, error: ReadError) -> Source:
        """Record that a source cannot be read; what was remembered of an older version is erased.

        It stays when the file cannot be reached at all (offline), or is being written to (needs update). The caller holds
        `writing`.
        """
        source = rebased(source, (await self._engines.stores.sources.get([source.id])).get(source.id))
        if isinstance(error, UnsteadyFileError) and source.chunks:
            return await self.mark(source, SourceState.NEEDS_UPDATE, str(error))
        if not await self._reachable(source):
            unread = source.model_copy(update={"modified": 0.0})  # what is there when it comes back is to be read
            return await self.mark(unread, SourceState.OFFLINE, str(error))
        if source.chunks:
            await self._writer.drop([source.id])
        emptied = source.model_copy(update={"chunks": 0, "digest": ""})
        if isinstance(error, HoldsSecretsError):
            return await self.mark(emptied.model_copy(update={"digest": LEFT_OUT}), SourceState.EXCLUDED, str(error))
        aside = f" {SET_ASIDE}" if isinstance(error, ReaderStoppedError) else ""
        return await self.mark(emptied, SourceState.FAILED, f"{error}{aside}")

    async def _reachable(self, source: Source) -> bool:
        """Tell whether a file that cannot be read is there: one that never was remembered counts as there unless it is gone."""
        if not source.chunks:
            return await self._engines.walker.stat(source.path) is not None
        try:
            await self._engines.walker.digest(source.path)
        except ReadError:
            return False
        return True

    async def write_text(self, items: Sequence[Prepared]) -> list[Source]:
        """Make sources searchable; those that need no vectors are ready at once. Return their records.

        Of a source that was read twice the later reading counts.
        """
        batch = list({item.source.id: item for item in items}.values())
        written = await self._writer.text(batch, self._clock.now)
        wordless = [source for source, item in zip(written, batch, strict=True) if not any(map(self.embeddable, item.chunks))]
        if not wordless:
            return written
        done = {source.id: source for source in await self._writer.finish(wordless, self._clock.now)}
        return [done.get(source.id, source) for source in written]

    def embeddable(self, chunk: Chunk) -> bool:
        """Tell whether the installed model embeds this chunk."""
        return self._engines.embedder is not None and takes_part(chunk, self._engines.embedder)

    async def write_vectors(
        self, sources: Sequence[Source], done: Callable[[int], None], proceed: Callable[[], Awaitable[None]]
    ) -> list[Source]:
        """Embed the chunks of searchable sources and mark the sources ready; return their records.

        A source that was forgotten meanwhile is left out, one that went another way keeps its state; one whose text was
        written anew meanwhile lacks vectors and stays searchable. `done` hears how many more chunks are finished; `proceed`
        is awaited before each batch and may hold it up.
        """
        stores = self._engines.stores
        chunks = await stores.chunks.of_sources([source.id for source in sources])
        wanted = [chunk for chunk in chunks if self.embeddable(chunk)]
        done(len(chunks) - len(wanted))
        vectors = await self._batcher.vectors(wanted, done, proceed) if self._batcher is not None else []
        async with self.writing:
            by_id = await stores.sources.get({source.id for source in sources})
            present = await stores.chunks.of_sources(list(by_id))
            have = {chunk.id: vector for chunk, vector in zip(wanted, vectors, strict=True)}
            known = [chunk for chunk in present if chunk.id in have]
            await self._writer.vectors(known, [have[chunk.id] for chunk in known], by_id)
            self._written_since_optimise += len(known)
            gone = have.keys() - {chunk.id for chunk in known}
            await self._unlearn([chunk for chunk in wanted if chunk.id in gone], present)
            lacking = {chunk.source_id for chunk in present if chunk.id not in have and self.embeddable(chunk)}
            finished = await self._writer.finish([source for source in sources if source.id not in lacking], self._clock.now)
            return [*finished, *(by_id[source_id] for source_id in lacking)]

    async def optimise(self) -> bool:
        """Quantise the dense index when enough came since the last time; return whether it changed."""
        enough = self._written_since_optimise >= self._settings.index.optimise_chunks
        if self._engines.optimisable is None or not enough:
            return False
        self._written_since_optimise = 0
        return await self._engines.optimisable.optimise()

    async def recall(self, query: RecallQuery, use: RetrieverName = "hybrid", space: VectorSpace | None = None) -> RecallResult:
        """Search memory; `space` asks another one than the one that answers, to compare them."""
        began = self._clock.monotonic()
        retriever = self._retriever
        if space is not None:
            stores = replace(self._engines.stores, dense=space.dense)
            retriever = self._retrieving(replace(self._engines, stores=stores, embedder=space.embedder))
        found = await retriever.recall(self._allowed(query), use)
        took = (self._clock.monotonic() - began) * 1000
        return RecallResult(items=found.hits, took_ms=round(took, 3), notes=(*found.notes, *self.repairs.notes))

    def _allowed(self, query: RecallQuery) -> RecallQuery:
        """Return the query as the settings have it: secrets may be shown to everybody."""
        return query.model_copy(update={"secrets": True}) if self._settings.ingest.secrets == "show" else query

    async def note_recall(
        self, origin: str, kind: Literal["recall", "ask"], query: str, source_ids: Collection[str], correlation: str = ""
    ) -> None:
        """Write down who looked what up, which sources were shown, and which request it belongs to."""
        await self._engines.recalls.note(origin, kind, query, source_ids, correlation)

    async def recalls(self, before: int, limit: int) -> list[RecallRecord]:
        """Return what was looked up, newest first, from below number `before` (0 for the newest)."""
        return await self._engines.recalls.read(before, limit)

    async def gather(self, query: RecallQuery, budget: int) -> ContextPack:
        """Search memory and pack the evidence within `budget` tokens."""
        query = self._allowed(query)
        found = await self._retriever.recall(query)
        return pack(
            found.text,
            found.hits,
            found.chunks,
            found.sources,
            budget,
            (*found.notes, *self.repairs.notes),
            secrets=query.secrets,
        )

    async def excerpts(self, paths: Sequence[str], each: int) -> ContextPack:
        """Return at most `each` passages of every remembered file among these, spread over it, in the order of the paths."""
        ids = [source_id(path) for path in dict.fromkeys(paths)]
        return await excerpts(self._engines.stores, ids, each, secrets=self._settings.ingest.secrets == "show")

    async def sources(self, under: str = "", states: Sequence[SourceState] = ()) -> list[Source]:
        """List sources at or below a path, ordered by path."""
        return await self._engines.stores.sources.find(under, states)

    async def source(self, path: str) -> Source:
        """Return the record of one path; raises NotRememberedError."""
        found = await self._engines.stores.sources.get([source_id(path)])
        if not found:
            raise NotRememberedError(f"{path} is not in memory.", remedy="Add it first, or check the spelling.")
        return next(iter(found.values()))

    async def totals(self) -> Totals:
        """Count sources and chunks."""
        return await self._engines.stores.chunks.totals()

    async def vector_count(self) -> int:
        """Count the vectors in the dense index."""
        return await self._engines.optimisable.count() if self._engines.optimisable else 0

    async def text_count(self) -> int:
        """Count the rows of the text index."""
        return await self._engines.stores.sparse.count()

    async def verify(self, full: bool = False, tell: Tell = unheard) -> VerifyReport:
        """See Care.verify; waits for the repair after a start."""
        await self._repaired()
        return await self.care.verify(full, tell)

    @property
    def weights(self) -> Recall:
        """The settings that recall scores by now."""
        return self._settings.recall

    def weigh(self, recall: Recall) -> None:
        """Score by these settings from the next question on."""
        self._settings = self._settings.model_copy(update={"recall": recall})
        self._retriever = self._retrieving(self._engines)

    async def forget(self, *paths: str) -> ForgetReport:
        """Erase what was remembered at or below these paths; raises NotRememberedError when nothing was at one of them."""
        await self._repaired()
        forgetting = self._forgetting()
        sources: dict[str, Source] = {}
        for path in paths:
            found = await self.sources(path)
            if not found and not await forgetting.withdraw_roots(path):
                raise NotRememberedError(
                    f"Nothing at {path} is in memory.", kept="Nothing was erased.", remedy="`mneme status` lists what is."
                )
            sources |= {source.id: source for source in found}
        for path in paths:
            await self.noticing.block(path)
        return await forgetting.forget(paths, list(sources.values()))

    async def forget_passages(self, chunk_ids: Collection[str]) -> tuple[ForgetReport, list[Source]]:
        """Erase single passages and keep them out of their files; return the report and the sources to embed again."""
        await self._repaired()
        chunks = await self._engines.stores.chunks.get(chunk_ids)
        return await self._forgetting().forget_passages(list(chunks.values()))

    async def prove(self, paths: Sequence[str]) -> ForgetReport:
        """Look again for what was forgotten (of files at these paths; none: for everything)."""
        await self._repaired()
        return await self._forgetting().prove([source_id(path) for path in paths])

    def _forgetting(self) -> Forgetting:
        engines = self._engines
        stores = replace(engines.stores, dense=self.spaces)
        around = (engines.cache, engines.upkeep, self.spaces, engines.recalls)
        kept = (engines.tombstones, self.passages, self._clock.now)
        return Forgetting(stores, self._writer, *around, *kept, engines.confirmed)
