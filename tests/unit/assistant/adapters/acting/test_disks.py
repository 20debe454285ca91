"""Full disks, read-only ones, and things that lie on two of them. Root and Linux: each test mounts small disks of its own."""

import os
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.domain.change import Change, ChangeKind
from assistant.domain.errors import PathRefusedError, StorageError
from tests.contract.trees import Desk, state
from tests.flows.faults import MIB, fill, needs_mounts, read_only, small_disk

pytestmark = needs_mounts


@pytest.fixture
def disk(desk: Desk) -> Iterator[Path]:
    """Another disk below the root, of 4 MiB."""
    with small_disk(desk.root / "disk", 4) as place:
        yield place


async def back_and_forth(desk: Desk, change: Change, *places: Path) -> None:
    """Apply and revert a change; everything must be as before then."""
    before = [state(place) for place in places]
    times = await desk.workspace.times([change])
    assert await desk.workspace.check([change]) == {}
    applied = await desk.workspace.apply(0, change)
    assert [state(place) for place in places] != before
    await desk.workspace.revert(applied)
    await desk.workspace.settle(times)
    assert [state(place) for place in places] == before


async def test_a_file_moves_to_another_disk_with_all_it_has(desk: Desk, disk: Path) -> None:
    path = desk.put("a.txt", b"content" * 1000, 0o640)
    os.setxattr(path, "user.note", b"mine")
    os.chown(path, 1234, 1235)
    change = await desk.move("a.txt", "disk/b.txt")
    applied = await desk.workspace.apply(0, change)
    moved = disk / "b.txt"
    assert moved.read_bytes() == b"content" * 1000
    info = moved.stat()
    assert (info.st_mode & 0o777, info.st_uid, info.st_gid) == (0o640, 1234, 1235)
    assert os.getxattr(moved, "user.note") == b"mine"
    await desk.workspace.revert(applied)
    assert os.getxattr(path, "user.note") == b"mine"
    await back_and_forth(desk, change, desk.root)


async def test_a_link_moves_to_another_disk_as_it_is(desk: Desk, disk: Path) -> None:
    (desk.root / "link").symlink_to("/nowhere")
    await back_and_forth(desk, await desk.move("link", "disk/link"), desk.root)


async def test_a_folder_does_not_move_to_another_disk(desk: Desk, disk: Path) -> None:
    desk.put("sub/a.txt", b"a")
    before = state(desk.root)
    change = await desk.move("sub", "disk/sub")
    assert list(await desk.workspace.check([change])) == [0]
    with pytest.raises(PathRefusedError):
        await desk.workspace.apply(0, change)
    assert state(desk.root) == before


@pytest.mark.parametrize("kind", [ChangeKind.MOVE, ChangeKind.TRASH, ChangeKind.RMDIR])
async def test_a_disk_itself_stays_where_it_is(desk: Desk, disk: Path, kind: ChangeKind) -> None:
    change = Change(kind=kind, path=str(disk), to=desk.path("to"), before=await desk.files.stamp(str(disk)))
    with pytest.raises((PathRefusedError, StorageError)):
        await desk.workspace.apply(0, change)
    assert os.path.ismount(disk)


async def test_a_folder_with_a_disk_inside_is_not_trashed(desk: Desk) -> None:
    with small_disk(desk.root / "sub" / "disk", 1) as place:
        (place / "precious.txt").write_text("precious")
        change = await desk.take("sub")
        assert "A drive is mounted inside" in (await desk.workspace.check([change]))[0]
        with pytest.raises(PathRefusedError):
            await desk.workspace.apply(0, change)
        assert (place / "precious.txt").exists()


async def test_a_listing_stays_on_its_disk(desk: Desk, disk: Path) -> None:
    (disk / "a.txt").write_text("a")
    assert [entry.path for entry in await desk.files.listing(str(desk.root), deep=True)] == [str(disk)]
    assert [entry.path for entry in await desk.files.listing(str(disk), deep=True)] == [str(disk / "a.txt")]


