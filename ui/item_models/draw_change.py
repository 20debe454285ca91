"""Draws a changed file: what happens to it, its name, place and sizes. Used by the diff dock."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QListView, QStyledItemDelegate, QStyleOptionViewItem

from assistant.api.views import ChangeKind
from ui.i18n import tr
from ui.item_models.changes import ChangeRole, ChangeRow
from ui.item_models.drawing import background, font_of, line, rect_of
from ui.theme import GAP, SMALL, Colours, colours, pixmap

ICON = 18


def look(kind: ChangeKind, here: Colours) -> tuple[str, str]:
    """Return drawing and colour of a kind of change."""
    return {
        ChangeKind.CREATE: ("file-new", here.good),
        ChangeKind.WRITE: ("edit", here.accent),
        ChangeKind.MOVE: ("moved", here.accent),
        ChangeKind.TRASH: ("forget", here.bad),
        ChangeKind.MKDIR: ("add-folder", here.good),
        ChangeKind.RMDIR: ("folder", here.bad),
    }[kind]


class ChangeDelegate(QStyledItemDelegate):
    """Two lines, one height for all; drawn icons are kept by drawing and colour."""

    def __init__(self, view: QListView) -> None:
        super().__init__(view)
        self._view = view
        self._icons: dict[tuple[str, str], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and some air."""
        return QSize(120, QFontMetrics(font_of(option)).lineSpacing() * 2 + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        row = index.data(ChangeRole.ROW)
        if not isinstance(row, ChangeRow):
            return
        here = colours(self._view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background(painter, option, here)
        area = rect_of(option).adjusted(GAP, SMALL, -GAP, -SMALL)
        key = look(row.kind, here)
        if key not in self._icons:
            self._icons[key] = pixmap(*key, ICON)
        painter.drawPixmap(area.left(), area.top() + (area.height() - ICON) // 2, self._icons[key])
        text = area.adjusted(ICON + GAP, 0, 0, 0)
        half = text.height() // 2
        painter.setFont(font_of(option))
        upper = QRect(text.left(), text.top(), text.width(), half)
        line(painter, upper, row.name, "", Qt.TextElideMode.ElideMiddle, (here.text, here.muted))
        painter.setFont(font_of(option, smaller=True))
        lower = QRect(text.left(), text.top() + half, text.width(), half)
        right = {"some": tr("partly left out"), "all": tr("left out")}.get(row.left_out, row.sizes)
        line(
            painter,
            lower,
            row.place,
            right,
            Qt.TextElideMode.ElideMiddle,
            (here.muted, here.warn if row.left_out else here.muted),
        )
        painter.restore()
