"""Joins what acts: eyes and hand on the disk, tools, plans, and what takes them back. Called by `bootstrap`."""

import asyncio
import os
import shutil
import sys
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from concurrent.futures import Executor as Threads
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.acting.blob_frames import SealedFrames
from assistant.adapters.acting.disk_blobs import DiskBlobs
from assistant.adapters.acting.disk_files import DiskFiles
from assistant.adapters.acting.disk_workspace import DiskWorkspace
from assistant.adapters.acting.git_repositories import GitRepositories
from assistant.adapters.acting.kept_trash import trash_of_system
from assistant.adapters.acting.opener import SystemOpener
from assistant.adapters.acting.trash import home_trash
from assistant.adapters.readers.archives import SandboxedArchives
from assistant.adapters.system.known_folders import known_folders
from assistant.api.acting import LocalActing, LocalHistory, LocalPermissions
from assistant.api.facade import Deeds
from assistant.app.engines import OpenMemory
from assistant.app.environment import Environment
from assistant.app.policing import permitting
from assistant.domain.errors import ModelError
from assistant.domain.plan import Run, RunLog, Understanding
from assistant.domain.tool import ToolManifest
from assistant.orchestrator.acting.budget import UndoBudget
from assistant.orchestrator.acting.executor import Executor
from assistant.orchestrator.acting.hands import Hands
from assistant.orchestrator.acting.proposals import Proposals
from assistant.orchestrator.acting.recalling import OwnMemory
from assistant.orchestrator.acting.recovery import Recovery
from assistant.orchestrator.acting.undertakings import Undertakings
from assistant.orchestrator.acting.undoing import Undoing
from assistant.orchestrator.conversation import Conversation
from assistant.policy import PolicyEngine
from assistant.ports.acting import Files, IntentAnalyzer
from assistant.ports.system import Clock, EventSink, IdSource, TaskRunner
from assistant.tools import Command, Guides, Invoker, Registry
from assistant.tools.arguments import misfit
from assistant.vault import MemoryKey

UNDO = "undo"
"""The name by which the key of contents from before is derived."""
MIB = 2**20


def acting(
    env: Environment,
    held: OpenMemory,
    policy: PolicyEngine,
    conversation: Conversation,
    tasks: TaskRunner,
    around: tuple[EventSink, Clock, IdSource],
    key: MemoryKey | None,
    tell: Callable[[str], None],
) -> Deeds:
    """Build everything that acts; with a `key` contents from before are kept encrypted. `tell` hears of runs that are over."""
    events, clock, ids = around
    settings, threads = env.settings.acting, held.pools.files
    registry = Registry(_tools)
    invoker = Invoker(registry)
    own = [*(str(place) for place in env.places.own), home_trash(os.environ)]

    async def readable() -> Sequence[str]:
        return _resolved(await policy.read_roots())

    async def writable() -> Sequence[str]:
        return _resolved(await policy.roots())

    async def reflect(run: Run, _log: RunLog) -> None:
        tell(run.id)

    frames = SealedFrames(key.derive(UNDO)) if key else None
    seen = DiskFiles(threads, readable, own, settings.most_listed)
    blobs = DiskBlobs(env.places.undo, threads, frames)
    blobs.sweep()
    trash = trash_of_system(os.environ, blobs, settings.undo_file_mb * MIB)
    hands = Hands(
        files=seen,
        workspace=DiskWorkspace(threads, writable, blobs, trash, own, settings.undo_file_mb * MIB),
        blobs=blobs,
        runs=held.runs,
        tools=invoker,
        policy=policy,
        archives=SandboxedArchives(threads, seen, blobs),
        repositories=GitRepositories(threads, seen, blobs, env.places.cache / "shadows"),
        opener=SystemOpener(threads, readable, own),
        recalling=lambda origin: OwnMemory(held.memory, conversation, policy, origin),
        settings=settings,
        events=events,
        clock=clock,
        ids=ids,
        local=_local,
    )
    guides = Guides(
        registry,
        sys.platform,
        has=lambda program: shutil.which(program) is not None,
        embed=_embedding(held),
        knows=_knowing(held),
    )
    analyzer = LateAnalyzer(threads, lambda: _understanding(seen, guides, invoker))
    executor = Executor(hands)
    standing = permitting(env, policy, held.grants, (clock, ids))
    undertakings = Undertakings(tasks)
    proposals = Proposals(hands, analyzer, executor, undertakings, standing, reflect)
    recovery = Recovery(hands, executor, proposals, undertakings)
    history = LocalHistory(hands, undertakings, Undoing(hands, undertakings), recovery)
    permissions = LocalPermissions(standing, held.audit, registry)
    undo = UndoBudget(hands, proposals.contents)
    return Deeds(LocalActing(proposals, undertakings, history), history, permissions, recovery, undo, undertakings)


class LateAnalyzer:
    """Fulfils `ports.acting.IntentAnalyzer`; what understands requests loads with the first one, off the loop."""

    def __init__(self, threads: Threads, make: Callable[[], IntentAnalyzer]) -> None:
        self._threads = threads
        self._make = make
        self._made: IntentAnalyzer | None = None

    async def analyse(self, request: str, context: Sequence[str] = (), answers: Mapping[str, str] | None = None) -> Understanding:
        """See ports.acting.IntentAnalyzer."""
        made = self._made
        if made is None:
            self._made = made = await asyncio.get_running_loop().run_in_executor(self._threads, self._make)
        return await made.analyse(request, context, answers)


def _tools() -> Iterable[tuple[ToolManifest, Mapping[str, Command]]]:
    from assistant.tools.builtin import builtin_tools

    return builtin_tools()


def _understanding(seen: Files, guides: Guides, invoker: Invoker) -> IntentAnalyzer:
    from assistant.orchestrator.understanding import RuleAnalyzer, Surroundings

    guides.registry.all()  # so that the commands load here too
    here = Surroundings(str(Path.home()), known_folders(), seen)
    return RuleAnalyzer(here, _local, guides.best, lambda name, given: misfit(invoker.spec(name).arguments, given))


def _embedding(held: OpenMemory) -> Callable[[Sequence[str]], Awaitable[NDArray[np.float32]]]:
    """Return what embeds guides and requests with the model that answers at the moment."""

    async def embed(texts: Sequence[str]) -> NDArray[np.float32]:
        embedder = held.memory.engines.embedder
        if embedder is None:
            raise ModelError("No model is installed.")
        return await embedder.embed_documents(texts, urgent=True)

    return embed


def _knowing(held: OpenMemory) -> Callable[[str], bool]:
    def knows(language: str) -> bool:
        embedder = held.memory.engines.embedder
        return embedder is not None and embedder.knows(language)

    return knows


def _resolved(roots: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(os.path.realpath(root) for root in roots))


def _local() -> datetime:
    return datetime.now().astimezone()
