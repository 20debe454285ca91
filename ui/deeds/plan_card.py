"""A request as a card, from planning to what came of it; the same in the conversation and in the plan panel. Never a modal."""

from functools import partial
from typing import cast

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QVBoxLayout, QWidget

from assistant.api.views import Answer, GrantKind, Proposal, Reconciling
from ui.deeds.approval import ApprovalForm
from ui.deeds.asking import Nearest, QuestionForm, conflicts_list
from ui.deeds.deed import Deed
from ui.deeds.desk import Desk
from ui.deeds.parts import button, label, row
from ui.deeds.receipt import Receipt
from ui.deeds.working import Working
from ui.i18n import told, tr
from ui.theme import GAP, MARGIN, IconButton, restyle
from ui.theme.escape import is_escape


def heading(deed: Deed) -> str:
    """Say in a few words where a deed is."""
    if deed.phase == "proposed" and deed.proposal is not None:
        return {
            "ready": tr("Waits for your answer"),
            "question": tr("One question first"),
            "unsupported": tr("Mneme cannot do this"),
            "nothing": tr("There is nothing to do"),
            "denied": tr("The rules do not allow this"),
            "conflict": tr("Something stands in the way"),
        }.get(deed.proposal.state, "")
    if deed.phase == "ended" and deed.run is not None and deed.run.state != "done":
        return {
            "failed": tr("It did not work"),
            "cancelled": tr("Stopped"),
            "interrupted": tr("Interrupted"),
        }.get(deed.run.state, tr("Taken back"))
    return {
        "planning": tr("Planning"),
        "running": tr("Running"),
        "ended": tr("Finished"),
        "withdrawn": tr("Denied"),
        "failed": tr("It did not work"),
    }.get(deed.phase, "")


