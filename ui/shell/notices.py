"""A window without the big one: Mneme could not start. Shown by ui.main."""

from PySide6.QtCore import Signal
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui.bridge import Failure
from ui.deeds.parts import label
from ui.i18n import tr
from ui.theme import GAP, LARGE, MARGIN


class FailedStart(QWidget):
    """Why Mneme could not start, or not finish once `begun`: what was kept, what to do; `done` says that it was read."""

    done = Signal()

    def __init__(self, failure: Failure, begun: bool = False) -> None:
        super().__init__()
        self.setWindowTitle("Mneme")
        self.setFixedWidth(520)
        column = QVBoxLayout(self)
        column.setContentsMargins(LARGE, LARGE, LARGE, MARGIN + GAP)
        column.setSpacing(MARGIN - 2)
        head = tr("Mneme could not finish") if begun else tr("Mneme could not start")
        for text, role in (
            (head, "heading"),
            (failure.what, ""),
            (failure.kept, "muted"),
            (failure.remedy, ""),
        ):
            if text:
                column.addWidget(label(text, role))
        quit_button = QPushButton(tr("Quit"))
        quit_button.setProperty("role", "primary")
        quit_button.clicked.connect(self.close)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(quit_button)
        column.addSpacing(GAP)
        column.addLayout(row)

    def closeEvent(self, event: QCloseEvent) -> None:
        """Tell that the person is done."""
        super().closeEvent(event)
        self.done.emit()
