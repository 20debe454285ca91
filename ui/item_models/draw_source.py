"""Draws a source in two lines: dot, name and state; reason or folder, passages and time. Used by the memory dock's tree."""

from datetime import datetime

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from assistant.api.views import SourceState
from ui.i18n import told, tr_n
from ui.i18n.visible import visible
from ui.item_models.drawing import background, font_of, line, rect_of
from ui.item_models.source_rows import SourceRow
from ui.item_models.sources import SourceRole
from ui.item_models.states import state_label
from ui.theme import GAP, SMALL, Colours, colours

DOT = 8
HOLLOW = frozenset({SourceState.QUEUED, SourceState.EXCLUDED, SourceState.OFFLINE})
"""States whose dot is a ring: nothing of the file is being worked on, so shape tells it as well as colour."""


def when(moment: datetime) -> str:
    """Return the time of today, the date of another day."""
    local = moment.astimezone()
    return f"{local:%H:%M}" if local.date() == datetime.now().astimezone().date() else f"{local:%Y-%m-%d}"


class SourceDelegate(QStyledItemDelegate):
    """Headings are drawn in the same height as sources, so that the tree need not measure its rows one by one."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and some air."""
        large = QFontMetrics(font_of(option)).height()
        small = QFontMetrics(font_of(option, smaller=True)).height()
        return QSize(120, large + small + 3 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        here = colours(self._view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background(painter, option, here)
        row = index.data(SourceRole.ROW)
        area = rect_of(option).adjusted(GAP, SMALL, -GAP, -SMALL)
        if isinstance(row, SourceRow):
            self._source(painter, option, area, row, here)
        else:
            name, _, files = str(index.data()).rpartition(" · ")
            painter.setFont(font_of(option, strong=True))
            line(painter, area, name, files, Qt.TextElideMode.ElideMiddle, (here.text, here.muted))
        painter.restore()

    def _source(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, row: SourceRow, here: Colours) -> None:
        view = row.view
        tint = here.states.get(view.state, here.muted)
        painter.setFont(font_of(option))
        height = QFontMetrics(painter.font()).height()
        first = QRect(area.left() + DOT + GAP, area.top(), area.width() - DOT - GAP, height)
        painter.setPen(QColor(tint))
        painter.setBrush(Qt.BrushStyle.NoBrush if view.state in HOLLOW else QColor(tint))
        painter.drawEllipse(QRect(area.left(), area.top() + (height - DOT) // 2, DOT, DOT))
        line(painter, first, row.name, state_label(view.state), Qt.TextElideMode.ElideMiddle, (here.text, tint))
        painter.setFont(font_of(option, smaller=True))
        second = QRect(first.left(), first.bottom() + 1, first.width(), area.bottom() - first.bottom())
        chunks = tr_n("%n passages", view.chunks) if view.chunks else ""
        right = " · ".join(part for part in (chunks, when(view.updated)) if part)
        bad = view.state in (SourceState.FAILED, SourceState.OFFLINE)
        mode = Qt.TextElideMode.ElideRight if view.reason else Qt.TextElideMode.ElideLeft
        left = visible(told(view.reason)) or row.folder
        line(painter, second, left, right, mode, (tint if view.reason and bad else here.muted, here.muted))
