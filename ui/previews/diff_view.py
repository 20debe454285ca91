"""Shows the lines of a difference with their numbers; hunks can be taken or left. Read-only; used by the diff dock."""

from collections.abc import Collection, Sequence

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPaintEvent, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QStyle, QStyleOptionButton, QWidget

from ui.i18n.visible import visible
from ui.previews.diff_rows import DiffRow, Sign
from ui.previews.numbered import NumberedPage
from ui.theme import GAP, SMALL, Colours, colours

TINT = 46
FAINT = 14
BOX = 14


def _tint(sign: Sign, here: Colours, taken: bool) -> QColor:
    """Return the colour behind a line; that of a hunk that is left out is faint."""
    base = {"+": here.good, "-": here.bad, "@": here.accent, "": here.muted}.get(sign, here.surface)
    colour = QColor(base)
    colour.setAlpha({" ": 0, "": FAINT}.get(sign, TINT if taken else FAINT))
    return colour


class DiffPage(NumberedPage):
    """`toggled` carries the number of a hunk whose box was clicked, or Space pressed on it; `hunkChanged` the one at the cursor.

    `numbers` are columns: old, new or both. Boxes are drawn where hunks can be left out.
    """

    toggled = Signal(int)
    hunkChanged = Signal(int)

    def __init__(self, name: str, *, old: bool, new: bool, parent: QWidget | None = None) -> None:
        super().__init__(name, parent)
        self._old, self._new = old, new
        self.rows: Sequence[DiffRow] = ()
        self.left_out: Collection[int] = ()
        self.choosable = False
        self._digits = 2
        self._hunk = -1
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setTabChangesFocus(True)
        self.cursorPositionChanged.connect(self._moved)
        self.fit_gutter()

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
        self.fit_gutter()
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
        for number, line in self.lines_in(e.rect(), self.viewport().width()):
            if number < len(self.rows):
                row = self.rows[number]
                painter.fillRect(line, _tint(row.sign, here, row.hunk not in self.left_out))
        painter.end()
        super().paintEvent(e)

    def gutter_width(self) -> int:
        """Return the width that numbers, boxes and signs need, in pixels."""
        digit = self.fontMetrics().horizontalAdvance("9")
        columns = int(self._old) + int(self._new)
        return columns * (digit * self._digits + GAP) + digit + GAP

    def paint_beside(self, painter: QPainter, number: int, line: QRect, here: Colours) -> None:
        """Write numbers and sign of a line, or the box of its hunk."""
        if number >= len(self.rows):
            return
        row = self.rows[number]
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
        for shown, counted in ((self._old, row.old), (self._new, row.new)):
            if shown:
                place = QRect(left, line.top(), width - SMALL, line.height())
                painter.drawText(place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, str(counted or ""))
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
