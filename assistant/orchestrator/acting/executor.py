"""Walks a plan: preview and run are one walk. Used by the proposals."""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from assistant.domain.change import Applied, Change
from assistant.domain.erasure import is_forgotten
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, PolicyDeniedError, TooMuchError
from assistant.domain.events import FilesChanged, RunEnded, StepChanged
from assistant.domain.plan import Decision, Plan, Run, RunLog, Step, StepState, StepView
from assistant.domain.tool import Outcome
from assistant.orchestrator.acting.critic import Critic, missed
from assistant.orchestrator.acting.hands import Hands, some, stamped
from assistant.orchestrator.acting.looking import Edits, Looked, Looking
from assistant.orchestrator.acting.previewing import highest, strictest, totals, touched
from assistant.ports.acting import Tell

log = logging.getLogger(__name__)

SAID_EVERY = 64
"""Changes between two reports of progress."""


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's yes to a preview of this digest."""

    digest: str
    origin: str


@dataclass(slots=True)
class Course:
    """A run on its way: `stop` asks it to end before its next change."""

    run: Run
    applied: dict[int, Applied] = field(default_factory=dict[int, Applied])
    stop: bool = False


class _Stopped(Exception):
    """A person stopped the run."""


class Executor:
    """Nothing happens but what a preview showed: the walk that runs first looks again, and goes on only if it sees the same."""

    def __init__(self, hands: Hands) -> None:
        self._hands = hands
        self._looking = Looking(hands)
        self._critic = Critic(hands.files)

    async def walk(
        self,
        plan: Plan,
        *,
        dry_run: bool,
        now: datetime,
        tell: Callable[[str], Tell],
        edits: Edits | None = None,
        approval: Approval | None = None,
        begun: Callable[[Course], None] = lambda _: None,
    ) -> tuple[Looked, Run | None]:
        """Look at the plan and, unless `dry_run`, carry it out; the run is None where there was nothing to carry out.

        Raises PolicyDeniedError where a step is denied, or needs an approval that is not there, and ChangedMeanwhileError where
        the approval is of another preview or the preview has conflicts; nothing was done then. `begun` is called once the run
        is written down.
        """
        tells = {step.id: tell(step.id) for step in plan.steps}
        looked = await self._looking.look(plan, edits or Edits(), now, tells, every=not dry_run)
        if dry_run:
            return looked, None
        await self._require(looked, approval)
        if not looked.preview.changes and not looked.opens:
            return looked, None
        return looked, await self._carry_out(plan, looked, begun)

    async def _require(self, looked: Looked, approval: Approval | None) -> None:
        for view in looked.views:
            if view.verdict.decision is Decision.DENY:
                raise _refused(view, view.verdict.reason)  # the policy told of it
        if looked.preview.conflicts:
            first = looked.preview.conflicts[0]
            raise ChangedMeanwhileError(
                f"This cannot be done as things stand: {first.path}: {first.reason}",
                kept="Nothing was done.",
                remedy="Leave that file out, or change what stands in the way.",
            )
        if strictest(view.verdict for view in looked.views) is Decision.ASK:
            if approval is None:
                asking = next(view for view in looked.views if view.verdict.decision is Decision.ASK)
                reason = f"{asking.verdict.reason}, and nobody agreed to it"
                self._hands.policy.tell_blocked(looked.asked[asking.step.id], reason)
                raise _refused(asking, reason)
            if approval.digest != looked.preview.digest:
                raise ChangedMeanwhileError(
                    "The files have changed since the preview was made.",
                    kept="Nothing was done.",
                    remedy="Look at the new preview and approve that.",
                )
            for view in looked.views:
                if view.verdict.decision is Decision.ASK:
                    await self._hands.policy.require(looked.asked[view.step.id], agreed=True)

    async def _carry_out(self, plan: Plan, looked: Looked, begun: Callable[[Course], None]) -> Run:
        hands, changes = self._hands, looked.preview.changes
        run = Run(
            id=hands.ids.new("run"),
            plan=plan,
            state="running",
            began=hands.clock.now(),
            steps=looked.views,
            total=len(changes),
            uncovered=looked.preview.uncovered,
        )
        written = RunLog(preview=looked.preview, times=await hands.workspace.times(changes))
        await hands.runs.begin(run, written)
        course = Course(run)
        begun(course)
        return await self._go(course, list(enumerate(changes)), written, looked.outcomes)

    async def finish(self, course: Course, written: RunLog) -> Run:
        """Go on with a run that was cut off, from what is known to be applied; what it was to open stays closed."""
        wanted = [(n, change) for n, change in enumerate(written.preview.changes) if not is_forgotten(change)]
        left = [(n, change) for n, change in wanted if n not in course.applied]
        return await self._go(course, left, written, {})

    async def take_back(self, course: Course, written: RunLog) -> Run:
        """Take back a run that was cut off."""
        return await self._end(course, "cancelled", await self._take_back(course, written), {})

    async def _go(
        self, course: Course, changes: Sequence[tuple[int, Change]], written: RunLog, outcomes: Mapping[str, Outcome]
    ) -> Run:
        states: dict[str, StepState] = {}
        failures: list[BaseException] = []
        for _, steps in groupby(course.run.plan.steps, key=lambda step: step.group):
            work = [
                self._step(course, step, [one for one in changes if one[1].step == step.id], outcomes.get(step.id), states)
                for step in steps
            ]
            # Not a TaskGroup: it would cancel a step in the middle of a change, of which nobody would then take note.
            failures = [ended for ended in await asyncio.gather(*work, return_exceptions=True) if ended is not None]
            if failures:
                break
        if not failures:
            applied = list(course.applied.values())
            faults = await self._critic.review(course.run, applied)
            faults += [fault for step, outcome in outcomes.items() for fault in missed(outcome.expects, _of(step, applied))]
            return await self._end(course, "done", " ".join(faults), states)
        real = next((error for error in failures if not isinstance(error, _Stopped)), None)
        if real is not None:
            log.warning("a run failed: %s", type(real).__name__, exc_info=real)
        reason = "It was stopped." if real is None else str(real) or type(real).__name__
        taken_back = await self._take_back(course, written)
        return await self._end(course, "cancelled" if real is None else "failed", f"{reason} {taken_back}", states)

    async def _step(
        self,
        course: Course,
        step: Step,
        changes: Sequence[tuple[int, Change]],
        outcome: Outcome | None,
        states: dict[str, StepState],
    ) -> None:
        hands, run, total = self._hands, course.run, len(changes)
        until = hands.clock.monotonic() + hands.settings.step_seconds
        states[step.id] = "running"
        self._say(run, step, "running", 0, total)
        try:
            for done, (n, change) in enumerate(changes, 1):
                if course.stop:
                    raise _Stopped
                if hands.clock.monotonic() > until:
                    raise TooMuchError(f"Step {step.id} took longer than {hands.settings.step_seconds:g} seconds.")
                course.applied[n] = await hands.workspace.apply(n, change)
                await hands.runs.mark(run.id, [course.applied[n]])
                if done % SAID_EVERY == 0:
                    self._say(run, step, "running", done, total)
            for path in outcome.opens if outcome else ():
                await hands.opener.open(path, reveal=outcome is not None and outcome.reveal)
        except Exception as error:
            course.stop = True  # the steps beside it end before their next change
            states[step.id] = "failed"
            self._say(run, step, "failed", 0, total, str(error))
            raise
        states[step.id] = "done"
        self._say(run, step, "done", total, total)

    async def _take_back(self, course: Course, written: RunLog) -> str:
        """Revert what was applied, the newest first; return what stands, "" when nothing does."""
        stuck: list[str] = []
        for n in sorted(course.applied, reverse=True):
            try:
                await self._hands.workspace.revert(course.applied[n])
            except MnemeError as error:
                stuck.append(f"{course.applied[n].change.result}: {error.what}")
                continue
            await self._hands.runs.mark(course.run.id, reverted=[n])
            del course.applied[n]
        await self._hands.workspace.settle(written.times)
        if not stuck:
            return "Everything that was done before was taken back."
        return f"{len(stuck)} changes could not be taken back and stand: " + "; ".join(stuck[:5])

    async def _end(self, course: Course, state: str, reason: str, states: Mapping[str, StepState]) -> Run:
        hands, run = self._hands, course.run
        undone = state != "done"
        views = [
            view.model_copy(update={"state": _ended(states.get(view.step.id, "waiting"), undone=undone)}) for view in run.steps
        ]
        run = run.model_copy(
            update={
                "state": state,
                "reason": reason,
                "ended": hands.clock.now(),
                "standing": len(course.applied),
                "steps": tuple(views),
                "undoable": bool(course.applied),
            }
        )
        course.run = run
        await hands.runs.save(run)
        applied = [one.change for one in course.applied.values()]
        paths, counted = some(touched(applied)), totals(applied)
        head = stamped(hands, run.plan.id)
        hands.events.publish(
            FilesChanged.model_validate({**head, "run_id": run.id, "act": "run", "totals": counted, "paths": paths})
        )
        hands.events.publish(
            RunEnded.model_validate(
                {
                    **stamped(hands, run.plan.id),
                    "run_id": run.id,
                    "plan_id": run.plan.id,
                    "request": run.plan.request,
                    "state": run.state,
                    "total": run.total,
                    "standing": run.standing,
                    "reason": run.reason,
                }
            )
        )
        return run

    def _say(self, run: Run, step: Step, state: StepState, done: int, total: int, text: str = "") -> None:
        values = {"run_id": run.id, "plan_id": run.plan.id, "step": step.id, "tool": step.tool, "state": state}
        told = {"done": done, "total": total, "text": text}
        self._hands.events.publish(StepChanged.model_validate({**stamped(self._hands, run.plan.id), **values, **told}))


def _refused(view: StepView, reason: str) -> PolicyDeniedError:
    return PolicyDeniedError(f"{view.step.tool} is not allowed: {reason}.", kept="Nothing was done.")


def _ended(state: StepState, *, undone: bool) -> StepState:
    """Return how a step ended: one that was done in a run that was taken back is undone, one never begun is skipped."""
    if state == "waiting":
        return "skipped"
    return "undone" if undone and state == "done" else state


def _of(step: str, applied: Sequence[Applied]) -> list[Applied]:
    return [one for one in applied if one.change.step == step]


def summed(looked: Looked) -> dict[str, object]:
    """Return decision and risk of a plan as a whole."""
    verdicts = [view.verdict for view in looked.views]
    return {"decision": strictest(verdicts), "risk": highest(verdicts)}
