"""Opens the engines of one memory and joins them to the memory room. Called by `bootstrap`."""

import gc
from collections.abc import AsyncGenerator
from concurrent.futures import Executor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import cast

from assistant.adapters.embed import FastembedText, ModelTokens
from assistant.adapters.readers import WorkerReader
from assistant.adapters.store.sqlite_journal import SqliteAudit, SqliteJournal, SqliteVectorCache
from assistant.adapters.store.sqlite_recalls import SqliteRecallLog
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.system.walker import DiskWalker
from assistant.app.counting import ForeignWordCounter, WordCounter
from assistant.app.environment import Environment
from assistant.app.lifecycle import Alarm, Guarded
from assistant.app.profile import RECORDS
from assistant.app.stores import (
    DenseStore,
    Ground,
    Space,
    SparseStore,
    dense_place,
    dense_store,
    record_database,
    settled_profile,
    sound,
    sparse_place,
    sparse_store,
)
from assistant.config import Settings
from assistant.domain.document import Chunk, Document
from assistant.domain.errors import MnemeError, ModelError
from assistant.domain.language import Identifier
from assistant.domain.models import ModelManifest
from assistant.memory.ingest.chunkers import chunk_document
from assistant.memory.ingest.pipeline import Pipeline
from assistant.memory.service import Engines, Memory
from assistant.memory.store import Stores
from assistant.memory.store.sturdy import IndexName, Sturdy
from assistant.ports.content import Embedder, TokenCounter
from assistant.ports.system import AuditSink, Clock
from assistant.vault import MemoryKey


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model whose files are in place."""

    manifest: ModelManifest
    folder: Path


@dataclass(frozen=True, slots=True)
class OpenMemory:
    """A memory with the parts others need beside it; `mishaps` tells what was damaged and how it goes on.

    `guarded` are its indexes with the places of their files, `alarm` hears of damage to them, `lacking` names those that
    start empty.
    """

    memory: Memory
    engines: Engines
    audit: AuditSink
    embedder: Embedder | None
    mishaps: tuple[MnemeError, ...]
    alarm: Alarm
    guarded: dict[IndexName, Guarded]
    lacking: set[IndexName]


@asynccontextmanager
async def open_memory(
    env: Environment, model: InstalledModel | None, executor: Executor, clock: Clock, key: MemoryKey | None = None
) -> AsyncGenerator[OpenMemory]:
    """Open the stores and everything around them; closes in reverse order, whatever happens.

    A damaged model is left out: text search goes on without it. A damaged index is set aside and starts empty, for replay
    to fill. With a `key` every store keeps what it holds encrypted.
    """
    settings, folder = env.settings, env.places.memory
    folder.mkdir(parents=True, exist_ok=True)
    ground = Ground(folder, settings, key)
    async with AsyncExitStack() as stack:
        database = record_database(ground)
        profile = settled_profile(ground)
        mishaps: list[MnemeError] = [*profile.disagreement(settings.engines)]
        stack.push_async_callback(database.close)
        await database.open()
        alarm, guarded, lacking = Alarm(), dict[IndexName, Guarded](), set[IndexName]()
        place = sparse_place(ground, profile.sparse)
        guarded["text"] = Guarded(Sturdy(sparse_store(ground, profile.sparse), "text", alarm), place)
        sparse = cast(SparseStore, guarded["text"].index)
        stack.push_async_callback(sparse.close)
        hurt = not place.exists()
        mishaps += (mended := await sound(sparse, place, ground, clock.now()))
        if hurt or mended:
            lacking.add("text")
        embedder: Embedder | None = None
        dense: DenseStore | None = None
        counter: TokenCounter = WordCounter()
        if model is not None:
            manifest = model.manifest
            try:
                counter = ModelTokens(manifest, model.folder)
                embedder = await FastembedText.open(manifest, model.folder, executor, settings.embedding.threads)
            except ModelError as error:
                counter = WordCounter()
                mishaps.append(error)
        if model is not None and embedder is not None:
            manifest = model.manifest
            stack.push_async_callback(embedder.close)
            if not manifest.knows("ru"):
                counter = ForeignWordCounter(counter)
            space = Space(embedder.model, manifest.dimensions)
            place = dense_place(ground, profile.dense, space)
            guarded["vectors"] = Guarded(Sturdy(dense_store(ground, profile.dense, space), "vectors", alarm), place)
            dense = cast(DenseStore, guarded["vectors"].index)
            stack.push_async_callback(dense.close)
            mishaps += (mended := await sound(dense, place, ground, clock.now()))
            if mended or (not await dense.count() and (ground.folder / RECORDS).exists()):
                lacking.add("vectors")
        reader = WorkerReader(executor, settings.ingest)
        stack.push_async_callback(reader.close)
        own = [env.places.config, env.places.data, env.places.cache, env.places.logs]
        walker = DiskWalker(executor, settings.ingest, [str(place) for place in own])
        stores = Stores(
            sources=SqliteSources(database),
            chunks=SqliteChunks(database),
            journal=SqliteJournal(database, clock),
            sparse=sparse,
            dense=dense,
        )
        engines = Engines(
            stores=stores,
            cache=SqliteVectorCache(database),
            upkeep=database,
            optimisable=dense,
            embedder=embedder,
            reader=reader,
            walker=walker,
            recalls=SqliteRecallLog(database, clock),
        )
        # What was loaded so far lives as long as the process: looking through it for garbage costs a query 50 ms now and then.
        gc.freeze()
        stack.callback(gc.unfreeze)
        cut = partial(_cut, counter=counter, settings=settings, identifier=Identifier())
        pipeline = Pipeline(reader, walker, cut, executor, clock.now)
        memory = Memory(engines, pipeline, settings, clock)
        audit = SqliteAudit(database)
        yield OpenMemory(memory, engines, audit, embedder, tuple(mishaps), alarm, guarded, lacking)


def _cut(document: Document, source_id: str, *, counter: TokenCounter, settings: Settings, identifier: Identifier) -> list[Chunk]:
    return chunk_document(document, source_id, counter, settings.chunking, identifier.identify)
