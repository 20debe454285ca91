"""All plans and runs that the window knows, and every call to the core about them. Made by ui.main, shared by docks and shell."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal

from assistant.api.contract import Assistant
from assistant.api.views import (
    ApprovalAwaited,
    Event,
    GrantKind,
    PlanDecided,
    PlanEdit,
    PreviewProgressed,
    Proposal,
    Reconciling,
    Reverted,
    Run,
    RunEnded,
    RunReverted,
    StepChanged,
)
from ui.bridge import Bridge, Failure
from ui.deeds.deed import Deed, Live
from ui.deeds.ledger import Ledger
from ui.item_models.deed_words import told_of

DOOR = "window"
SHOW_MS = 100
T = TypeVar("T")


class Desk(QObject):
    """`begun`, `changed`, `waiting` (for a person) and `ended` carry a Deed; progress changes it at most every 100 ms.

    `interrupted` carries a Run that the end of the process cut off. `diffWanted` carries a plan or run id and a path (""
    none in particular), `planWanted` a Deed: cards ask for a panel with them, the shell shows it.
    `suggested` carries a request for the ask box.
    """

    begun = Signal(object)
    changed = Signal(object)
    waiting = Signal(object)
    ended = Signal(object)
    interrupted = Signal(object)
    diffWanted = Signal(str, str)
    planWanted = Signal(object)
    suggested = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.ledger = Ledger()
        self._bridge: Bridge | None = None
        self._planning: dict[int, tuple[asyncio.Task[None], str]] = {}
        self._fresh: list[Deed] = []
        self._timer = QTimer(self, interval=SHOW_MS, singleShot=True)
        self._timer.timeout.connect(self._show)

    @property
    def core(self) -> Assistant:
        """The core; raises RuntimeError before `attach`."""
        if self._bridge is None:
            raise RuntimeError("the desk was not attached")
        return self._bridge.assistant

    def attach(self, bridge: Bridge) -> None:
        """Listen, and take up what waits for a person or was interrupted; called once, when the loop runs."""
        self._bridge = bridge
        bridge.happened.connect(self._happened)
        self._take_waiting()
        bridge.run(self.core.history.runs(), self._look_for_interrupted)

    def do(self, request: str, context: tuple[str, ...] = ()) -> Deed | None:
        """Plan a request; None before the core is open."""
        if self._bridge is None:
            return None
        deed = Deed(request, context)
        self._keep(deed)
        work = self.core.acting.plan(request, DOOR, context)
        task = self._bridge.run(work, lambda found: self._planned(deed, found), lambda failure: self._unplanned(deed, failure))
        self._planning[id(deed)] = (task, "")
        return deed

    def _keep(self, deed: Deed) -> None:
        self.ledger.keep(deed)
        self.begun.emit(deed)

    def _planned(self, deed: Deed, found: Proposal) -> None:
        self._planning.pop(id(deed), None)
        self._take(deed, found)

    def _unplanned(self, deed: Deed, failure: Failure) -> None:
        self._planning.pop(id(deed), None)
        self._failed(deed, failure)

    def _take(self, deed: Deed, found: Proposal) -> None:
        deed.busy, deed.failure, deed.proposal = False, None, found
        deed.live = {key: live for key, live in deed.live.items() if live.state}
        self.changed.emit(deed)
        if found.run:
            self._follow(deed, found.run)
        elif deed.waits:
            self.waiting.emit(deed)
        elif deed.phase == "ended":
            self.ended.emit(deed)

    def _failed(self, deed: Deed, failure: Failure) -> None:
        deed.busy, deed.failure = False, failure
        self.changed.emit(deed)

    def _call(self, deed: Deed, work: Coroutine[Any, Any, T], then: Callable[[T], object]) -> None:
        """Ask the core for something about a deed; while it has not answered, buttons of its cards rest."""
        if self._bridge is None:
            work.close()
            return
        deed.busy, deed.failure, deed.told = True, None, ""
        self.changed.emit(deed)
        self._bridge.run(work, then, lambda failure: self._failed(deed, failure))

    # what a person decides

    def answer(self, deed: Deed, value: str) -> None:
        """Answer what the core asks back."""
        self._call(deed, self.core.acting.answer(deed.id, value), lambda found: self._take(deed, found))

    def edit(self, deed: Deed, edit: PlanEdit) -> None:
        """Change a plan that waits; it is previewed again."""
        self._call(deed, self.core.acting.edit(deed.id, edit), lambda found: self._take(deed, found))

    def approve(self, deed: Deed, grant: GrantKind) -> None:
        """Let a plan run whose preview is the one on show."""
        if self._bridge is None or deed.proposal is None or deed.proposal.preview is None or deed.busy:
            return
        deed.busy, deed.failure = True, None
        self.changed.emit(deed)
        work = self.core.acting.approve(deed.id, deed.proposal.preview.digest, DOOR, grant)
        self._bridge.run(work, lambda run: self._running(deed, run), lambda failure: self._unapproved(deed, failure))

    def _unapproved(self, deed: Deed, failure: Failure) -> None:
        """The world may have moved: then a new preview waits under the same id."""
        self._failed(deed, failure)
        self._take_waiting(failure, deed)

    def deny(self, deed: Deed) -> None:
        """Withdraw a plan, or stop looking through one: nothing of it happens."""
        task, plan_id = self._planning.pop(id(deed), (None, ""))
        if task is not None:
            task.cancel()
        deed.withdrawn, deed.busy = True, False
        if self._bridge is not None and (deed.id or plan_id):
            self._bridge.run(self.core.acting.deny(deed.id or plan_id, DOOR))
        self.changed.emit(deed)

    def cancel(self, deed: Deed) -> None:
        """Stop a run; what was done is taken back."""
        if deed.run is not None and self._bridge is not None:
            self._bridge.run(self.core.acting.cancel(deed.run.id))

    def stop_planning(self) -> bool:
        """Stop the newest plan that is still being worked out; False when there is none."""
        newest = self.ledger.planning()
        if newest is not None:
            self.deny(newest)
        return newest is not None

    def revert(self, deed: Deed, *, redo: bool = False, step: str = "", how: Reconciling = "refuse") -> None:
        """Take a run back or do it again; with `refuse` files that were changed since are asked about."""
        if deed.run is None:
            return
        deed.clashes, deed.redoing, deed.step = (), redo, step
        act = self.core.history.redo if redo else self.core.history.undo
        self._call(deed, act(deed.run.id, DOOR, step, how), lambda done: self._reverted(deed, done))

    def took(self, deed: Deed, done: Reverted, *, redo: bool) -> None:
        """Take what an undo or a redo brought that was asked for elsewhere."""
        deed.redoing, deed.step = redo, ""
        self._reverted(deed, done)

    def _reverted(self, deed: Deed, done: Reverted) -> None:
        deed.busy, deed.run = False, done.run
        deed.clashes = done.conflicts if not done.changes else ()
        deed.told = "" if deed.clashes else told_of(done, redo=deed.redoing)
        self.changed.emit(deed)

    def settle(self, deed: Deed) -> None:
        """Leave files that were changed since as they are: nothing is taken back."""
        deed.clashes = ()
        self.changed.emit(deed)

    def resume(self, run: Run, *, finish: bool) -> Deed:
        """Finish a run that was cut off, or take it back."""
        deed = self.of_run(run)
        self._call(deed, self.core.history.resume(run.id, DOOR, finish), lambda now: self._running(deed, now))
        return deed

    def of_run(self, run: Run) -> Deed:
        """Return the deed of a run; one that is not known yet is taken up."""
        known = self.ledger.run(run.id)
        if known is None:
            known = Deed(run.plan.request, run=run)
            self.ledger.keep(known)
        return known

    # what happens

    def _running(self, deed: Deed, run: Run) -> None:
        deed.busy, deed.run = False, run
        self.changed.emit(deed)
        if run.state == "running":
            self._follow(deed, run.id)
        else:
            self.ended.emit(deed)

    def _follow(self, deed: Deed, run_id: str) -> None:
        if self._bridge is not None:
            work = self.core.history.ended(run_id)
            self._bridge.run(work, lambda run: self._over(deed, run), lambda failure: self._failed(deed, failure))

    def _over(self, deed: Deed, run: Run) -> None:
        if deed.run is None or deed.run.state == "running":  # else it is known already, and may have been taken back since
            deed.run = run
        self.changed.emit(deed)
        self.ended.emit(deed)

    def _take_waiting(self, failure: Failure | None = None, of: Deed | None = None) -> None:
        if self._bridge is not None:
            self._bridge.run(self.core.acting.waiting(), lambda found: self._adopt(found, failure, of))

    def _adopt(self, found: list[Proposal], failure: Failure | None, of: Deed | None) -> None:
        """Take up plans that wait and are not known here: of the command line, or from before."""
        for one in found:
            known = self.ledger.plan(one.id)
            if known is None and self.ledger.planning(one.request) is None:
                known = Deed(one.request, proposal=one)
                if known.waits:  # others are kept by the core for a while, but ask for nothing
                    self._keep(known)
                    self.waiting.emit(known)
            elif known is not None and known is of:
                self._take(known, one)
                known.failure = failure
                self.changed.emit(known)

    def _look_for_interrupted(self, runs: list[Run]) -> None:
        for run in runs:
            if run.state == "interrupted":
                self.interrupted.emit(run)

    def _happened(self, event: Event) -> None:
        match event:
            case PreviewProgressed(plan_id=plan_id):
                self._looked(self.ledger.plan(plan_id) or self._named(plan_id), event)
            case StepChanged(run_id=run_id, plan_id=plan_id):
                self._stepped(self.ledger.plan(plan_id) or self.ledger.run(run_id), event)
            case ApprovalAwaited(plan_id=plan_id) if self.ledger.plan(plan_id) is None:
                self._take_waiting()
            case PlanDecided(plan_id=plan_id, approved=False, origin=origin) if origin != DOOR:
                self._withdrawn(self.ledger.plan(plan_id))
            case RunEnded(run_id=run_id) | RunReverted(run_id=run_id):
                self._look_again(self.ledger.run(run_id))
            case _:
                pass

    def _named(self, plan_id: str) -> Deed | None:
        """Guess whose plan this is: the core names it before `plan` returns, and one request is planned at a time."""
        for deed in self.ledger.deeds:
            task, known = self._planning.get(id(deed), (None, ""))
            if task is not None and known in ("", plan_id):
                self._planning[id(deed)] = (task, plan_id)
                return deed
        return None

    def _looked(self, deed: Deed | None, event: PreviewProgressed) -> None:
        if deed is not None and (deed.phase == "planning" or deed.busy):
            live = deed.live.setdefault(event.step, Live())
            live.done, live.total = event.done, event.total
            live.say(event.text)
            self._later(deed)

    def _stepped(self, deed: Deed | None, event: StepChanged) -> None:
        if deed is not None:
            live = deed.live.setdefault(event.step, Live())
            live.state, live.done, live.total = event.state, event.done, event.total or live.total
            live.say(event.text)
            self._later(deed)

    def _withdrawn(self, deed: Deed | None) -> None:
        if deed is not None and deed.run is None:
            deed.withdrawn = True
            self.changed.emit(deed)

    def _look_again(self, deed: Deed | None) -> None:
        """Another door may have ended or reverted a run that is on show here."""
        if deed is not None and deed.run is not None and self._bridge is not None:
            self._bridge.run(self.core.history.run(deed.run.id), lambda found: self._now(deed, found[0]))

    def _now(self, deed: Deed, run: Run) -> None:
        if deed.run != run:
            deed.run = run
            self.changed.emit(deed)

    def _later(self, deed: Deed) -> None:
        if deed not in self._fresh:
            self._fresh.append(deed)
        if not self._timer.isActive():
            self._timer.start()

    def _show(self) -> None:
        fresh, self._fresh = self._fresh, []
        for deed in fresh:
            self.changed.emit(deed)
