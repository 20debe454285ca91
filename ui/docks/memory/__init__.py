"""The memory dock: what is remembered, how far indexing is, and a search over it."""

from ui.docks.memory.dock import MemoryDock

__all__ = ["MemoryDock"]
