"""Messages that stop nothing: errors with their remedy, warnings, confirmations; above the conversation until closed."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from ui.bridge import Failure
from ui.deeds.parts import label
from ui.i18n import tr
from ui.theme import GAP, SMALL, IconButton, colours, pixmap

MOST = 3
Choice = tuple[str, Callable[[], object]]
INFO_MS = 8000
DRAWINGS = {"error": "warning", "warning": "warning", "info": "info"}


class Banner(QFrame):
    """One message: `kind` is error, warning or info."""

    def __init__(self, kind: str, head: str, more: str, parent: QWidget | None = None, choices: Sequence[Choice] = ()) -> None:
        super().__init__(parent)
        self.head, self.more = head, more
        self.setProperty("role", "banner")
        self.setProperty("kind", kind)
        self.setAccessibleName(" ".join((head, more)))
        here = colours(self)
        drawing = QLabel()
        drawing.setPixmap(pixmap(DRAWINGS[kind], {"error": here.bad, "warning": here.warn}.get(kind, here.accent), 20))
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(label(head, "strong"))
        if more:
            texts.addWidget(label(more, "muted"))
        self.buttons = [self._button(*choice) for choice in choices]
        if self.buttons:
            row = QHBoxLayout()
            row.setSpacing(GAP)
            for button in self.buttons:
                row.addWidget(button)
            row.addStretch(1)
            texts.addSpacing(SMALL)
            texts.addLayout(row)
        self.close_button = IconButton("close", tr("Close this message"))
        self.close_button.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(12, GAP, GAP, GAP)
        row.setSpacing(GAP + 2)
        row.addWidget(drawing, 0, Qt.AlignmentFlag.AlignTop if more else Qt.AlignmentFlag.AlignVCenter)
        row.addLayout(texts, 1)
        row.addWidget(self.close_button, 0, Qt.AlignmentFlag.AlignTop if more else Qt.AlignmentFlag.AlignVCenter)

    def _button(self, text: str, act: Callable[[], object]) -> QPushButton:
        button = QPushButton(text)
        button.setAutoDefault(True)
        button.setAccessibleDescription(self.head)

        def chosen() -> None:
            self.dismiss()
            act()

        button.clicked.connect(chosen)
        return button

    def dismiss(self) -> None:
        """Take the message away."""
        self.hide()
        self.setParent(None)
        self.deleteLater()


class Banners(QWidget):
    """The messages shown now, newest last, at most three."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(GAP - 2)

    def shown(self) -> list[Banner]:
        """Return the banners on show."""
        return [one for one in self.findChildren(Banner) if not one.isHidden()]

    def failure(self, failure: Failure) -> None:
        """Show what failed, what was kept, what to do."""
        self.say("error", failure.what, " ".join(part for part in (failure.kept, failure.remedy) if part))

    def say(self, kind: str, head: str, more: str = "") -> None:
        """Show a message unless it is on show already."""
        self.offer(kind, head, more)

    def offer(self, kind: str, head: str, more: str = "", choices: Sequence[Choice] = ()) -> None:
        """Show a message with buttons (label, what it does), unless it is on show already; each button closes it."""
        if any((one.head, one.more) == (head, more) for one in self.shown()):
            return
        while len(self.shown()) >= MOST:
            self.shown()[0].dismiss()
        banner = Banner(kind, head, more, self, choices)
        self._column.addWidget(banner)
        banner.show()
        if kind == "info":
            QTimer.singleShot(INFO_MS, banner, banner.dismiss)
        QAccessible.updateAccessibility(QAccessibleEvent(banner, QAccessible.Event.Alert))

    def dismiss_newest(self) -> bool:
        """Close the newest message; False when there was none."""
        shown = self.shown()
        if shown:
            shown[-1].dismiss()
        return bool(shown)
