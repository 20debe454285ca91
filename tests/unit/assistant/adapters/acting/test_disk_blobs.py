import io
import os
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path

import pytest

from assistant.adapters.acting.blob_frames import BLOCK, Frames, PlainFrames, SealedFrames
from assistant.adapters.acting.disk_blobs import DiskBlobs
from assistant.domain.errors import BlobGoneError, StorageError
from assistant.domain.secret import Secret
from tests.flows.faults import MIB, needs_mounts, small_disk

KEY = Secret(bytes(range(32)))
SECRET = b"the words of a person " * 100_000


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "blobs"


def files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("frames", [PlainFrames, lambda: SealedFrames(KEY)], ids=["plain", "sealed"])
@pytest.mark.parametrize(
    "damage",
    [
        lambda content: content[:-1],
        lambda content: content[: len(content) // 2],
        lambda content: b"",
        lambda content: content + b"x",
        lambda content: content[:40] + bytes([content[40] ^ 1]) + content[41:],
        lambda content: content[:-50] + bytes([content[-50] ^ 1]) + content[-49:],
    ],
    ids=["cut", "half", "emptied", "longer", "flipped early", "flipped late"],
)
async def test_damage_is_noticed(
    folder: Path, pool: ThreadPoolExecutor, frames: Callable[[], Frames], damage: Callable[[bytes], bytes]
) -> None:
    blobs = DiskBlobs(folder, pool, frames())
    digest = await blobs.put(SECRET)
    (file,) = files(folder)
    file.write_bytes(damage(file.read_bytes()))
    with pytest.raises(BlobGoneError, match="damaged"):
        await blobs.get(digest)
    assert await blobs.put(SECRET) == digest
    assert await blobs.get(digest) == SECRET


async def test_sealed_contents_cannot_be_read_tested_for_or_swapped(folder: Path, pool: ThreadPoolExecutor) -> None:
    blobs = DiskBlobs(folder, pool, SealedFrames(KEY))
    one, other = await blobs.put(SECRET), await blobs.put(bytes(len(SECRET)))
    for file in files(folder):
        assert b"words of a person" not in file.read_bytes()
        assert sha256(SECRET).hexdigest() not in str(file)
        assert file.stat().st_mode & 0o777 == 0o600
    assert set(await blobs.held()) == {one, other}
    first, second = files(folder)
    spare = folder / "spare"
    first.rename(spare)
    second.rename(first)
    spare.rename(second)
    for digest in (one, other):
        with pytest.raises(BlobGoneError):
            await blobs.get(digest)


async def test_frames_cannot_be_exchanged_between_files(folder: Path, pool: ThreadPoolExecutor) -> None:
    blobs = DiskBlobs(folder, pool, SealedFrames(KEY))
    digest = await blobs.put(bytes(2 * BLOCK))
    (file,) = files(folder)
    content = file.read_bytes()
    frame = 4 + 12 + BLOCK + 16
    file.write_bytes(content[:24] + content[24 + frame : 24 + 2 * frame] + content[24 : 24 + frame] + content[24 + 2 * frame :])
    with pytest.raises(BlobGoneError, match="damaged"):
        await blobs.get(digest)
    file.write_bytes(content[:24] + content[24 : 24 + frame] + content[24 + 2 * frame :])
    with pytest.raises(BlobGoneError, match="damaged"):
        await blobs.get(digest)


async def test_another_key_opens_nothing(folder: Path, pool: ThreadPoolExecutor) -> None:
    digest = await DiskBlobs(folder, pool, SealedFrames(KEY)).put(SECRET)
    other = DiskBlobs(folder, pool, SealedFrames(Secret(bytes(32))))
    assert await other.held() == {}
    with pytest.raises(BlobGoneError):
        await other.get(digest)
    (file,) = files(folder)
    name = SealedFrames(Secret(bytes(32))).name(digest)
    (folder / name[:2]).mkdir(exist_ok=True)
    shutil.copy(file, folder / name[:2] / name)
    with pytest.raises(BlobGoneError, match="damaged"):
        await other.get(digest)


@pytest.mark.parametrize("digest", ["", "../../etc/passwd", "A" * 64, "0" * 63, "0" * 65, "..", "/" * 64])
async def test_only_digests_name_contents(folder: Path, pool: ThreadPoolExecutor, digest: str) -> None:
    blobs = DiskBlobs(folder, pool)
    await blobs.put(b"x")
    with pytest.raises(BlobGoneError):
        await blobs.get(digest)
    with pytest.raises(BlobGoneError):
        await blobs.drop([digest])
    assert len(await blobs.held()) == 1


async def test_a_stream_that_fails_leaves_nothing(folder: Path, pool: ThreadPoolExecutor) -> None:
    class Failing(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            if self.tell() > 0:
                raise OSError("the drive is gone")
            return super().read(10)

    blobs = DiskBlobs(folder, pool)
    with pytest.raises(StorageError):
        blobs.store(Failing(bytes(100)))
    assert files(folder) == []


async def test_what_a_crash_left_is_swept(folder: Path, pool: ThreadPoolExecutor) -> None:
    blobs = DiskBlobs(folder, pool)
    digest = await blobs.put(b"kept")
    (folder / "0123456789abcdef.part").write_bytes(b"half")
    assert set(await blobs.held()) == {digest}
    blobs.sweep()
    assert len(files(folder)) == 1


@needs_mounts
@pytest.mark.parametrize("frames", [PlainFrames, lambda: SealedFrames(KEY)], ids=["plain", "sealed"])
async def test_a_full_disk_keeps_what_was_kept(folder: Path, pool: ThreadPoolExecutor, frames: Callable[[], Frames]) -> None:
    with small_disk(folder, 2):
        blobs = DiskBlobs(folder, pool, frames())
        kept = await blobs.put(b"kept")
        with pytest.raises(StorageError, match="disk is full"):
            await blobs.put(os.urandom(3 * MIB))
        assert await blobs.get(kept) == b"kept"
        assert len(files(folder)) == 1
