"""Wanted changes fit the disk as it will be: folders on the way, free names, nothing taken twice."""

from hashlib import sha256
from pathlib import Path

import pytest

from assistant.domain.change import ChangeKind, Entry
from assistant.domain.errors import OccupiedError
from assistant.tools import Draft, entry_at
from tests.fakes.acting import FakeBlobs
from tests.fakes.seeing import DiskFiles, make, tree


class Drafting:
    def __init__(self, root: Path):
        self.root = root
        self.blobs = FakeBlobs()
        self.files = DiskFiles(root)
        self.draft = Draft(self.files, self.blobs)

    def path(self, name: str) -> str:
        return str(self.root / name)

    async def at(self, name: str) -> Entry:
        entry = await entry_at(self.files, self.path(name))
        assert entry is not None
        return entry

    def made(self) -> dict[str, bytes | str]:
        make(self.draft.changes, self.blobs)
        return tree(self.root)


@pytest.fixture
def world(tmp_path: Path) -> Drafting:
    for name in ("a.txt", "b.txt", "sub/c.txt"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(name, "utf-8")
    return Drafting(tmp_path)


async def test_folders_on_the_way_are_made_once(world: Drafting):
    await world.draft.create(world.path("x/y/1"), b"1", "why")
    await world.draft.create(world.path("x/y/2"), b"2", "why", mode=0o600, mtime_ns=5)
    kinds = [change.kind for change in world.draft.changes]
    assert kinds == [ChangeKind.MKDIR, ChangeKind.MKDIR, ChangeKind.CREATE, ChangeKind.CREATE]
    assert (world.draft.changes[-1].mode, world.draft.changes[-1].mtime_ns, world.draft.changes[-1].size) == (0o600, 5, 1)
    assert world.made()["x/y/2"] == b"2"


async def test_a_folder_that_is_there_is_not_made(world: Drafting):
    await world.draft.folder(world.path("sub"), "why")
    assert world.draft.changes == []
    with pytest.raises(OccupiedError):
        await world.draft.folder(world.path("a.txt"), "why")


async def test_free_names_count_what_is_wanted_and_case(world: Drafting):
    assert await world.draft.free(world.path("new.txt")) == world.path("new.txt")
    assert await world.draft.free(world.path("A.TXT")) == world.path("A (2).TXT")
    await world.draft.create(world.path("a (2).txt"), b"", "why")
    assert await world.draft.free(world.path("a.txt")) == world.path("a (3).txt")
    assert not await world.draft.is_free(world.path("A (2).txt"))
    with pytest.raises(OccupiedError, match="something stands there already"):
        await world.draft.create(world.path("B.txt"), b"", "why")


async def test_what_is_moved_or_trashed_away_leaves_its_name_free(world: Drafting):
    await world.draft.move(await world.at("a.txt"), world.path("sub/a.txt"), "why", items=1)
    await world.draft.trash(await world.at("b.txt"), "why")
    await world.draft.create(world.path("a.txt"), b"new", "why")
    await world.draft.create(world.path("b.txt"), b"new", "why")
    assert world.made() == {"a.txt": b"new", "b.txt": b"new", "sub": "/", "sub/a.txt": b"a.txt", "sub/c.txt": b"sub/c.txt"}


async def test_a_refused_move_takes_nothing(world: Drafting):
    with pytest.raises(OccupiedError):
        await world.draft.move(await world.at("a.txt"), world.path("b.txt"), "why")
    assert not await world.draft.is_free(world.path("a.txt"))
    with pytest.raises(OccupiedError):
        await world.draft.move(await world.at("sub/c.txt"), world.path("b.txt"), "why")
    assert not await world.draft.is_free(world.path("sub/c.txt"))
    assert world.draft.changes == []


async def test_a_name_may_differ_from_the_one_before_in_case_alone(world: Drafting):
    await world.draft.move(await world.at("a.txt"), world.path("A.txt"), "why")
    assert "A.txt" in world.made()


async def test_contents_are_kept_with_what_stood_before(world: Drafting):
    entry = await world.at("a.txt")
    await world.draft.write(entry, b"as it is", b"other", "why")
    change = world.draft.changes[0]
    assert (change.size, world.blobs.kept[change.blob]) == (5, b"other")
    digest = sha256(b"as it is").hexdigest()
    assert change.before == entry.stamp.model_copy(update={"digest": digest}), "after a crash it is found by its digest"


async def test_folders_go_with_what_they_hold_or_empty(world: Drafting):
    await world.draft.trash(await world.at("sub"), "why", items=2, size=9)
    assert (world.draft.changes[0].items, world.draft.changes[0].size) == (2, 9)
    await world.draft.create(world.path("sub/d.txt").replace("sub", "sub2"), b"", "why")
    other = Drafting(world.root)
    await other.draft.move(await other.at("sub/c.txt"), other.path("c.txt"), "why")
    await other.draft.remove_empty(await other.at("sub"), "why")
    assert await other.draft.is_free(other.path("sub"))
    assert "sub" not in other.made()


async def test_what_cannot_be_is_noted(world: Drafting):
    world.draft.clash("/a", "because")
    assert world.draft.conflicts[0].reason == "because"
    assert await entry_at(world.files, world.path("nothing")) is None
