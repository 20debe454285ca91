"""The groups of the façade that act: plans, what was done, permissions. Reached through `assistant.api.contract.Assistant`."""

from collections.abc import Sequence
from typing import Protocol

from assistant.api.views import (
    AuditRecord,
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


class Acting(Protocol):
    """From a request to an approved plan. Reached as `Assistant.acting`. Nothing on disk changes before `approve`."""

    async def plan(self, request: str, origin: str, context: Sequence[str] = ()) -> Proposal:
        """Understand a request, plan it and preview it; a plan that only reads runs at once.

        `context` are paths the request is about (what is selected, the current folder). Progress comes as PreviewProgressed.
        """
        ...

    async def answer(self, plan_id: str, value: str) -> Proposal:
        """Answer the question of a proposal, and plan on. Raises NotFoundError."""
        ...

    async def edit(self, plan_id: str, edit: PlanEdit) -> Proposal:
        """Change a plan that waits, and preview it again. Raises NotFoundError, ArgumentError."""
        ...

    async def approve(self, plan_id: str, digest: str, origin: str, grant: GrantKind = "once") -> Run:
        """Let a plan run whose preview has this digest; returns when it has begun. What comes of it: `History.ended`.

        `always` also keeps a grant for each tool and its scope. Raises ChangedMeanwhileError with a new preview waiting
        when the world has moved, PolicyDeniedError, NotFoundError.
        """
        ...

    async def deny(self, plan_id: str, origin: str) -> None:
        """Withdraw a plan that waits, or stop looking through one; unknown ones are passed over."""
        ...

    async def cancel(self, run_id: str) -> None:
        """Stop a run; what was done is taken back."""
        ...

    async def waiting(self) -> list[Proposal]:
        """List the plans that wait for a person, oldest first."""
        ...

    async def diff(self, plan_id: str, path: str) -> FileDiff:
        """Show how one file of a waiting plan, or of a run by its id, differs. Raises NotFoundError."""
        ...


class History(Protocol):
    """What was done. Reached as `Assistant.history`."""

    async def runs(self, before: str = "", limit: int = 50) -> list[Run]:
        """List runs, newest first, those begun before the run `before`."""
        ...

    async def run(self, run_id: str) -> tuple[Run, Preview]:
        """Return a run with all its changes. Raises NotFoundError."""
        ...

    async def ended(self, run_id: str) -> Run:
        """Wait until a run has come to its end. Raises NotFoundError."""
        ...

    async def undo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        """Take a run, or one step of it, back. "" is the newest that can be.

        With `refuse` nothing happens when anything was changed since; `skip` leaves such files as they are, `keep both`
        puts the earlier one beside, `merge` merges lines of text and keeps both where they clash. Raises UndoError.
        """
        ...

    async def redo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        """Do again what was taken back. "" is the newest undone. Raises UndoError."""
        ...

    async def resume(self, run_id: str, origin: str, finish: bool) -> Run:
        """Finish a run that the end of the process cut off, or take it back. Raises NotFoundError, UndoError."""
        ...

    async def worktree(self, path: str) -> list[FileDiff]:
        """Show what differs in the git repository that holds this path. Raises RepositoryError."""
        ...


class Permissions(Protocol):
    """Standing permissions, and the record of verdicts. Reached as `Assistant.permissions`."""

    async def grants(self) -> list[Grant]:
        """List the standing permissions that hold, oldest first."""
        ...

    async def revoke(self, grant_id: str) -> None:
        """Take a standing permission back. Raises NotFoundError."""
        ...

    async def audit(self, before: int = 0, limit: int = 100) -> list[AuditRecord]:
        """List verdicts, newest first, those before number `before` (0: from the newest)."""
        ...

    async def tools(self) -> list[ToolManifest]:
        """List the tools with their commands and guides."""
        ...
