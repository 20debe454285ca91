"""What a person agrees to: tools with exact arguments, what changes, the risk, origins of untrusted text; and the answers."""

from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import Proposal, StepView
from ui.deeds.parts import ShrinkArea, box, button, exact, label, row
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import visible
from ui.item_models.deed_words import (
    affected,
    effect_label,
    origin_label,
    risk_label,
    risky,
    scopes_of,
    taint_line,
    totals_line,
    value_text,
)
from ui.theme import GAP, SMALL

FIRST_PATHS = 6
FIRST_TAINTS = 5
ROLES = {"none": "pill", "low": "pill", "medium": "badge", "high": "danger"}


class ApprovalForm(QWidget):
    """`allowed` carries once, plan or always; `denied` withdraws the plan; `diffAsked` asks to see all that changes.

    `brief` leaves out what a panel around it shows already, the steps with their arguments and the paths; where there is little
    room the rest scrolls, and the answers stay in view.
    """

    allowed = Signal(str)
    denied = Signal()
    diffAsked = Signal()
    planAsked = Signal()

    def __init__(self, shown: Proposal, *, brief: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        page = QWidget()
        page.setProperty("role", "page")
        self._column = QVBoxLayout(page)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP)
        self._lower = QVBoxLayout(self)
        self._lower.setContentsMargins(0, 0, 0, 0)
        self._lower.setSpacing(GAP)
        self._lower.addWidget(ShrinkArea(page) if brief else page)
        self.summary = label(totals_line(shown.preview.totals) if shown.preview else "", "strong")
        self._column.addWidget(self.summary)
        if not brief:
            for view in shown.steps:
                self._column.addWidget(step_box(view))
        self._risk(shown)
        self._taints(shown)
        self.paths: QLabel | QWidget | None = None
        if not brief:
            self._paths(shown)
        for text in shown.preview.uncovered if shown.preview else ():
            self._column.addWidget(label(tr("Undo does not cover: {what}").format(what=visible(text)), "alarm"))
        self.buttons: dict[str, QPushButton] = {}
        self._answers(shown, brief)

    def _risk(self, shown: Proposal) -> None:
        self.risk = label(risk_label(shown.risk.level, shown.risk.score), ROLES[shown.risk.level], wrap=False)
        origin = shown.plan.origin if shown.plan else ""
        asked = label(tr("Asked for by {origin}").format(origin=origin_label(origin)), "muted", wrap=False)
        self._column.addWidget(row([self.risk, asked]))
        reasons = list(dict.fromkeys([*shown.risk.reasons, *risky(shown.steps)]))
        self.reasons = label("\n".join(f"• {told(reason)}" for reason in reasons), "muted")
        if reasons:
            self._column.addWidget(self.reasons)

    def _taints(self, shown: Proposal) -> None:
        taints = [taint for view in shown.steps for taint in view.taints]
        self.tainted = bool(taints)
        if not taints:
            return
        frame, column = box("banner", "warning")
        column.addWidget(label(tr("Text that you did not write flows into this plan"), "strong"))
        lines = [taint_line(taint) for taint in taints[:FIRST_TAINTS]]
        if len(taints) > FIRST_TAINTS:
            lines.append(tr_n("and %n more", len(taints) - FIRST_TAINTS))
        self.origins = exact("\n".join(lines), tr("Where the text came from"))
        column.addWidget(self.origins)
        self._column.addWidget(frame)

    def _paths(self, shown: Proposal) -> None:
        lines, count = affected(shown.preview, FIRST_PATHS)
        if not lines:
            return
        frame, column = box("source")
        column.addWidget(exact("\n".join(lines), tr("Paths that change")))
        text = tr_n("Show all %n", count) if count > FIRST_PATHS else tr("Show the changes")
        self.show_all = button(text, self.diffAsked.emit, role="link", tip=tr("In the diff panel"))
        column.addWidget(row([self.show_all]))
        self._column.addWidget(frame)

    def _answers(self, shown: Proposal, brief: bool) -> None:
        scopes = "; ".join(scopes_of(shown))
        always = tr("From now on without asking: {scopes}. Settings list this permission and take it back.")
        answers = (
            ("once", tr("Allow once"), "primary", tr("Runs exactly what is shown, this once")),
            ("plan", tr("For this plan"), "", tr("Runs it, and does not ask again while this plan lasts")),
            ("always", tr("Always here"), "", always.format(scopes=scopes)),
        )
        for grant, text, role, tip in answers:
            self.buttons[grant] = button(text, partial(self.allowed.emit, grant), role=role, tip=tip)
        self.buttons["deny"] = button(tr("Deny"), self.denied.emit, tip=tr("Nothing of this plan happens"))
        if not scopes:
            self.buttons["always"].hide()  # never shown before it has a parent: it would be a window
        if self.tainted:
            self.buttons["always"].setEnabled(False)
            self.buttons["always"].setToolTip(tr("Not where text that you did not write is involved"))
        shown_buttons: list[QWidget] = list(self.buttons.values())
        if not brief:
            self.look = button(tr("Change the plan…"), self.planAsked.emit, role="link", tip=tr("Opens the plan panel"))
            shown_buttons.append(self.look)
        self._lower.addWidget(row(shown_buttons))
        self._lower.addWidget(label(tr("Without your answer nothing happens."), "muted"))


def step_box(view: StepView) -> QFrame:
    """Return one step: its title, tool, effects, and every argument letter for letter."""
    frame, column = box("source")
    column.addWidget(label(view.step.title or view.step.tool, "strong"))
    effects = ", ".join(effect_label(effect) for effect in view.effects)
    column.addWidget(label(" · ".join(filter(None, (view.step.tool, effects))), "muted"))
    grid = QGridLayout()
    grid.setHorizontalSpacing(GAP)
    grid.setVerticalSpacing(SMALL)
    grid.setColumnStretch(1, 1)
    for number, (name, value) in enumerate(view.step.arguments.items()):
        grid.addWidget(label(name, "muted", wrap=False), number, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(exact(value_text(value), visible(name)), number, 1)
    column.addLayout(grid)
    return frame
