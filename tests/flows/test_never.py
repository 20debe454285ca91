"""What must never happen when Mneme acts, whatever is asked: each test is named after a promise."""

import asyncio
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.errors import PolicyDeniedError
from assistant.domain.plan import Action, Decision, Proposal
from assistant.domain.tool import Arguments, EffectKind
from tests.flows.hostile import LIMIT_S, Stage
from tests.flows.tree import look

SECRET = "correct horse battery staple 4711"


async def test_untrusted_text_never_writes_without_an_approval_that_shows_its_origin(stage: Stage) -> None:
    acting = stage.room.deeds.acting
    first = await stage.asked("files.rename", paths=[f"{stage.root}/a.txt"], by="content")
    assert isinstance(first, Proposal)
    assert first.state == "ready"
    taints = [taint for view in first.steps for taint in view.taints]
    assert taints
    assert all(taint.source and taint.excerpt for taint in taints), "the approval shows where the text came from"
    assert first.decision is Decision.ASK
    assert first.preview is not None
    run = await acting.approve(first.id, first.preview.digest, "window", "always")
    await stage.room.deeds.history.ended(run.id)
    assert await stage.grants.all(stage.clock.now())
    again = await stage.asked("files.rename", paths=[f"{stage.root}/in/b.txt"], by="content")
    assert isinstance(again, Proposal)
    assert (again.state, again.decision) == ("ready", Decision.ASK), "a standing permission does not cover it"


async def test_agreeing_beforehand_never_covers_untrusted_text_that_says_where(stage: Stage) -> None:
    proposal = await stage.asked("files.rename", paths=[f"{stage.root}/a.txt"], by="content")
    assert isinstance(proposal, Proposal)
    assert proposal.state == "ready"
    before = look(stage.root)
    with pytest.raises(PolicyDeniedError):
        await stage.done(proposal, "cli.yes")
    assert look(stage.root) == before
    assert (await stage.done(proposal, "cli")).state == "done", "who has seen it may agree"


async def test_a_shell_is_never_started(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Hostile names are names: nothing expands or runs them."""

    def shell(*_: object, **__: object) -> None:
        raise AssertionError("a shell was started")

    started: list[Any] = []
    real = subprocess.Popen.__init__

    def watched(self: Any, args: Any, *more: Any, **named: Any) -> None:
        started.append(args)
        assert not named.get("shell"), args
        assert issubclass(type(args), list | tuple), args
        real(self, args, *more, **named)

    monkeypatch.setattr(os, "system", shell)
    monkeypatch.setattr(os, "popen", shell)
    monkeypatch.setattr(asyncio, "create_subprocess_shell", shell)
    monkeypatch.setattr(subprocess.Popen, "__init__", watched)
    for name in (
        "$(touch owned).txt",
        "`touch owned`.txt",
        "a; touch owned.txt",
        "| touch owned.txt",
        "-rf",
        "&& touch owned.txt",
    ):
        (stage.root / name).write_text("old\n", "utf-8")
    asked: list[tuple[str, Arguments]] = [
        ("text.replace", {"folder": str(stage.root), "find": "old", "replace": "$(touch owned)"}),
        ("archive.pack", {"paths": [str(stage.root / "in")], "target": f"{stage.root}/$(touch owned).zip"}),
        ("files.rename", {"folder": str(stage.root), "find": "touch", "replace": "rm"}),
        ("files.move", {"folder": str(stage.root), "target": f"{stage.root}/`id`"}),
    ]
    for tool, arguments in asked:
        found = await stage.asked(tool, **arguments)
        assert isinstance(found, Proposal), found
        assert (await stage.done(found)).state == "done"
    assert not list(stage.root.parent.rglob("owned"))
    assert not Path("owned").exists()


async def test_home_roots_volumes_and_too_many_are_never_touched(stage: Stage) -> None:
    for path in (str(stage.root), str(stage.root.parent), "/", "/home/nobody", "/tmp", "/usr/bin", "C:\\"):
        await stage.refused("files.trash", paths=[path])
        await stage.refused("files.move", paths=[path], target=f"{stage.root}/in")
    before = look(stage.root)
    action_paths = tuple(f"{stage.root}/{n}" for n in range(20_001))
    action = Action(
        tool="files.trash", origin="window", paths=action_paths, writes=True, effects=(EffectKind.TRASH,), count=20_001
    )
    verdict = await stage.policy.judge(action, agreed=True)
    assert (verdict.decision, verdict.rule) == (Decision.DENY, "hard stop")
    assert look(stage.root) == before


async def test_nothing_is_ever_done_without_a_recorded_verdict_after_a_restart_neither(stage: Stage) -> None:
    proposal = await stage.asked("files.trash", paths=[f"{stage.root}/a.txt", f"{stage.root}/in/b.txt"])
    assert isinstance(proposal, Proposal)
    reached, hand = asyncio.Event(), stage.room.runs.mark

    async def cut(*_: Any, **__: Any) -> None:
        reached.set()
        await asyncio.Event().wait()

    assert proposal.preview is not None
    stage.room.runs.mark = cut  # type: ignore[method-assign]
    run = await stage.room.deeds.acting.approve(proposal.id, proposal.preview.digest, "window")
    async with asyncio.timeout(LIMIT_S):
        await reached.wait()
    await stage.supervisor.close(LIMIT_S)
    stage.room.runs.mark = hand  # type: ignore[method-assign]
    await stage.room.recovery.find()
    for door in ("flow", "schedule", "plug-in"):
        before = look(stage.root)
        with pytest.raises(PolicyDeniedError):
            await stage.room.deeds.history.resume(run.id, door, finish=True)
        assert look(stage.root) == before
    seen = len(stage.audit.lines)
    await stage.room.deeds.history.resume(run.id, "window", finish=True)
    assert (await stage.room.deeds.history.ended(run.id)).state == "done"
    action, verdict, _ = stage.audit.lines[seen]
    assert (action.tool, verdict.decision) == ("history.resume", Decision.ALLOW)
    assert {str(stage.root / "a.txt"), str(stage.root / "in" / "b.txt")} <= set(action.paths)
    for work in (stage.room.deeds.history.undo, stage.room.deeds.history.redo):
        seen = len(stage.audit.lines)
        await work(run.id, "window")
        assert stage.audit.lines[seen][0].paths


async def test_what_is_written_is_never_in_the_record_the_log_or_an_event(stage: Stage, caplog: pytest.LogCaptureFixture) -> None:
    (stage.root / "secret.txt").write_text(f"password: {SECRET}\n", "utf-8")
    caplog.set_level("DEBUG")
    asked: list[tuple[str, Arguments]] = [
        ("text.append", {"path": f"{stage.root}/a.txt", "content": SECRET}),
        ("text.create", {"path": f"{stage.root}/new.md", "content": SECRET}),
        ("text.replace", {"folder": str(stage.root), "find": "password", "replace": SECRET}),
        ("files.trash", {"paths": [f"{stage.root}/secret.txt"]}),
    ]
    for tool, arguments in asked:
        found = await stage.asked(tool, **arguments)
        assert isinstance(found, Proposal), found
        run = await stage.done(found)
        assert run.state == "done"
        await stage.room.deeds.history.undo(run.id, "window")
    said = [event.model_dump_json() for event in stage.events.published]
    recorded = [f"{action.model_dump_json()} {verdict.model_dump_json()}" for action, verdict, _ in stage.audit.lines]
    assert not [line for line in (*said, *recorded, caplog.text) if SECRET in line]
