"""Every action gets a recorded verdict; what nobody allowed is not done."""

from contextlib import nullcontext
from datetime import datetime

import pytest

from assistant.domain.errors import PolicyDeniedError, StorageError
from assistant.domain.events import PolicyBlocked, VerdictRecorded
from assistant.domain.plan import Action, Decision, Grant, Verdict
from assistant.domain.tool import EffectKind
from assistant.policy import OffLimits, PolicyEngine, Rule, RuleBook
from assistant.policy.rules import FileAccess
from tests.fakes.acting_stores import FakeGrants
from tests.fakes.audit import FakeAudit
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents

READ = Action(tool="memory.recall", origin="cli")


def rule(name: str, decision: Decision, tool: str = "memory.recall") -> Rule:
    return Rule(name=name, tool=tool, origin=("*",), decision=decision, reason=f"{name} says so")


class Fixture:
    def __init__(self, *rules: Rule, roots: tuple[str, ...] = ()) -> None:
        self.audit = FakeAudit()
        self.events = RecordingEvents()
        self.grants = FakeGrants()
        self.clock = FakeClock()

        async def remembered() -> tuple[str, ...]:
            return roots

        self.engine = PolicyEngine(
            RuleBook(rule=rules, fs=FileAccess(read=("/look",), write=("/work",))),
            *(self.audit, self.events, self.clock, FakeIds()),
            roots=remembered,
            grants=self.grants,
            limits=OffLimits(home="/home/u"),
        )


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


MOVE = Action(tool="files.sort", origin="cli", paths=("/docs/a",), effects=(EffectKind.MOVE,), plan="p1", correlation="c1")


async def test_the_roots_are_those_that_are_remembered_and_those_of_the_policy() -> None:
    made = Fixture(roots=("/docs",))
    assert await made.engine.roots() == ("/docs", "/work")
    assert await made.engine.read_roots() == ("/docs", "/work", "/look")
    assert await PolicyEngine((), made.audit, made.events, made.clock, FakeIds()).roots() == ()


async def test_without_roots_no_file_is_touched() -> None:
    made = Fixture(rule("all", Decision.ALLOW, "files.*"))
    with pytest.raises(PolicyDeniedError, match="outside the folders"):
        await made.engine.require(MOVE, agreed=True)


async def test_a_denied_action_is_told_as_blocked_with_what_it_belongs_to() -> None:
    made = Fixture(rule("no", Decision.DENY, "files.*"), roots=("/docs",))
    await made.engine.judge(MOVE)
    recorded, blocked = made.events.published
    assert isinstance(recorded, VerdictRecorded)
    assert isinstance(blocked, PolicyBlocked)
    assert (blocked.tool, blocked.origin, blocked.reason, blocked.correlation) == ("files.sort", "cli", "no says so", "c1")


@pytest.mark.parametrize("decision", list(Decision))
async def test_what_is_required_and_not_allowed_is_told_as_blocked_once(decision: Decision) -> None:
    made = Fixture(rule("one", decision))
    with pytest.raises(PolicyDeniedError) if decision is not Decision.ALLOW else nullcontext():
        await made.engine.require(READ)
    told = [event.reason for event in made.events.published if isinstance(event, PolicyBlocked)]
    assert told == ([] if decision is Decision.ALLOW else ["one says so"])


async def test_an_agreement_counts_once_for_what_was_agreed_to() -> None:
    made = Fixture(roots=("/docs",))
    await made.engine.require(MOVE, agreed=True)
    assert (await made.engine.judge(MOVE)).decision is Decision.ASK
    assert [verdict.rule for _, verdict, _ in made.audit.lines] == ["approval", ""]


async def test_forgetting_takes_permissions_for_what_is_forgotten() -> None:
    made = Fixture(roots=("/docs",))
    for number, scope in enumerate(("/docs/secret/in", "/docs/secretary", "")):
        ended = made.clock.now()
        await made.grants.add(Grant(id=f"g{number}", tool="files.sort", scope=scope, kind="always", at=ended, expires=ended))
    await made.engine.redact(["/docs/secret"])
    assert [grant.scope for grant in made.grants.held.values()] == ["/docs/secretary", ""]
    await PolicyEngine((), made.audit, made.events, made.clock, FakeIds()).redact(["/docs"])


async def test_a_permission_for_once_is_used_up() -> None:
    made = Fixture(roots=("/docs",))
    await made.grants.add(Grant(id="g", tool="files.sort", scope="/docs", kind="once", at=made.clock.now(), plan="p1"))
    assert (await made.engine.judge(MOVE)).grant == "g"
    assert (await made.engine.judge(MOVE)).decision is Decision.ASK
