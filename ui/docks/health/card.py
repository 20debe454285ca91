"""A card of the health dock: a heading, what it shows, and what it says while there is nothing yet. Used by its sections."""

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from ui.theme import GAP, SMALL, colours


class Card(QFrame):
    """`body` takes widgets; `nothing` is shown in place of them until `filled(True)`."""

    def __init__(self, title: str, nothing: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "card")
        self.setAccessibleName(title)
        self.title = QLabel(title)
        self.title.setProperty("role", "strong")
        self.title.setWordWrap(True)
        self.nothing = muted(nothing)
        self.head = QHBoxLayout()
        self.head.setSpacing(GAP)
        self.head.addWidget(self.title, 1)
        self._inner = QWidget()
        self.body = QVBoxLayout(self._inner)
        self.body.setContentsMargins(0, 0, 0, 0)
        self.body.setSpacing(SMALL + 2)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GAP + 4, GAP + 2, GAP + 4, GAP + 2)
        layout.setSpacing(SMALL + 2)
        layout.addLayout(self.head)
        layout.addWidget(self.nothing)
        layout.addWidget(self._inner)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.filled(not nothing)

    def filled(self, filled: bool) -> None:
        """Show the body, or why it is empty."""
        self._inner.setVisible(filled)
        self.nothing.setVisible(not filled)


def muted(text: str = "") -> QLabel:
    """Return a label for what is said beside; plain text, wrapped, to be selected with the pointer."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    plain(label)
    return label


def plain(label: QLabel) -> QLabel:
    """Make a label show text as it is, wrapped."""
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    return label


class Bar(QWidget):
    """How much of something is used: full turns to the colour of warnings."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(6)
        self._share = 0.0

    def show_share(self, share: float, name: str) -> None:
        """Show 0..1 (or more), and say it to screen readers."""
        self._share = share
        self.setAccessibleName(name)
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the whole and the part."""
        here = colours(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        painter.setBrush(QColor(here.line))
        painter.drawRoundedRect(self.rect(), radius, radius)
        painter.setBrush(QColor(here.bad if self._share > 1 else here.warn if self._share > 0.9 else here.accent))
        part = self.rect()
        part.setWidth(max(self.height(), round(self.width() * min(1.0, self._share))) if self._share > 0 else 0)
        painter.drawRoundedRect(part, radius, radius)
        painter.end()
