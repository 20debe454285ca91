"""What every FolderWatch promises, over the real one on a real folder and over the fake."""

import asyncio
import os
import sys
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import pytest

from assistant.adapters.system import watch as system
from assistant.adapters.system.watch import SystemWatch
from assistant.ports.system import FolderWatch
from tests.fakes.watch import FakeWatch

DEADLINE_S = 20.0
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="written for folders watched one by one")


class Disk:
    """A folder whose changes the watch under test sees by itself, or (the fake) is told of."""

    def __init__(self, watch: FolderWatch, root: Path) -> None:
        self.watch = watch
        self.root = root

    def change(self, work: Callable[[], object], *paths: Path) -> None:
        work()
        if isinstance(self.watch, FakeWatch):
            self.watch.tell(*map(str, paths))

    def write(self, name: str, text: str = "x") -> Path:
        file = self.root / name
        made = [place for place in file.parents if not place.exists()]
        file.parent.mkdir(parents=True, exist_ok=True)
        self.change(lambda: file.write_text(text), *made[-1:], file)
        return file

    def rename(self, old: str, new: str) -> None:
        one, other = self.root / old, self.root / new
        self.change(lambda: one.rename(other), one, other)

    async def until(self, *wanted: Path) -> set[str]:
        """Gather changes until each of these paths, or a folder above it, was told; return all that was told."""
        told: set[str] = set()
        async with asyncio.timeout(DEADLINE_S):
            while not all({str(path), *map(str, path.parents)} & told for path in wanted):
                for root, paths in (await self.watch.changes()).items():
                    assert Path(root) in (self.root, self.root / "alone.txt")
                    told |= set(paths)
        return told


@pytest.fixture(params=["system", "fake"])
async def disk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Disk]:
    root = tmp_path.resolve() / "root"
    root.mkdir()
    watch: FolderWatch = SystemWatch() if request.param == "system" else FakeWatch()
    made = Disk(watch, root)
    yield made
    await watch.close()
    await watch.close()


async def test_files_written_changed_renamed_and_deleted_are_told(disk: Disk) -> None:
    old = disk.write("old.txt")
    assert (await disk.watch.follow([str(disk.root)]))[str(disk.root)].notices
    new = disk.write("new.txt")
    await disk.until(new)
    disk.write("old.txt", "changed")
    await disk.until(old)
    disk.rename("old.txt", "other.txt")
    await disk.until(old, disk.root / "other.txt")
    disk.change(new.unlink, new)
    await disk.until(new)


async def test_a_new_folder_is_followed_with_all_in_it(disk: Disk) -> None:
    await disk.watch.follow([str(disk.root)])
    deep = disk.write("one/two/three/deep.txt")
    await disk.until(deep)
    later = disk.write("one/two/three/later.txt")
    await disk.until(later)
    disk.rename("one", "moved")
    await disk.until(disk.root / "moved")
    after = disk.write("moved/two/three/after.txt")
    await disk.until(after)


async def test_a_folder_that_is_replaced_is_followed_anew(disk: Disk) -> None:
    disk.write("sub/a.txt")
    await disk.watch.follow([str(disk.root)])
    disk.rename("sub", "aside")
    back = disk.write("sub/b.txt")
    await disk.until(back)
    again = disk.write("sub/c.txt")
    await disk.until(again)


async def test_only_the_head_and_the_lock_of_a_repository_are_told(disk: Disk) -> None:
    disk.write(".git/HEAD")
    disk.write(".git/objects/aa/bb")
    await disk.watch.follow([str(disk.root)])
    disk.write(".git/objects/aa/cc")
    disk.write(".git/COMMIT_EDITMSG")
    lock, head = disk.write(".git/index.lock"), disk.write(".git/HEAD", "other")
    told = await disk.until(lock, head)
    assert told <= {str(lock), str(head), str(disk.root / ".git")}


async def test_a_single_file_is_followed_through_its_replacement(disk: Disk) -> None:
    alone = disk.write("alone.txt")
    await disk.watch.follow([str(alone)])
    disk.write("beside.txt")
    disk.write("temporary", "new")
    disk.rename("temporary", "alone.txt")
    assert await disk.until(alone) == {str(alone)}


async def test_roots_can_change(disk: Disk) -> None:
    first, second = disk.root / "first", disk.root / "second"
    first.mkdir()
    second.mkdir()
    await disk.watch.follow([str(first)])
    disk.write("second/unseen.txt")
    await disk.watch.follow([str(second)])
    disk.write("first/unseen.txt")
    seen = disk.write("second/seen.txt")
    async with asyncio.timeout(DEADLINE_S):
        changes = await disk.watch.changes()
    assert {root: set(paths) for root, paths in changes.items()} == {str(second): {str(seen)}}
    assert await disk.watch.follow([]) == {}


async def test_links_and_ignored_folders_are_not_looked_into(tmp_path: Path) -> None:
    root, outside = tmp_path.resolve() / "root", tmp_path.resolve() / "outside"
    (root / "node_modules" / "lib").mkdir(parents=True)
    outside.mkdir()
    (root / "link").symlink_to(outside)
    disk = Disk(SystemWatch(), root)
    await disk.watch.follow([str(root)])
    (outside / "a.txt").write_text("x")
    (root / "node_modules" / "lib" / "b.js").write_text("x")
    last = disk.write("last.txt")
    assert await disk.until(last) == {str(last)}
    await disk.watch.close()


async def test_a_folder_whose_name_is_no_text_takes_no_notices_from_the_others(tmp_path: Path) -> None:
    watch, root = SystemWatch(), tmp_path.resolve() / "root"
    Path(os.fsdecode(os.fsencode(root) + b"/bad\xffname/inside")).mkdir(parents=True)
    (root / "good").mkdir()
    try:
        assert (await watch.follow([str(root)]))[str(root)].notices
        disk = Disk(watch, root)
        assert str(root / "good" / "new.txt") in await disk.until(disk.write("good/new.txt"))
    finally:
        await watch.close()


async def test_a_root_that_is_not_there_or_too_large_is_left_to_scans(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve() / "root"
    (root / "sub").mkdir(parents=True)
    watch = SystemWatch()
    gone = str(tmp_path / "gone")
    found = await watch.follow([str(root), gone])
    assert (found[str(root)].notices, found[gone].notices, found[gone].reason) == (True, False, "it is not there")
    plain = system.RustNotify

    def full(folders: list[str], *rest: bool) -> object:
        if len(folders) > 1:
            raise OSError("OS file watch limit reached. about [..]")
        return plain(folders, *rest)

    monkeypatch.setattr(system, "RustNotify", full)
    small = tmp_path.resolve() / "small"
    small.mkdir()
    found = await watch.follow([str(root), str(small)])
    assert (found[str(root)].full, found[str(small)].notices) == (True, True)
    await watch.close()


async def test_changes_beyond_counting_are_told_as_the_whole_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path.resolve() / "root"
    root.mkdir()
    monkeypatch.setattr(system, "MOST_PATHS", 10)
    watch = SystemWatch()
    await watch.follow([str(root)])
    for number in range(50):
        (root / f"{number}.txt").write_text("x")
    async with asyncio.timeout(DEADLINE_S):
        while set((await watch.changes()).get(str(root), ())) != {str(root)}:
            pass
    await watch.close()
