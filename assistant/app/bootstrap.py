"""The composition root: builds everything and hands out the façade. Called by the window and the command line."""

import asyncio
import logging
from collections.abc import AsyncGenerator
from concurrent.futures import Executor, ThreadPoolExecutor
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from importlib.metadata import version  # noqa: TID251  # reads metadata, chooses no module
from pathlib import Path

from filelock import FileLock, Timeout

from assistant.adapters.embed import OnnxConverter
from assistant.adapters.system.clock import SystemClock, TimeIds
from assistant.adapters.system.fetch import MachineFetcher
from assistant.api.contract import Assistant
from assistant.api.doctor import Surroundings
from assistant.api.facade import LocalAssistant, Rooms
from assistant.app.engines import InstalledModel, open_memory
from assistant.app.environment import Environment, environment
from assistant.app.gateway import Gateway, RemoteCalls
from assistant.app.lifecycle import Lifecycle
from assistant.app.logs import Logbook
from assistant.app.remote import RemoteAssistant
from assistant.app.sealing import unlocked
from assistant.bus import Bus, Supervisor
from assistant.domain.errors import InUseError, MnemeError, StorageError
from assistant.domain.events import Warned
from assistant.memory.service import Memory
from assistant.models import ModelManager, read_catalogue
from assistant.orchestrator.checking import SourceCheck
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.executor import Executor as PlanExecutor
from assistant.orchestrator.previews import Previews
from assistant.orchestrator.scheduler import Scheduler
from assistant.policy import PolicyEngine, read_rules
from assistant.ports.content import Reader
from assistant.vault import MemoryKey

__all__ = ["THREADS", "Environment", "Logbook", "Parts", "connect", "environment", "opened", "running"]

log = logging.getLogger(__name__)

THREADS = 16
"""Threads for waiting on readers, for cutting and for the model; each model run brings its own beside these."""
STOP_SECONDS = 5.0
ENGINES = ("qdrant-edge-py", "tantivy", "sqlcipher3", "onnxruntime", "kreuzberg")


@asynccontextmanager
async def connect(env: Environment) -> AsyncGenerator[Assistant]:
    """Give the façade: in this process when the memory is free, otherwise through the Mneme that holds it."""
    try:
        lock = _lock(env)
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
    with _lock(env):
        async with _local(env, executor) as assistant:
            yield assistant


def _lock(env: Environment) -> FileLock:
    """Hold the memory for this process."""
    try:
        env.places.memory.mkdir(parents=True, exist_ok=True)
        lock = FileLock(env.places.memory / "lock")
        lock.acquire(blocking=False)
    except Timeout as error:
        raise InUseError(
            "This memory is in use by another Mneme.",
            kept="Nothing was changed.",
            remedy="Use the open window, or close it first.",
        ) from error
    except OSError as error:
        raise StorageError(
            f"Mneme cannot write to {env.places.memory}: {error.strerror}.",
            kept="Nothing was changed.",
            remedy="Give yourself the right to write there, or set MNEME_HOME to another folder.",
        ) from error
    return lock


@asynccontextmanager
async def _local(env: Environment, executor: Executor | None) -> AsyncGenerator[Assistant]:
    async with AsyncExitStack() as stack:
        pool = executor or stack.enter_context(ThreadPoolExecutor(THREADS, thread_name_prefix="mneme"))
        parts = await stack.enter_async_context(opened(env, pool))
        gateway = Gateway(parts.assistant, env.places.memory, asyncio.get_running_loop())
        stack.push_async_callback(asyncio.to_thread, gateway.close)
        gateway.open()
        yield parts.assistant


@dataclass(frozen=True, slots=True)
class Parts:
    """A Mneme that runs: its façade, and the rooms that measuring looks into."""

    assistant: Assistant
    memory: Memory
    scheduler: Scheduler
    conversation: Conversation
    reader: Reader
    clock: SystemClock


@asynccontextmanager
async def opened(
    env: Environment, pool: Executor, models_at: Path | None = None, key: MemoryKey | None = None
) -> AsyncGenerator[Parts]:
    """Build everything and start indexing; stops and closes in reverse order. `models_at` lends another home's models.

    `key` is for a throw-away memory that nobody opens again; other encrypted memories bring theirs from the vault.
    """
    async with AsyncExitStack() as stack:
        key = key or await unlocked(env)
        clock, ids, bus = SystemClock(), TimeIds(), Bus()
        stack.callback(bus.close)
        models = _models(env, pool, models_at or env.places.models)
        await models.sweep()
        model = _chosen_model(env, models, bus, clock, ids)
        held = await stack.enter_async_context(open_memory(env, model, pool, clock, key))
        rules = read_rules(env.resources / "configs" / "policy.toml")
        policy = PolicyEngine(rules.rule, held.audit, bus, clock, ids)
        supervisor = Supervisor(bus, clock, ids)
        scheduler = Scheduler(held.memory, env.settings, supervisor, bus, clock, ids)
        executing = PlanExecutor(held.memory, policy, env.settings.answering.budget_tokens)
        reader, walker = held.engines.reader, held.engines.walker
        check = SourceCheck(held.memory, reader, walker)
        conversation = Conversation(executing, check, held.embedder, env.settings.answering, bus, clock, ids)
        previews = Previews(held.memory, reader, walker)
        rooms = Rooms(held.memory, scheduler, conversation, previews, policy, models)
        assistant = LocalAssistant(rooms, Surroundings(env.places, _engine_versions), bus.subscribe, bus, clock, ids)
        life = Lifecycle(held.memory, scheduler, supervisor, bus, clock, ids, env.places.memory, held.guarded)
        stack.push_async_callback(life.end)
        stack.push_async_callback(supervisor.close, STOP_SECONDS)
        scheduler.start()
        stack.push_async_callback(scheduler.stop)
        for mishap in held.mishaps:
            log.warning("going on after damage: %s", mishap.code)
            bus.publish(Warned(id=ids.new("ev"), at=clock.now(), level="warning", code=mishap.code, text=str(mishap)))
        held.alarm.answered_by(life.damaged)
        await life.start(held.lacking)
        yield Parts(assistant, held.memory, scheduler, conversation, reader, clock)


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
        folder = models.folder(wanted)
        return InstalledModel(models.manifest(wanted), folder) if folder else None
    except MnemeError as error:
        log.warning("the chosen model cannot be used: %s", error.code)
        bus.publish(Warned(id=ids.new("ev"), at=clock.now(), level="warning", code=error.code, text=str(error)))
        return None


def _engine_versions() -> list[tuple[str, str]]:
    return [(name, version(name)) for name in ENGINES]
