"""The acting groups of the façade over the rooms. Built by `api.facade`."""

from collections.abc import Sequence

from assistant.api.views import (
    AuditRecord,
    ChangeKind,
    FileDiff,
    Grant,
    GrantKind,
    PlanEdit,
    Preview,
    Proposal,
    Reconciling,
    Reverted,
    Run,
    ToolManifest,
)
from assistant.domain.errors import NotFoundError, RepositoryError
from assistant.domain.plan import Action
from assistant.domain.tool import EffectKind
from assistant.orchestrator.acting.diffs import compare
from assistant.orchestrator.acting.hands import Hands
from assistant.orchestrator.acting.proposals import Proposals
from assistant.orchestrator.acting.recovery import Recovery
from assistant.orchestrator.acting.showing import shown_diff
from assistant.orchestrator.acting.undertakings import Undertakings
from assistant.orchestrator.acting.undoing import Undoing
from assistant.policy import StandingPermissions
from assistant.ports.system import AuditLog
from assistant.tools import Registry

PERSON = "person"
MOST_DIFFS = 500
"""Changed files of a repository that are shown."""


class LocalActing:
    """Fulfils `assistant.api.deeds.Acting`."""

    def __init__(self, proposals: Proposals, undertakings: Undertakings, history: "LocalHistory") -> None:
        self._proposals = proposals
        self._undertakings = undertakings
        self._history = history

    async def plan(self, request: str, origin: str, context: Sequence[str] = ()) -> Proposal:
        """See Acting.plan."""
        return await self._proposals.plan(request, origin, context)

    async def answer(self, plan_id: str, value: str) -> Proposal:
        """See Acting.answer."""
        return await self._proposals.answer(plan_id, value)

    async def edit(self, plan_id: str, edit: PlanEdit) -> Proposal:
        """See Acting.edit."""
        return await self._proposals.edit(plan_id, edit)

    async def approve(self, plan_id: str, digest: str, origin: str, grant: GrantKind = "once") -> Run:
        """See Acting.approve."""
        return await self._proposals.approve(plan_id, digest, origin, grant)

    async def deny(self, plan_id: str, origin: str) -> None:
        """See Acting.deny."""
        await self._proposals.deny(plan_id, origin)

    async def cancel(self, run_id: str) -> None:
        """See Acting.cancel."""
        self._undertakings.cancel(run_id)

    async def waiting(self) -> list[Proposal]:
        """See Acting.waiting."""
        return self._proposals.waiting()

    async def diff(self, plan_id: str, path: str) -> FileDiff:
        """See Acting.diff."""
        return await self._proposals.diff(plan_id, path) or await self._history.diff(plan_id, path)


class LocalHistory:
    """Fulfils `assistant.api.deeds.History`."""

    def __init__(self, hands: Hands, undertakings: Undertakings, undoing: Undoing, recovery: Recovery) -> None:
        self._hands = hands
        self._undertakings = undertakings
        self._undoing = undoing
        self._recovery = recovery

    async def runs(self, before: str = "", limit: int = 50) -> list[Run]:
        """See History.runs."""
        return await self._hands.runs.all(before, limit)

    async def run(self, run_id: str) -> tuple[Run, Preview]:
        """See History.run."""
        found = await self._hands.runs.get(run_id)
        if found is None:
            raise _no_run(run_id)
        return found[0], found[1].preview

    async def ended(self, run_id: str) -> Run:
        """See History.ended."""
        await self._undertakings.ended(run_id)
        return (await self.run(run_id))[0]

    async def undo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        """See History.undo."""
        return await self._undoing.undo(run_id, origin, step, conflicts)

    async def redo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        """See History.redo."""
        return await self._undoing.redo(run_id, origin, step, conflicts)

    async def resume(self, run_id: str, origin: str, finish: bool) -> Run:
        """See History.resume."""
        return await self._recovery.resume(run_id, origin, finish=finish)

    async def diff(self, run_id: str, path: str) -> FileDiff:
        """Show how one file differed before and after a run. Raises NotFoundError."""
        found = await self._hands.runs.get(run_id)
        if found is None:
            raise _no_run(run_id)
        done = next((one for one in found[1].applied if path in (one.change.path, one.change.to)), None)
        change = next((one for one in found[1].preview.changes if path in (one.path, one.to)), None)
        if change is None:
            raise NotFoundError(f"Nothing was to change at {path}.")
        return await shown_diff(self._hands, change, done)

    async def worktree(self, path: str) -> list[FileDiff]:
        """See History.worktree."""
        hands = self._hands
        await hands.policy.require(Action(tool="git.status", origin=PERSON, paths=(path,), effects=(EffectKind.READ,)))
        root = await hands.repositories.root(path)
        _, changed = await hands.repositories.status(root)
        shown: list[FileDiff] = []
        for one in changed[:MOST_DIFFS]:
            kind = ChangeKind.CREATE if "?" in one.status or "A" in one.status else ChangeKind.WRITE
            kind = ChangeKind.TRASH if "D" in one.status else kind
            bare = FileDiff(path=one.was or one.path, to=one.path if one.was else "", kind=ChangeKind.MOVE if one.was else kind)
            try:
                shown.append(compare(bare, *await hands.repositories.diff(root, one.path)))
            except RepositoryError:
                shown.append(bare.model_copy(update={"binary": True}))
        return shown


class LocalPermissions:
    """Fulfils `assistant.api.deeds.Permissions`."""

    def __init__(self, standing: StandingPermissions, audit: AuditLog, tools: Registry) -> None:
        self._standing = standing
        self._audit = audit
        self._tools = tools

    async def grants(self) -> list[Grant]:
        """See Permissions.grants."""
        return await self._standing.all()

    async def revoke(self, grant_id: str) -> None:
        """See Permissions.revoke."""
        await self._standing.revoke(grant_id, PERSON)

    async def audit(self, before: int = 0, limit: int = 100) -> list[AuditRecord]:
        """See Permissions.audit."""
        return await self._audit.read(before, limit)

    async def tools(self) -> list[ToolManifest]:
        """See Permissions.tools."""
        return list(self._tools.manifests())


def _no_run(run_id: str) -> NotFoundError:
    return NotFoundError(f"There is no run {run_id}.", kept="Nothing was changed.", remedy="mneme log --runs lists them.")
