"""The groups of the scripted Assistant that act: plans, what was done, permissions; with makers of plans for tests."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from assistant.api.views import (
    ApprovalAwaited,
    AuditRecord,
    Change,
    ChangeKind,
    ChangeTotals,
    Decision,
    Event,
    FileDiff,
    FilesChanged,
    Grant,
    GrantKind,
    Plan,
    PlanDecided,
    PlanEdit,
    Preview,
    PreviewProgressed,
    Proposal,
    Reconciling,
    Reverted,
    Risk,
    Run,
    RunEnded,
    RunReverted,
    Step,
    StepChanged,
    StepView,
    ToolManifest,
    Verdict,
)
from assistant.domain.errors import ChangedMeanwhileError, NotFoundError
from tests.fakes.health import NOON

_COUNTED = {
    ChangeKind.CREATE: "created",
    ChangeKind.WRITE: "written",
    ChangeKind.MOVE: "moved",
    ChangeKind.TRASH: "trashed",
    ChangeKind.MKDIR: "folders",
    ChangeKind.RMDIR: "folders",
}


def change(kind: str, path: str, to: str = "", **more: object) -> Change:
    """Make a change of step s1."""
    return Change.model_validate({"kind": kind, "path": path, "to": to, "step": "s1", **more})


def totals(changes: Sequence[Change]) -> ChangeTotals:
    """Count changes."""
    counts: dict[str, int] = {}
    for one in changes:
        counts[_COUNTED[one.kind]] = counts.get(_COUNTED[one.kind], 0) + 1
    return ChangeTotals(**counts, bytes_written=sum(one.size for one in changes))


def step(number: int, tool: str, title: str, **more: Any) -> StepView:
    """Make a step s`number` that has to be asked for; `arguments` and `risk` go where they belong."""
    arguments, risk = more.pop("arguments", {}), more.pop("risk", Risk(score=20, level="low", reasons=("It moves files.",)))
    decision = more.pop("decision", Decision.ASK)
    made = Step(id=f"s{number}", tool=tool, title=title, arguments=arguments, after=more.pop("after", ()))
    verdict = Verdict(decision=decision, rule="default", reason="Whatever changes something is asked for.", risk=risk)
    return StepView.model_validate({"step": made, "verdict": verdict, **more})


def proposal(request: str, state: str, steps: Sequence[StepView] = (), changes: Sequence[Change] = (), **more: Any) -> Proposal:
    """Make a proposal; its preview has the digest d1 unless `digest` says otherwise."""
    number = more.pop("id", "plan_1")
    plan = Plan(id=number, request=request, language="en", origin="window", steps=tuple(view.step for view in steps))
    preview = Preview(
        digest=more.pop("digest", "d1"),
        changes=tuple(changes),
        conflicts=more.pop("conflicts", ()),
        totals=totals(changes),
        uncovered=more.pop("uncovered", ()),
        at=NOON,
    )
    facts = {"id": number, "state": state, "request": request, "language": "en", "steps": tuple(steps)}
    given = {"plan": plan, "preview": preview} if steps else {}
    return Proposal.model_validate({**facts, **given, **more})


def run_of(shown: Proposal, state: str = "running", **more: Any) -> Run:
    """Make the run of a proposal."""
    plan = shown.plan or Plan(id=shown.id, request=shown.request, language="en", origin="window", steps=())
    count = len(shown.preview.changes) if shown.preview else 0
    facts = {"id": f"run_{plan.id}", "plan": plan, "state": state, "began": NOON, "steps": shown.steps, "total": count}
    return Run.model_validate({**facts, "standing": count if state == "done" else 0, **more})


class FakeActing:
    """Fulfils `assistant.api.deeds.Acting`. Script `proposals` by request, `answers` by value, `diffs` by path.

    `proposals_after` stand in for those after the first plan. `looking` cleared holds planning up. A run ends when the
    history's `finish` is set.
    """

    def __init__(
        self, note: Callable[..., None], publish: Callable[[Event], None], stamp: Callable[[], dict[str, object]]
    ) -> None:
        self._note, self._publish, self._stamp = note, publish, stamp
        self.proposals: dict[str, Proposal] = {}
        self.proposals_after: dict[str, Proposal] = {}
        self.answers: dict[str, Proposal] = {}
        self.edited: Callable[[Proposal, PlanEdit], Proposal] = lambda shown, _edit: shown
        self.diffs: dict[str, FileDiff] = {}
        self.open: dict[str, Proposal] = {}
        self.moved: Proposal | None = None
        self.looking = asyncio.Event()
        self.looking.set()
        self.history = FakeHistory(note, self._tell)

    def _tell(self, kind: type[Event], **facts: object) -> None:
        self._publish(kind.model_validate({**self._stamp(), **facts}))

    async def plan(self, request: str, origin: str, context: Sequence[str] = ()) -> Proposal:
        self._note("acting.plan", request, origin, *([tuple(context)] if context else []))
        found = self.proposals.get(request) or proposal(request, "unsupported", message="Mneme cannot do that.", nearest=())
        self.proposals |= self.proposals_after
        self._tell(PreviewProgressed, plan_id=found.id, step="s1", done=3, total=10, text="looking through the folder")
        await self.looking.wait()
        return self._wait(found)

    def _wait(self, found: Proposal) -> Proposal:
        self.open.pop(found.id, None)
        if found.state in ("ready", "question", "conflict"):
            self.open[found.id] = found
        if found.state == "ready":
            self._tell(ApprovalAwaited, plan_id=found.id, request=found.request, risk=found.risk.level)
        return found

    def _known(self, plan_id: str) -> Proposal:
        if plan_id not in self.open:
            raise NotFoundError("This plan is not waiting any more.")
        return self.open[plan_id]

    async def answer(self, plan_id: str, value: str) -> Proposal:
        self._note("acting.answer", plan_id, value)
        self._known(plan_id)
        return self._wait(self.answers[value])

    async def edit(self, plan_id: str, edit: PlanEdit) -> Proposal:
        self._note("acting.edit", plan_id, edit)
        return self._wait(self.edited(self._known(plan_id), edit))

    async def approve(self, plan_id: str, digest: str, origin: str, grant: GrantKind = "once") -> Run:
        self._note("acting.approve", plan_id, digest, origin, grant)
        shown = self._known(plan_id)
        if self.moved is not None:
            found, self.moved = self.moved, None
            self._wait(found)
            raise ChangedMeanwhileError("The files have changed since the preview.", remedy="Look at the new preview.")
        assert shown.preview is not None
        assert shown.preview.digest == digest, "an approval names the preview that was seen"
        del self.open[plan_id]
        self._tell(PlanDecided, plan_id=plan_id, request=shown.request, approved=True, origin=origin)
        return self.history.begin(shown)

    async def deny(self, plan_id: str, origin: str) -> None:
        self._note("acting.deny", plan_id, origin)
        if self.open.pop(plan_id, None) is not None:
            self._tell(PlanDecided, plan_id=plan_id, request="", approved=False, origin=origin)

    async def cancel(self, run_id: str) -> None:
        self._note("acting.cancel", run_id)
        self.history.end(run_id, "cancelled", reason="It was cancelled; everything was taken back.")

    async def waiting(self) -> list[Proposal]:
        self._note("acting.waiting")
        return list(self.open.values())

    async def diff(self, plan_id: str, path: str) -> FileDiff:
        self._note("acting.diff", plan_id, path)
        if path not in self.diffs:
            raise NotFoundError("Nothing is known of this file.")
        return self.diffs[path]


class FakeHistory:
    """Fulfils `assistant.api.deeds.History`. Set `finish` and runs end at once; else `end` ends one; `clash` refuses an undo."""

    def __init__(self, note: Callable[..., None], tell: Callable[..., None]) -> None:
        self._note, self._tell = note, tell
        self.kept: dict[str, Run] = {}
        self.previews: dict[str, Preview] = {}
        self.clash: Reverted | None = None
        self.tree: list[FileDiff] = []
        self.finish = True
        self._ends: dict[str, asyncio.Event] = {}

    def begin(self, shown: Proposal) -> Run:
        """Begin the run of a proposal."""
        begun = run_of(shown)
        self.kept[begun.id] = begun
        if shown.preview is not None:
            self.previews[begun.id] = shown.preview
        self._ends[begun.id] = asyncio.Event()
        if self.finish:
            self.end(begun.id, "done", standing=begun.total)
        return begun

    def step(self, run_id: str, number: int, state: str, **more: object) -> None:
        """Tell how far a step is."""
        plan = self.kept[run_id].plan
        at = plan.steps[number - 1]
        self._tell(StepChanged, run_id=run_id, plan_id=plan.id, step=at.id, tool=at.tool, state=state, **more)

    def end(self, run_id: str, state: str, **more: object) -> None:
        """End a run and tell everyone."""
        was = self.kept[run_id]
        self.kept[run_id] = ended = Run.model_validate({**was.model_dump(), "state": state, "ended": NOON, **more})
        facts = {"plan_id": was.plan.id, "request": was.plan.request, "total": was.total, "standing": ended.standing}
        if run_id in self.previews:
            self._tell(FilesChanged, run_id=run_id, act="run", totals=self.previews[run_id].totals, paths=())
        self._tell(RunEnded, run_id=run_id, state=state, reason=ended.reason, **facts)
        self._ends.setdefault(run_id, asyncio.Event()).set()

    async def runs(self, before: str = "", limit: int = 50) -> list[Run]:
        self._note("history.runs", before, limit)
        return list(reversed(self.kept.values()))[:limit]

    async def run(self, run_id: str) -> tuple[Run, Preview]:
        self._note("history.run", run_id)
        if run_id not in self.kept:
            raise NotFoundError("There is no such run.")
        return self.kept[run_id], self.previews.get(run_id, Preview(digest="", at=NOON))

    async def ended(self, run_id: str) -> Run:
        self._note("history.ended", run_id)
        await self._ends[run_id].wait()
        return self.kept[run_id]

    async def undo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        self._note("history.undo", run_id, origin, step, conflicts)
        return self._revert(run_id, step, conflicts, "undone")

    async def redo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        self._note("history.redo", run_id, origin, step, conflicts)
        return self._revert(run_id, step, conflicts, "done")

    def _revert(self, run_id: str, step: str, conflicts: Reconciling, state: str) -> Reverted:
        chosen = run_id or next(reversed(self.kept))
        was = self.kept[chosen]
        if self.clash is not None and conflicts == "refuse":
            return self.clash.model_copy(update={"run": was})
        self.kept[chosen] = now = was.model_copy(update={"state": state, "standing": was.total if state == "done" else 0})
        facts = {"request": was.plan.request, "step": step, "changes": was.total, "conflicts": 0}
        self._tell(RunReverted, run_id=chosen, redo=state == "done", **facts)
        return Reverted(run=now, changes=was.total)

    async def resume(self, run_id: str, origin: str, finish: bool) -> Run:
        self._note("history.resume", run_id, origin, finish)
        self.end(run_id, "done" if finish else "cancelled", standing=self.kept[run_id].total if finish else 0)
        return self.kept[run_id]

    async def worktree(self, path: str) -> list[FileDiff]:
        self._note("history.worktree", path)
        return self.tree


class FakePermissions:
    """Fulfils `assistant.api.deeds.Permissions`. Set `standing`, `verdicts` and `manifests` to script it."""

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.standing: list[Grant] = []
        self.verdicts: list[AuditRecord] = []
        self.manifests: list[ToolManifest] = []

    async def grants(self) -> list[Grant]:
        self._note("permissions.grants")
        return self.standing

    async def revoke(self, grant_id: str) -> None:
        self._note("permissions.revoke", grant_id)
        self.standing = [one for one in self.standing if one.id != grant_id]

    async def audit(self, before: int = 0, limit: int = 100) -> list[AuditRecord]:
        self._note("permissions.audit", before, limit)
        return self.verdicts[:limit]

    async def tools(self) -> list[ToolManifest]:
        self._note("permissions.tools")
        return self.manifests
