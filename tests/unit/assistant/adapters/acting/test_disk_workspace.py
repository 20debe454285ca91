import asyncio
import os
import threading
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO

import pytest

from assistant.adapters.acting.simulated_tree import SimulatedTree
from assistant.domain.change import Applied, Change, ChangeKind, Stamp
from assistant.domain.errors import (
    BlobGoneError,
    ChangedMeanwhileError,
    MnemeError,
    OccupiedError,
    StorageError,
    UndoError,
)
from tests.contract.trees import Desk, state

not_root = pytest.mark.skipif(os.name != "nt" and os.geteuid() == 0, reason="root may do everything")


async def test_a_rewritten_file_keeps_mode_owner_and_attributes(desk: Desk) -> None:
    path = desk.put("a.sh", b"old", 0o750)
    os.setxattr(path, "user.note", b"mine")
    applied = await desk.workspace.apply(0, await desk.write("a.sh", b"new"))
    assert (Path(path).stat().st_mode & 0o7777, os.getxattr(path, "user.note")) == (0o750, b"mine")
    await desk.workspace.revert(applied)
    assert (Path(path).stat().st_mode & 0o7777, os.getxattr(path, "user.note")) == (0o750, b"mine")


async def test_rights_to_run_as_the_owner_do_not_pass_to_other_contents(desk: Desk) -> None:
    path = desk.put("a", b"old", 0o4755)
    applied = await desk.workspace.apply(0, await desk.write("a", b"new"))
    assert Path(path).stat().st_mode & 0o7777 == 0o755
    await desk.workspace.revert(applied)
    assert Path(path).stat().st_mode & 0o7777 == 0o4755
    await desk.workspace.apply(1, await desk.create("b", b"new", 0o6777))
    assert Path(desk.path("b")).stat().st_mode & 0o7777 == 0o777


async def test_other_names_of_a_file_keep_what_it_held(desk: Desk, tmp_path: Path) -> None:
    """A second name may lie outside the granted roots, where nothing is ever written."""
    path = desk.put("a.txt", b"old")
    os.link(path, tmp_path / "outside" / "second name")
    applied = await desk.workspace.apply(0, await desk.write("a.txt", b"new"))
    assert (tmp_path / "outside" / "second name").read_bytes() == b"old"
    await desk.workspace.revert(applied)
    assert Path(path).read_bytes() == b"old"


async def test_contents_given_a_time_get_it(desk: Desk) -> None:
    change = (await desk.create("a.txt", b"x", 0o600)).model_copy(update={"mtime_ns": 1_234_567_890_123_456_789})
    applied = await desk.workspace.apply(0, change)
    info = Path(desk.path("a.txt")).stat()
    assert (info.st_mtime_ns, info.st_mode & 0o777) == (1_234_567_890_123_456_789, 0o600)
    assert applied.after is not None
    assert applied.after.mtime_ns == info.st_mtime_ns


async def test_what_a_person_changed_since_is_not_overwritten(desk: Desk) -> None:
    desk.put("written", b"old")
    desk.put("moved", b"old")
    applied = [
        await desk.workspace.apply(0, await desk.create("created", b"made")),
        await desk.workspace.apply(1, await desk.write("written", b"other")),
        await desk.workspace.apply(2, await desk.move("moved", "to")),
        await desk.workspace.apply(3, desk.make("folder")),
    ]
    for name in ("created", "written", "to", "folder/mine"):
        desk.put(name, b"mine!", mtime_ns=99)
    before = state(desk.root)
    for done in applied:
        with pytest.raises(ChangedMeanwhileError):
            await desk.workspace.revert(done)
    assert state(desk.root) == before


async def test_a_touched_file_with_the_same_contents_is_the_same(desk: Desk) -> None:
    applied = await desk.workspace.apply(0, await desk.create("a.txt", b"made"))
    os.utime(desk.path("a.txt"), ns=(5, 5))
    await desk.workspace.revert(applied)
    assert list(desk.root.iterdir()) == []


async def test_undo_does_not_take_a_place_that_is_used_again(desk: Desk) -> None:
    desk.put("moved", b"old")
    desk.put("trashed", b"old")
    desk.folder("removed")
    applied = [
        await desk.workspace.apply(0, await desk.move("moved", "to")),
        await desk.workspace.apply(1, await desk.take("trashed")),
        await desk.workspace.apply(2, await desk.take("removed", ChangeKind.RMDIR)),
    ]
    for name in ("moved", "trashed", "removed"):
        desk.put(name, b"mine")
    before = state(desk.root)
    for done in applied:
        with pytest.raises(OccupiedError):
            await desk.workspace.revert(done)
    assert state(desk.root) == before


