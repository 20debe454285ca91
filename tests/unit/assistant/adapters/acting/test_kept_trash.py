import os
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from assistant.adapters.acting.disk_workspace import DiskWorkspace
from assistant.adapters.acting.kept_trash import KeptTrash, trash_of_system
from assistant.adapters.acting.trash import XdgTrash
from assistant.domain.errors import BlobGoneError, OccupiedError, StorageError, UndoError
from tests.contract.trees import Desk, state


class Bin:
    """A trash that takes things and gives nothing back."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.refuses = False
        place.mkdir()

    def send(self, path: str) -> None:
        if self.refuses:
            raise PermissionError(13, "Permission denied", path)
        shutil.move(path, self.place / str(len(list(self.place.iterdir()))))


@pytest.fixture
def bin_(tmp_path: Path) -> Bin:
    return Bin(tmp_path / "bin")


@pytest.fixture
def desk(tmp_path: Path, bin_: Bin) -> Iterator[Desk]:
    with ThreadPoolExecutor(2) as pool:
        made = Desk(tmp_path, pool)
        made.workspace = DiskWorkspace(pool, made.roots, made.blobs, KeptTrash(made.blobs, bin_.send, 10_000))
        yield made


def grow(desk: Desk) -> None:
    desk.put("sub/Заметка.txt", b"one", 0o640)
    desk.put("sub/deep/b.sh", b"two", 0o755, mtime_ns=1_500_000_000_000_000_001)
    (desk.root / "sub" / "link").symlink_to("/etc")
    (desk.root / "sub" / "deep" / "back").symlink_to("..")
    desk.folder("sub/empty")
    for number, path in enumerate(sorted(desk.root.rglob("*"), reverse=True)):
        if not path.is_file() or path.is_symlink():
            at = 1_400_000_000_123_456_789 + number
            os.utime(path, ns=(at, at), follow_symlinks=False)


@pytest.mark.parametrize("name", ["sub", "sub/Заметка.txt", "sub/link"])
async def test_what_was_trashed_comes_back_exactly(desk: Desk, bin_: Bin, name: str) -> None:
    grow(desk)
    before = state(desk.root)
    change = await desk.take(name)
    times = await desk.workspace.times([change])
    applied = await desk.workspace.apply(0, change)
    assert applied.trash == ""
    assert applied.blob
    assert len(list(bin_.place.iterdir())) == 1
    assert not (desk.root / name).exists()
    await desk.workspace.revert(applied)
    await desk.workspace.settle(times)
    assert state(desk.root) == before


async def test_what_is_too_large_to_keep_is_trashed_and_comes_back_by_hand(desk: Desk) -> None:
    desk.put("big", bytes(10_001))
    applied = await desk.workspace.apply(0, await desk.take("big"))
    with pytest.raises(UndoError, match="trash of the system"):
        await desk.workspace.revert(applied)


async def test_a_trash_that_refuses_changes_nothing(desk: Desk, bin_: Bin) -> None:
    grow(desk)
    before = state(desk.root)
    bin_.refuses = True
    with pytest.raises(StorageError):
        await desk.workspace.apply(0, await desk.take("sub"))
    assert state(desk.root) == before


async def test_nothing_is_unpacked_over_what_is_there_or_half(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    grow(desk)
    applied = await desk.workspace.apply(0, await desk.take("sub"))
    desk.folder("sub")
    with pytest.raises(OccupiedError):
        await desk.workspace.revert(applied)
    (desk.root / "sub").rmdir()
    with monkeypatch.context() as patch:

        def full(*_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

        patch.setattr(os, "symlink", full)
        with pytest.raises(StorageError, match="disk is full"):
            await desk.workspace.revert(applied)
    assert list(desk.root.iterdir()) == []
    await desk.blobs.drop([applied.blob])
    with pytest.raises(BlobGoneError):
        await desk.workspace.revert(applied)
    assert list(desk.root.iterdir()) == []


def test_linux_has_a_trash_that_gives_back(desk: Desk) -> None:
    assert isinstance(trash_of_system({"HOME": "/home/anna"}, desk.blobs, 1), XdgTrash)
