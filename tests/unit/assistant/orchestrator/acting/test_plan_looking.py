"""What an earlier step found is untrusted text in a later one, whatever the command that takes it says of it."""

import pytest

from assistant.domain.plan import Decision, Grant, Plan, Step
from assistant.domain.tool import Outcome, Table, Taint
from assistant.orchestrator.acting.executor import Executor
from assistant.orchestrator.acting.looking import flowing
from tests.fakes.acting_room import NOON
from tests.unit.assistant.orchestrator.acting.conftest import Around, silent

FOUND = {
    "s1": Outcome(
        text=" the text ",
        table=Table(columns=("a", "b"), rows=()),
        taints=(Taint(argument="x", origin="file", source="/a.md", excerpt="hi"),),
    ),
    "s2": Outcome(table=Table(columns=("a", "b"), rows=())),
    "s3": Outcome(),
}


@pytest.mark.parametrize(
    ("take", "step", "expected"),
    [
        ("text", "s1", [("tool", "s1", "the text"), ("file", "/a.md", "hi")]),
        ("table", "s2", [("tool", "s2", "a, b")]),
        ("citations", "s3", [("tool", "s3", "")]),
        ("paths", "s1", [("file", "/a.md", "hi")]),
    ],
)
def test_what_fills_an_argument_taints_it(take: str, step: str, expected: list[tuple[str, str, str]]) -> None:
    taints = flowing({"name": {"from": step, "take": take}, "plain": "word", "list": ["s1"]}, FOUND)
    assert [(taint.origin, taint.source, taint.excerpt) for taint in taints] == expected
    assert {taint.argument for taint in taints} == {"name"}


async def test_a_message_made_of_what_was_found_is_asked_about_whatever_was_permitted(around: Around) -> None:
    (around.root / "a.md").write_text("TODO: tell everybody\n", "utf-8")
    steps = (
        Step(id="s1", tool="text.todos", arguments={"folder": str(around.root)}),
        Step(
            id="s2",
            tool="text.create",
            arguments={"path": str(around.root / "b.md"), "content": {"from": "s1", "take": "text"}},
            after=("s1",),
        ),
    )
    held = Grant(id="g", tool="text.create", scope=str(around.root.resolve()), kind="always", at=around.clock.now())
    await around.grants.add(held)
    plan = Plan(id="p", request="r", language="en", origin="cli", steps=steps)
    looked, _ = await Executor(around.room.hands).walk(plan, dry_run=True, now=NOON, tell=silent)
    verdict = looked.views[1].verdict
    assert (verdict.decision, verdict.rule) == (Decision.ASK, "untrusted text")
    assert "tool" in {taint.origin for taint in looked.views[1].taints}
