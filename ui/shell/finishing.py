"""The small window after the big one has gone: what is still carried out, and how to stop it. Made by ui.main."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import Undertaking
from ui.deeds.parts import label
from ui.i18n import tr
from ui.i18n.amounts import number
from ui.i18n.visible import visible
from ui.theme import GAP, LARGE, MARGIN

WIDTH = 480
TITLE_CHARS = 80


class Finishing(QWidget):
    """Says that something is being finished. `show_going` names runs that are waited for.

    Its button, or closing it, first stops them, and what they did is taken back; then it ends Mneme at once, and what was
    begun can be finished at the next start.
    """

    def __init__(self) -> None:
        super().__init__(None, Qt.WindowType.Tool | Qt.WindowType.FramelessWindowHint)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setWindowTitle("Mneme")
        self.setAccessibleName(tr("Finishing…"))
        self._going: tuple[Undertaking, ...] = ()
        self._stop: Callable[[], object] | None = None
        self._cut: Callable[[], object] | None = None
        self._stopped = False
        self.told = label(tr("Mneme writes down what it has read. Nothing is lost."), "muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.button = QPushButton()
        self.button.clicked.connect(self._pressed)
        self.button.hide()
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.button)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, MARGIN + GAP, LARGE, MARGIN + GAP)
        column.setSpacing(MARGIN)
        column.addWidget(label(tr("Finishing…"), "heading"))
        column.addWidget(self.told)
        column.addWidget(self.bar)
        column.addLayout(row)

    def show_going(self, going: Sequence[Undertaking], stop: Callable[[], object], cut: Callable[[], object]) -> None:
        """Show what is waited for and how far it is; called again and again until it is over."""
        if self._stop is None:  # a window like any other: it waits for a person as long as it takes
            self.setWindowFlags(Qt.WindowType.Window)
            self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating, False)
            self.setFixedWidth(WIDTH)
            self.come_forward()
        self._going, self._stop, self._cut = tuple(going), stop, cut
        lines = [_said(one) for one in going]
        self.told.setText(visible("\n".join([*lines, tr("Mneme closes when this is done.")]), lines=True))
        counted = next((one for one in going if one.total), None)
        self.bar.setRange(0, counted.total if counted else 0)
        self.bar.setValue(counted.done if counted else 0)
        self.button.setText(tr("Stop and take back") if self._can_stop else tr("Quit at once"))
        tip = (
            tr("What was done so far is taken back") if self._can_stop else tr("What was begun can be finished at the next start")
        )
        self.button.setToolTip(tip)
        self.button.show()
        self.adjustSize()

    def come_forward(self) -> None:
        """Show this window in front of others: Mneme was started a second time."""
        self.show()
        self.raise_()
        self.activateWindow()

    def over(self) -> None:
        """Go away: nothing is waited for any more."""
        self._stop = self._cut = None
        self.close()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Take closing for the button while something is waited for: no process goes on without a window."""
        if self._cut is None:
            super().closeEvent(event)
            return
        event.ignore()
        self._pressed()

    @property
    def _can_stop(self) -> bool:
        return not self._stopped and any(one.kind == "run" for one in self._going)

    def _pressed(self) -> None:
        if self._can_stop and self._stop is not None:
            self._stopped = True
            self._stop()
        elif self._cut is not None:
            self.button.setEnabled(False)
            self._cut()


def _said(one: Undertaking) -> str:
    what = " ".join(one.what.split())
    what = what if len(what) <= TITLE_CHARS else what[: TITLE_CHARS - 1] + "…"
    done, total = number(one.done), number(one.total)
    match one.kind:
        case "run":
            return tr("“{request}” is being carried out: {done} of {total} changes.").format(request=what, done=done, total=total)
        case "redo":
            return tr("“{request}” is being done again.").format(request=what)
        case "call":
            return tr("Another Mneme works through this one: {name}.").format(name=what)
        case _:
            return tr("“{request}” is being taken back.").format(request=what)
