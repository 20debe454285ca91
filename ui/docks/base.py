"""What every dock shares: a title, an object name for the saved layout, and the bridge. Made by the shell."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDockWidget, QWidget

from ui.bridge import Bridge


class DockBase(QDockWidget):
    """A panel of the window.

    `name` is stable (the saved layout knows docks by it), `title` is translated. `openPlace` carries a Cite and the quote
    to mark; the shell shows it in the preview. A subclass calls `setWidget` and overrides `attach`.
    """

    openPlace = Signal(object, str)

    def __init__(self, name: str, title: str, parent: QWidget | None = None) -> None:
        super().__init__(title, parent)
        self.setObjectName(name)
        self.setAccessibleName(title)

    def attach(self, bridge: Bridge) -> None:
        """Connect to the bridge's signals and load what is there; called once, when the loop runs."""
        raise NotImplementedError