async def test_what_is_not_kept_any_more_is_said(desk: Desk) -> None:
    desk.put("a", b"old")
    desk.put("b", b"old b")
    written = await desk.workspace.apply(0, await desk.write("a", b"new"))
    trashed = await desk.workspace.apply(1, await desk.take("b"))
    before = state(desk.root)
    await desk.blobs.drop([written.blob])
    Path(trashed.trash).unlink()
    with pytest.raises(BlobGoneError):
        await desk.workspace.revert(written)
    with pytest.raises(UndoError, match="not in the trash"):
        await desk.workspace.revert(trashed)
    with pytest.raises(UndoError, match="too large"):
        await desk.workspace.revert(written.model_copy(update={"blob": ""}))
    assert state(desk.root) == before
    with pytest.raises(BlobGoneError):
        await desk.workspace.apply(2, Change(kind=ChangeKind.CREATE, path=desk.path("c"), blob="0" * 64))
    assert state(desk.root) == before


async def test_contents_above_the_limit_are_not_kept(desk: Desk) -> None:
    desk.put("a", b"12345")
    desk.workspace._most_kept = 4  # pyright: ignore[reportPrivateUsage]
    applied = await desk.workspace.apply(0, await desk.write("a", b"new"))
    assert applied.blob == ""


async def test_a_place_in_the_trash_is_not_taken_on_trust(desk: Desk, tmp_path: Path) -> None:
    """What is brought back comes out of a trash of this user, whatever the log of runs says."""
    desk.put("a", b"old")
    applied = await desk.workspace.apply(0, await desk.take("a"))
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / "a").write_bytes(b"old")
    for place in (tmp_path / "files" / "a", tmp_path / "outside" / "secret.txt", "", "/etc/passwd"):
        with pytest.raises(UndoError):
            await desk.workspace.revert(applied.model_copy(update={"trash": str(place) or "x"}))
    assert not (desk.root / "a").exists()
    await desk.workspace.revert(applied)


async def test_things_of_one_name_have_their_own_places_in_the_trash(desk: Desk) -> None:
    applied: list[Applied] = []
    for number in range(4):
        desk.put("a.txt", b"%d" % number)
        applied.append(await desk.workspace.apply(number, await desk.take("a.txt")))
    assert len({done.trash for done in applied}) == 4
    for number in (2, 0, 3, 1):
        await desk.workspace.revert(applied[number])
        assert (desk.root / "a.txt").read_bytes() == b"%d" % number
        (desk.root / "a.txt").unlink()
    assert [path for path in desk.trash.rglob("*") if path.is_file()] == []


async def test_the_check_counts_on_earlier_changes(desk: Desk) -> None:
    desk.put("a", b"a")
    desk.put("b", b"b")
    desk.put("sub/c", b"c")
    a, b, c = [await desk.stamp(desk.path(name)) for name in ("a", "b", "sub/c")]

    def move(one: str, other: str, before: Stamp | None) -> Change:
        return Change(kind=ChangeKind.MOVE, path=desk.path(one), to=desk.path(other), before=before)

    swap = [move("a", "x", a), move("b", "a", b), move("x", "b", a)]
    assert await desk.workspace.check(swap) == {}
    below = [desk.make("new"), move("a", "new/a", a), move("new", "newer", Stamp(kind="folder", size=0, mode=0, mtime_ns=0))]
    assert await desk.workspace.check([*below, move("newer/a", "a", a)]) == {}
    away = [move("sub", "moved", await desk.stamp(desk.path("sub"))), move("moved/c", "c", c)]
    assert await desk.workspace.check(away) == {}
    assert list(await desk.workspace.check([*away, move("sub/c", "d", c)])) == [2]
    empty = Change(kind=ChangeKind.RMDIR, path=desk.path("sub"), before=await desk.stamp(desk.path("sub")))
    assert list(await desk.workspace.check([empty])) == [0]
    assert await desk.workspace.check([move("sub/c", "c", c), empty]) == {}
    found = await desk.workspace.check([move("a", "b", a), move("b", "x", b), move("a", "b", a)])
    assert found == {0: f"{desk.path('b')} is there already."}
    found = await desk.workspace.check([move("a", "z", a), move("b", "z", b), move("none", "y", a), move("z", "z/q", a)])
    assert sorted(found) == [1, 2, 3]


async def test_the_check_notices_what_changed(desk: Desk) -> None:
    desk.put("a", b"old")
    desk.put("b", b"old")
    changes = [await desk.move("a", "x"), await desk.write("b", b"new")]
    desk.put("a", b"mew", mtime_ns=5)
    desk.put("b", b"mew", mtime_ns=5)
    assert list(await desk.workspace.check(changes)) == [0, 1]
    for n, change in enumerate(changes):
        with pytest.raises(ChangedMeanwhileError):
            await desk.workspace.apply(n, change)
    desk.put("b", b"old", mtime_ns=5)
    assert list(await desk.workspace.check(changes)) == [0]


