"""Files and folders dropped on the window: what was dropped, the overlay while dragging, the estimate before anything is read."""

from ui.drop.mime import Dropped, dropped, has_files
from ui.drop.overlay import DropOverlay
from ui.drop.sheet import EstimateSheet

__all__ = ["DropOverlay", "Dropped", "EstimateSheet", "dropped", "has_files"]
