"""The overlay shows what the disk shows once the changes are really made, whatever they are."""

import hashlib
import itertools
import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.domain.change import Change, ChangeKind, Entry, Stamp
from assistant.domain.errors import StorageError, TooMuchError
from assistant.tools import Overlay
from tests.fakes.acting import FakeBlobs
from tests.fakes.seeing import DiskFiles, make, stamp_of, tree

FRESH = itertools.count()


class World:
    """A folder with a little in it, its overlay, and the changes so far."""

    def __init__(self, root: Path):
        self.root = root
        for name in ("a/b/c", "a/d", "e"):
            (root / name).mkdir(parents=True)
        for name in ("a/1.txt", "a/b/2.txt", "a/b/c/3.txt", "e/4.txt", "5.txt"):
            (root / name).write_text(name, "utf-8")
        self.blobs = FakeBlobs()
        self.files = DiskFiles(root)
        self.overlay = Overlay(self.files, self.blobs)
        self.changes: list[Change] = []

    async def want(self, kind: ChangeKind, name: str, to: str = "", content: str = "") -> None:
        path = str(self.root / name)
        blob = await self.blobs.put(content.encode()) if kind in (ChangeKind.CREATE, ChangeKind.WRITE) else ""
        change = Change(
            kind=kind,
            path=path,
            to=str(self.root / to) if to else "",
            before=await self.overlay.stamp(path),
            blob=blob,
            size=len(content),
        )
        self.overlay.extend([change])
        self.changes.append(change)

    async def shown(self) -> dict[str, bytes | str]:
        """What the overlay shows, as `tree` shows the disk."""
        return {
            os.path.relpath(entry.path, self.root): "/"
            if entry.stamp.kind == "folder"
            else await self.overlay.read(entry.path, 1000)
            for entry in await self.overlay.listing(str(self.root), deep=True)
        }

    async def same_as_disk_after(self) -> None:
        shown = await self.shown()
        shallow = {
            name: [entry.path for entry in await self.overlay.listing(str(self.root / name))]
            for name, content in shown.items()
            if content == "/"
        }
        stamps = {name: await self.overlay.stamp(str(self.root / name), digest=True) for name in shown}
        files = [str(self.root / name) for name, content in shown.items() if content != "/"]
        digests = await self.overlay.digests([*files, str(self.root / "nothing")])
        make(self.changes, self.blobs)
        assert shown == tree(self.root)
        for name, stamp in stamps.items():
            really = stamp_of(self.root / name, digest=True)
            assert stamp is not None and really is not None
            assert (stamp.kind, stamp.digest) == (really.kind, really.digest)
            assert stamp.size == really.size or stamp.kind == "folder"
        assert shallow == {name: sorted(str(path) for path in (self.root / name).iterdir()) for name in shallow}
        assert digests == {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in files}


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


async def test_a_moved_folder_is_seen_with_all_below_it(world: World):
    await world.want(ChangeKind.WRITE, "a/b/2.txt", content="new")
    await world.want(ChangeKind.TRASH, "a/b/c/3.txt")
    await world.want(ChangeKind.MOVE, "a", "e/z")
    await world.want(ChangeKind.MOVE, "e/z/b", "b")
    await world.want(ChangeKind.CREATE, "b/c/6.txt", content="six")
    assert await world.overlay.read(str(world.root / "b/2.txt"), 10) == b"new"
    assert await world.overlay.stamp(str(world.root / "a/1.txt")) is None
    assert await world.overlay.stamp(str(world.root / "b/c/3.txt")) is None
    await world.same_as_disk_after()


async def test_what_took_an_old_place_is_not_taken_for_the_old(world: World):
    await world.want(ChangeKind.MOVE, "a", "z")
    await world.want(ChangeKind.MKDIR, "a")
    await world.want(ChangeKind.MOVE, "z/1.txt", "a/1.txt")
    await world.want(ChangeKind.MOVE, "a/1.txt", "a/2.txt")
    await world.want(ChangeKind.TRASH, "e")
    await world.want(ChangeKind.CREATE, "e", content="a file now")
    assert await world.overlay.listing(str(world.root / "z/b")) != []
    await world.same_as_disk_after()


async def test_names_change_places(world: World):
    await world.want(ChangeKind.MOVE, "a/1.txt", "tmp")
    await world.want(ChangeKind.MOVE, "5.txt", "a/1.txt")
    await world.want(ChangeKind.MOVE, "tmp", "5.txt")
    await world.same_as_disk_after()


async def test_without_changes_the_disk_itself_is_shown(world: World):
    assert await world.overlay.roots() == (str(world.root),)
    assert await world.shown() == tree(world.root)
    assert await world.overlay.stamp(str(world.root / "5.txt")) == stamp_of(world.root / "5.txt")


async def test_what_is_made_in_a_made_folder_that_moves_on_goes_with_it(world: World):
    await world.want(ChangeKind.MKDIR, "new")
    await world.want(ChangeKind.MKDIR, "new/sub")
    await world.want(ChangeKind.CREATE, "new/sub/6.txt", content="six")
    await world.want(ChangeKind.MOVE, "new", "a/new")
    assert await world.overlay.stamp(str(world.root / "a/new/none/at/all")) is None
    await world.same_as_disk_after()


