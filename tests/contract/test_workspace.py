"""What every Workspace promises."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.domain.change import Applied, Change, ChangeKind
from tests.contract.trees import Desk, state


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ThreadPoolExecutor(2) as pool:
        yield Desk(tmp_path, pool)


async def one_of(desk: Desk, kind: str) -> Change:
    """Return a change of a kind that can happen."""
    match kind:
        case "create":
            return await desk.create("new.txt", b"new", 0o640)
        case "write":
            desk.put("a.txt", b"old", 0o600)
            return await desk.write("a.txt", b"other contents")
        case "move":
            desk.put("a.txt", b"old", 0o600)
            desk.folder("sub")
            return await desk.move("a.txt", "sub/b.txt")
        case "move folder":
            desk.put("sub/deep/a.txt", b"old", 0o600)
            return await desk.move("sub", "other")
        case "trash":
            desk.put("a.txt", b"old", 0o600)
            return await desk.take("a.txt")
        case "trash folder":
            desk.put("sub/deep/a.txt", b"old", 0o600)
            return await desk.take("sub")
        case "mkdir":
            return desk.make("new", 0o750)
        case _:
            (desk.root / "empty").mkdir(mode=0o700)
            return await desk.take("empty", ChangeKind.RMDIR)


KINDS = ["create", "write", "move", "move folder", "trash", "trash folder", "mkdir", "rmdir"]


@pytest.mark.parametrize("kind", KINDS)
async def test_a_change_happens_and_is_taken_back_exactly(desk: Desk, kind: str) -> None:
    change = await one_of(desk, kind)
    before = state(desk.root)
    times = await desk.workspace.times([change])
    assert await desk.workspace.check([change]) == {}
    assert await desk.workspace.recover(3, change) is None
    applied = await desk.workspace.apply(3, change)
    assert applied.n == 3
    assert state(desk.root) != before
    assert applied.after == await desk.files.stamp(change.result, digest=bool(applied.after and applied.after.digest))
    found = await desk.workspace.recover(3, change)
    assert found is not None
    assert (found.after, found.trash, found.blob) == (applied.after, applied.trash, applied.blob)
    await desk.workspace.revert(found)
    assert await desk.workspace.recover(3, change) is None
    await desk.workspace.settle(times)
    assert state(desk.root) == before
    again: Applied = await desk.workspace.apply(3, change)
    await desk.workspace.revert(again)
    await desk.workspace.settle(times)
    assert state(desk.root) == before
