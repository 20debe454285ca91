"""Plans changed by a person before they run: steps dropped, put in another order, given other arguments."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from assistant.domain.errors import ArgumentError
from assistant.domain.plan import Intent, Plan, PlanEdit
from assistant.orchestrator.planner import edited, plan_actions


def plan_of_three() -> Plan:
    take: JsonValue = {"from": "1", "take": "text"}
    intents = [
        Intent(kind="action", question="", language="en", tool="files.list", arguments={"folder": "/d/a"}),
        Intent(
            kind="action", question="", language="en", tool="text.create", arguments={"path": "/d/b/list.md", "content": take}
        ),
        Intent(kind="action", question="", language="en", tool="files.sort", arguments={"folder": "/d/a", "by": "month"}),
    ]
    return plan_actions(intents, "plan_1", "do it", "cli")


def test_nothing_asked_changes_nothing() -> None:
    assert edited(plan_of_three(), PlanEdit()) == plan_of_three()


def test_dropped_steps_go_and_nobody_waits_for_them() -> None:
    plan = edited(plan_of_three(), PlanEdit(drop=("1", "2")))
    assert [(step.id, step.after, step.group) for step in plan.steps] == [("3", (), 0)]


def test_another_order_is_waited_for_anew() -> None:
    plan = edited(plan_of_three(), PlanEdit(order=("3", "1", "2")))
    assert [(step.id, step.after) for step in plan.steps] == [("3", ()), ("1", ("3",)), ("2", ("1",))]


def test_new_arguments_stand_and_none_takes_one_away() -> None:
    plan = edited(plan_of_three(), PlanEdit(arguments={"3": {"by": "year", "folder": "/d/z", "glob": None}}))
    assert plan.steps[2].arguments == {"folder": "/d/z", "by": "year"}
    assert (plan.steps[2].title, plan.steps[2].after) == ("Sort z by year", ())


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        (PlanEdit(drop=("9",)), "no step 9"),
        (PlanEdit(arguments={"9": {}}), "no step 9"),
        (PlanEdit(drop=("1", "2", "3")), "at least one step"),
        (PlanEdit(order=("1", "2")), "every remaining step once"),
        (PlanEdit(order=("1", "2", "3", "3")), "every remaining step once"),
        (PlanEdit(drop=("1",)), "Step 2 takes what step 1 finds"),
        (PlanEdit(order=("2", "1", "3")), "Step 2 takes what step 1 finds"),
    ],
)
def test_what_does_not_hold_together_is_refused(edit: PlanEdit, said: str) -> None:
    with pytest.raises(ArgumentError, match=said):
        edited(plan_of_three(), edit)


@given(
    st.lists(st.sampled_from("1234"), max_size=3),
    st.lists(st.sampled_from("1234"), max_size=4),
)
def test_an_edited_plan_never_waits_for_what_comes_later(drop: list[str], order: list[str]) -> None:
    try:
        plan = edited(plan_of_three(), PlanEdit(drop=tuple(drop), order=tuple(order)))
    except ArgumentError:
        return
    for at, step in enumerate(plan.steps):
        assert set(step.after) <= {one.id for one in plan.steps[:at]}
        assert all(one.group < step.group for one in plan.steps if one.id in step.after)
