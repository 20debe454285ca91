"""Opens the engines of one memory and joins them to the memory room. Called by `bootstrap`."""

import contextlib
import gc
from collections.abc import AsyncGenerator
from concurrent.futures import Executor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from typing import cast

from assistant.adapters.embed import CrossEncoder
from assistant.adapters.readers.pool import WorkerReader
from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_confirmed import SqliteConfirmed
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_grants import SqliteGrants
from assistant.adapters.store.sqlite_health import SqliteHealth
from assistant.adapters.store.sqlite_journal import SqliteJournal, SqliteVectorCache
from assistant.adapters.store.sqlite_notes import SqliteNotes
from assistant.adapters.store.sqlite_recalls import SqliteRecallLog
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.store.sqlite_runs import SqliteRuns
from assistant.adapters.store.sqlite_spaces import SqliteSpaces
from assistant.adapters.store.sqlite_tombstones import SqliteTombstones
from assistant.adapters.store.sqlite_traits import Traits
from assistant.adapters.system.walker import DiskWalker
from assistant.app.counting import WordCounter
from assistant.app.environment import Environment
from assistant.app.keeping import offered
from assistant.app.lifecycle import Alarm, Guarded
from assistant.app.own_texts import OwnReader, OwnWalker, RunTexts
from assistant.app.pools import PoolSet
from assistant.app.profile import RECORDS
from assistant.app.server_key import server_key
from assistant.app.spaces import Installed, InstalledModel, SpaceOpener, cut_document
from assistant.app.stores import (
    Ground,
    SparseStore,
    record_database,
    settled_profile,
    sound,
    sparse_place,
    sparse_store,
)
from assistant.domain.errors import DamagedError, MnemeError, ModelError
from assistant.domain.language import Identifier
from assistant.memory.ingest.pipeline import Pipeline
from assistant.memory.service import Engines, Memory
from assistant.memory.spaces import Spaces
from assistant.memory.store import Stores, VectorSpace
from assistant.memory.store.outage import Outage
from assistant.memory.store.sturdy import IndexName, Sturdy
from assistant.ports.acting import GrantStore, RunStore
from assistant.ports.health import HealthStore
from assistant.ports.records import Notes
from assistant.ports.spaces import ConfirmedStore, SpaceRegistry
from assistant.ports.system import Clock
from assistant.vault import MemoryKey


@dataclass(frozen=True, slots=True)
class OpenMemory:
    """A memory with the parts others need beside it; `mishaps` tells what was damaged and how it goes on.

    `guarded` are its indexes with the places of their files, `alarm` hears of damage to them, `lacking` names those that
    start empty. `traits` may be held, so that questions are answered faster.
    """

    memory: Memory
    engines: Engines
    audit: SqliteAudit
    grants: GrantStore
    runs: RunStore
    mishaps: tuple[MnemeError, ...]
    alarm: Alarm
    guarded: dict[IndexName, Guarded]
    lacking: set[IndexName]
    database: Database
    spaces: Spaces
    confirmed: ConfirmedStore
    health: HealthStore
    notes: Notes
    pools: PoolSet
    traits: Traits


def _none_installed(_model_id: str) -> None:
    return None


