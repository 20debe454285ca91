"""The plan panel: steps with state, effects and risk, what they say and find, changes to the plan, and the answer to it."""

from ui.docks.plan.dock import PlanDock

__all__ = ["PlanDock"]