async def test_a_folder_nobody_made_is_not_there(world: World):
    await world.want(ChangeKind.MKDIR, "new")
    await world.want(ChangeKind.MOVE, "5.txt", "new/deep/5.txt")
    assert await world.overlay.stamp(str(world.root / "new/deep")) is None
    assert await world.overlay.stamp(str(world.root / "new/deep/other")) is None
    assert await world.overlay.read(str(world.root / "new/deep/5.txt"), 10) == b"5.txt"


async def test_nothing_is_read_or_listed_where_nothing_is(world: World):
    await world.want(ChangeKind.TRASH, "a")
    await world.want(ChangeKind.CREATE, "6.txt", content="six")
    for name in ("a", "a/b", "6.txt"):
        with pytest.raises(StorageError, match="no such folder"):
            await world.overlay.listing(str(world.root / name))
    with pytest.raises(StorageError, match="no such file"):
        await world.overlay.read(str(world.root / "a/1.txt"), 10)
    with pytest.raises(TooMuchError):
        await world.overlay.read(str(world.root / "6.txt"), 2)
    assert await world.overlay.digests([str(world.root / "a/1.txt")]) == {}


async def test_moving_what_is_not_there_makes_nothing(world: World):
    await world.want(ChangeKind.TRASH, "a/1.txt")
    await world.want(ChangeKind.MOVE, "a/1.txt", "b")
    assert await world.overlay.stamp(str(world.root / "b")) is None
    assert "b" not in await world.shown()


async def test_what_is_made_has_the_time_and_mode_its_change_names(world: World):
    path = str(world.root / "new")
    before = Stamp(kind="file", size=1, mode=0o600, mtime_ns=5)
    world.overlay.extend([Change(kind=ChangeKind.WRITE, path=path, before=before, blob="x")])
    assert await world.overlay.stamp(path) == Stamp(kind="file", size=0, mode=0o600, mtime_ns=5, digest="x")
    world.overlay.extend([Change(kind=ChangeKind.CREATE, path=path, mode=0o640, mtime_ns=7, blob="x")])
    assert await world.overlay.stamp(path) == Stamp(kind="file", size=0, mode=0o640, mtime_ns=7, digest="x")
    world.overlay.extend([Change(kind=ChangeKind.MKDIR, path=path, mode=0o700)])
    assert await world.overlay.stamp(path) == Stamp(kind="folder", size=0, mode=0o700, mtime_ns=0)


async def test_a_moved_entry_nobody_looked_at_is_looked_at(world: World):
    world.overlay.extend([Change(kind=ChangeKind.MOVE, path=str(world.root / "e"), to=str(world.root / "f"))])
    world.overlay.extend([Change(kind=ChangeKind.MOVE, path=str(world.root / "gone"), to=str(world.root / "g"))])
    assert {"f", "f/4.txt"} <= (await world.shown()).keys()
    assert "g" not in await world.shown()


async def test_ten_thousand_changes_ask_the_disk_once(tmp_path: Path):
    class Counting(DiskFiles):
        looks = 0

        async def listing(self, path: str, **more: object) -> list[Entry]:
            self.looks += 1
            return [Entry(path=f"{path}/{n:05}", stamp=Stamp(kind="file", size=1, mode=0, mtime_ns=0)) for n in range(10_000)]

        async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
            raise AssertionError("nothing has to be looked at one by one")

    files = Counting(tmp_path)
    entries = await files.listing(str(tmp_path))
    changes = [Change(kind=ChangeKind.MOVE, path=one.path, to=f"{one.path}.new", before=one.stamp) for one in entries]
    found = await Overlay(files, FakeBlobs(), changes).listing(str(tmp_path), deep=True)
    assert [one.path for one in found] == [f"{one.path}.new" for one in entries]
    assert files.looks == 2


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
async def test_overlay_equals_the_disk_after_really_applying(tmp_path: Path, data: st.DataObject):
    root = tmp_path / str(next(FRESH))
    root.mkdir()
    world = World(root)
    for n in range(data.draw(st.integers(1, 8))):
        shown = await world.shown()
        folders = ["", *(name for name, content in shown.items() if content == "/")]
        files = [name for name, content in shown.items() if content != "/"]
        kind = data.draw(st.sampled_from(list(ChangeKind)))
        if kind in (ChangeKind.CREATE, ChangeKind.MKDIR):
            await world.want(kind, f"{data.draw(st.sampled_from(folders))}/new{n}".lstrip("/"), content=f"made {n}")
        elif kind is ChangeKind.WRITE and files:
            await world.want(kind, data.draw(st.sampled_from(files)), content=f"written {n}")
        elif kind is ChangeKind.MOVE and shown:
            name = data.draw(st.sampled_from(sorted(shown)))
            targets = [one for one in folders if one != name and not one.startswith(f"{name}/")]
            new = data.draw(st.sampled_from([f"moved{n}", name.rpartition("/")[2]]))
            to = f"{data.draw(st.sampled_from(targets))}/{new}".lstrip("/")
            if to not in shown:
                await world.want(kind, name, to)
        elif kind is ChangeKind.TRASH and shown:
            await world.want(kind, data.draw(st.sampled_from(sorted(shown))))
        elif kind is ChangeKind.RMDIR:
            empty = [one for one in folders if one and not any(other.startswith(f"{one}/") for other in shown)]
            if empty:
                await world.want(kind, data.draw(st.sampled_from(empty)))
    await world.same_as_disk_after()