@asynccontextmanager
async def open_memory(
    env: Environment,
    model: InstalledModel | None,
    executor: Executor,
    clock: Clock,
    key: MemoryKey | None = None,
    installed: Installed = _none_installed,
) -> AsyncGenerator[OpenMemory]:
    """Open the stores and everything around them; closes in reverse order, whatever happens.

    A damaged model is left out: text search goes on without it. A damaged index is set aside and starts empty, for replay
    to fill. With a `key` every store keeps what it holds encrypted. `model` is that of the settings: it counts until another
    one was chosen, which `installed` finds.
    """
    settings, folder = env.settings, env.places.memory
    folder.mkdir(parents=True, exist_ok=True)
    ground = Ground(folder, settings, key)
    pools = PoolSet.over(executor, settings.ingest.readers)
    async with AsyncExitStack() as stack:
        try:
            database = record_database(ground)
            await database.open()
        except DamagedError as error:
            raise offered(error, env.places) from error
        profile = settled_profile(ground)
        if profile.dense == "qdrant" and key is None:
            ground = replace(ground, server_key=await server_key(env))
        mishaps: list[MnemeError] = [*profile.disagreement(settings.engines)]
        stack.push_async_callback(database.close)
        outage = Outage()
        alarm, guarded, lacking = Alarm(), dict[IndexName, Guarded](), set[IndexName]()
        place = sparse_place(ground, profile.sparse)
        guarded["text"] = Guarded(Sturdy(sparse_store(ground, profile.sparse), "text", alarm), place)
        sparse = cast(SparseStore, guarded["text"].index)
        stack.push_async_callback(sparse.close)
        hurt = not place.exists()
        mishaps += (mended := await sound(sparse, place, ground, clock.now()))
        if hurt or mended:
            lacking.add("text")
        opener = SpaceOpener(ground, profile.dense, installed, pools.embedding, clock, alarm, guarded, outage)
        stack.push_async_callback(opener.close)
        registry = SqliteSpaces(database)
        space: VectorSpace | None = None
        if model is not None:
            model = await _answered(registry, installed) or model
            try:
                space, mended = await opener.opened(model)
            except ModelError as error:
                mishaps.append(error)
            else:
                mishaps += mended
                held = await space.dense.count()
                if mended or (not held and not outage.error and (ground.folder / RECORDS).exists()):
                    lacking.add("vectors")
                space = opener.answering(space)
        reranker = await _reranker(env, installed, pools.reranking, mishaps)
        if reranker is not None:
            stack.push_async_callback(reranker.close)
        runs = RunTexts(SqliteRuns(database))
        reader = OwnReader(WorkerReader(pools.reading, settings.ingest), runs)
        stack.push_async_callback(reader.close)
        walker = OwnWalker(DiskWalker(pools.files, settings.ingest, [str(place) for place in env.places.own]), runs)
        traits = Traits(database)
        stores = Stores(
            sources=SqliteSources(database, traits),
            chunks=SqliteChunks(database, traits),
            journal=SqliteJournal(database, clock),
            sparse=sparse,
            dense=space.dense if space else None,
        )
        confirmed, audit = SqliteConfirmed(database), SqliteAudit(database)
        engines = Engines(
            stores=stores,
            cache=SqliteVectorCache(database),
            upkeep=database,
            optimisable=space.dense if space else None,
            embedder=space.embedder if space else None,
            reader=reader,
            walker=walker,
            recalls=SqliteRecallLog(database, clock),
            tombstones=SqliteTombstones(database),
            confirmed=confirmed,
            audit=audit,
            reranker=reranker,
        )
        # What was loaded so far lives as long as the process: looking through it for garbage costs a query 50 ms now and then.
        gc.freeze()
        stack.callback(gc.unfreeze)
        unmeasured = partial(cut_document, counter=WordCounter(), settings=settings, identifier=Identifier())
        cut = space.cut if space else unmeasured
        pipeline = Pipeline(reader, walker, cut, pools.cutting, clock.now)
        memory = Memory(engines, pipeline, settings, clock)
        memory.outage = outage
        deeds = (audit, SqliteGrants(database), runs)
        spaces = Spaces(memory, registry, opener, space, clock)
        health, notes = SqliteHealth(database), SqliteNotes(database)
        found = (alarm, guarded, lacking)
        yield OpenMemory(
            memory, engines, *deeds, tuple(mishaps), *found, database, spaces, confirmed, health, notes, pools, traits
        )


async def _reranker(env: Environment, installed: Installed, executor: Executor, mishaps: list[MnemeError]) -> CrossEncoder | None:
    """Open the reranking model of the settings; one that is missing or damaged is left out, and said so."""
    wanted = env.settings.rerank.model
    if not wanted:
        return None
    try:
        model = installed(wanted)
        if model is None or model.manifest.kind != "reranking":
            raise ModelError(
                f"The reranking model {wanted} is not installed.",
                kept="Search works without it.",
                remedy=f"Run: mneme models install {wanted}, or empty the setting rerank.model.",
            )
        return await CrossEncoder.open(model.manifest, model.folder, executor, env.settings.embedding.threads)
    except ModelError as error:
        mishaps.append(error)
        return None


async def _answered(registry: SpaceRegistry, installed: Installed) -> InstalledModel | None:
    """Return the model whose space answered last, while it is installed in that revision: it outlives a change of settings."""
    for record in await registry.all():
        if record.state == "active":
            with contextlib.suppress(ModelError):
                model = installed(record.model_id)
                return model if model is not None and model.name == record.model else None
    return None
