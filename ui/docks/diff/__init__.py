"""The diff center: the files that a plan, a run or a git working tree changes, each in full, and the whole before and after."""

from ui.docks.diff.dock import DiffDock

__all__ = ["DiffDock"]
