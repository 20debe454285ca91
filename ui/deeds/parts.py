"""The small things that cards are made of: labels, texts that break anywhere, buttons, badges. Docks and shell use them too."""

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QFrame, QLabel, QPushButton, QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from ui.i18n.visible import plain_tip, visible
from ui.previews.fit_text import FitText
from ui.theme import GAP, SMALL, mono
from ui.theme.flow import FlowLayout


def label(text: str, role: str = "", *, wrap: bool = True) -> QLabel:
    """Return a plain-text label; nothing in it is taken for HTML."""
    made = QLabel()
    made.setTextFormat(Qt.TextFormat.PlainText)
    made.setText(visible(text, lines=True))
    made.setWordWrap(wrap)
    made.setProperty("role", role)
    made.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    if not wrap:
        made.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
    return made


def exact(text: str, name: str) -> FitText:
    """Return a text in the fixed-width font, letter for letter; `name` is what a screen reader calls it."""
    made = FitText(visible(text, lines=True))
    made.setProperty("role", "exact")
    made.setFont(mono())
    made.setAccessibleName(name)
    return made


def button(text: str, act: Callable[[], object], *, role: str = "", tip: str = "") -> QPushButton:
    """Return a button that Enter presses as Space does; `tip` says more of it, to eyes and to screen readers."""
    made = QPushButton(text)
    made.setAutoDefault(True)
    made.setProperty("role", role)
    if tip:
        made.setToolTip(plain_tip(tip))
        made.setAccessibleDescription(tip)
    made.clicked.connect(lambda _checked=False: act())
    return made


def row(widgets: Sequence[QWidget], spacing: int = GAP) -> QWidget:
    """Return widgets beside each other, in more lines where there is no room."""
    return _Row(widgets, spacing)


class _Row(QWidget):
    """Never lower than its widgets need at this width: what is answered must not be cut."""

    def __init__(self, widgets: Sequence[QWidget], spacing: int) -> None:
        super().__init__()
        self._flow = FlowLayout(self, spacing=spacing)
        for widget in widgets:
            self._flow.addWidget(widget)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Take the height that this width needs."""
        super().resizeEvent(event)
        self._fit()

    def event(self, arg__1: QEvent) -> bool:
        """Follow widgets that are shown and hidden."""
        if arg__1.type() == QEvent.Type.LayoutRequest:
            self._fit()
        return super().event(arg__1)

    def _fit(self) -> None:
        self.setMinimumHeight(self._flow.heightForWidth(self.width()))


def box(role: str, kind: str = "") -> tuple[QFrame, QVBoxLayout]:
    """Return a frame with a column in it."""
    frame = QFrame()
    frame.setProperty("role", role)
    if kind:
        frame.setProperty("kind", kind)
    column = QVBoxLayout(frame)
    column.setContentsMargins(GAP + 2, GAP, GAP + 2, GAP)
    column.setSpacing(SMALL)
    return frame, column


class ShrinkArea(QScrollArea):
    """As high as its content needs, and scrolling where there is less room."""

    def __init__(self, content: QWidget, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._content = content
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        self.setWidget(content)
        content.installEventFilter(self)

    def sizeHint(self) -> QSize:
        """Return the height that the content needs at this width."""
        content = self._content
        height = content.heightForWidth(self.viewport().width()) if content.hasHeightForWidth() else content.sizeHint().height()
        return QSize(content.sizeHint().width(), max(height, content.minimumSizeHint().height()))

    def minimumSizeHint(self) -> QSize:
        """A few lines are enough."""
        return QSize(0, min(self.sizeHint().height(), self.fontMetrics().lineSpacing() * 5))

    def eventFilter(self, arg__1: QObject, arg__2: QEvent) -> bool:
        """Follow the content's needs."""
        if arg__2.type() in (QEvent.Type.LayoutRequest, QEvent.Type.Resize):
            self.updateGeometry()
        return super().eventFilter(arg__1, arg__2)
