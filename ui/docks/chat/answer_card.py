"""An answer as a card: claims as they arrive, notes, what to do with it, its sources; or that there is none."""

from PySide6.QtCore import QLocale, Qt, Signal
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from assistant.api.views import Answer, Citation, Claim
from ui.docks.chat.claim_text import ClaimText
from ui.docks.chat.places import as_text
from ui.docks.chat.sources_panel import SourcesPanel
from ui.i18n import told, tr
from ui.i18n.visible import visible
from ui.previews.fit_text import FitText
from ui.theme import GAP, MARGIN, IconButton


class AnswerCard(QFrame):
    """`opened` carries a Citation to show at its place, `revealed` a path to show in its folder, `confirmed` the Answer."""

    opened = Signal(object)
    revealed = Signal(str)
    confirmed = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(tr("Answer"))
        self.answer: Answer | None = None
        self.lines: list[ClaimText] = []
        self.panel: SourcesPanel | None = None
        self.right: IconButton | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(MARGIN + 2, MARGIN - 2, MARGIN + 2, 12)
        self._column.setSpacing(GAP)
        self.waiting = QLabel(tr("Searching your memory…"))
        self.waiting.setProperty("role", "muted")
        self._bar = QProgressBar()
        self._bar.setRange(0, 0)
        self._bar.setTextVisible(False)
        self._bar.setAccessibleName(tr("Searching your memory…"))
        self._column.addWidget(self.waiting)
        self._claims = QVBoxLayout()
        self._claims.setSpacing(10)
        self._column.addLayout(self._claims)
        self._column.addWidget(self._bar)

    def claim(self, index: int, claim: Claim) -> None:
        """Show a sentence that was just found; sentences come in order, one that is there already is left alone."""
        if self.answer is not None or index != len(self.lines):
            return
        self.waiting.hide()
        self._add(claim)

    def _add(self, claim: Claim) -> None:
        line = ClaimText(claim, self.opened.emit, self)
        self.lines.append(line)
        self._claims.addWidget(line)

    def finish(self, answer: Answer) -> None:
        """Show the whole answer with its citations."""
        self._end_waiting()
        self.answer = answer
        if [line.claim for line in self.lines] != list(answer.claims):
            self._clear_lines()
            for claim in answer.claims:
                self._add(claim)
        known = {one.n: one for one in answer.citations}
        for line in self.lines:
            line.tell(known)
        if answer.abstained:
            self._say(tr("Mneme did not find an answer in what it remembers."))
        elif not answer.claims:
            self._column.addWidget(FitText(visible(answer.answer, lines=True), self))
        for note in map(told, answer.notes):
            self._column.addWidget(_quiet(note[:1].upper() + note[1:]))
        self._column.addLayout(self._actions(answer))
        self._sources(answer)

    def thank(self, done: bool) -> None:
        """Show that the answer is kept as right, or (not `done`) let it be confirmed again."""
        if self.right is not None:
            self.right.setEnabled(not done)
            self.right.setText(tr("Kept as right") if done else tr("This was right"))

    def fail(self, what: str, remedy: str) -> None:
        """Say that no answer came, and why."""
        self._end_waiting()
        self._say(what, remedy)

    def stop(self) -> None:
        """Say that the answer was stopped; what was found stays."""
        self._end_waiting()
        self._column.addWidget(_quiet(tr("Stopped.")))

    def _end_waiting(self) -> None:
        self.waiting.hide()
        self._bar.hide()

    def _clear_lines(self) -> None:
        for line in self.lines:
            self._claims.removeWidget(line)
            line.deleteLater()
        self.lines.clear()

    def _say(self, text: str, more: str = "") -> None:
        self._column.addWidget(FitText(visible(text, lines=True), self))
        if more and more != text:
            self._column.addWidget(_quiet(more))

    def _actions(self, answer: Answer) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(GAP)
        copy = IconButton("copy", tr("Copy the answer with its sources"), text=tr("Copy"), role="inline")
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(as_text(answer)))
        row.addWidget(copy)
        if answer.citations and not answer.abstained:
            self.right = IconButton("check", tr("This answer was right"), text=tr("This was right"), role="inline")
            self.right.clicked.connect(lambda: self.confirmed.emit(answer))
            row.addWidget(self.right)
        row.addStretch(1)
        row.addWidget(_quiet(tr("{seconds} s").format(seconds=QLocale().toString(answer.took_ms / 1000, "f", 2)), wrap=False))
        return row

    def _sources(self, answer: Answer) -> None:
        shown: tuple[Citation, ...] = answer.nearest if answer.abstained else answer.citations
        if not shown:
            return
        title = tr("Nearest evidence") if answer.abstained else SourcesPanel.titled(len(shown))
        changed = any(one.state != "verified" for one in shown)
        self.panel = SourcesPanel(title, shown, unfolded=answer.abstained or changed or len(shown) <= 5, parent=self)
        self.panel.opened.connect(self.opened)
        self.panel.revealed.connect(self.revealed)
        self._column.addWidget(self.panel)


def _quiet(text: str, wrap: bool = True) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(visible(text, lines=True))
    label.setWordWrap(wrap)
    label.setProperty("role", "muted")
    return label
