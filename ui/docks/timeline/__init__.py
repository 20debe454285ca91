"""What happened, the newest on top; what was done can be taken back from here. The shell docks it."""

from ui.docks.timeline.dock import TimelineDock

__all__ = ["TimelineDock"]
