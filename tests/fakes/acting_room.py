"""The acting rooms over real files in a folder and stores in memory. Used by tests of the façade and of acting."""

from collections.abc import Callable, Sequence
from concurrent.futures import Executor as ThreadExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from assistant.adapters.acting.disk_blobs import DiskBlobs
from assistant.adapters.acting.disk_files import DiskFiles
from assistant.adapters.acting.disk_workspace import DiskWorkspace
from assistant.adapters.acting.git_repositories import GitRepositories
from assistant.adapters.acting.trash import XdgTrash
from assistant.adapters.readers.archives import SandboxedArchives
from assistant.api.acting import LocalActing, LocalHistory, LocalPermissions
from assistant.api.facade import Deeds
from assistant.config import Acting
from assistant.orchestrator.acting.budget import UndoBudget
from assistant.orchestrator.acting.executor import Executor
from assistant.orchestrator.acting.hands import Hands
from assistant.orchestrator.acting.proposals import Proposals
from assistant.orchestrator.acting.recovery import Recovery
from assistant.orchestrator.acting.undertakings import Undertakings
from assistant.orchestrator.acting.undoing import Undoing
from assistant.orchestrator.understanding import RuleAnalyzer, Surroundings
from assistant.policy import PolicyEngine, StandingPermissions
from assistant.ports.acting import IntentAnalyzer, Workspace
from assistant.ports.system import Clock, EventSink, IdSource, TaskRunner
from assistant.tools import Invoker, Registry
from assistant.tools.builtin import builtin_tools
from tests.fakes.acting_stores import FakeGrants, FakeRuns
from tests.fakes.audit import FakeAudit

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


class NoOpener:
    """Opener that writes down what it was asked to open."""

    def __init__(self) -> None:
        self.opened: list[tuple[str, bool]] = []

    async def open(self, path: str, *, reveal: bool) -> None:
        self.opened.append((path, reveal))


@dataclass
class ActingRoom:
    """Everything that acts below `root`; `workspace` may be put into another's hands before a plan is approved."""

    root: Path
    hands: Hands
    runs: FakeRuns
    opener: NoOpener
    proposals: Proposals
    undoing: Undoing
    recovery: Recovery
    deeds: Deeds


def acting_room(
    place: Path,
    threads: ThreadExecutor,
    policy: PolicyEngine,
    tasks: TaskRunner,
    around: tuple[EventSink, Clock, IdSource],
    *,
    recalling: Any = None,
    grants: FakeGrants | None = None,
    audit: FakeAudit | None = None,
    wrap: Callable[[Workspace], Workspace] = lambda workspace: workspace,
    settings: Acting | None = None,
    analyzer: IntentAnalyzer | None = None,
) -> ActingRoom:
    """Build the rooms; files lie in `place`/files, what is kept beside it. `wrap` stands before the workspace."""
    events, clock, ids = around
    root = place / "files"
    root.mkdir(parents=True, exist_ok=True)

    async def roots() -> Sequence[str]:
        return [str(root.resolve())]

    settings = settings or Acting()
    seen = DiskFiles(threads, roots)
    blobs = DiskBlobs(place / "undo", threads)
    registry = Registry(builtin_tools)
    runs, opener = FakeRuns(), NoOpener()
    hands = Hands(
        files=seen,
        workspace=wrap(DiskWorkspace(threads, roots, blobs, XdgTrash(str(place / "trash")))),
        blobs=blobs,
        runs=runs,
        tools=Invoker(registry),
        policy=policy,
        archives=SandboxedArchives(threads, seen, blobs),
        repositories=GitRepositories(threads, seen, blobs, place / "shadows"),
        opener=opener,
        recalling=lambda _: recalling,
        settings=settings,
        events=events,
        clock=clock,
        ids=ids,
        local=lambda: NOON,
    )
    executor = Executor(hands)
    standing = StandingPermissions(policy, grants or FakeGrants(), clock, ids, home="/home/nobody", days=30)
    analyzer = analyzer or RuleAnalyzer(Surroundings("/home/nobody", {}, seen), lambda: NOON)

    async def forget_it(*_: object) -> None:
        """Reflections are tried elsewhere."""

    undertakings = Undertakings(tasks)
    proposals = Proposals(hands, analyzer, executor, undertakings, standing, forget_it)
    undoing, recovery = Undoing(hands, undertakings), Recovery(hands, executor, proposals, undertakings)
    history = LocalHistory(hands, undertakings, undoing, recovery)
    permissions = LocalPermissions(standing, audit or FakeAudit(), registry)
    budget = UndoBudget(hands, proposals.contents)
    deeds = Deeds(LocalActing(proposals, undertakings, history), history, permissions, recovery, budget, undertakings)
    return ActingRoom(root, hands, runs, opener, proposals, undoing, recovery, deeds)
