"""Contents from before stay within their budget: the oldest runs give up first, what somebody still decides about keeps them."""

from dataclasses import replace

import pytest

from assistant.config import Acting
from assistant.domain.change import Applied, Change, ChangeKind, Preview
from assistant.domain.plan import Plan, Run, RunLog, RunState
from assistant.orchestrator.acting.budget import UndoBudget, contents
from tests.fakes.acting import FakeBlobs
from tests.fakes.acting_room import NOON
from tests.fakes.acting_stores import FakeRuns
from tests.unit.assistant.orchestrator.acting.conftest import Around

HALF = 2**19


class Shelf:
    """A budget of one MiB over runs and contents in memory."""

    def __init__(self, around: Around, budget_mb: int = 1) -> None:
        self.blobs, self.runs = FakeBlobs(), FakeRuns()
        self.waiting: set[str] | None = set()
        settings = Acting(undo_budget_mb=budget_mb)
        hands = replace(around.room.hands, blobs=self.blobs, runs=self.runs, settings=settings)
        self.budget = UndoBudget(hands, lambda: self.waiting)

    async def put(self, letter: str, size: int = HALF) -> str:
        return await self.blobs.put(letter.encode() * size)

    async def run(self, name: str, before: str, after: str = "", state: RunState = "done") -> None:
        """Keep a run, newer than those before, that wrote one file."""
        change = Change(kind=ChangeKind.WRITE, path=f"/d/{name}", blob=after)
        plan = Plan(id=f"plan_{name}", request=name, language="en", origin="cli", steps=())
        log = RunLog(preview=Preview(digest="d", changes=(change,), at=NOON), applied=(Applied(n=0, change=change, blob=before),))
        await self.runs.begin(Run(id=name, plan=plan, state=state, began=NOON), log)

    @property
    def undoable(self) -> list[str]:
        return [name for name, run in self.runs.runs.items() if run.undoable]


@pytest.fixture
def shelf(around: Around) -> Shelf:
    return Shelf(around)


async def test_contents_that_no_run_needs_go(shelf: Shelf) -> None:
    lost, kept = await shelf.put("x"), await shelf.put("a")
    await shelf.run("one", kept)
    assert await shelf.budget.collect() == HALF
    assert set(shelf.blobs.kept) == {kept}
    assert lost not in shelf.blobs.kept
    assert shelf.undoable == ["one"]


async def test_nothing_goes_while_a_plan_is_looked_through(shelf: Shelf) -> None:
    await shelf.put("x")
    shelf.waiting = None
    assert await shelf.budget.collect() == 0
    assert len(shelf.blobs.kept) == 1


async def test_the_oldest_give_up_first_and_say_so(shelf: Shelf) -> None:
    made = [await shelf.put(letter) for letter in "abc"]
    for name, blob in zip(("old", "middle", "new"), made, strict=True):
        await shelf.run(name, blob)
    assert await shelf.budget.collect() == HALF
    assert shelf.undoable == ["middle", "new"]
    assert set(shelf.blobs.kept) == set(made[1:])
    durable = len(shelf.runs.durable)
    assert await shelf.budget.collect() == 0
    assert len(shelf.runs.durable) == durable, "what has said so says it once"


async def test_a_small_old_run_does_not_outlive_a_large_newer_one(shelf: Shelf) -> None:
    small, large, new = await shelf.put("a", 10), await shelf.put("b", 3 * HALF), await shelf.put("c")
    for name, blob in (("small", small), ("large", large), ("new", new)):
        await shelf.run(name, blob)
    await shelf.budget.collect()
    assert shelf.undoable == ["new"]
    assert set(shelf.blobs.kept) == {new}


async def test_what_two_runs_need_stays_for_the_newer_one(shelf: Shelf) -> None:
    shared, big = await shelf.put("a"), await shelf.put("b", 2 * HALF)
    await shelf.run("old", shared, big)
    await shelf.run("new", shared)
    await shelf.budget.collect()
    assert (shelf.undoable, set(shelf.blobs.kept)) == (["new"], {shared})


@pytest.mark.parametrize("state", ["running", "interrupted"])
async def test_a_run_that_is_not_decided_about_keeps_its_contents(shelf: Shelf, state: RunState) -> None:
    cut, new, old = await shelf.put("a", 4 * HALF), await shelf.put("b", 3 * HALF), await shelf.put("c", 10)
    await shelf.run("old", old)
    await shelf.run("cut", cut, state=state)
    await shelf.run("new", new)
    await shelf.budget.collect()
    assert shelf.undoable == ["cut"]
    assert set(shelf.blobs.kept) == {cut}


async def test_plans_that_wait_keep_theirs_and_take_room(shelf: Shelf) -> None:
    planned, done = await shelf.put("a", 2 * HALF), await shelf.put("b")
    shelf.waiting = {planned}
    await shelf.run("done", done)
    await shelf.budget.collect()
    assert (set(shelf.blobs.kept), shelf.undoable) == ({planned}, [])
    shelf.waiting = set()
    await shelf.budget.collect()
    assert shelf.blobs.kept == {}


async def test_without_a_budget_nothing_is_kept(around: Around) -> None:
    shelf = Shelf(around, 0)
    await shelf.run("one", await shelf.put("a", 1))
    assert await shelf.budget.collect() == 1
    assert shelf.undoable == []


async def test_a_run_that_needs_no_contents_can_always_be_undone(around: Around) -> None:
    shelf = Shelf(around, 0)
    await shelf.run("moved", "")
    await shelf.budget.collect()
    assert shelf.undoable == ["moved"]


async def test_many_runs_come_page_by_page(shelf: Shelf) -> None:
    for number in range(205):
        await shelf.run(str(number), await shelf.put(chr(0x400 + number), 10))
    assert await shelf.budget.collect() == 0
    assert len(shelf.undoable) == 205
    assert await shelf.budget.spent() == (205 * 20, 2**20)


async def test_forgetting_drops_what_only_the_forgotten_needed(shelf: Shelf) -> None:
    gone, kept = await shelf.put("a"), await shelf.put("b")
    await shelf.run("gone", gone)
    await shelf.run("kept", kept)
    await shelf.budget.forget(["/d/gone"])
    assert set(shelf.blobs.kept) == {kept}


def test_contents_are_those_before_and_after() -> None:
    change = Change(kind=ChangeKind.WRITE, path="/d/a", blob="after")
    moved = Applied(n=1, change=Change(kind=ChangeKind.MOVE, path="/d/b", to="/d/c"))
    log = RunLog(
        preview=Preview(digest="d", changes=(change,), at=NOON), applied=(Applied(n=0, change=change, blob="before"), moved)
    )
    assert contents(log) == {"before", "after"}
