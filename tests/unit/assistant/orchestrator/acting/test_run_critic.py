"""The critic believes the disk: what is gone, other than written, or fewer than promised is told."""

import os
from pathlib import Path

import pytest

from assistant.domain.change import Applied, Change, ChangeKind
from assistant.domain.plan import Plan, Run
from assistant.orchestrator.acting.critic import MOST_FAULTS, Critic, missed
from tests.fakes.acting_room import NOON
from tests.fakes.seeing import DiskFiles, stamp_of


class Left:
    """A folder with what a run left in it."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.applied: list[Applied] = []
        self.critic = Critic(DiskFiles(root))

    def created(self, name: str, content: bytes = b"x") -> Path:
        path = self.root / name
        path.write_bytes(content)
        stamp = stamp_of(path, digest=True)
        assert stamp is not None
        change = Change(kind=ChangeKind.CREATE, path=str(path), blob=stamp.digest, size=len(content))
        self.applied.append(Applied(n=len(self.applied), change=change, after=stamp))
        return path

    async def faults(self, total: int | None = None) -> list[str]:
        plan = Plan(id="p", request="r", language="en", origin="cli", steps=())
        count = len(self.applied) if total is None else total
        return await self.critic.review(Run(id="r", plan=plan, state="running", began=NOON, total=count), self.applied)


@pytest.fixture
def left(tmp_path: Path) -> Left:
    return Left(tmp_path)


async def test_all_as_it_was_left_is_well(left: Left) -> None:
    left.created("a")
    os.utime(left.created("b"), (0, 0))
    assert await left.faults() == []


async def test_gone_other_and_another_kind_are_told(left: Left) -> None:
    gone, other, kind = left.created("gone"), left.created("other"), left.created("kind")
    gone.unlink()
    other.write_bytes(b"y")
    kind.unlink()
    kind.mkdir()
    assert await left.faults() == [f"{path} is not as it was left." for path in (gone, other, kind)]


async def test_what_a_later_change_moved_is_looked_for_at_its_place(left: Left) -> None:
    path = left.created("a")
    to = path.with_name("b")
    path.rename(to)
    move = Change(kind=ChangeKind.MOVE, path=str(path), to=str(to), before=stamp_of(to))
    left.applied.append(Applied(n=1, change=move, after=stamp_of(to)))
    assert await left.faults() == []
    to.unlink()
    assert await left.faults() == [f"{to} is not as it was left."]


async def test_what_went_to_the_trash_is_not_missed(left: Left) -> None:
    path = left.created("a")
    change = Change(kind=ChangeKind.TRASH, path=str(path), before=stamp_of(path))
    path.unlink()
    left.applied.append(Applied(n=1, change=change, trash="token"))
    assert await left.faults() == []


async def test_fewer_changes_than_were_to_be_are_told(left: Left) -> None:
    left.created("a")
    assert await left.faults(total=3) == ["1 of 3 changes were made."]


async def test_it_names_a_few_and_stops(left: Left) -> None:
    for number in range(20):
        left.created(str(number)).unlink()
    assert len(await left.faults()) == MOST_FAULTS


def test_counts_are_compared_with_what_the_tool_expected() -> None:
    def applied(kind: ChangeKind, items: int = 1) -> Applied:
        return Applied(n=0, change=Change(kind=kind, path="/d/a", items=items))

    done = [applied(ChangeKind.MOVE), applied(ChangeKind.MOVE), applied(ChangeKind.TRASH, 7), applied(ChangeKind.MKDIR)]
    assert missed({"moved": 2, "trashed": 7, "folders": 9, "anything": 1}, done) == []
    assert missed({"moved": 3, "created": 0}, done) == ["2 were moved, 3 were expected."]
    assert missed({"written": 1}, []) == ["0 were written, 1 were expected."]
