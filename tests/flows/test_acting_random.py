"""Random plans over random trees: whatever happens on the way, a tree is as before or as after.

Nothing beside it is ever touched.
"""

import asyncio
import tempfile
from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, cast

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.change import Applied, Change
from assistant.domain.errors import MnemeError, StorageError
from assistant.domain.plan import Proposal, Run
from assistant.ports.acting import Workspace
from tests.flows.random_deeds import Tree, Wanted, Wants, literal, plans, trees
from tests.flows.tree import look
from tests.unit.assistant.orchestrator.acting.conftest import Around

Steps = list[Wanted]
LIMIT_S = 30.0

how = st.sampled_from(("fail", "stop", "cut before", "cut unnoted", "cut noted"))
few = settings(
    max_examples=15,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
many = settings(max_examples=1500, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])


@dataclass(slots=True)
class Hand:
    """Stands before the workspace; lets something happen at the `at`-th change once it is armed by `what`."""

    real: Any = None
    what: str = ""
    at: int = 0
    count: int = 0
    met: int = -1
    stop: Any = None
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real, name)

    async def apply(self, n: int, change: Change) -> Applied:
        mine = self.what and self.count == self.at
        self.count += 1
        if mine:
            self.met = n
        if mine and self.what == "fail":
            raise StorageError("The disk is full.")
        if mine and self.what == "stop":
            self.stop()
        if mine and self.what == "cut before":
            await self.cut()
        applied = await self.real.apply(n, change)
        if mine and self.what == "cut unnoted":
            await self.cut()
        return applied

    async def cut(self) -> None:
        self.reached.set()
        await asyncio.Event().wait()


@dataclass(slots=True)
class Stage:
    """A room over one random tree, with a sentinel tree beside it."""

    around: Around
    hand: Hand
    beside: Path

    @property
    def root(self) -> Path:
        return self.around.root

    async def planned(self) -> Proposal | None:
        """Return a plan that waits for approval; None where there is nothing to be done, or it is refused."""
        try:
            proposal = await self.around.room.deeds.acting.plan("do it", "window")
        except MnemeError:
            return None
        return proposal if proposal.state == "ready" and proposal.preview and proposal.preview.changes else None

    async def done(self, proposal: Proposal) -> Run:
        run = await self.approved(proposal)
        return await self.around.room.deeds.history.ended(run.id)

    async def approved(self, proposal: Proposal) -> Run:
        assert proposal.preview is not None
        return await self.around.room.deeds.acting.approve(proposal.id, proposal.preview.digest, "window")

    async def cut(self, proposal: Proposal, finish: bool) -> Run:
        """Let the process end at the armed change, as far as that can be played, and go on after the next start."""
        room, hand = self.around.room, self.hand
        mark = room.runs.mark

        async def marking(run_id: str, applied: Any = (), reverted: Any = ()) -> None:
            await mark(run_id, applied, reverted)
            if hand.what == "cut noted" and hand.met in [one.n for one in applied]:
                await hand.cut()

        room.runs.mark = marking  # type: ignore[method-assign]
        run = await self.approved(proposal)
        async with asyncio.timeout(LIMIT_S):
            await hand.reached.wait()
        await self.around.supervisor.close(LIMIT_S)
        room.runs.mark = mark  # type: ignore[method-assign]
        hand.what = ""
        assert [one.id for one in await room.recovery.find()] == [run.id]
        await room.deeds.history.resume(run.id, "window", finish=finish)
        return await room.deeds.history.ended(run.id)


@contextmanager
def staged(tree: Tree, steps: Steps) -> Generator[Stage]:
    with tempfile.TemporaryDirectory() as place, ThreadPoolExecutor(2) as threads:
        hand, wants = Hand(), Wants()

        def wrap(real: Workspace) -> Workspace:
            hand.real = real
            return cast(Workspace, hand)

        around = Around(Path(place).resolve(), threads, wrap=wrap, analyzer=wants)
        beside = around.root.parent / "beside"
        (beside / "below").mkdir(parents=True)
        (beside / "kept.txt").write_text("old text that nobody may touch\n", "utf-8")
        (beside / "below" / "old.txt").write_text("old\n", "utf-8")
        tree.lay(around.root, beside)
        wants.steps = [(tool, {k: literal(v, around.root, beside) for k, v in given.items()}) for tool, given in steps]
        yield Stage(around, hand, beside)


def timeless(seen: dict[str, tuple[object, ...]]) -> dict[str, tuple[object, ...]]:
    """Return a look without times: what is made twice is made at two times."""
    return {name: (*what[:2], *what[3:]) for name, what in seen.items()}


async def play(tree: Tree, steps: Steps, what: str, at: int, finish: bool) -> int:
    """Do all of it and take it back; then let it be disturbed. Return how many changes the plan had."""
    with staged(tree, steps) as stage:
        history = stage.around.room.deeds.history
        before, sentinel = look(stage.root), look(stage.beside)
        proposal = await stage.planned()
        assert look(stage.root) == before, "a preview changes nothing"
        if proposal is None:
            return 0
        run = await stage.done(proposal)
        assert (run.state, run.reason) == ("done", "")
        after = look(stage.root)
        assert look(stage.beside) == sentinel
        assert not (await history.undo(run.id, "window")).conflicts
        assert look(stage.root) == before
        assert not (await history.redo(run.id, "window")).conflicts
        assert timeless(look(stage.root)) == timeless(after)
        assert not (await history.undo(run.id, "window")).conflicts
        assert look(stage.root) == before

        again = await stage.planned()
        assert again is not None
        assert again.preview is not None
        changes = len(again.preview.changes)
        hand, room = stage.hand, stage.around.room
        hand.what, hand.at, hand.count, hand.met = what, at % changes, 0, -1
        hand.stop = lambda: room.deeds.undertakings.cancel(next(reversed(room.runs.runs)))
        run = await (stage.cut(again, finish) if what.startswith("cut") else stage.done(again))
        if run.state == "done":
            assert what not in ("fail",)
            assert finish or what == "stop"
            assert timeless(look(stage.root)) == timeless(after)
            assert not (await history.undo(run.id, "window")).conflicts
        assert look(stage.root) == before
        assert look(stage.beside) == sentinel
        await stage.around.supervisor.close(LIMIT_S)
        return changes


@few
@given(trees, plans, how, st.integers(0, 50), st.booleans())
def test_the_tree_is_as_before_or_as_after(tree: Tree, steps: Steps, what: str, at: int, finish: bool) -> None:
    asyncio.run(play(tree, steps, what, at, finish))


@pytest.mark.soak
@pytest.mark.timeout(3600)
@many
@given(trees, plans, how, st.integers(0, 50), st.booleans())
def test_the_tree_is_as_before_or_as_after_again_and_again(tree: Tree, steps: Steps, what: str, at: int, finish: bool) -> None:
    asyncio.run(play(tree, steps, what, at, finish))
