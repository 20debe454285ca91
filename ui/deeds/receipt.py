"""What came of a plan: what it found, what stands, and the way back and forth. Shown inside plan cards."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from assistant.api.views import Conflict, Run
from ui.deeds.asking import conflicts_list
from ui.deeds.deed import Deed
from ui.deeds.findings import Findings
from ui.deeds.parts import box, button, label, row
from ui.i18n import told, tr, tr_n
from ui.i18n.amounts import number
from ui.i18n.visible import visible
from ui.item_models.deed_words import run_state
from ui.theme import GAP

UNDOABLE = ("done", "failed", "cancelled", "partly undone")
REDOABLE = ("undone", "partly undone")


def outcome_line(run: Run) -> str:
    """Say what became of a run, with how many of its changes stand."""
    text = tr("{state}: {standing} of {total} changes stand.")
    state = run_state(run.state)
    if not run.total:
        return state[:1].upper() + state[1:] + "."
    line = text.format(state=state, standing=number(run.standing), total=number(run.total))
    return line[:1].upper() + line[1:]


class Clashes(QWidget):
    """Files that were changed since: `chosen` carries skip, keep both or merge; `closed` leaves everything as it is."""

    chosen = Signal(str)
    closed = Signal()

    def __init__(self, clashes: tuple[Conflict, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        frame, column = box("banner", "warning")
        column.addWidget(label(tr_n("%n files were changed since. Nothing was touched.", len(clashes)), "strong"))
        column.addWidget(conflicts_list(clashes))
        ways = (
            ("skip", tr("Leave them as they are"), tr("Takes back all the others")),
            ("keep both", tr("Keep both"), tr("Puts the earlier file beside yours")),
            ("merge", tr("Merge"), tr("Joins the lines of text; keeps both where they clash")),
        )
        self.buttons: dict[str, QPushButton] = {
            how: button(text, partial(self.chosen.emit, how), tip=tip) for how, text, tip in ways
        }
        self.buttons["cancel"] = button(tr("Cancel"), self.closed.emit, tip=tr("Everything stays as it is now"))
        column.addWidget(row(list(self.buttons.values())))
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)


class Receipt(QWidget):
    """`undoAsked` and `redoAsked` carry how clashes are reconciled; `settled` drops the question, `diffAsked` shows changes."""

    undoAsked = Signal(str)
    redoAsked = Signal(str)
    settled = Signal()
    diffAsked = Signal()
    resumeAsked = Signal(bool)

    def __init__(self, deed: Deed, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        answer = deed.proposal.answer if deed.proposal is not None else None
        said = answer.answer.strip() if answer is not None else ""
        self.found = Findings(tuple(view for view in deed.steps if not said or view.text.strip() != said))
        if not self.found.empty:
            column.addWidget(self.found)
        self.undo: QPushButton | None = None
        self.redo: QPushButton | None = None
        self.clashes: Clashes | None = None
        run = deed.run
        if run is None:
            column.addWidget(label(tr("Nothing on disk was changed."), "muted"))
            return
        self.line = label(outcome_line(run), "good" if run.state == "done" else "strong")
        column.addWidget(self.line)
        if run.reason:
            column.addWidget(label(told(run.reason), "muted"))
        for text in run.uncovered:
            column.addWidget(label(tr("Undo does not cover: {what}").format(what=visible(text)), "muted"))
        if deed.told:
            column.addWidget(label(deed.told, "muted"))
        if deed.clashes:
            self.clashes = Clashes(deed.clashes)
            self.clashes.chosen.connect(self.redoAsked if deed.redoing else self.undoAsked)
            self.clashes.closed.connect(self.settled)
            column.addWidget(self.clashes)
        else:
            column.addWidget(row(self._ways(run)))

    def _ways(self, run: Run) -> list[QWidget]:
        ways: list[QWidget] = []
        if run.state == "interrupted":
            ways.append(button(tr("Finish it"), partial(self.resumeAsked.emit, True), role="primary"))
            ways.append(button(tr("Take it back"), partial(self.resumeAsked.emit, False)))
        if run.state in UNDOABLE and run.undoable and run.standing:
            self.undo = button(tr("Undo"), partial(self.undoAsked.emit, "refuse"), tip=tr("Takes back what this plan did"))
            ways.append(self.undo)
        if run.state in REDOABLE:
            self.redo = button(tr("Redo"), partial(self.redoAsked.emit, "refuse"), tip=tr("Does again what was taken back"))
            ways.append(self.redo)
        if run.total:
            ways.append(button(tr("Show the changes"), self.diffAsked.emit, role="link"))
        if run.state in UNDOABLE and not run.undoable and run.standing:
            ways.append(label(tr("This can no longer be undone: its contents from before are not kept any more."), "muted"))
        return ways
