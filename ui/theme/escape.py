"""Esc, before the window's shortcut gets it. Used by what is closed, emptied or folded by it."""

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent


def is_escape(event: QEvent) -> bool:
    """Tell whether this offers Esc to the widget that has the keyboard: who accepts it gets the key press, not the window."""
    if not isinstance(event, QKeyEvent) or event.type() != QEvent.Type.ShortcutOverride:
        return False
    return event.key() == Qt.Key.Key_Escape
