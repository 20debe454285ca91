"""What happens between approval and end: failures, stops, a world that moves, and the end of the process in the middle."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, cast

import pytest

from assistant.domain.change import Applied, Change
from assistant.domain.errors import ChangedMeanwhileError, NotFoundError, StorageError, UndoError
from assistant.domain.events import ApprovalAwaited, FilesChanged, RunEnded, StepChanged, Warned
from assistant.domain.plan import PlanEdit, Proposal, Run
from assistant.ports.acting import Workspace
from tests.flows.tree import look
from tests.unit.assistant.orchestrator.acting.conftest import Around

FILES = 7


class Hand:
    """Stands before the workspace; `before` is called with the number of every change before it is made."""

    def __init__(self, real: Any, before: Callable[[int], None]) -> None:
        self._real = real
        self._before = before

    def __getattr__(self, name: str) -> Any:
        return getattr(self._real, name)

    async def apply(self, n: int, change: Change) -> Applied:
        self._before(n)
        return await self._real.apply(n, change)


def fill(root: Path) -> None:
    for n in range(FILES):
        (root / f"{n}.txt").write_text(f"text {n}", "utf-8")
    (root / "to").mkdir()


async def planned(around: Around, request: str) -> Proposal:
    proposal = await around.room.deeds.acting.plan(request.format(root=around.root), "window", [str(around.root)])
    assert proposal.state == "ready", proposal.model_dump_json(indent=1)
    return proposal


async def done(around: Around, proposal: Proposal) -> Run:
    assert proposal.preview is not None
    run = await around.room.deeds.acting.approve(proposal.id, proposal.preview.digest, "window")
    return await around.room.deeds.history.ended(run.id)


MOVE = "move *.txt from {root} to {root}/to"


@pytest.mark.parametrize("fails_at", range(FILES))
async def test_a_failure_takes_back_what_was_done(tmp_path: Path, threads: ThreadPoolExecutor, fails_at: int) -> None:
    def fail(n: int) -> None:
        if n == fails_at:
            raise StorageError("The disk is full.")

    around = Around(tmp_path, threads, wrap=lambda real: cast(Workspace, Hand(real, fail)))
    fill(around.root)
    before = look(around.root)
    run = await done(around, await planned(around, MOVE))
    assert (run.state, run.standing) == ("failed", 0)
    assert "disk is full" in run.reason
    assert "taken back" in run.reason
    assert look(around.root) == before
    assert [event.state for event in around.told(RunEnded)] == ["failed"]  # type: ignore[attr-defined]
    with pytest.raises(UndoError):
        await around.room.deeds.history.undo(run.id, "window")
    await around.supervisor.close(10.0)


@pytest.mark.parametrize("stops_at", [0, 3, FILES - 1])
async def test_a_person_stops_a_run_at_any_moment(tmp_path: Path, threads: ThreadPoolExecutor, stops_at: int) -> None:
    around: Around

    def stop(n: int) -> None:
        if n == stops_at:
            around.room.deeds.undertakings.cancel(next(iter(around.room.runs.runs)))

    around = Around(tmp_path, threads, wrap=lambda real: cast(Workspace, Hand(real, stop)))
    fill(around.root)
    before = look(around.root)
    run = await done(around, await planned(around, MOVE))
    if stops_at < FILES - 1:
        assert (run.state, run.standing) == ("cancelled", 0)
        assert look(around.root) == before
    else:
        assert run.state == "done", "the last change was under way: it is done"
    await around.supervisor.close(10.0)


async def test_a_world_that_moved_is_previewed_again(around: Around) -> None:
    fill(around.root)
    proposal = await planned(around, MOVE)
    assert proposal.preview is not None
    (around.root / "late.txt").write_text("late", "utf-8")
    before = look(around.root)
    with pytest.raises(ChangedMeanwhileError):
        await around.room.deeds.acting.approve(proposal.id, proposal.preview.digest, "window")
    assert look(around.root) == before
    (again,) = await around.room.deeds.acting.waiting()
    assert again.preview is not None
    assert again.preview.totals.moved == FILES + 1
    assert (await done(around, again)).state == "done"
    assert len(around.told(ApprovalAwaited)) == 2


async def test_a_plan_can_be_edited_before_it_runs(around: Around) -> None:
    fill(around.root)
    acting = around.room.deeds.acting
    proposal = await planned(around, f"{MOVE} and then delete {{root}}/to/3.txt")
    assert [view.step.tool for view in proposal.steps] == ["files.move", "files.trash"]
    less = await acting.edit(proposal.id, PlanEdit(drop=("2",), skip=(str(around.root / "5.txt"),)))
    assert less.preview is not None
    assert less.preview.totals.moved == FILES - 1
    run = await done(around, less)
    assert run.state == "done"
    assert (around.root / "5.txt").exists()
    assert (around.root / "to" / "3.txt").exists()


async def test_a_step_sees_what_the_one_before_leaves(around: Around) -> None:
    fill(around.root)
    before = look(around.root)
    run = await done(around, await planned(around, f"{MOVE} and then delete {{root}}/to/3.txt"))
    assert run.state == "done"
    assert not (around.root / "to" / "3.txt").exists()
    undone = await around.room.deeds.history.undo(run.id, "window", step="2")
    assert not undone.conflicts
    assert (around.root / "to" / "3.txt").exists()
    assert undone.run.state == "partly undone"
    assert not (await around.room.deeds.history.undo(run.id, "window")).conflicts
    assert look(around.root) == before
    states = {(event.step, event.state) for event in around.told(StepChanged)}  # type: ignore[attr-defined]
    assert {("1", "done"), ("2", "done")} <= states
    assert [event.act for event in around.told(FilesChanged)] == ["run", "undo", "undo"]  # type: ignore[attr-defined]


async def test_hunks_that_are_left_out_stay_as_they_were(around: Around) -> None:
    old = "".join(f"line {n} old\n" for n in range(30))
    (around.root / "a.txt").write_text(old.replace("line 1 old", "line 1 x").replace("line 29 old", "line 29 x"), "utf-8")
    (around.root / "a.txt").write_text("old 1\n" + "same\n" * 20 + "old 2\n", "utf-8")
    acting = around.room.deeds.acting
    proposal = await planned(around, 'replace "old" with "new" in {root}/a.txt')
    diff = await acting.diff(proposal.id, str(around.root / "a.txt"))
    assert [hunk.n for hunk in diff.hunks] == [0, 1]
    path = str(around.root / "a.txt")
    nothing = await acting.edit(proposal.id, PlanEdit(left_out={path: (0, 1)}))
    assert (nothing.state, nothing.steps[0].left_out) == ("nothing", {path: (0, 1)})
    less = await acting.edit(proposal.id, PlanEdit(left_out={path: (1,)}))
    assert await acting.diff(proposal.id, path) == diff, "what is left out can be taken again"
    assert less.preview is not None
    held = around.room.proposals.contents()
    assert held is not None
    assert {change.blob for change in less.preview.changes} < held
    await done(around, less)
    assert (around.root / "a.txt").read_text("utf-8") == "new 1\n" + "same\n" * 20 + "old 2\n"


async def test_nobody_deciding_is_a_deny(around: Around) -> None:
    fill(around.root)
    proposal = await planned(around, MOVE)
    around.clock.pass_seconds(around.room.hands.settings.plan_minutes * 60)
    assert await around.room.deeds.acting.waiting() == []
    assert proposal.preview is not None
    with pytest.raises(NotFoundError):
        await around.room.deeds.acting.approve(proposal.id, proposal.preview.digest, "window")


@pytest.mark.parametrize("killed_at", range(FILES))
@pytest.mark.parametrize("noted", [True, False], ids=["noted", "not noted"])
@pytest.mark.parametrize("finish", [True, False], ids=["finish", "take back"])
async def test_what_the_end_of_the_process_cut_off_is_finished_or_taken_back(
    tmp_path: Path, threads: ThreadPoolExecutor, killed_at: int, noted: bool, finish: bool
) -> None:
    around = Around(tmp_path, threads)
    fill(around.root)
    before = look(around.root)
    mark = around.room.runs.mark
    count = 0
    reached = asyncio.Event()

    async def marking(run_id: str, applied: Any = (), reverted: Any = ()) -> None:
        nonlocal count
        last = count == killed_at
        if noted or not last:
            await mark(run_id, applied, reverted)
        count += 1
        if last:
            reached.set()
            await asyncio.Event().wait()

    around.room.runs.mark = marking  # type: ignore[method-assign]
    proposal = await planned(around, MOVE)
    assert proposal.preview is not None
    run = await around.room.deeds.acting.approve(proposal.id, proposal.preview.digest, "window")
    async with asyncio.timeout(10.0):
        await reached.wait()
    await around.supervisor.close(10.0)
    around.room.runs.mark = mark  # type: ignore[method-assign]
    assert (await around.room.deeds.history.run(run.id))[0].state == "running"

    (cut,) = await around.room.recovery.find()
    assert cut.id == run.id
    assert around.told(Warned)
    ended, _ = await around.room.deeds.history.run(run.id)
    assert (ended.state, ended.standing) == ("interrupted", killed_at + 1)
    await around.room.deeds.history.resume(run.id, "window", finish=finish)
    ended = await around.room.deeds.history.ended(run.id)
    if finish:
        assert (ended.state, ended.standing, ended.reason) == ("done", FILES, "")
        assert len(list((around.root / "to").iterdir())) == FILES
        assert not (await around.room.deeds.history.undo(run.id, "window")).conflicts
    assert look(around.root) == before
    await around.supervisor.close(10.0)


@pytest.mark.parametrize(
    ("request_", "reveal"),
    [
        ("open {root}/0.txt", False),
        ("открой {root}/0.txt", False),
        ("show {root}/0.txt in the file manager", True),
        ("покажи {root}/0.txt в проводнике", True),
    ],
)
async def test_opening_and_showing_wait_for_a_yes_and_are_said_to_be_out_of_reach_of_undo(
    around: Around, request_: str, reveal: bool
) -> None:
    fill(around.root)
    proposal = await planned(around, request_)
    assert around.room.opener.opened == []
    assert proposal.preview is not None
    run = await done(around, proposal)
    assert run.state == "done"
    assert around.room.opener.opened == [(str(around.root / "0.txt"), reveal)]
