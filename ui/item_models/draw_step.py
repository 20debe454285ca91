"""Draws the tree of steps: state, title, risk; below it the details. Used by the plan dock."""

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRect, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QTreeView

from ui.item_models.deed_words import risk_label
from ui.item_models.drawing import background, font_of, line, rect_of
from ui.item_models.steps import Detail, StepRole, StepRow
from ui.theme import GAP, SMALL, Colours, colours, pixmap

ICON = 16
NAME_SHARE = 0.28


def _state(state: str, here: Colours) -> tuple[str, str]:
    """Return drawing and colour of a state."""
    return {
        "running": ("play", here.accent),
        "done": ("check", here.good),
        "failed": ("warning", here.bad),
        "skipped": ("next", here.muted),
        "undone": ("undo", here.muted),
    }.get(state, ("step", here.muted))


class StepDelegate(QStyledItemDelegate):
    """Two lines for a step, one for a detail; drawn icons are kept by drawing and colour."""

    def __init__(self, view: QTreeView) -> None:
        super().__init__(view)
        self._view = view
        self._icons: dict[tuple[str, str], QPixmap] = {}

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Two lines and some air, or one."""
        height = QFontMetrics(font_of(option)).lineSpacing()
        lines = 2 if isinstance(index.data(StepRole.ROW), StepRow) else 1
        return QSize(120, height * lines + 2 * SMALL)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        """Draw one row."""
        row = index.data(StepRole.ROW)
        here = colours(self._view)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        background(painter, option, here)
        area = rect_of(option).adjusted(SMALL, SMALL, -GAP, -SMALL)
        if isinstance(row, StepRow):
            self._step(painter, option, area, row, here)
        elif isinstance(row, Detail):
            painter.setFont(font_of(option, smaller=True))
            width = round(area.width() * NAME_SHARE)
            plain = Qt.TextElideMode.ElideRight
            line(
                painter, QRect(area.left(), area.top(), width - GAP, area.height()), row.name, "", plain, (here.muted, here.muted)
            )
            ink = here.warn if row.warns else here.text
            line(painter, area.adjusted(width, 0, 0, 0), row.text, "", Qt.TextElideMode.ElideMiddle, (ink, ink))
        painter.restore()

    def _step(self, painter: QPainter, option: QStyleOptionViewItem, area: QRect, row: StepRow, here: Colours) -> None:
        key = _state(row.standing.state, here)
        if key not in self._icons:
            self._icons[key] = pixmap(*key, ICON)
        half = area.height() // 2
        painter.drawPixmap(area.left(), area.top() + (half - ICON) // 2 + 1, self._icons[key])
        text = area.adjusted(ICON + GAP, 0, 0, 0)
        risk = row.view.verdict.risk
        tint = {"high": here.bad, "medium": here.warn}.get(risk.level, here.muted)
        painter.setFont(font_of(option, strong=True))
        upper = QRect(text.left(), text.top(), text.width(), half)
        line(painter, upper, row.title, "", Qt.TextElideMode.ElideRight, (here.text, tint))
        painter.setFont(font_of(option, smaller=True))
        lower = QRect(text.left(), text.top() + half, text.width(), half)
        said = risk_label(risk.level, risk.score) if risk.level != "none" else ""
        line(painter, lower, row.below, said, Qt.TextElideMode.ElideRight, (here.muted, tint))
