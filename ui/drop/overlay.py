"""The veil over the window while files are dragged across it."""

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout, QWidget

from ui.i18n import tr
from ui.theme import MARGIN, colours, pixmap


class DropOverlay(QFrame):
    """Covers its parent, lets every mouse and drag event through to it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._covered = parent
        self.setProperty("role", "overlay")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._drawing = QLabel()
        self._drawing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        text = QLabel(tr("Drop to remember"))
        text.setProperty("role", "title")
        text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        more = QLabel(tr("You see an estimate before anything is read."))
        more.setProperty("role", "muted")
        more.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setSpacing(MARGIN)
        column.addStretch(1)
        for label in (self._drawing, text, more):
            column.addWidget(label)
        column.addStretch(1)
        parent.installEventFilter(self)
        self.hide()

    def appear(self) -> None:
        """Cover the parent."""
        self._drawing.setPixmap(pixmap("drop", colours(self).accent, 64))
        self._cover()
        self.show()
        self.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep covering a parent that changes its size."""
        if event.type() == QEvent.Type.Resize and self.isVisible():
            self._cover()
        return super().eventFilter(watched, event)

    def _cover(self) -> None:
        self.setGeometry(self._covered.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN))
