"""How one file of a plan or of a run is shown: by lines, or by sizes where its contents are too large or kept no more."""

from dataclasses import replace

import pytest

from assistant.domain.change import Applied, Change, ChangeKind, FileDiff
from assistant.orchestrator.acting.hands import Hands
from assistant.orchestrator.acting.showing import MOST_BYTES, shown_diff
from tests.fakes.acting import FakeBlobs
from tests.fakes.seeing import DiskFiles, stamp_of
from tests.unit.assistant.orchestrator.acting.conftest import Around

OLD, NEW = b"one\ntwo\n", b"one\nthree\n"


class Room:
    """Hands over a folder and contents in memory, with one file in it."""

    def __init__(self, around: Around) -> None:
        self.blobs = FakeBlobs()
        self.file = around.root / "a.txt"
        self.file.write_bytes(OLD)
        self.hands: Hands = replace(around.room.hands, blobs=self.blobs, files=DiskFiles(around.root))

    async def change(self, kind: ChangeKind, new: bytes = NEW, **more: object) -> Change:
        blob = await self.blobs.put(new) if kind in (ChangeKind.CREATE, ChangeKind.WRITE) else ""
        before = None if kind is ChangeKind.CREATE else stamp_of(self.file)
        facts = {"kind": kind, "path": str(self.file), "blob": blob, "size": len(new) if blob else 0, "before": before}
        return Change.model_validate({**facts, **more})


@pytest.fixture
def room(around: Around) -> Room:
    return Room(around)


def signs(diff: FileDiff) -> list[str]:
    return [line.sign + line.text for hunk in diff.hunks for line in hunk.lines]


async def test_a_plan_is_compared_with_the_disk(room: Room) -> None:
    diff = await shown_diff(room.hands, await room.change(ChangeKind.WRITE))
    assert signs(diff) == [" one", "-two", "+three"]
    assert (diff.binary, diff.old_size, diff.new_size) == (False, len(OLD), len(NEW))


async def test_a_run_is_compared_with_what_was_kept(room: Room) -> None:
    change = await room.change(ChangeKind.WRITE)
    applied = Applied(n=0, change=change, blob=await room.blobs.put(OLD))
    room.file.write_bytes(b"changed again\n")
    assert signs(await shown_diff(room.hands, change, applied)) == [" one", "-two", "+three"]


async def test_a_new_file_is_all_new(room: Room) -> None:
    assert signs(await shown_diff(room.hands, await room.change(ChangeKind.CREATE))) == ["+one", "+three"]


@pytest.mark.parametrize("kept", [True, False])
async def test_contents_that_are_kept_no_more_are_shown_by_sizes(room: Room, kept: bool) -> None:
    change = await room.change(ChangeKind.WRITE)
    applied = Applied(n=0, change=change, blob=await room.blobs.put(OLD) if kept else "")
    room.blobs.kept.pop(applied.blob, None)
    diff = await shown_diff(room.hands, change, applied)
    assert (diff.binary, diff.truncated, diff.hunks) == (True, True, ())
    assert (diff.old_size, diff.new_size) == (len(OLD), len(NEW))


async def test_what_is_too_large_is_not_read(room: Room) -> None:
    change = await room.change(ChangeKind.WRITE, size=MOST_BYTES + 1)
    diff = await shown_diff(room.hands, change)
    assert (diff.binary, diff.truncated, diff.new_size) == (True, True, MOST_BYTES + 1)


@pytest.mark.parametrize(
    ("kind", "to", "new_size"), [(ChangeKind.MOVE, "/d/b.txt", len(OLD)), (ChangeKind.TRASH, "", 0), (ChangeKind.RMDIR, "", 0)]
)
async def test_what_changes_no_contents_has_sizes_and_a_place(room: Room, kind: ChangeKind, to: str, new_size: int) -> None:
    diff = await shown_diff(room.hands, await room.change(kind, to=to))
    assert (diff.to, diff.binary, diff.truncated) == (to, True, False)
    assert (diff.old_size, diff.new_size, diff.hunks) == (len(OLD), new_size, ())
