"""The health dock: how well Mneme does, over time."""

from ui.docks.health.dock import HealthDock

__all__ = ["HealthDock"]
