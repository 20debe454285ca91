"""No door of acting opens under a policy that does not allow it, and nothing is done then."""

from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.api.facade import Deeds
from assistant.domain.errors import MnemeError, PolicyDeniedError
from assistant.domain.events import PolicyBlocked
from assistant.domain.plan import Decision, Grant, GrantKind, Plan, Step
from assistant.orchestrator.acting.executor import Executor
from assistant.policy import Rule
from tests.fakes.acting_room import NOON
from tests.flows.tree import look
from tests.unit.assistant.orchestrator.acting.conftest import Around, silent

ALL_TOOLS = ("files.*", "text.*", "archive.*", "git.*", "memory.*", "history.*", "permissions.*")


def rules(decision: Decision) -> tuple[Rule, ...]:
    return tuple(Rule(name=tool, tool=tool, origin=("*",), decision=decision, reason="not today") for tool in ALL_TOOLS)


@pytest.fixture
async def shut(tmp_path: Path, threads: ThreadPoolExecutor) -> AsyncIterator[Around]:
    found = Around(tmp_path, threads, rules=rules(Decision.DENY))
    (found.root / "a.txt").write_text("one", "utf-8")
    yield found
    await found.supervisor.close(10.0)


DOORS: dict[str, Callable[[Deeds], Awaitable[object]]] = {
    "undo": lambda deeds: deeds.history.undo("run_1", "window"),
    "redo": lambda deeds: deeds.history.redo("run_1", "window"),
    "resume": lambda deeds: deeds.history.resume("run_2", "window", finish=True),
    "worktree": lambda deeds: deeds.history.worktree("/"),
    "revoke": lambda deeds: deeds.permissions.revoke("grant_1"),
}


@pytest.mark.parametrize("name", DOORS)
async def test_a_policy_that_denies_everything_lets_nothing_through(shut: Around, name: str) -> None:
    await shut.grants.add(Grant(id="grant_1", tool="files.move", scope="/x", kind="always", at=shut.clock.now()))
    before = look(shut.root)
    with pytest.raises((PolicyDeniedError, MnemeError)):
        await DOORS[name](shut.room.deeds)
    assert look(shut.root) == before
    assert [grant.id for grant in await shut.grants.all(shut.clock.now())] == ["grant_1"]


@pytest.mark.parametrize("request_", ["delete {root}/a.txt", "list the files in {root}", "list every TODO in {root}"])
async def test_a_denied_plan_is_never_carried_out(shut: Around, request_: str) -> None:
    before = look(shut.root)
    proposal = await shut.room.deeds.acting.plan(request_.format(root=shut.root), "window", [str(shut.root)])
    assert proposal.state == "denied"
    assert "not today" in proposal.message
    with pytest.raises(MnemeError):
        await shut.room.deeds.acting.approve(proposal.id, "", "window")
    assert len(shut.told(PolicyBlocked)) == 1
    assert look(shut.root) == before


@pytest.mark.parametrize("decision", [Decision.DENY, Decision.ASK])
async def test_a_step_that_may_not_run_is_told_as_blocked_once(
    tmp_path: Path, threads: ThreadPoolExecutor, decision: Decision
) -> None:
    """For a denial the policy tells it, for a missing approval the walk that needed one."""
    around = Around(tmp_path, threads, rules=rules(decision))
    (around.root / "a.txt").write_text("one", "utf-8")
    step = Step(id="s1", tool="files.trash", arguments={"paths": [str(around.root / "a.txt")]})
    plan = Plan(id="p", request="r", language="en", origin="window", steps=(step,))
    with pytest.raises(PolicyDeniedError, match="not today"):
        await Executor(around.room.hands).walk(plan, dry_run=False, now=NOON, tell=silent)
    (blocked,) = around.told(PolicyBlocked)
    assert isinstance(blocked, PolicyBlocked)
    assert (blocked.tool, blocked.origin, blocked.correlation) == ("files.trash", "window", "p")
    assert blocked.reason == ("not today" if decision is Decision.DENY else "not today, and nobody agreed to it")
    assert (around.root / "a.txt").exists()
    await around.supervisor.close(10.0)


@pytest.mark.parametrize("grant", ["once", "plan", "always"])
async def test_without_the_digest_that_was_seen_nothing_happens(around: Around, grant: GrantKind) -> None:
    (around.root / "a.txt").write_text("one", "utf-8")
    before = look(around.root)
    proposal = await around.room.deeds.acting.plan(f"delete {around.root}/a.txt", "window", [str(around.root)])
    assert proposal.state == "ready"
    with pytest.raises(MnemeError):
        await around.room.deeds.acting.approve(proposal.id, "another digest", "window", grant)
    assert look(around.root) == before
    assert not await around.grants.all(around.clock.now()), "no permission is given beside it"


async def test_every_verdict_of_a_plan_is_recorded_before_it_is_carried_out(around: Around) -> None:
    (around.root / "a.txt").write_text("one", "utf-8")
    acting = around.room.deeds.acting
    proposal = await acting.plan(f"delete {around.root}/a.txt", "window", [str(around.root)])
    assert proposal.preview is not None
    seen = len(around.audit.lines)
    assert [verdict.decision for _, verdict, _ in around.audit.lines][-1] is Decision.ASK
    run = await acting.approve(proposal.id, proposal.preview.digest, "window")
    await around.room.deeds.history.ended(run.id)
    action, verdict, _ = around.audit.lines[-1]
    assert len(around.audit.lines) > seen
    assert (action.tool, verdict.decision, verdict.rule) == ("files.trash", Decision.ALLOW, "approval")
    assert not (around.root / "a.txt").exists()
