"""Shows the lines of a difference with their numbers; hunks can be taken or left. Read-only; used by the diff dock."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QResizeEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QStyle, QStyleOptionButton, QWidget

from ui.i18n.visible import visible
from ui.previews.diff_rows import DiffRow, Sign
from ui.theme import GAP, SMALL, Colours, colours, mono

TINT = 46
FAINT = 14
BOX = 14


def _tint(sign: Sign, here: Colours, taken: bool) -> QColor:
    """Return the colour behind a line; that of a hunk that is left out is faint."""
    base = {"+": here.good, "-": here.bad, "@": here.accent, "": here.muted}.get(sign, here.surface)
    colour = QColor(base)
    colour.setAlpha({" ": 0, "": FAINT}.get(sign, TINT if taken else FAINT))
    return colour


class _Gutter(QWidget):
    """The strip of numbers and boxes; the page paints it and hears its clicks."""

    def __init__(self, page: "DiffPage") -> None:
        super().__init__(page)
        self._page = page

    def sizeHint(self) -> QSize:
        return QSize(self._page.gutter_width(), 0)

    def paintEvent(self, event: QPaintEvent) -> None:
        self._page.paint_gutter(self, event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._page.clicked_beside(event.position().toPoint())


class DiffPage(QPlainTextEdit):
    """`toggled` carries the number of a hunk whose box was clicked, or Space pressed on it; `hunkChanged` the one at the cursor.

    `numbers` are columns: old, new or both. Boxes are drawn where hunks can be left out.
    """

    toggled = Signal(int)
    hunkChanged = Signal(int)

    def __init__(self, name: str, *, old: bool, new: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._old, self._new = old, new
        self.rows: Sequence[DiffRow] = ()
        self.left_out: Collection[int] = ()
        self.choosable = False
        self._digits = 2
        self._hunk = -1
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.setFont(mono())
        self.setTabStopDistance(self.fontMetrics().horizontalAdvance(" ") * 4)
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.setAccessibleName(name)
        self._gutter = _Gutter(self)
        self.updateRequest.connect(self._scroll_gutter)
        self.cursorPositionChanged.connect(self._moved)
        self._fit_gutter()

    def show_rows(self, rows: Sequence[DiffRow], left_out: Collection[int], *, choosable: bool) -> None:
        """Show lines; with `choosable` each hunk has a box, unticked where its number is in `left_out`."""
        bar = self.verticalScrollBar()
        same = [row.text for row in rows] == [row.text for row in self.rows]
        kept, line = (bar.value(), self.textCursor().blockNumber()) if same else (0, 0)
        self.rows, self.left_out, self.choosable = rows, left_out, choosable
        largest = max((number for row in rows for number in (row.old, row.new) if number is not None), default=1)
        self._digits = max(2, len(str(largest)))
        self._hunk = -1
        self.setPlainText("\n".join(visible(row.text.replace("\r", "␍"), lines=True) for row in rows))
        self._fit_gutter()
        self.setTextCursor(QTextCursor(self.document().findBlockByNumber(line)))
        bar.setValue(kept)
        self._moved()

    def minimumSizeHint(self) -> QSize:
        """A few lines are enough."""
        return QSize(120, self.fontMetrics().lineSpacing() * 3)

    def hunk(self) -> int:
        """Return the number of the hunk at the cursor, -1 for none."""
        line = self.textCursor().blockNumber()
        return self.rows[line].hunk if line < len(self.rows) else -1

    def go(self, step: int) -> None:
        """Put the cursor on the head of the next (1) or previous (-1) hunk."""
        here = self.textCursor().blockNumber()
        heads = [line for line, row in enumerate(self.rows) if row.sign == "@"]
        wanted = [line for line in heads if line > here] if step > 0 else [line for line in reversed(heads) if line < here]
        if wanted:
            self.setTextCursor(QTextCursor(self.document().findBlockByNumber(wanted[0])))
            self.centerCursor()

    def _moved(self) -> None:
        hunk = self.hunk()
        if hunk != self._hunk:
            self._hunk = hunk
            self.hunkChanged.emit(hunk)

    def clicked_beside(self, point: QPoint) -> None:
        """Toggle the hunk whose head is beside this point of the gutter."""
        cursor = self.cursorForPosition(QPoint(0, point.y()))
        line = cursor.blockNumber()
        if self.choosable and line < len(self.rows) and self.rows[line].sign == "@":
            self.toggled.emit(self.rows[line].hunk)

    def keyPressEvent(self, e: QKeyEvent) -> None:
        """Space takes the hunk at the cursor, or leaves it out."""
        if e.key() == Qt.Key.Key_Space and self.choosable and self.hunk() >= 0:
            self.toggled.emit(self.hunk())
            return
        super().keyPressEvent(e)

    # painting

    def paintEvent(self, e: QPaintEvent) -> None:
        """Paint what is behind the lines in view, then the text."""
        painter = QPainter(self.viewport())
        here = colours(self)
        block = self.firstVisibleBlock()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if area.top() > e.rect().bottom():
                break
            row = self.rows[block.blockNumber()] if block.blockNumber() < len(self.rows) else None
            if row is not None:
                full = QRect(0, round(area.top()), self.viewport().width(), round(area.height()))
                painter.fillRect(full, _tint(row.sign, here, row.hunk not in self.left_out))
            block = block.next()
        painter.end()
        super().paintEvent(e)

    def gutter_width(self) -> int:
        """Return the width that numbers, boxes and signs need, in pixels."""
        digit = self.fontMetrics().horizontalAdvance("9")
        columns = int(self._old) + int(self._new)
        return columns * (digit * self._digits + GAP) + digit + GAP

    def _fit_gutter(self) -> None:
        self.setViewportMargins(self.gutter_width(), 0, 0, 0)
        area = self.contentsRect()
        self._gutter.setGeometry(QRect(area.left(), area.top(), self.gutter_width(), area.height()))
        self._gutter.update()

    def _scroll_gutter(self, area: QRect, moved: int) -> None:
        if moved:
            self._gutter.scroll(0, moved)
        else:
            self._gutter.update(0, area.y(), self._gutter.width(), area.height())

    def paint_gutter(self, gutter: QWidget, event: QPaintEvent) -> None:
        """Write numbers and signs of the lines in view, and the box of each hunk."""
        here = colours(self)
        painter = QPainter(gutter)
        painter.fillRect(event.rect(), QColor(here.raised))
        painter.setFont(self.font())
        block = self.firstVisibleBlock()
        while block.isValid():
            area = self.blockBoundingGeometry(block).translated(self.contentOffset())
            if area.top() > event.rect().bottom():
                break
            if block.blockNumber() < len(self.rows):
                line = QRect(0, round(area.top()), gutter.width(), round(area.height()))
                self._beside(painter, line, self.rows[block.blockNumber()], here)
            block = block.next()
        painter.end()

    def _beside(self, painter: QPainter, line: QRect, row: DiffRow, here: Colours) -> None:
        taken = row.hunk not in self.left_out
        painter.fillRect(line, _tint(row.sign, here, taken))
        if row.sign == "@":
            if self.choosable:
                self._box(painter, line, taken)
            return
        digit = self.fontMetrics().horizontalAdvance("9")
        width = digit * self._digits + GAP
        painter.setPen(QColor(here.muted))
        left = 0
        for shown, number in ((self._old, row.old), (self._new, row.new)):
            if shown:
                place = QRect(left, line.top(), width - SMALL, line.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(number or ""))
                left += width
        painter.setPen(QColor({"+": here.good, "-": here.bad}.get(row.sign, here.muted)))
        painter.drawText(QRect(left, line.top(), digit + GAP, line.height()), Qt.AlignmentFlag.AlignCenter, row.sign.strip())

    def _box(self, painter: QPainter, line: QRect, taken: bool) -> None:
        option = QStyleOptionButton()
        option.initFrom(self)
        where = QRect(line.center().x() - BOX // 2, line.center().y() - BOX // 2, BOX, BOX)
        option.rect = where  # pyright: ignore[reportAttributeAccessIssue]
        ticked = QStyle.StateFlag.State_On if taken else QStyle.StateFlag.State_Off
        option.state = QStyle.StateFlag.State_Enabled | ticked  # pyright: ignore[reportAttributeAccessIssue]
        self.style().drawPrimitive(QStyle.PrimitiveElement.PE_IndicatorCheckBox, option, painter, self)

    def resizeEvent(self, e: QResizeEvent) -> None:
        """Keep the gutter as high as the page."""
        super().resizeEvent(e)
        self._fit_gutter()

    def changeEvent(self, e: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(e)
        if e.type() in (QEvent.Type.PaletteChange, QEvent.Type.StyleChange):
            self.viewport().update()
