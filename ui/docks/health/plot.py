"""Lines over time, painted in the colours of the theme. Used by the cards of the health dock.

The keyboard moves along the points as the pointer does; what stands there is told in words, also to screen readers.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil, log10

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QAccessible, QAccessibleEvent, QColor, QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from ui.i18n.amounts import day, moment
from ui.theme import GAP, SMALL, colours

HEIGHT = 132
ROWS = 4
DAYS = timedelta(days=4)
"""From this span on an axis names days alone."""
SAMPLE = 16
"""Length of the piece of line beside its name."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line by name, its points oldest first; `tint` is a role of the theme's colours, `dashed` tells it apart without it."""

    name: str
    tint: str
    points: tuple[tuple[datetime, float], ...]
    dashed: bool = False


def ceiling(value: float) -> float:
    """Return a round number at or above `value` that makes readable grid lines."""
    if value <= 0:
        return 1.0
    power = 10.0 ** ceil(log10(value) - 1)
    return next(step * power for step in (1.0, 1.2, 1.6, 2.0, 2.4, 3.2, 4.0, 6.0, 8.0, 10.0) if step * power >= value * 0.999)


class Plot(QWidget):
    """Shows lines between zero (or `low`) and a round number; `unit` makes a text of a value."""

    def __init__(self, title: str, unit: Callable[[float], str], top: float = 0.0, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._title = title
        self._unit = unit
        self._fixed_top = top
        self._lines: tuple[Line, ...] = ()
        self._times: list[datetime] = []
        self._at: int | None = None
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setMouseTracking(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(title)

    def sizeHint(self) -> QSize:
        """Be as high as a few lines of text."""
        return QSize(240, HEIGHT + self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        """Be narrow where there is no room."""
        return QSize(140, HEIGHT + self.fontMetrics().height())

    def show_lines(self, lines: Sequence[Line]) -> None:
        """Show these lines."""
        self._lines = tuple(line for line in lines if line.points)
        self._times = sorted({at for line in self._lines for at, _ in line.points})
        self._at = None
        self.setAccessibleDescription(self.told())
        self.update()

    @property
    def empty(self) -> bool:
        """Tell whether there is nothing to show."""
        return not self._times

    def told(self) -> str:
        """Return in words what stands at the chosen point, else at the newest."""
        if not self._times:
            return ""
        at = self._times[self._at if self._at is not None else -1]
        values = [f"{line.name} {self._unit(dict(line.points)[at])}" for line in self._lines if at in dict(line.points)]
        return f"{moment(at)}: {', '.join(values)}"

    # painting

    def _area(self) -> QRectF:
        metrics = self.fontMetrics()
        left = max(metrics.horizontalAdvance(self._unit(self._top() * row / ROWS)) for row in range(ROWS + 1)) + GAP
        legend = self._legend()
        top = (legend[-1][2] if legend else SMALL) + metrics.height() * 1.5
        return QRectF(left, top, self.width() - left - SMALL, self.height() - top - metrics.height() - 2 * SMALL)

    def _top(self) -> float:
        return self._fixed_top or ceiling(max((value for line in self._lines for _, value in line.points), default=0.0))

    def _place(self, area: QRectF, at: datetime, value: float) -> QPointF:
        first, last = self._times[0], self._times[-1]
        span = (last - first).total_seconds()
        x = (at - first).total_seconds() / span if span else 0.5
        y = min(1.0, max(0.0, value / self._top()))
        return QPointF(area.left() + area.width() * x, area.bottom() - area.height() * y)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint grid, lines, legend and the chosen point."""
        if not self._times:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        area = self._area()
        self._paint_grid(painter, area)
        for line in self._lines:
            self._paint_line(painter, area, line)
        self._paint_legend(painter)
        if self._at is not None:
            self._paint_choice(painter, area)
        if self.hasFocus():
            painter.setPen(QPen(QColor(colours(self).accent), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5), 6, 6)
        painter.end()

    def _paint_grid(self, painter: QPainter, area: QRectF) -> None:
        here, metrics = colours(self), self.fontMetrics()
        for row in range(ROWS + 1):
            y = area.bottom() - area.height() * row / ROWS
            painter.setPen(QPen(QColor(here.line), 1))
            painter.drawLine(QPointF(area.left(), y), QPointF(area.right(), y))
            painter.setPen(QColor(here.muted))
            box = QRectF(0, y - metrics.height() / 2, area.left() - SMALL - 2, metrics.height())
            painter.drawText(
                box, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, self._unit(self._top() * row / ROWS)
            )
        below = QRectF(area.left(), area.bottom() + SMALL, area.width(), metrics.height())
        shown = day if self._times[-1] - self._times[0] >= DAYS else moment
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, shown(self._times[0]))
        if len(self._times) > 1:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, shown(self._times[-1]))

    def _pen(self, line: Line) -> QPen:
        pen = QPen(QColor(getattr(colours(self), line.tint)), 2)
        if line.dashed:
            pen.setStyle(Qt.PenStyle.DashLine)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        return pen

    def _paint_line(self, painter: QPainter, area: QRectF, line: Line) -> None:
        places = [self._place(area, at, value) for at, value in line.points]
        painter.setPen(self._pen(line))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(places)
        if len(places) <= 24:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(getattr(colours(self), line.tint)))
            for place in places:
                painter.drawEllipse(place, 2.5, 2.5)

    def _paint_legend(self, painter: QPainter) -> None:
        metrics = self.fontMetrics()
        if self._at is not None:
            painter.setPen(QColor(colours(self).text))
            shown = metrics.elidedText(self.told(), Qt.TextElideMode.ElideRight, self.width() - 2 * SMALL)
            painter.drawText(QPointF(SMALL, SMALL + metrics.ascent()), shown)
            return
        for line, x, y in self._legend():
            painter.setPen(self._pen(line))
            painter.drawLine(QPointF(x, y + metrics.height() / 2), QPointF(x + SAMPLE, y + metrics.height() / 2))
            painter.setPen(QColor(colours(self).muted))
            painter.drawText(QPointF(x + SAMPLE + SMALL, y + metrics.ascent()), line.name)

    def _legend(self) -> list[tuple[Line, float, float]]:
        """Return where each line's name stands: x and y of its corner; a row that is full goes on below."""
        metrics = self.fontMetrics()
        found: list[tuple[Line, float, float]] = []
        x, y = float(SMALL), float(SMALL)
        for line in self._lines:
            wide = SAMPLE + SMALL + metrics.horizontalAdvance(line.name)
            if found and x + wide > self.width() - SMALL:
                x, y = float(SMALL), y + metrics.height()
            found.append((line, x, y))
            x += wide + GAP * 1.5
        return found

    def _paint_choice(self, painter: QPainter, area: QRectF) -> None:
        at = self._times[self._at or 0]
        x = self._place(area, at, 0.0).x()
        painter.setPen(QPen(QColor(colours(self).muted), 1, Qt.PenStyle.DotLine))
        painter.drawLine(QPointF(x, area.top()), QPointF(x, area.bottom()))

    # choosing a point

    def choose(self, index: int | None) -> None:
        """Choose a point by its number in time, None for none."""
        if index is not None and self._times:
            index = max(0, min(len(self._times) - 1, index))
        if index != self._at:
            self._at = index
            self.setAccessibleDescription(self.told())
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.DescriptionChanged))
            self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Choose the point nearest to the pointer."""
        if self._times:
            area, x = self._area(), event.position().x()
            self.choose(min(range(len(self._times)), key=lambda at: abs(self._place(area, self._times[at], 0.0).x() - x)))

    def leaveEvent(self, event: object) -> None:
        """Let go of the point."""
        self.choose(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Let go of the point."""
        self.choose(None)
        super().focusOutEvent(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Left and right go from point to point, Home and End to the first and last."""
        last = len(self._times) - 1
        now = last + 1 if self._at is None else self._at
        moves = {Qt.Key.Key_Left: now - 1, Qt.Key.Key_Right: now + 1, Qt.Key.Key_Home: 0, Qt.Key.Key_End: last}
        found = next((place for key, place in moves.items() if event.key() == key), None)
        if found is None or last < 0:
            super().keyPressEvent(event)
        else:
            self.choose(found)
