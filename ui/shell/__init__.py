"""The frame of the window: header, docks, banners, saved layout. Made by ui.main."""

from ui.shell.collector import Collector
from ui.shell.finishing import Finishing
from ui.shell.main_window import MainWindow
from ui.shell.mishaps import Mishaps
from ui.shell.neighbour import Neighbour
from ui.shell.notices import FailedStart
from ui.shell.panels import Panels
from ui.shell.unlock import Unlock
from ui.shell.view_store import ViewStore

__all__ = ["Collector", "FailedStart", "Finishing", "MainWindow", "Mishaps", "Neighbour", "Panels", "Unlock", "ViewStore"]
