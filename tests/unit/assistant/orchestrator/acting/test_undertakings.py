"""What goes on in a process that closes, or that dies: nothing new begins; a cut off undo or redo is gone on with."""

import asyncio
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.domain.errors import ClosingError
from assistant.domain.plan import Reverted, Run
from tests.flows.tree import look
from tests.unit.assistant.orchestrator.acting.conftest import Around

FILES = 4
DEADLINE_S = 10.0
REQUESTS = (
    "move *.txt from {root} to {root}/to",
    "copy *.txt from {root} to {root}/to",
    'replace "text" with "words" in {root}',
    "delete *.txt in {root}",
)


def fill(root: Path) -> None:
    for n in range(FILES):
        (root / f"{n}.txt").write_text(f"text {n}", "utf-8")


async def done(around: Around, request: str) -> Run:
    run = await begun(around, request)
    return await around.room.deeds.history.ended(run.id)


async def begun(around: Around, request: str) -> Run:
    acting = around.room.deeds.acting
    proposal = await acting.plan(request.format(root=around.root), "window", [str(around.root)])
    assert proposal.preview is not None
    return await acting.approve(proposal.id, proposal.preview.digest, "window")


class Held:
    """Holds the record of changes up at one of them, before or after it was written down."""

    def __init__(self, around: Around, at: int, *, noted: bool) -> None:
        self._runs, self._mark = around.room.runs, around.room.runs.mark
        self._at, self._noted = at, noted
        self.reached, self.go_on = asyncio.Event(), asyncio.Event()
        self._runs.mark = self._marking  # type: ignore[method-assign]

    async def _marking(self, run_id: str, applied: Any = (), reverted: Any = ()) -> None:
        self._at -= 1
        if self._at >= 0:
            await self._mark(run_id, applied, reverted)
            return
        if self._noted:
            await self._mark(run_id, applied, reverted)
        self.reached.set()
        await self.go_on.wait()
        if not self._noted:
            await self._mark(run_id, applied, reverted)

    def let_go(self) -> None:
        """Write down as before."""
        self._runs.mark = self._mark  # type: ignore[method-assign]
        self.go_on.set()


async def cut_off(around: Around, work: Callable[[], Awaitable[Reverted]], at: int, *, noted: bool) -> None:
    """Let the process end in the middle of an undo or a redo, and start again."""
    held = Held(around, at, noted=noted)
    asked = asyncio.ensure_future(work())
    async with asyncio.timeout(DEADLINE_S):
        await held.reached.wait()
        await around.supervisor.close(DEADLINE_S)
        await asyncio.wait([asked])
    held.let_go()
    await around.room.recovery.find()


@pytest.mark.parametrize("request_", REQUESTS)
@pytest.mark.parametrize("at", [0, 2, FILES - 1])
@pytest.mark.parametrize("noted", [True, False], ids=["noted", "not noted"])
async def test_an_undo_and_a_redo_that_were_cut_off_are_gone_on_with(
    tmp_path: Path, threads: ThreadPoolExecutor, request_: str, at: int, noted: bool
) -> None:
    around = Around(tmp_path, threads)
    fill(around.root)
    before = look(around.root)
    history = around.room.deeds.history
    run = await done(around, request_)
    after = sorted(path.relative_to(around.root) for path in around.root.rglob("*"))

    await cut_off(around, lambda: history.undo(run.id, "window"), at, noted=noted)
    told, _ = await history.run(run.id)
    assert told.state == "partly undone", "it is not said to stand as a whole"
    assert "goes on with it" in told.reason
    assert told.standing == run.standing - at - noted
    gone_on = await history.undo(run.id, "window")
    assert (gone_on.run.state, gone_on.run.standing, gone_on.run.reason, gone_on.conflicts) == ("undone", 0, "", ())
    assert look(around.root) == before

    await cut_off(around, lambda: history.redo(run.id, "window"), at, noted=noted)
    assert (await history.run(run.id))[0].state == "partly undone"
    again = await history.redo(run.id, "window")
    assert (again.run.state, again.run.standing, again.conflicts) == ("done", run.standing, ())
    assert sorted(path.relative_to(around.root) for path in around.root.rglob("*")) == after
    await around.supervisor.close(DEADLINE_S)


