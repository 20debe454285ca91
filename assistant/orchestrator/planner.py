"""Plans what a turn does. Recall is an ordinary read-only step. Pure; called by the conversation."""

from assistant.domain.plan import Action, Intent, Plan, Step

RECALL = "memory.recall"


def plan(intent: Intent, plan_id: str, origin: str) -> Plan:
    """Return the plan for a question: look it up in memory."""
    step = Step(id=f"{plan_id}.1", action=Action(tool=RECALL, origin=origin), query=intent.query)
    return Plan(id=plan_id, intent=intent, steps=(step,))
