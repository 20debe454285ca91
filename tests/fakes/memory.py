"""A memory room over fakes: files, stores and model in dictionaries, driven as the scheduler drives the real one."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from assistant.config import Settings
from assistant.domain.document import Chunk, Document, Source, SourceState, Span, chunk_id
from assistant.domain.errors import ReadError
from assistant.domain.memory import RecallQuery
from assistant.domain.simhash import simhash
from assistant.memory.ingest.pipeline import Pipeline
from assistant.memory.service import Engines, Memory
from assistant.memory.store import Prepared, Stores
from assistant.ports.content import Reranker
from tests.fakes.audit import FakeAudit
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.files import FakeFiles, FakeReader, FakeWalker
from tests.fakes.runtime import FakeClock, InlineExecutor
from tests.fakes.stores import (
    FakeChunks,
    FakeDense,
    FakeJournal,
    FakeRecallLog,
    FakeRecords,
    FakeSources,
    FakeSparse,
    FakeVectorCache,
)
from tests.fakes.tombstones import FakeTombstones


def cut(document: Document, source_id: str) -> list[Chunk]:
    """Make a chunk of every paragraph; Cyrillic ones are Russian, the rest English."""
    chunks: list[Chunk] = []
    text, at, line = document.parts[0].text, 0, 1
    for paragraph in text.split("\n\n"):
        if paragraph.strip():
            digest = sha256(paragraph.encode()).hexdigest()
            russian = any("а" <= letter <= "я" for letter in paragraph.lower())
            lines = paragraph.count("\n")
            chunks.append(
                Chunk(
                    id=chunk_id(source_id, 0, at, digest),
                    source_id=source_id,
                    ordinal=len(chunks),
                    part=0,
                    offset=at,
                    text=paragraph,
                    span=Span(unit="line", start=line, end=line + lines),
                    modality=document.modality,
                    language=document.language or ("ru" if russian else "en"),
                    digest=digest,
                    simhash=simhash(paragraph),
                    tokens=len(paragraph.split()),
                )
            )
        at += len(paragraph) + 2
        line += paragraph.count("\n") + 2
    return chunks


class Power(Exception):
    """The lights went out."""


@dataclass
class Fuse:
    """Counts calls of stores and cuts the power at the one with number `at`, before or after it took effect."""

    at: int = -1
    after: bool = False
    calls: list[str] = field(default_factory=list)


class Fused:
    """A store whose every call goes through a fuse."""

    def __init__(self, inner: object, fuse: Fuse) -> None:
        self._inner = inner
        self._fuse = fuse

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)

        async def call(*args: object, **kwargs: object) -> object:
            self._fuse.calls.append(f"{type(self._inner).__name__}.{name}")
            broken = len(self._fuse.calls) == self._fuse.at + 1
            if broken and not self._fuse.after:
                raise Power
            result = await method(*args, **kwargs)
            if broken:
                raise Power
            return result

        return call


class Room:
    """Everything of a memory that outlives a restart, and the memory of the present run (`memory`)."""

    def __init__(
        self,
        languages: Sequence[str] = ("*",),
        model: bool = True,
        settings: Settings | None = None,
        reranker: Reranker | None = None,
    ) -> None:
        self.reranker = reranker
        self.files = FakeFiles()
        self.records = FakeRecords()
        self.sources = FakeSources(self.records)
        self.chunks = FakeChunks(self.records)
        self.journal = FakeJournal()
        self.cache = FakeVectorCache()
        self.recalls = FakeRecallLog()
        self.audit = FakeAudit()
        self.tombstones = FakeTombstones(self.cache)
        self.sparse = FakeSparse()
        self.dense = FakeDense()
        self.embedder = FakeEmbedder(languages=languages) if model else None
        self.walker = FakeWalker(self.files)
        self.reader = FakeReader(self.files)
        self.clock = FakeClock()
        self.settings = settings or Settings()
        self.stores = self._stores(None)
        self.memory = self._memory(None)

    def _stores(self, fuse: Fuse | None) -> Stores:
        def through(store: object) -> Any:
            return Fused(store, fuse) if fuse else store

        dense = through(self.dense) if self.embedder else None
        return Stores(through(self.sources), through(self.chunks), through(self.journal), through(self.sparse), dense)

    def _memory(self, fuse: Fuse | None) -> Memory:
        def through(store: object) -> Any:
            return Fused(store, fuse) if fuse else store

        engines = Engines(
            stores=self._stores(fuse),
            cache=through(self.cache),
            upkeep=through(self.records),
            optimisable=through(self.dense) if self.embedder else None,
            embedder=self.embedder,
            reader=self.reader,
            walker=self.walker,
            recalls=through(self.recalls),
            tombstones=through(self.tombstones),
            audit=self.audit,
            reranker=self.reranker,
        )
        pipeline = Pipeline(self.reader, self.walker, cut, InlineExecutor(), self.clock.now)
        return Memory(engines, pipeline, self.settings, self.clock)

    def restart(self, fuse: Fuse | None = None) -> None:
        """Start anew over what is on disk: rows not committed are lost, everything else written is there."""
        self.sparse.waiting = {}
        self.memory = self._memory(fuse)

    async def recover(self) -> None:
        """Restart, repair, and finish what was left."""
        self.restart()
        await self.work(await self.memory.replay())

    async def add(self, *paths: str) -> None:
        """Remember paths and wait until all is ready."""
        await self.work((await self.memory.enqueue(paths)).sources)

    async def notice(self, root: str, *paths: str) -> None:
        """Take in what changed at these paths, as the watching does, and wait until all is ready."""
        await self.notice_all({root: paths})

    async def notice_all(self, changes: Mapping[str, Sequence[str]]) -> None:
        """Take in what changed below several roots."""
        await self.work(await self.memory.noticing.take(await self.memory.noticing.look(changes)))

    async def work(self, sources: Sequence[Source]) -> None:
        """Do what the scheduler does: read all, write all text, then embed."""
        batch: list[Prepared] = []
        embed = [source for source in sources if source.state is SourceState.SEARCHABLE]
        for source in sources:
            if source.state is not SourceState.QUEUED:
                continue
            try:
                prepared = await self.memory.read(source)
            except ReadError as error:
                await self.memory.reject(source, error)
                continue
            if prepared is None:
                embed.append(await self.memory.mark(source, SourceState.SEARCHABLE))
            else:
                batch.append(prepared)
        if batch:
            embed += [source for source in await self.memory.write_text(batch) if source.state is not SourceState.READY]
        if embed:
            await self.memory.write_vectors(embed, lambda _: None, _go_on)

    async def states(self) -> dict[str, str]:
        return {source.path: source.state.value for source in await self.sources.find()}

    async def found(self, text: str, **more: Any) -> list[str]:
        """Return the paths of the hits for a query, best first."""
        return [hit.cite.path for hit in (await self.memory.recall(RecallQuery(text=text, **more))).items]

    def held(self) -> dict[str, object]:
        """Everything that is remembered, times of writing left out: equal for equal memories."""
        return {
            "sources": {s.id: s.model_dump(exclude={"updated"}) for s in self.records.sources.values()},
            "chunks": dict(sorted(self.records.chunks.items())),
            "roots": sorted(self.records.roots),
            "rows": dict(sorted(self.sparse.rows.items())),
            "vectors": {key: tuple(point.vector) for key, point in sorted(self.dense.points.items())},
            "cached": sorted(self.cache.vectors),
            "open": [entry for entry in self.journal.entries if not entry.done],
        }


async def _go_on() -> None:
    return None
