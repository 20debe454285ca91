"""Every action gets a recorded verdict; what nobody allowed is not done."""

from datetime import datetime

import pytest

from assistant.domain.errors import PolicyDeniedError, StorageError
from assistant.domain.events import VerdictRecorded
from assistant.domain.plan import Action, Decision, Verdict
from assistant.policy import PolicyEngine, Rule
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents
from tests.fakes.stores import FakeAudit

READ = Action(tool="memory.recall", origin="cli")


def rule(name: str, decision: Decision, tool: str = "memory.recall") -> Rule:
    return Rule(name=name, tool=tool, origin=("*",), decision=decision, reason=f"{name} says so")


class Fixture:
    def __init__(self, *rules: Rule) -> None:
        self.audit = FakeAudit()
        self.events = RecordingEvents()
        self.engine = PolicyEngine(rules, self.audit, self.events, FakeClock(), FakeIds())


async def test_the_first_rule_that_matches_decides() -> None:
    made = Fixture(rule("other", Decision.ALLOW, "x"), rule("one", Decision.DENY), rule("two", Decision.ALLOW))
    assert await made.engine.judge(READ) == Verdict(decision=Decision.DENY, rule="one", reason="one says so")


async def test_what_no_rule_names_is_ask_and_no_answer_is_a_deny() -> None:
    made = Fixture()
    assert (await made.engine.judge(READ)).decision is Decision.ASK
    with pytest.raises(PolicyDeniedError, match="no rule names this action"):
        await made.engine.require(READ)


@pytest.mark.parametrize("decision", list(Decision))
async def test_only_allow_lets_through_and_every_verdict_is_recorded(decision: Decision) -> None:
    made = Fixture(rule("one", decision))
    if decision is Decision.ALLOW:
        await made.engine.require(READ)
    else:
        with pytest.raises(PolicyDeniedError):
            await made.engine.require(READ)
    assert [(action, verdict.decision) for action, verdict, _ in made.audit.lines] == [(READ, decision)]
    told = made.events.published[0]
    assert isinstance(told, VerdictRecorded)
    assert (told.tool, told.origin, told.decision) == ("memory.recall", "cli", decision.value)


async def test_what_cannot_be_recorded_is_not_allowed() -> None:
    class FullDisk(FakeAudit):
        async def record(self, action: Action, verdict: Verdict, at: datetime) -> None:
            raise StorageError("The disk is full.")

    events = RecordingEvents()
    engine = PolicyEngine([rule("one", Decision.ALLOW)], FullDisk(), events, FakeClock(), FakeIds())
    with pytest.raises(StorageError):
        await engine.require(READ)
    assert events.published == []
