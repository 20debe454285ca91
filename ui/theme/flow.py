"""A layout that fills rows from left to right and wraps, for chips. Used by docks."""

from PySide6.QtCore import QMargins, QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Distances in device-independent pixels; hidden widgets take no room."""

    def __init__(self, parent: QWidget | None = None, *, spacing: int = 4) -> None:
        super().__init__(parent)
        self.setContentsMargins(QMargins(0, 0, 0, 0))
        self.setSpacing(spacing)
        self._items: list[QLayoutItem] = []

    def addItem(self, arg__1: QLayoutItem) -> None:
        """Append an item."""
        self._items.append(arg__1)

    def count(self) -> int:
        """Count the items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Return an item, None past the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:  # type: ignore[override]
        """Remove an item and return it."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Take no more room than is needed."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, arg__1: int) -> int:
        """Return the height that this width needs."""
        return self._arrange(QRect(0, 0, arg__1, 0), move=False)

    def setGeometry(self, arg__1: QRect) -> None:
        """Place the items."""
        super().setGeometry(arg__1)
        self._arrange(arg__1, move=True)

    def sizeHint(self) -> QSize:
        """Return the least size: the layout takes what width there is."""
        return self.minimumSize()

    def minimumSize(self) -> QSize:
        """Return the size of the widest item."""
        size = QSize()
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size

    def _arrange(self, area: QRect, *, move: bool) -> int:
        x, y = area.x(), area.y()
        line: list[tuple[QLayoutItem, int, QSize]] = []
        for item in self._items:
            if item.isEmpty():
                continue
            hint = item.sizeHint()
            if line and x + hint.width() > area.right() + 1:
                x, y = area.x(), y + self._place(line, y, move=move) + self.spacing()
                line = []
            line.append((item, x, hint))
            x += hint.width() + self.spacing()
        return y + self._place(line, y, move=move) - area.y()

    @staticmethod
    def _place(line: list[tuple[QLayoutItem, int, QSize]], y: int, *, move: bool) -> int:
        """Put the items of a line beside each other, their middles at one height; return the height of the line."""
        height = max((hint.height() for _, _, hint in line), default=0)
        for item, x, hint in line if move else ():
            item.setGeometry(QRect(QPoint(x, y + (height - hint.height()) // 2), hint))
        return height
