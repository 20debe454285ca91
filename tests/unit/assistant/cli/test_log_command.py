"""`log --runs` and `log --audit`: what was done, and what the policy said; lookups are in test_remembering."""

import json

import pytest

from assistant.api.views import AuditRecord, Decision
from tests.fakes.assistant import FakeAssistant
from tests.fakes.deeds import change, proposal, run_of, step
from tests.fakes.health import NOON
from tests.unit.assistant.cli.conftest import Run

EVIL = "sort \x1b[2J\u202eall\nrun_9  erased"


@pytest.fixture
def done(fake: FakeAssistant) -> FakeAssistant:
    for number, state in enumerate(("done", "failed", "undone"), 1):
        made = proposal(EVIL, "ready", [step(1, "files.sort", "Sort")], [change("trash", "/d/a")], id=f"plan_{number}")
        run = run_of(made, state, reason="The disk is full." if state == "failed" else "")
        fake.history.kept[run.id] = run
    return fake


def test_runs_come_newest_first_with_the_ids_that_undo_takes(mneme: Run, done: FakeAssistant) -> None:
    result = mneme("log", "--runs")
    assert result.exit_code == 0
    heads = result.stdout.splitlines()[::2]
    assert [line.split()[2] for line in heads] == ["run_plan_3", "run_plan_2", "run_plan_1"]
    assert "  failed, 0 of 1 change stand: The disk is full.\n" in result.stdout
    assert "  done, 1 of 1 change stand\n" in result.stdout


def test_a_request_cannot_pass_for_a_line_of_the_log(mneme: Run, done: FakeAssistant) -> None:
    shown = mneme("log", "--runs").stdout
    assert len(shown.splitlines()) == 6
    assert "\x1b" not in shown
    assert "⟨U+202E⟩all␊run_9" in shown


def test_as_many_as_asked_for(mneme: Run, done: FakeAssistant) -> None:
    told = json.loads(mneme("log", "--runs", "--json", "-n", "2").stdout)
    assert [(run["id"], run["plan"]["request"]) for run in told] == [("run_plan_3", EVIL), ("run_plan_2", EVIL)]
    assert done.called("history.runs") == [("", 2)]


@pytest.mark.parametrize("which", ["--runs", "--audit"])
def test_nothing_is_3_and_json_all_the_same(mneme: Run, fake: FakeAssistant, which: str) -> None:
    assert mneme("log", which).exit_code == 3
    result = mneme("log", which, "--json")
    assert (result.exit_code, json.loads(result.stdout)) == (3, [])


def test_verdicts_tell_door_tool_decision_and_the_first_paths(mneme: Run, fake: FakeAssistant) -> None:
    facts = {"seq": 1, "at": NOON, "tool": "files.trash", "origin": "cli", "writes": True, "network": False}
    line = AuditRecord.model_validate(
        {**facts, "paths": ("/d/\u202ea", "/d/b", "/d/c", "/d/d"), "decision": Decision.DENY, "rule": "r", "reason": "no\nyes"}
    )
    fake.permissions.verdicts = [line]
    result = mneme("log", "--audit")
    assert result.exit_code == 0
    assert "cli files.trash  deny  no␊yes" in result.stdout
    assert [path.strip() for path in result.stdout.splitlines()[1:]] == ["/d/⟨U+202E⟩a", "/d/b", "/d/c"]
    assert json.loads(mneme("log", "--audit", "--json").stdout)[0]["decision"] == "deny"
    assert fake.called("permissions.audit") == [(0, 20), (0, 20)]


def test_one_log_at_a_time(mneme: Run, fake: FakeAssistant) -> None:
    assert mneme("log", "--runs", "--audit").exit_code == 2
    assert fake.calls == []
