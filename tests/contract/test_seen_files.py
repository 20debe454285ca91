"""What every Files promises."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.adapters.acting.disk_files import DiskFiles
from assistant.domain.errors import PathRefusedError, StorageError, TooMuchError
from assistant.ports.acting import Files
from tests.contract.trees import Desk
from tests.fakes.seeing import DiskFiles as PlainFiles


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with ThreadPoolExecutor(4) as pool:
        yield Desk(tmp_path, pool)


@pytest.fixture(params=["fake", "disk"])
def files(request: pytest.FixtureRequest, desk: Desk) -> Files:
    return desk.files if request.param == "disk" else PlainFiles(desk.root)


async def test_names_its_roots(desk: Desk, files: Files) -> None:
    assert await files.roots() == (str(desk.root),)


async def test_stamps_say_what_stands_there(desk: Desk, files: Files) -> None:
    path = desk.put("a.txt", b"content", 0o640)
    stamp = await files.stamp(path)
    assert stamp is not None
    assert (stamp.kind, stamp.size, stamp.mode, stamp.mtime_ns) == ("file", 7, 0o640, 1_600_000_000_123_456_789)
    assert stamp.digest == ""
    seen = await files.stamp(path, digest=True)
    assert seen is not None
    assert seen.digest == sha256(b"content").hexdigest()
    (desk.root / "link").symlink_to("a.txt")
    link = await files.stamp(desk.path("link"), digest=True)
    assert link is not None
    assert link.kind == "link"
    folder = await files.stamp(desk.folder("sub"))
    assert folder is not None
    assert folder.kind == "folder"
    assert await files.stamp(desk.path("none")) is None


async def test_lists_a_folder_or_all_below_it_by_path(desk: Desk, files: Files) -> None:
    for name in ("b/c.txt", "a.txt", "b/a/x.txt", "b.txt"):
        desk.put(name, b"x")
    (desk.root / "link").symlink_to("b")
    shallow = [entry.path for entry in await files.listing(str(desk.root))]
    assert shallow == [desk.path(name) for name in ("a.txt", "b", "b.txt", "link")]
    deep = await files.listing(str(desk.root), deep=True)
    assert [entry.path for entry in deep] == sorted(entry.path for entry in deep)
    assert {entry.path for entry in deep} == {*shallow, *map(desk.path, ("b/a", "b/a/x.txt", "b/c.txt"))}
    for entry in deep:
        assert entry.stamp == await files.stamp(entry.path)


async def test_reads_up_to_a_limit(desk: Desk, files: Files) -> None:
    path = desk.put("a.txt", b"12345")
    assert await files.read(path, 5) == b"12345"
    with pytest.raises(TooMuchError):
        await files.read(path, 4)
    with pytest.raises(StorageError):
        await files.read(desk.path("none"), 5)


async def test_digests_of_what_can_be_read(desk: Desk, files: Files) -> None:
    paths = [desk.put(f"{number}.txt", b"%d" % number) for number in range(200)]
    told: list[int] = []
    found = await files.digests([*paths, desk.path("none"), desk.folder("sub")], lambda done, total, _: told.append(done))
    assert found == {path: sha256(b"%d" % number).hexdigest() for number, path in enumerate(paths)}


async def test_nothing_outside_the_roots(desk: Desk, files: Files, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    for look in (files.stamp(str(tmp_path)), files.listing(str(tmp_path / "other")), files.read(str(tmp_path / "x"), 1)):
        with pytest.raises(PathRefusedError):
            await look


async def test_a_listing_beyond_the_limit_is_refused(desk: Desk) -> None:
    with ThreadPoolExecutor(1) as pool:
        few = DiskFiles(pool, desk.roots, most=3)
        for number in range(4):
            desk.put(f"sub/{number}", b"")
        with pytest.raises(TooMuchError, match="more than 3"):
            await few.listing(str(desk.root), deep=True)
