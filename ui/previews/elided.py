"""A one-line label that shortens its text to the room it has; the whole text is its tooltip. Used by docks."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from ui.i18n.visible import plain_tip


class ElidedLabel(QLabel):
    """Untrusted names belong here as plain text; pass them through `visible` first."""

    def __init__(self, mode: Qt.TextElideMode, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._mode = mode
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def setText(self, arg__1: str) -> None:
        """Show a text and say it whole on hovering."""
        super().setText(arg__1)
        self.setToolTip(plain_tip(arg__1) if arg__1 else "")
        self.setAccessibleName(arg__1)

    def minimumSizeHint(self) -> QSize:
        """Any width will do."""
        return QSize(0, super().minimumSizeHint().height())

    def paintEvent(self, arg__1: QPaintEvent) -> None:
        """Draw what fits."""
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.foregroundRole()))
        area = self.contentsRect()
        painter.drawText(area, int(self.alignment()), self.fontMetrics().elidedText(self.text(), self._mode, area.width()))
        painter.end()