async def test_each_disk_has_its_trash(desk: Desk, disk: Path) -> None:
    desk.put("disk/sub/a b.txt", b"a")
    before = state(disk / "sub")
    change = await desk.take("disk/sub/a b.txt")
    times = await desk.workspace.times([change])
    applied = await desk.workspace.apply(0, change)
    trash = disk / f".Trash-{os.getuid()}"
    assert applied.trash == str(trash / "files" / "a b.txt")
    assert "Path=sub/a%20b.txt" in (trash / "info" / "a b.txt.trashinfo").read_text().splitlines()
    found = await desk.workspace.recover(0, change)
    assert found is not None
    assert found.trash == applied.trash
    await desk.workspace.revert(applied)
    await desk.workspace.settle(times)
    assert state(disk / "sub") == before
    assert [path for path in trash.rglob("*") if path.is_file()] == []


async def test_a_trash_that_somebody_laid_as_a_trap_is_not_used(desk: Desk, disk: Path, tmp_path: Path) -> None:
    """A link or another's folder at the top of a shared disk would collect what people throw away."""
    (tmp_path / "trap").mkdir()
    (disk / f".Trash-{os.getuid()}").symlink_to(tmp_path / "trap")
    (disk / ".Trash").symlink_to(tmp_path / "trap")
    desk.put("disk/a.txt", b"a")
    with pytest.raises(StorageError, match="no trash"):
        await desk.workspace.apply(0, await desk.take("disk/a.txt"))
    assert (disk / "a.txt").exists()
    assert list((tmp_path / "trap").iterdir()) == []


@pytest.mark.parametrize("kind", ["create", "write", "move"])
async def test_a_full_disk_changes_nothing(desk: Desk, disk: Path, kind: str) -> None:
    content = bytes(2 * MIB)
    desk.put("big", content)
    desk.put("disk/a.txt", b"old")
    match kind:
        case "create":
            change = await desk.create("disk/new", content)
        case "write":
            change = await desk.write("disk/a.txt", content)
        case _:
            change = await desk.move("big", "disk/big")
    assert await desk.workspace.check([change]) == {}
    fill(disk, MIB)
    before = state(desk.root)
    assert "disk is full" in (await desk.workspace.check([change]))[0]
    with pytest.raises(StorageError, match="disk is full"):
        await desk.workspace.apply(0, change)
    assert state(desk.root) == before


async def test_space_is_counted_over_all_changes(desk: Desk, disk: Path) -> None:
    changes = [await desk.create(f"disk/{number}", bytes(MIB) + bytes([number])) for number in range(5)]
    found = await desk.workspace.check(changes)
    assert list(found) == [3, 4]


async def test_a_full_disk_for_what_was_before_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "blobs").mkdir()
    desk.put("a.bin", bytes(2 * MIB))
    with small_disk(tmp_path / "blobs", 1):
        change = await desk.write("a.bin", b"x")
        before = state(desk.root)
        with pytest.raises(StorageError, match="disk is full"):
            await desk.workspace.apply(0, change)
        assert state(desk.root) == before


@pytest.mark.parametrize("kind", ["create", "write", "move", "trash", "mkdir", "rmdir"])
async def test_a_read_only_disk_is_said_before(desk: Desk, disk: Path, kind: str) -> None:
    desk.put("disk/a.txt", b"old")
    desk.folder("disk/empty")
    change = {
        "create": await desk.create("disk/new", b""),
        "write": await desk.write("disk/a.txt", b"new"),
        "move": await desk.move("disk/a.txt", "disk/b.txt"),
        "trash": await desk.take("disk/a.txt"),
        "mkdir": desk.make("disk/sub"),
        "rmdir": await desk.take("disk/empty", ChangeKind.RMDIR),
    }[kind]
    with read_only(disk):
        before = state(desk.root)
        assert list(await desk.workspace.check([change])) == [0]
        with pytest.raises(StorageError):
            await desk.workspace.apply(0, change)
        assert state(desk.root) == before


async def test_two_names_for_one_disk_are_two_disks_for_a_rename(desk: Desk, tmp_path: Path) -> None:
    desk.put("a.txt", b"a")
    desk.folder("bound")
    subprocess.run(["mount", "--bind", str(tmp_path / "outside"), desk.path("bound")], check=True)
    try:
        await back_and_forth(desk, await desk.move("a.txt", "bound/a.txt"), desk.root)
        applied = await desk.workspace.apply(0, await desk.take("bound/secret.txt"))
        assert applied.trash == desk.path(f"bound/.Trash-{os.getuid()}/files/secret.txt")
        await desk.workspace.revert(applied)
        assert (tmp_path / "outside" / "secret.txt").read_text() == "secret"
    finally:
        subprocess.run(["umount", desk.path("bound")], check=True)
