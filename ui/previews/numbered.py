"""A read-only page of lines with a strip beside it for their numbers. The pages of text and of differences are made of it."""

from collections.abc import Iterator

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from ui.theme import Colours, colours, mono


class _Gutter(QWidget):
    """The strip; its page paints it and hears its clicks."""

    def __init__(self, page: "NumberedPage") -> None:
        super().__init__(page)
        self._page = page

    def sizeHint(self) -> QSize:
        return QSize(self._page.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._page.paint_gutter(self, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._page.clicked_beside(event.position().toPoint())


class NumberedPage(QPlainTextEdit):
    """A page says how wide its strip is and what stands beside a line, and calls `fit_gutter` whenever the width may change."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setFont(mono())
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * 4)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(name)
        self._gutter = _Gutter(self)
        self.updateRequest.connect(self._scroll_gutter)

    def gutter_width(self) -> int:
        """Return the width that the strip needs, in pixels."""
        raise NotImplementedError

    def paint_beside(self, painter: QPainter, number: int, line: QRect, here: Colours) -> None:
        """Paint what stands beside a line, counted from 0; `line` is its part of the strip."""
        raise NotImplementedError

    def clicked_beside(self, point: QPoint) -> None:
        """Hear a click at this point of the strip; nothing happens by itself."""

    def dress(self) -> None:
        """Take the colours of the theme as it is now."""
        self.viewport().update()
        self._gutter.update()

    def lines_in(self, area: QRect, width: int) -> Iterator[tuple[int, QRect]]:
        """Yield the lines in view down to the foot of `area`, counted from 0, each with its place over this width."""
        block = self.firstVisibleBlock()
        while block.isValid():
            place = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if place.top() > area.bottom():
                return
            yield block.blockNumber(), QRect(0, round(place.top()), width, round(place.height()))
            block = block.next()

    def paint_gutter(self, gutter: QWidget, event: QPaintEvent) -> None:
        """Paint the strip beside the lines in view."""
        here = colours(self)
        painter = QPainter(gutter)
        painter.fillRect(event.rect(), QColor(here.raised))
        painter.setFont(self.font())
        for number, line in self.lines_in(event.rect(), gutter.width()):
            self.paint_beside(painter, number, line, here)
        painter.end()

    def fit_gutter(self) -> None:
        """Give the strip the width that it needs and the height of the page."""
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        area = self.contentsRect()
        self._gutter.setGeometry(QRect(area.left(), area.top(), self.gutter_width(), area.height()))
        self._gutter.update()

    def _scroll_gutter(self, area: QRect, moved: int) -> None:
        if moved:
            self._gutter.scroll(0, moved)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def resizeEvent(self, e: QResizeEvent) -> None:
        """Keep the strip as high as the page."""
        super().resizeEvent(e)
        self.fit_gutter()

    def changeEvent(self, e: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(e)
        if e.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.dress()
