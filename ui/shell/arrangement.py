"""Where the panels stand at first, and how one comes forward. Used by the window."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMainWindow

from ui.docks.base import DockBase
from ui.shell.header import Header
from ui.shell.panels import Panels

NARROWEST_DOCK = 260
Area = Qt.DockWidgetArea


def add_panels(window: QMainWindow, panels: Panels, header: Header) -> None:
    """Give the window its panels, and the header a switch for each."""
    drawings = {
        "memory": "memory",
        "preview": "preview",
        "timeline": "timeline",
        "health": "health",
        "plan": "plan",
        "diff": "diff",
    }
    for dock in panels.all():
        window.addDockWidget(_area(panels, dock), dock)
        dock.setMinimumWidth(NARROWEST_DOCK)
        header.panel(drawings.get(dock.objectName(), "preview"), dock.toggleViewAction())


def _area(panels: Panels, dock: DockBase) -> Qt.DockWidgetArea:
    if dock is panels.memory:
        return Area.LeftDockWidgetArea
    return Area.BottomDockWidgetArea if dock in (panels.timeline, panels.diff) else Area.RightDockWidgetArea


def default_view(window: QMainWindow, panels: Panels) -> None:
    """Put every panel where it stands at first: the memory to the left, the others hidden to the right and below.

    Those to the right keep their height when one below opens: a plan shows its buttons beside what it changes.
    """
    window.setCorner(Qt.Corner.BottomRightCorner, Area.RightDockWidgetArea)
    for dock in panels.all():
        dock.setFloating(False)
        window.addDockWidget(_area(panels, dock), dock)
        dock.setVisible(dock is panels.memory)
    for dock in (panels.plan, panels.health):
        if dock:
            window.tabifyDockWidget(panels.preview, dock)
            dock.hide()
    if panels.diff:
        window.tabifyDockWidget(panels.timeline, panels.diff)
        panels.diff.hide()
    window.resizeDocks([panels.memory, panels.preview], [320, 460], Qt.Orientation.Horizontal)
    window.resizeDocks([panels.timeline], [200], Qt.Orientation.Vertical)


def bring_forward(window: QMainWindow, dock: DockBase, *, width: float = 0.0, height: float = 0.0) -> None:
    """Show a panel in front of those it shares a place with; it takes at least these shares of the window, where it is docked."""
    dock.show()
    dock.raise_()
    if dock.isFloating():
        return
    if width and dock.width() < width * window.width():
        window.resizeDocks([dock], [max(NARROWEST_DOCK, round(window.width() * width))], Qt.Orientation.Horizontal)
    if height and dock.height() < height * window.height():
        window.resizeDocks([dock], [round(window.height() * height)], Qt.Orientation.Vertical)
