"""One step in full: exact arguments or a form over them, verdict, origins, what it says while it runs, what it found."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QFrame, QPlainTextEdit, QScrollArea, QVBoxLayout, QWidget

from assistant.api.views import StepView
from ui.deeds.approval import step_box
from ui.deeds.arguments import ArgumentForm
from ui.deeds.deed import MOST_OUTPUT, Live
from ui.deeds.findings import findings
from ui.deeds.parts import box, exact, label
from ui.i18n import told, tr
from ui.i18n.visible import visible
from ui.item_models.deed_words import decision_label, taint_line
from ui.theme import GAP, SMALL, mono

OUTPUT_LINES = 6


class Inspector(QScrollArea):
    """`edited` carries changed arguments by name."""

    edited = Signal(dict)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(tr("The step in full"))
        self.view: StepView | None = None
        self.form: ArgumentForm | None = None
        self.output = QPlainTextEdit()
        self._lines: list[str] = []
        self.show_step(None, None)

    def show_step(self, view: StepView | None, live: Live | None) -> None:
        """Show a step; a form that is open over the same arguments stays, and so does what was read of the output."""
        same = view is not None and view == self.view
        self.view = view
        if not same:
            self._rebuild(view)
        self._say(live)

    def edit(self) -> None:
        """Open a form over the arguments."""
        if self.view is None or self.form is not None:
            return
        self.form = ArgumentForm(self.view.step.arguments)
        self.form.saved.connect(self.edited)
        self.form.closed.connect(self.close_form)
        self._rebuild(self.view)
        first = self.form.first()
        if first is not None:
            first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_form(self) -> None:
        """Show the arguments again."""
        self.form = None
        self._rebuild(self.view)

    def _rebuild(self, view: StepView | None) -> None:
        form = self.form
        if form is not None and form.parent() is not None:
            self.form = form = None  # the plan has changed under it
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SMALL, 0)
        column.setSpacing(GAP)
        if view is None:
            column.addWidget(label(tr("Choose a step to see it in full."), "muted"))
        else:
            column.addWidget(step_box(view) if form is None else form)
            self._verdict(column, view)
            self.output = QPlainTextEdit()
            self.output.setReadOnly(True)
            self.output.setTabChangesFocus(True)
            self.output.setFont(mono())
            self.output.setMaximumBlockCount(MOST_OUTPUT)
            self.output.setAccessibleName(tr("What the step says while it runs"))
            self.output.setFixedHeight(self.output.fontMetrics().lineSpacing() * OUTPUT_LINES + 2 * GAP)
            self.output.hide()
            self._lines = []
            column.addWidget(self.output)
            for widget in findings(view):
                column.addWidget(widget)
        column.addStretch(1)
        self.setWidget(page)

    def _verdict(self, column: QVBoxLayout, view: StepView) -> None:
        verdict = view.verdict
        said = tr("Policy: {decision} ({reason})").format(decision=decision_label(verdict.decision), reason=told(verdict.reason))
        column.addWidget(label(said, "muted"))
        if verdict.risk.reasons:
            column.addWidget(label("\n".join(f"• {told(reason)}" for reason in verdict.risk.reasons), "muted"))
        if view.taints:
            frame, inner = box("banner", "warning")
            inner.addWidget(label(tr("Text that you did not write flows into this step"), "strong"))
            inner.addWidget(exact("\n".join(map(taint_line, view.taints)), tr("Where the text came from")))
            column.addWidget(frame)

    def _say(self, live: Live | None) -> None:
        lines = live.output if live is not None else []
        if not lines or self.view is None:
            return
        if lines != self._lines:
            bar = self.output.verticalScrollBar()
            at_end = bar.value() >= bar.maximum()
            fresh = lines[len(self._lines) :] if lines[: len(self._lines)] == self._lines else None
            if fresh is None:
                self.output.clear()
            for text in lines if fresh is None else fresh:
                self.output.appendPlainText(visible(text, lines=True))
            self._lines = list(lines)
            if at_end:
                self.output.moveCursor(QTextCursor.MoveOperation.End)
        self.output.show()
