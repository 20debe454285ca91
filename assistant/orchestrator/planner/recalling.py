"""Plans a turn of a conversation: recall is an ordinary read-only step. Pure; called by the conversation."""

from assistant.domain.plan import Intent, Plan, Step

RECALL = "memory.recall"


def plan(intent: Intent, plan_id: str, origin: str) -> Plan:
    """Return the plan for a question: look it up in memory."""
    step = Step(id="1", tool=RECALL, arguments=intent.query.model_dump(mode="json"))
    return Plan(id=plan_id, request=intent.question, language=intent.language, origin=origin, steps=(step,))
