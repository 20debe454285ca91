"""What the delegates of the lists share: background, two lines of text, strong words. They ask the theme when they paint."""

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from ui.theme import RADIUS, SMALL, Colours


def background(painter: QPainter, option: QStyleOptionViewItem, here: Colours) -> None:
    """Fill a selected or hovered row, and frame the one that has the keyboard."""
    state: QStyle.StateFlag = option.state  # pyright: ignore[reportAttributeAccessIssue]
    area = rect_of(option).adjusted(2, 1, -2, -1)
    chosen = bool(state & QStyle.StateFlag.State_Selected)
    if chosen or state & QStyle.StateFlag.State_MouseOver:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(here.accent_soft if chosen else here.raised))
        painter.drawRoundedRect(area, RADIUS - SMALL, RADIUS - SMALL)
    if state & QStyle.StateFlag.State_HasFocus:
        painter.setPen(QColor(here.accent))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(area, RADIUS - SMALL, RADIUS - SMALL)


def rect_of(option: QStyleOptionViewItem) -> QRect:
    """Return the row's rectangle."""
    return option.rect  # pyright: ignore[reportAttributeAccessIssue]


def font_of(option: QStyleOptionViewItem, *, strong: bool = False, smaller: bool = False) -> QFont:
    """Return the row's font, stronger or smaller."""
    font = QFont(option.font)  # pyright: ignore[reportAttributeAccessIssue]
    if strong:
        font.setWeight(QFont.Weight.DemiBold)
    if smaller and font.pointSizeF() > 0:
        font.setPointSizeF(font.pointSizeF() * 0.9)
    return font


def line(painter: QPainter, area: QRect, left: str, right: str, mode: Qt.TextElideMode, colours: tuple[str, str]) -> None:
    """Write `right` at the right edge and what fits of `left` before it, in (left, right) colours."""
    metrics = QFontMetrics(painter.font())
    width = metrics.horizontalAdvance(right)
    middle = Qt.AlignmentFlag.AlignVCenter
    painter.setPen(QColor(colours[1]))
    painter.drawText(area, Qt.AlignmentFlag.AlignRight | middle, right)
    room = area.width() - (width + 2 * SMALL if right else 0)
    painter.setPen(QColor(colours[0]))
    painter.drawText(area, Qt.AlignmentFlag.AlignLeft | middle, metrics.elidedText(left, mode, room))


def paragraph(
    painter: QPainter, area: QRect, text: str, strong: Sequence[tuple[int, int]], colours: tuple[str, str, str]
) -> None:
    """Write the lines of `text` that fit; `strong` are (start, end) in UTF-16 units; colours are (plain, strong, behind)."""
    layout = QTextLayout(text, painter.font())
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    ranges: list[QTextLayout.FormatRange] = []
    for start, end in strong:
        made = QTextLayout.FormatRange()
        form = QTextCharFormat()
        form.setFontWeight(QFont.Weight.Bold)
        form.setForeground(QColor(colours[1]))
        form.setBackground(QColor(colours[2]))
        made.start, made.length, made.format = start, end - start, form  # pyright: ignore[reportAttributeAccessIssue]
        ranges.append(made)
    layout.setFormats(ranges)
    layout.beginLayout()
    y, height = 0.0, QFontMetrics(painter.font()).lineSpacing()
    while y + height <= area.height() + 1:
        row = layout.createLine()
        if not row.isValid():
            break
        row.setLineWidth(area.width())
        row.setPosition(QPointF(0, y))
        y += height
    layout.endLayout()
    painter.setPen(QColor(colours[0]))
    layout.draw(painter, QPointF(area.topLeft()))