async def test_names_a_disk_does_not_tell_apart_are_one_place(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.put("a.txt", b"a")
    desk.put("b.txt", b"b")
    monkeypatch.setattr(SimulatedTree, "_probe", lambda *_: True)
    changes = [await desk.move("a.txt", "A.txt"), await desk.move("b.txt", "a.TXT"), await desk.create("É", b"")]
    assert list(await desk.workspace.check(changes)) == [1]
    assert list(await desk.workspace.check([*changes, await desk.create("e\u0301", b"")])) == [1, 3]


@not_root
async def test_missing_rights_are_said_before(desk: Desk) -> None:
    desk.put("sub/a", b"a")
    desk.put("b", b"b", 0o400)
    (desk.root / "sub").chmod(0o500)
    changes = [await desk.move("sub/a", "x"), await desk.create("sub/new", b""), await desk.write("b", b"x")]
    assert list(await desk.workspace.check(changes)) == [0, 1, 2]
    for change in changes:
        with pytest.raises(StorageError):
            await desk.workspace.apply(0, change)
    (desk.root / "sub").chmod(0o700)


async def test_moves_are_checked_with_two_calls_of_the_system_each(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.folder("new")
    for number in range(500):
        (desk.root / f"{number}.txt").touch()
    stamps = {entry.path: entry.stamp for entry in await desk.files.listing(str(desk.root))}
    changes = [
        Change(kind=ChangeKind.MOVE, path=desk.path(f"{number}.txt"), to=desk.path(f"new/{number}.txt"), before=stamp)
        for number in range(500)
        if (stamp := stamps[desk.path(f"{number}.txt")])
    ]
    calls = [0]

    def counted(real: Callable[..., object]) -> Callable[..., object]:
        def call(*args: object, **kwargs: object) -> object:
            calls[0] += 1
            return real(*args, **kwargs)

        return call

    for name in ("open", "stat", "scandir", "access"):
        monkeypatch.setattr(os, name, counted(getattr(os, name)))
    assert await desk.workspace.check(changes) == {}
    assert calls[0] < 2 * len(changes) + 200


async def test_a_cancelled_change_leaves_the_disk_as_before(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    copy = desk.blobs.copy

    def slow(digest: str, into: BinaryIO) -> int:
        begun.set()
        go_on.wait(10)
        return copy(digest, into)

    monkeypatch.setattr(desk.blobs, "copy", slow)
    change = await desk.create("a.txt", b"content")
    task = asyncio.create_task(desk.workspace.apply(0, change))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    await asyncio.sleep(0)
    assert not task.done()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert list(desk.root.iterdir()) == []


async def test_a_change_that_is_done_when_it_is_cancelled_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = threading.Event(), threading.Event()
    apply = desk.workspace._apply  # pyright: ignore[reportPrivateUsage]

    def late(*args: object) -> Applied:
        done = apply(*args)  # pyright: ignore[reportArgumentType]
        begun.set()
        go_on.wait(10)
        return done

    monkeypatch.setattr(desk.workspace, "_apply", late)
    desk.put("a.txt", b"old")
    before = state(desk.root)
    change = await desk.write("a.txt", b"new")
    times = await desk.workspace.times([change])
    task = asyncio.create_task(desk.workspace.apply(0, change))
    assert await asyncio.to_thread(begun.wait, 10)
    task.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await task
    await desk.workspace.settle(times)
    assert state(desk.root) == before


async def test_recovery_says_when_somebody_else_was_there(desk: Desk) -> None:
    desk.put("a", b"old")
    desk.put("w", b"old")
    changes = [await desk.move("a", "b"), await desk.write("w", b"new"), await desk.create("c", b"new"), await desk.take("a")]
    for name in ("a", "w", "c"):
        desk.put(name, b"mine", mtime_ns=5)
    for n, change in enumerate(changes):
        with pytest.raises(ChangedMeanwhileError):
            await desk.workspace.recover(n, change)
    desk.put("a", b"old")
    desk.put("b", b"old")
    with pytest.raises(ChangedMeanwhileError):
        await desk.workspace.recover(0, changes[0])


async def test_folders_that_are_gone_are_passed_over(desk: Desk) -> None:
    desk.put("sub/a", b"a")
    times = await desk.workspace.times([await desk.move("sub/a", "b"), desk.make("none/below")])
    assert {time.path for time in times} == {desk.path("sub"), str(desk.root)}
    (desk.root / "sub" / "a").rename(desk.root / "b")
    (desk.root / "sub").rmdir()
    await desk.workspace.settle(times)
    assert desk.root.stat().st_mtime_ns == next(time.mtime_ns for time in times if time.path == str(desk.root))


async def test_a_folder_does_not_move_into_itself(desk: Desk) -> None:
    desk.folder("sub/below")
    change = await desk.move("sub", "sub/below/sub")
    assert list(await desk.workspace.check([change])) == [0]
    with pytest.raises(MnemeError):
        await desk.workspace.apply(0, change)
    assert (desk.root / "sub" / "below").is_dir()
