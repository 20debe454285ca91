"""Changes that a person makes to a plan before it runs: steps dropped, put in another order, given other arguments. Pure."""

from assistant.domain.errors import ArgumentError
from assistant.domain.plan import Plan, PlanEdit, Step
from assistant.domain.tool import Arguments
from assistant.orchestrator.planner.actions import ordered, references
from assistant.orchestrator.planner.titles import title_of

KEPT = "The plan is as it was."


def edited(plan: Plan, edit: PlanEdit) -> Plan:
    """Return the plan with steps dropped, ordered and given arguments; what waits for what is worked out anew.

    Raises ArgumentError for a step that is not there, an order that is not that of all steps, a step that takes what a dropped
    or later one finds, and a plan without steps. Which arguments fit is told when the plan is previewed.
    """
    known = {step.id: step for step in plan.steps}
    for step_id in (*edit.drop, *edit.order, *edit.arguments):
        if step_id not in known:
            raise ArgumentError(f"There is no step {step_id} in this plan.", kept=KEPT)
    left = {step_id: step for step_id, step in known.items() if step_id not in edit.drop}
    if not left:
        raise ArgumentError("A plan needs at least one step.", kept=KEPT, remedy="Withdraw the plan instead.")
    order = edit.order or tuple(left)
    if sorted(order) != sorted(left):
        raise ArgumentError("The order has to name every remaining step once.", kept=KEPT)
    steps = [_changed(left[step_id], edit, plan.language) for step_id in order]
    _require_sources(steps)
    return plan.model_copy(update={"steps": ordered(steps)})


def _changed(step: Step, edit: PlanEdit, language: str) -> Step:
    """Return the step with its new values; one that is None takes the argument away."""
    if step.id not in edit.arguments:
        return step
    new = {**step.arguments, **edit.arguments[step.id]}
    arguments: Arguments = {name: value for name, value in new.items() if value is not None}
    return step.model_copy(update={"arguments": arguments, "title": title_of(step.tool, arguments, language)})


def _require_sources(steps: list[Step]) -> None:
    done = set[str]()
    for step in steps:
        missing = references(step.arguments) - done
        if missing:
            raise ArgumentError(
                f"Step {step.id} takes what step {min(missing)} finds, which has to come before it.",
                kept=KEPT,
                remedy="Leave the order, or drop both.",
            )
        done.add(step.id)
