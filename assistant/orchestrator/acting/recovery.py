"""What the end of the process cut off: found at start, finished or taken back as a person says. Used by façade and `app`."""

import logging

from assistant.domain.change import Applied
from assistant.domain.erasure import is_forgotten
from assistant.domain.errors import ChangedMeanwhileError, NotFoundError, UndoError
from assistant.domain.events import Warned
from assistant.domain.plan import Run, RunLog
from assistant.orchestrator.acting.executor import Course, Executor
from assistant.orchestrator.acting.hands import Hands, stamped
from assistant.orchestrator.acting.previewing import action_on
from assistant.orchestrator.acting.proposals import Proposals
from assistant.orchestrator.acting.standing import ON_ITS_WAY, what_stands
from assistant.orchestrator.acting.undertakings import Going, Undertakings

log = logging.getLogger(__name__)


class Recovery:
    """Runs that were on their way when the process ended."""

    def __init__(self, hands: Hands, executor: Executor, proposals: Proposals, undertakings: Undertakings) -> None:
        self._hands = hands
        self._executor = executor
        self._proposals = proposals
        self._undertakings = undertakings

    async def find(self) -> list[Run]:
        """Mark what is on its way in no process as cut off, and say so; called once, before anything runs."""
        hands = self._hands
        runs = await hands.runs.all()
        for run in runs:
            if run.reason == ON_ITS_WAY and (found := await hands.runs.get(run.id)) is not None:
                standing = len(what_stands(found[1]))
                await hands.runs.save(run.model_copy(update={"standing": standing, "undoable": standing > 0}))
        cut_off = [run for run in runs if run.state == "running"]
        for run in cut_off:
            found = await hands.runs.get(run.id)
            if found is None:
                continue
            applied = await self._applied(run, found[1])
            reason = f"Mneme was ended in the middle: {len(applied)} of {run.total} changes were made."
            values = {"state": "interrupted", "reason": reason, "standing": len(applied), "ended": hands.clock.now()}
            await hands.runs.save(run.model_copy(update=values))
        for run in cut_off:
            text = f"“{run.plan.request}” was cut off in the middle. mneme finish {run.id} goes on with it or takes it back."
            values = {"level": "warning", "code": "interrupted", "text": text}
            hands.events.publish(Warned.model_validate(stamped(hands, run.plan.id) | values))
        return cut_off

    async def resume(self, run_id: str, origin: str, *, finish: bool) -> Run:
        """See api.deeds.History.resume."""
        self._undertakings.require_open()
        hands = self._hands
        found = await hands.runs.get(run_id)
        if found is None:
            raise NotFoundError(f"There is no run {run_id}.", kept="Nothing was changed.")
        run, written = found
        if run.state != "interrupted":
            raise UndoError("This run was not cut off.", kept="Nothing was changed.")
        await self._require(run, written, origin)
        applied = await self._applied(run, written)
        if not finish:
            course = Course(run, applied)
            going = Going("take back", run.plan.request, course)
            return await self._undertakings.carry_out(going, self._executor.take_back(course, written))
        run = run.model_copy(update={"state": "running", "reason": "", "ended": None})
        await hands.runs.save(run)
        course = Course(run, applied)
        await self._proposals.begin(course, lambda: self._executor.finish(course, written))
        return run

    async def _require(self, run: Run, written: RunLog, origin: str) -> None:
        """Ask the policy anew about all that is still to happen: folders may have been taken away since."""
        changes = [change for change in written.preview.changes if not is_forgotten(change)]
        entries = sum(change.items for change in changes)
        await self._hands.policy.require(action_on(run, "history.resume", origin, changes, entries))

    async def _applied(self, run: Run, written: RunLog) -> dict[int, Applied]:
        """Return what is done: what was noted, and what happened just before the end and was not."""
        gone = set(written.reverted)
        applied = {one.n: one for one in written.applied if one.n not in gone}
        known = gone | set(applied)
        for step in {change.step for change in written.preview.changes}:
            for n, change in enumerate(written.preview.changes):
                if change.step != step or n in known or is_forgotten(change):
                    continue
                try:
                    found = await self._hands.workspace.recover(n, change)
                except ChangedMeanwhileError as error:
                    log.warning("a change of a run that was cut off is neither made nor not: %s", error.code)
                    break
                if found is None:
                    break
                applied[n] = found
                await self._hands.runs.mark(run.id, [found])
        return applied
