"""The search field of the memory dock: Esc empties it before it means anything to the window. Part of the memory dock."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from ui.theme.escape import is_escape


class SearchField(QLineEdit):
    """A line edit that keeps Esc to itself while there is something to clear."""

    def event(self, arg__1: QEvent) -> bool:
        """Claim Esc before the window's shortcut gets it."""
        if is_escape(arg__1) and self.text():
            arg__1.accept()
            return True
        return super().event(arg__1)

    def keyPressEvent(self, arg__1: QKeyEvent) -> None:
        """Clear on Esc."""
        if self._clears(arg__1):
            self.clear()
        else:
            super().keyPressEvent(arg__1)

    def _clears(self, event: QKeyEvent) -> bool:
        return event.key() == Qt.Key.Key_Escape and bool(self.text())
