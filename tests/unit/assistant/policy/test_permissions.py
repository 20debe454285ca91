"""Standing permissions are given by a person, for a folder that is no wider than it looks, for a time; and taken back."""

from datetime import timedelta

import pytest

from assistant.domain.errors import NotFoundError, PolicyDeniedError
from assistant.domain.plan import Action, Decision
from assistant.domain.tool import EffectKind
from assistant.policy import OffLimits, PolicyEngine, Rule, StandingPermissions
from tests.fakes.acting_stores import FakeGrants
from tests.fakes.audit import FakeAudit
from tests.fakes.runtime import FakeClock, FakeIds, RecordingEvents

MOVE = Action(tool="files.sort", origin="cli", paths=("/docs/a",), effects=(EffectKind.MOVE,), plan="p1")


class Fixture:
    def __init__(self, *roots: str) -> None:
        self.audit, self.grants, self.clock = FakeAudit(), FakeGrants(), FakeClock()

        async def remembered() -> tuple[str, ...]:
            return roots

        rule = Rule(name="r", tool="permissions.*", origin=("cli", "window"), decision=Decision.ALLOW, reason="a person")
        self.engine = PolicyEngine(
            (rule,),
            *(self.audit, RecordingEvents(), self.clock, FakeIds()),
            roots=remembered,
            grants=self.grants,
            limits=OffLimits(home="/home/u"),
        )
        self.permissions = StandingPermissions(self.engine, self.grants, self.clock, FakeIds(), "/home/u", 30)


async def test_a_permission_is_used_listed_expires_and_is_taken_back() -> None:
    made = Fixture("/docs")
    grant = await made.permissions.grant("files.sort", "/docs", "always", "cli")
    assert grant.expires == grant.at + timedelta(days=30)
    assert await made.permissions.all() == [grant]
    verdict = await made.engine.judge(MOVE)
    assert (verdict.decision, verdict.rule, verdict.grant) == (Decision.ALLOW, "grant", grant.id)
    assert (await made.engine.judge(MOVE)).grant == grant.id
    made.clock.pass_days(30)
    assert (await made.engine.judge(MOVE)).decision is Decision.ASK
    assert await made.permissions.all() == []
    await made.permissions.revoke(grant.id, "window")
    assert made.grants.held == {}
    with pytest.raises(NotFoundError):
        await made.permissions.revoke(grant.id, "window")
    told = [action.tool for action, _, _ in made.audit.lines]
    assert (told[0], told[-1]) == ("permissions.grant", "permissions.revoke")


async def test_a_permission_for_a_plan_ends_with_it_and_needs_no_folder_where_there_are_no_paths() -> None:
    made = Fixture()
    grant = await made.permissions.grant("memory.note", "", "plan", "cli", plan="p1")
    assert grant.expires is None
    note = Action(tool="memory.note", origin="cli", effects=(EffectKind.MEMORY,), plan="p1")
    assert (await made.engine.judge(note)).grant == grant.id
    assert (await made.engine.judge(note.model_copy(update={"plan": "p2"}))).decision is Decision.ASK


@pytest.mark.parametrize(
    ("scope", "reason"),
    [
        ("/", "whole volume"),
        ("/home", "holds your home folder"),
        ("/home/u", "holds your home folder"),
        ("/docs-evil", "outside"),
        ("/elsewhere", "outside"),
    ],
)
async def test_a_permission_that_reaches_too_far_is_refused(scope: str, reason: str) -> None:
    made = Fixture("/docs", "/home/u")
    with pytest.raises(PolicyDeniedError, match=reason):
        await made.permissions.grant("files.sort", scope, "always", "cli")
    assert made.grants.held == {}


async def test_a_permission_needs_a_person() -> None:
    made = Fixture("/docs")
    with pytest.raises(PolicyDeniedError):
        await made.permissions.grant("files.sort", "/docs", "always", "flow")
    grant = await made.permissions.grant("files.sort", "/docs", "always", "window")
    with pytest.raises(PolicyDeniedError):
        await made.permissions.revoke(grant.id, "flow")
    assert list(made.grants.held) == [grant.id]