async def test_what_a_person_put_back_by_hand_is_no_conflict(around: Around) -> None:
    fill(around.root)
    run = await done(around, REQUESTS[0])
    (around.root / "to" / "3.txt").rename(around.root / "3.txt")
    assert (await around.room.deeds.history.undo(run.id, "window")).run.state == "undone"


async def test_a_caller_who_goes_away_cuts_nothing_off(around: Around) -> None:
    """A window that closes, or a connection that breaks, ends the waiting; the undo goes on to its end."""
    fill(around.root)
    before = look(around.root)
    run = await done(around, REQUESTS[0])
    held = Held(around, 1, noted=True)
    asked = asyncio.ensure_future(around.room.deeds.history.undo(run.id, "window"))
    undertakings = around.room.deeds.undertakings
    async with asyncio.timeout(DEADLINE_S):
        await held.reached.wait()
        asked.cancel()
        await asyncio.wait([asked])
        assert [(one.kind, one.what) for one in undertakings.all()] == [("undo", run.plan.request)]
        held.let_go()
        while undertakings.all():
            await asyncio.sleep(0)
    assert look(around.root) == before
    assert (await around.room.deeds.history.run(run.id))[0].state == "undone"


async def test_once_mneme_closes_nothing_begins_and_what_goes_on_is_named(around: Around) -> None:
    fill(around.root)
    deeds = around.room.deeds
    waiting = await deeds.acting.plan(REQUESTS[3].format(root=around.root), "cli", [])
    assert waiting.preview is not None
    held = Held(around, 2, noted=True)
    run = await begun(around, REQUESTS[0])
    async with asyncio.timeout(DEADLINE_S):
        await held.reached.wait()
    (going,) = deeds.undertakings.all()
    assert (going.kind, going.run_id, going.done, going.total) == ("run", run.id, 3, FILES + 1)
    deeds.undertakings.close()
    for refused in (
        deeds.acting.plan("list the files here", "cli", [str(around.root)]),
        deeds.acting.approve(waiting.id, waiting.preview.digest, "cli"),
        deeds.history.undo("", "cli"),
        deeds.history.redo("", "cli"),
        deeds.history.resume(run.id, "cli", True),
    ):
        with pytest.raises(ClosingError, match="finishes “move"):
            await refused
    held.let_go()
    assert (await deeds.history.ended(run.id)).state == "done"
    assert deeds.undertakings.all() == ()
    with pytest.raises(ClosingError, match=r"memory is closing\. Nothing of this was begun"):
        await deeds.history.undo("", "cli")


async def test_all_that_goes_on_is_stopped_and_taken_back(around: Around) -> None:
    fill(around.root)
    before = look(around.root)
    held = Held(around, 2, noted=True)
    run = await begun(around, REQUESTS[0])
    async with asyncio.timeout(DEADLINE_S):
        await held.reached.wait()
    around.room.deeds.undertakings.stop()
    assert [one.kind for one in around.room.deeds.undertakings.all()] == ["take back"]
    held.let_go()
    assert (await around.room.deeds.history.ended(run.id)).state == "cancelled"
    assert look(around.root) == before


async def test_whoever_agreed_may_go_before_the_run_begins(around: Around) -> None:
    fill(around.root)
    acting = around.room.deeds.acting
    proposal = await acting.plan(REQUESTS[0].format(root=around.root), "window", [])
    assert proposal.preview is not None
    agreeing = asyncio.ensure_future(acting.approve(proposal.id, proposal.preview.digest, "window"))
    async with asyncio.timeout(DEADLINE_S):
        while not around.room.deeds.undertakings.all():
            await asyncio.sleep(0)
        agreeing.cancel()
        await asyncio.wait([agreeing])
        while around.room.deeds.undertakings.all():
            await asyncio.sleep(0)
    (run,) = await around.room.deeds.history.runs()
    assert run.state == "done"
