"""From intents to plans: steps with titles, what waits for what, and edits by a person. Pure; used by conversation and flow."""

from assistant.orchestrator.planner.actions import plan_actions
from assistant.orchestrator.planner.edits import edited
from assistant.orchestrator.planner.recalling import RECALL, plan

__all__ = ["RECALL", "edited", "plan", "plan_actions"]
