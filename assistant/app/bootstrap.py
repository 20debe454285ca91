"""The composition root: builds everything and hands out the façade. Called by the window and the command line."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncGenerator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from importlib.metadata import version  # noqa: TID251  # reads metadata, chooses no module
from pathlib import Path

from assistant.adapters.embed import OnnxConverter
from assistant.adapters.system.clock import SystemClock, TimeIds
from assistant.adapters.system.fetch import MachineFetcher
from assistant.adapters.system.power import SystemPower
from assistant.adapters.system.watch import SystemWatch
from assistant.api.contract import Assistant
from assistant.api.doctor import Surroundings
from assistant.api.facade import Figures, LocalAssistant, Rooms
from assistant.app.deeds import acting
from assistant.app.engines import open_memory
from assistant.app.environment import Environment, asking, environment
from assistant.app.gateway import Gateway
from assistant.app.holding import holding
from assistant.app.judging import BundledSet
from assistant.app.keeping import MIB, Keeper, record_backups
from assistant.app.leaving import leave
from assistant.app.lifecycle import Lifecycle
from assistant.app.logs import Logbook
from assistant.app.measuring import measuring
from assistant.app.parts import Parts
from assistant.app.policing import policing
from assistant.app.reflecting import Writing
from assistant.app.remote import RemoteAssistant, RemoteCalls
from assistant.app.reserve import room_kept
from assistant.app.returning import look_out
from assistant.app.sealed_engines import sealed_engines
from assistant.app.sealing import unlocked
from assistant.app.spaces import InstalledModel
from assistant.app.thrift import give_back_what_is_freed, hold_what_ranks, neighbourly
from assistant.app.workbench import THREADS
from assistant.bus import Bus, Supervisor
from assistant.domain.errors import InUseError, MnemeError, ModelError
from assistant.domain.events import IngestFinished, SpaceGivenBack, Warned
from assistant.domain.upkeep import ActorFigures
from assistant.eval.gate import GoldenGate
from assistant.eval.own import OwnSet
from assistant.models import ModelManager, read_catalogue
from assistant.orchestrator.acting.reflecting import Reflecting
from assistant.orchestrator.changing import ModelChange
from assistant.orchestrator.checking import SourceCheck
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.marking import mark_secrets
from assistant.orchestrator.meter import Meter, Metered
from assistant.orchestrator.previews import Previews
from assistant.orchestrator.recall_walk import RecallWalk
from assistant.orchestrator.scheduler import Scheduler
from assistant.orchestrator.warming import warm
from assistant.orchestrator.watching import Watching
from assistant.vault import MemoryKey

__all__ = ["THREADS", "Environment", "Logbook", "Parts", "asking", "connect", "environment", "opened", "running"]

log = logging.getLogger(__name__)

STOP_SECONDS = 5.0
ENGINES = ("qdrant-edge-py", "tantivy", "sqlcipher3", "onnxruntime", "kreuzberg")


@asynccontextmanager
async def connect(env: Environment) -> AsyncGenerator[Assistant]:
    """Give the façade: in this process when the memory is free, otherwise through the Mneme that holds it."""
    try:
        lock = holding(env)
    except InUseError:
        calls = await asyncio.to_thread(RemoteCalls, env.places.memory)
        try:
            yield RemoteAssistant(calls)
        finally:
            calls.close()
        return
    with lock:
        async with _local(env, None) as assistant:
            yield assistant


@asynccontextmanager
async def running(env: Environment, executor: Executor | None = None) -> AsyncGenerator[Assistant]:
    """Open the memory in this process; raises InUseError when another Mneme holds it.

    `executor` runs the indexing jobs and stays the caller's; it needs THREADS threads to keep everything moving.
    """
    with holding(env):
        async with _local(env, executor, watch=True) as assistant:
            yield assistant


@asynccontextmanager
async def _local(env: Environment, executor: Executor | None, *, watch: bool = False) -> AsyncGenerator[Assistant]:
    async with AsyncExitStack() as stack:
        pool = executor or stack.enter_context(ThreadPoolExecutor(THREADS, thread_name_prefix="mneme"))
        parts = await stack.enter_async_context(opened(env, pool, watch=watch))
        gateway = Gateway(parts.assistant, env.places.memory, asyncio.get_running_loop())
        stack.push_async_callback(asyncio.to_thread, gateway.close)
        gateway.open()
        stack.push_async_callback(leave, parts.undertakings, gateway, env.leaving)
        yield parts.assistant


@asynccontextmanager
async def opened(
    env: Environment, pool: Executor, models_at: Path | None = None, key: MemoryKey | None = None, *, watch: bool = False
) -> AsyncGenerator[Parts]:
    """Build everything and start indexing; stops and closes in reverse order. `models_at` lends another home's models.

    `watch` follows changes on disk from the start; a command that only runs once leaves it.
    `key` is for a throw-away memory that nobody opens again; other encrypted memories bring theirs from the vault.
    """
    async with AsyncExitStack() as stack:
        stack.enter_context(neighbourly())
        key = key or await unlocked(env)
        clock, ids, bus = SystemClock(), TimeIds(), Bus()
        stack.callback(bus.close)
        models = _models(env, pool, models_at or env.places.models)
        await models.sweep()
        model = _chosen_model(env, models, bus, clock, ids)
        if models_at is None:  # a throw-away memory has nothing to forget
            await stack.enter_async_context(room_kept(env.places.memory))
        held = await stack.enter_async_context(open_memory(env, model, pool, clock, key, partial(_installed, models)))
        policy = policing(env, held.audit, (bus, clock, ids), held.engines.stores.sources, held.grants)
        supervisor = Supervisor(bus, clock, ids)
        meter = Meter(clock)
        heard = Metered(bus, meter)
        scheduler = Scheduler(held.memory, env.settings, supervisor, heard, clock, ids, SystemPower(), held.notes)
        scheduler.submitted = meter.submitted
        recalling = RecallWalk(held.memory, policy, env.settings.answering.budget_tokens)
        reader, walker = held.engines.reader, held.engines.walker
        check = SourceCheck(held.memory, reader, walker)
        conversation = Conversation(
            recalling, check, lambda: held.memory.engines.embedder, env.settings.answering, heard, clock, ids
        )
        previews = Previews(held.memory, reader, walker)
        own = OwnSet(held.confirmed, held.memory, clock, ids)
        bundled = BundledSet(env, opened)
        gate = GoldenGate(bundled.measure, own, held.spaces, env.settings.embedding.switch_tolerance)
        max_tokens = env.settings.chunking.max_tokens
        notices = SystemWatch([str(place.resolve()) for place in env.places.own])
        watching = Watching(held.memory, walker, scheduler, notices, env.settings.watch, (supervisor, bus, clock, ids))
        change = ModelChange(held.memory, held.spaces, scheduler, gate.judge, max_tokens, supervisor, bus, clock, ids)
        life = Lifecycle(held.memory, scheduler, supervisor, bus, clock, ids, env.places.memory, held.guarded)
        backups = record_backups(held.database, env.places, key)
        own_models = partial(_names, models)
        keeping = Keeper(held.memory, scheduler, life, backups, env.settings.upkeep, env.places, clock, held.notes, own_models)
        around = (bus, clock, ids)

        def actors() -> tuple[ActorFigures, ...]:
            return (*supervisor.figures(), *bus.figures())

        measures = measuring(env, held, meter, scheduler, own, bundled, watching, keeping, SystemPower(), actors, around)
        await measures.tuning.restore()
        seats = (change, gate, own, watching)
        figures = Figures(meter, measures.runs, measures.tuning, measures.checkup)
        writing = Writing(Reflecting(held.memory, scheduler, held.runs), supervisor, bus, clock)
        deeds = acting(env, held, policy, conversation, supervisor, around, key, writing.tell)
        rooms = Rooms(
            *(held.memory, scheduler, conversation, previews, policy, models, *seats),
            keeping=keeping,
            figures=figures,
            deeds=deeds,
        )
        assistant = LocalAssistant(
            rooms,
            Surroundings(
                env.places,
                _engine_versions,
                held.pools.figures,
                actors,
                deeds.undo.spent,
                env.settings.upkeep.disk_budget_mb * MIB,
                sealed_engines(env.settings.engines) if key else (),
            ),
            bus.subscribe,
            bus,
            clock,
            ids,
        )
        stack.push_async_callback(life.end)
        stack.push_async_callback(supervisor.close, STOP_SECONDS)
        await scheduler.restore()
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        stack.push_async_callback(measures.rounds.stop)
        if models_at is None:  # a throw-away memory has no nights
            measures.rounds.start(supervisor)
        await change.start()
        stack.push_async_callback(change.stop)
        if model is not None and held.memory.model and model.name not in {one.model for one in await held.spaces.all()}:
            # The settings name another model since the last start. One that cannot be had now is tried at the next.
            with contextlib.suppress(ModelError):
                await change.use(model.manifest.id)
        supervisor.keep("following", lambda: _follow(bus, change))
        supervisor.start("giving memory back", give_back_what_is_freed(held.memory, bus))
        supervisor.start("holding what ranks", hold_what_ranks(held.traits))
        for mishap in held.mishaps:
            log.warning("going on after damage: %s", mishap.code)
            bus.publish(Warned(id=ids.new("ev"), at=clock.now(), level="warning", code=mishap.code, text=str(mishap)))
        held.alarm.answered_by(life.damaged)
        await deeds.recovery.find()
        await life.start(held.lacking)
        supervisor.start("looking out for the vectors", look_out(held.memory.outage, life))
        keeping.also = deeds.undo.collect
        keeping.told = lambda one: bus.publish(SpaceGivenBack(id=ids.new("ev"), at=clock.now(), freed=one.freed))
        supervisor.keep("backups and budget", keeping.look_after)
        if models_at is None:  # a throw-away memory is marked as it is read
            exclude = env.settings.ingest.secrets == "exclude"
            writing.start()
            supervisor.start("marking secrets", mark_secrets(held.memory, scheduler, held.notes, exclude))
        stack.push_async_callback(watching.stop)
        if watch:
            watching.start()
            supervisor.start("warming", warm(held.memory, env.settings.pools.warm_questions))
        yield Parts(assistant, held.memory, scheduler, conversation, reader, clock, deeds.undertakings)


async def _follow(bus: Bus, change: ModelChange) -> None:
    """Let a space that is being built hear of everything that was remembered."""
    async for event in bus.subscribe(inside=True):
        if isinstance(event, IngestFinished):
            change.wake()


def _installed(models: ModelManager, model_id: str) -> InstalledModel | None:
    folder = models.folder(model_id)
    return InstalledModel(models.manifest(model_id), folder) if folder else None


async def _names(models: ModelManager) -> list[str]:
    """Return id and revision of every installed model, as spaces and cached vectors name them."""
    held = [_installed(models, status.id) for status in await models.states() if status.state == "installed"]
    return [model.name for model in held if model is not None]


def _models(env: Environment, pool: Executor, home: Path) -> ModelManager:
    catalogue = read_catalogue(env.resources / "models")
    references = env.resources / "models" / "reference"
    return ModelManager(catalogue, home, references, MachineFetcher(), OnnxConverter(pool))


def _chosen_model(env: Environment, models: ModelManager, bus: Bus, clock: SystemClock, ids: TimeIds) -> InstalledModel | None:
    """Return the model of the settings when it is installed; a wrong name warns and leaves text search."""
    wanted = env.settings.embedding.model
    if not wanted:
        return None
    try:
        return _installed(models, wanted)
    except MnemeError as error:
        log.warning("the chosen model cannot be used: %s", error.code)
        bus.publish(Warned(id=ids.new("ev"), at=clock.now(), level="warning", code=error.code, text=str(error)))
        return None


def _engine_versions() -> list[tuple[str, str]]:
    return [(name, version(name)) for name in ENGINES]