class PlanCard(QFrame):
    """`suggested` carries a request for the ask box, `answered` an Answer that a plan gave. Esc folds, and decides nothing.

    `brief` leaves out what a panel around it shows: steps, paths, and what was found.
    """

    suggested = Signal(str)
    answered = Signal(object)

    def __init__(self, deed: Deed, desk: Desk, *, brief: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.deed, self._desk, self._brief = deed, desk, brief
        self.setProperty("role", "card")
        self.fold = IconButton("chevron-down", tr("Fold"), role="inline")
        self.fold.setCheckable(True)
        self.fold.setChecked(True)
        self.fold.toggled.connect(self._folded)
        self.title = label("", "strong")
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.fold)
        head.addWidget(self.title, 1)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN - 2, GAP, MARGIN - 2, GAP + 2)
        self._column.setSpacing(GAP)
        self._column.addLayout(head)
        self.body = QWidget()
        self._column.addWidget(self.body)
        self._shown: tuple[object, ...] = (None,) * 6
        self._answer: Answer | None = None
        self.working: Working | None = None
        self.approval: ApprovalForm | None = None
        self.question: QuestionForm | None = None
        self.nearest: Nearest | None = None
        self.receipt: Receipt | None = None
        desk.changed.connect(self._changed)
        self.refresh()

    def _changed(self, deed: Deed) -> None:
        if deed is self.deed:
            self.refresh()

    def refresh(self) -> None:
        """Show the deed as it is now; progress alone moves nothing else, so that the keyboard stays where it is."""
        deed = self.deed
        shape = (deed.phase, deed.proposal, deed.run, deed.failure, deed.clashes, deed.told)
        # By identity: comparing ten thousand changes at each step of progress would hold the window up.
        if any(now is not before for now, before in zip(shape, self._shown, strict=True)):
            self._shown = shape
            self._rebuild()
        elif self.working is not None:
            self.working.show_progress(deed)
        if self.body.isEnabled() == deed.busy:
            if deed.busy and self._holds_focus():
                self.fold.setFocus(Qt.FocusReason.OtherFocusReason)  # or Qt would give it to whatever comes next
            self.body.setEnabled(not deed.busy)

    def _holds_focus(self) -> bool:
        focus = QApplication.focusWidget()
        return focus is not None and self.body.isAncestorOf(focus)

    def _rebuild(self) -> None:
        deed = self.deed
        self.title.setText(heading(deed))
        self.setAccessibleName(f"{heading(deed)}: {deed.request}")
        restyle(self, waits=deed.waits)
        had_focus = self._holds_focus()
        self.working = self.approval = self.question = self.nearest = self.receipt = None
        old, self.body = self.body, QWidget()
        column = QVBoxLayout(self.body)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        for part in self._parts():
            column.addWidget(part)
        self._column.replaceWidget(old, self.body)
        old.hide()
        old.deleteLater()
        self.body.setVisible(self.fold.isChecked())
        if deed.phase == "ended" and deed.proposal is not None and deed.proposal.answer not in (None, self._answer):
            self._answer = deed.proposal.answer
            self.answered.emit(self._answer)
        if had_focus:
            self.fold.setFocus(Qt.FocusReason.OtherFocusReason)

    def _parts(self) -> list[QWidget]:
        deed = self.deed
        parts: list[QWidget] = []
        if deed.phase in ("planning", "running"):
            self.working = Working(deed)
            self.working.stopped.connect(partial(self._stop, deed))
            parts.append(self.working)
        elif deed.phase == "withdrawn":
            parts.append(label(tr("Nothing was changed."), "muted"))
        elif deed.phase == "ended":
            parts.append(self._receipt())
        elif deed.phase == "proposed" and deed.proposal is not None:
            parts.extend(self._proposed(deed.proposal))
        if deed.failure is not None:
            failure = deed.failure
            parts.insert(0, label(failure.what, "alarm"))
            parts.insert(1, label(" ".join(filter(None, (failure.kept, failure.remedy))), "muted"))
            if deed.phase == "failed":
                parts.append(row([button(tr("Try again"), partial(self._desk.do, deed.request, deed.context))]))
        return parts

    def _stop(self, deed: Deed) -> None:
        if deed.phase == "planning":
            self._desk.deny(deed)
        else:
            self._desk.cancel(deed)

    def _receipt(self) -> Receipt:
        deed = self.deed
        self.receipt = made = Receipt(deed)
        made.undoAsked.connect(lambda how: self._revert(cast("Reconciling", how), redo=False))
        made.redoAsked.connect(lambda how: self._revert(cast("Reconciling", how), redo=True))
        made.settled.connect(lambda: self._desk.settle(deed))
        made.diffAsked.connect(self._diff)
        made.resumeAsked.connect(lambda finish: self._desk.resume(deed.run, finish=finish) if deed.run else None)
        made.found.setVisible(not self._brief and not made.found.empty)
        return made

    def _revert(self, how: Reconciling, *, redo: bool) -> None:
        """Take back or do again: at first all of it; how clashes are settled is for the step they came from."""
        self._desk.revert(self.deed, redo=redo, step=self.deed.step if how != "refuse" else "", how=how)

    def _diff(self) -> None:
        self._desk.diffWanted.emit(self.deed.run.id if self.deed.run else self.deed.id, "")

    def _proposed(self, shown: Proposal) -> list[QWidget]:
        deed = self.deed
        parts: list[QWidget] = [label(told(shown.message))] if shown.message else []
        if shown.state == "ready":
            self.approval = ApprovalForm(shown, brief=self._brief)
            self.approval.allowed.connect(lambda grant: self._desk.approve(deed, cast("GrantKind", grant)))
            self.approval.denied.connect(lambda: self._desk.deny(deed))
            self.approval.diffAsked.connect(self._diff)
            self.approval.planAsked.connect(lambda: self._desk.planWanted.emit(deed))
            parts.append(self.approval)
        elif shown.question is not None:
            self.question = QuestionForm(shown.question)
            self.question.answered.connect(lambda value: self._desk.answer(deed, value))
            self.question.denied.connect(lambda: self._desk.deny(deed))
            parts.append(self.question)
        elif shown.nearest:
            self.nearest = Nearest(shown.nearest)
            self.nearest.chosen.connect(self.suggested)
            parts.append(self.nearest)
        if shown.preview is not None and shown.preview.conflicts:
            parts.append(conflicts_list(shown.preview.conflicts))
        if shown.state in ("conflict", "denied", "nothing") and shown.steps:
            again = [button(tr("Deny"), partial(self._desk.deny, deed))] if shown.state == "conflict" else []
            change = button(tr("Change the plan…"), partial(self._desk.planWanted.emit, deed), role="link")
            parts.append(row([*again, *([] if self._brief else [change])]))
        return parts

    def _folded(self, unfolded: bool) -> None:
        self.body.setVisible(unfolded)
        self.fold.draw("chevron-down" if unfolded else "chevron-right")
        self.fold.name(tr("Fold") if unfolded else tr("Unfold"))

    def event(self, arg__1: QEvent) -> bool:
        """Claim Esc before the window's shortcut gets it."""
        if is_escape(arg__1) and self.fold.isChecked():
            arg__1.accept()
            return True
        return super().event(arg__1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc folds the card: it denies nothing and allows nothing."""
        if event.key() == Qt.Key.Key_Escape and self.fold.isChecked():
            self.fold.setChecked(False)
            self.fold.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            super().keyPressEvent(event)
