"""Draws a line of the timeline: time, icon, sentence. Used by the timeline dock."""

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from assistant.api.views import (
    ApprovalAwaited,
    IngestFailed,
    PolicyBlocked,
    RunEnded,
    RunReverted,
    SourceForgotten,
    SourceRemembered,
    Warned,
)
from ui.item_models.drawing import background, font_of, line, rect_of
from ui.item_models.timeline import Kind, Line, LineRole
from ui.theme import GAP, SMALL, Colours, colours, pixmap

ICON = 16
_DRAWINGS = {
    Kind.QUESTIONS: "question",
    Kind.RECALLS: "search",
    Kind.PLANS: "plan",
    Kind.TOOLS: "step",
    Kind.RECEIPTS: "check",
    Kind.POLICY: "shield",
    Kind.WARNINGS: "warning",
    Kind.INDEXING: "indexing",
}


def _look(entry: Line, here: Colours) -> tuple[str, str, str]:
    """Return drawing, its colour and the colour of the sentence."""
    match entry.event:
        case IngestFailed() | Warned(level="error") | SourceForgotten(proved=False):
            return "warning", here.bad, here.text
        case Warned(level="warning"):
            return "warning", here.warn, here.text
        case Warned():
            return "info", here.muted, here.text
        case SourceForgotten():
            return "forget", here.muted, here.text
        case SourceRemembered():
            return "indexing", here.good, here.text
        case RunEnded(state="failed") | PolicyBlocked():
            return "warning", here.bad, here.text
        case RunReverted(redo=redo):
            return "redo" if redo else "undo", here.accent, here.text
        case RunEnded(state="done"):
            return "check", here.good, here.text
        case ApprovalAwaited():
            return "plan", here.warn, here.text
        case _:
            return _DRAWINGS[entry.kind], here.accent if entry.kind is Kind.QUESTIONS else here.muted, here.text


class LineDelegate(QStyledItemDelegate):
    """One height for all; drawn icons are kept by drawing and colour."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._icons: dict[tuple[str, str], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """One line and some air."""
        return QSize(120, max(QFontMetrics(font_of(option)).height(), ICON) + 2 * SMALL + 2)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        entry = index.data(LineRole.LINE)
        if not isinstance(entry, Line):
            return
        here = colours(self._view)
        drawing, tint, ink = _look(entry, here)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background(painter, option, here)
        area = rect_of(option).adjusted(GAP, 0, -GAP, 0)
        painter.setFont(font_of(option))
        when = entry.at.astimezone()
        stamp = f"{when:%H:%M:%S}" if when.date() == datetime.now().astimezone().date() else f"{when:%d.%m.%y}"
        width = QFontMetrics(painter.font()).horizontalAdvance("00:00:00") + GAP
        time = QRect(area.left(), area.top(), width, area.height())
        line(painter, time, stamp, "", Qt.TextElideMode.ElideNone, (here.muted, here.muted))
        if (drawing, tint) not in self._icons:
            self._icons[drawing, tint] = pixmap(drawing, tint, ICON)
        painter.drawPixmap(area.left() + width, area.top() + (area.height() - ICON) // 2, self._icons[drawing, tint])
        text = area.adjusted(width + ICON + GAP, 0, 0, 0)
        count = f"×{entry.count}" if entry.count > 1 else ""
        line(painter, text, entry.sentence, count, Qt.TextElideMode.ElideRight, (ink, here.muted))
        painter.restore()
