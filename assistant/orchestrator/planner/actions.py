"""Plans what a request wants done: one step for each intent, in order, with titles, waiting and parallel groups. Pure."""

from collections.abc import Sequence

from assistant.domain.plan import Intent, Plan, Step
from assistant.domain.tool import Arguments
from assistant.orchestrator.planner.footprints import clash, footprint
from assistant.orchestrator.planner.titles import title_of

ASK = "memory.ask"


def plan_actions(intents: Sequence[Intent], plan_id: str, request: str, origin: str) -> Plan:
    """Return the plan for what was understood; an intent that is a question becomes a step that answers it from memory."""
    language = intents[0].language if intents else "en"
    steps = [_step(str(n), intent) for n, intent in enumerate(intents, 1)]
    return Plan(id=plan_id, request=request, language=language, origin=origin, steps=ordered(steps))


def ordered(steps: Sequence[Step]) -> tuple[Step, ...]:
    """Return the steps in this order, with what each waits for and its group worked out anew.

    A step waits for those before it whose files it reads or changes, whose files change what it reads, and whose findings it
    takes. Groups never go down from step to step, so that neighbours of one group are all that runs side by side.
    """
    placed = list[Step]()
    for step in steps:
        after = tuple(one.id for one in placed if one.id in references(step.arguments) or clash(footprint(one), footprint(step)))
        waits = [one.group + 1 for one in placed if one.id in after]
        group = max([*waits, placed[-1].group if placed else 0])
        placed.append(step.model_copy(update={"after": after, "group": group}))
    return tuple(placed)


def _step(number: str, intent: Intent) -> Step:
    tool, arguments = (ASK, {"question": intent.question}) if intent.kind == "question" else (intent.tool, intent.arguments)
    return Step(id=number, tool=tool, arguments=dict(arguments), title=title_of(tool, dict(arguments), intent.language))


def references(arguments: Arguments) -> frozenset[str]:
    """Return the ids of the steps from which arguments are filled."""
    return frozenset(str(value["from"]) for value in arguments.values() if isinstance(value, dict) and "from" in value)
