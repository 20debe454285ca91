"""The vectors of an encrypted memory: nothing on disk can be read, changed, moved or cut unnoticed, and a crash loses nothing."""

import base64
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from assistant.adapters.store.sealed_dense import SealedDense
from assistant.domain.errors import DamagedError, StorageError
from assistant.domain.secret import Secret
from tests.contract.samples import DIMENSIONS, axis, chunk_id, point

KEY = Secret(bytes(range(32)))
CANARY = "canary-project"


def opened(folder: Path, key: Secret = KEY, model: str = "m@1") -> SealedDense:
    return SealedDense(folder / "sealed", DIMENSIONS, key, model)


@pytest.fixture
async def folder(tmp_path: Path) -> Path:
    """Two commits of three points each, and one point removed in a third."""
    index = opened(tmp_path)
    for start in (0, 3):
        await index.upsert([point(n, project=CANARY, path="/canary.txt", source_id="canary") for n in range(start, start + 3)])
        await index.commit()
    await index.delete([chunk_id(5)])
    await index.close()
    return tmp_path


def segments(folder: Path) -> list[Path]:
    return sorted((folder / "sealed").glob("segment-*"))


async def held(folder: Path) -> set[str]:
    index = opened(folder)
    try:
        return await index.ids()
    finally:
        await index.close()


async def test_nothing_on_disk_can_be_read(folder: Path) -> None:
    vector = axis(1).tobytes()
    hidden = [b"canary", chunk_id(1).encode()[3:], vector[:16], base64.b64encode(vector)[:16], vector.hex().encode()[:16], b"m@1"]
    files = [file for file in (folder / "sealed").iterdir() if file.is_file()]
    assert len(files) >= 2
    for file in files:
        assert not any(form in file.read_bytes() for form in hidden), file


def flip(file: Path, place: int) -> None:
    content = bytearray(file.read_bytes())
    content[place] ^= 1
    file.write_bytes(bytes(content))


def flip_a_length(folder: Path) -> None:
    flip(segments(folder)[0], 0)


def flip_a_byte(folder: Path) -> None:
    flip(segments(folder)[0], 40)


def flip_the_manifest(folder: Path) -> None:
    flip(folder / "sealed" / "manifest", 20)


def empty_the_manifest(folder: Path) -> None:
    (folder / "sealed" / "manifest").write_bytes(b"")


def cut_off(folder: Path) -> None:
    content = segments(folder)[0].read_bytes()
    segments(folder)[0].write_bytes(content[:-1])


def take_away(folder: Path) -> None:
    segments(folder)[0].unlink()


def swap_frames(folder: Path) -> None:
    content = segments(folder)[0].read_bytes()
    first = 4 + int.from_bytes(content[:4], "little")
    second = first + 4 + int.from_bytes(content[first : first + 4], "little")
    assert second - first == first
    segments(folder)[0].write_bytes(content[first:second] + content[:first] + content[second:])


HARMS = [flip_a_length, flip_a_byte, flip_the_manifest, empty_the_manifest, cut_off, take_away, swap_frames]


@pytest.mark.parametrize("harm", HARMS)
async def test_whatever_is_changed_is_damage_and_can_be_rebuilt(folder: Path, harm: Callable[[Path], None]) -> None:
    harm(folder)
    index = opened(folder)
    with pytest.raises(DamagedError):
        await index.open()
    await index.reset()
    await index.upsert([point(7)])
    await index.close()
    assert await held(folder) == {chunk_id(7)}


async def test_another_key_opens_nothing(folder: Path) -> None:
    other = opened(folder, Secret(bytes(32)))
    with pytest.raises(DamagedError):
        await other.open()
    await other.close()
    assert len(await held(folder)) == 5


async def test_another_model_is_named_and_nothing_changes(folder: Path) -> None:
    other = opened(folder, model="m@2")
    with pytest.raises(StorageError, match="m@1") as caught:
        await other.open()
    assert not isinstance(caught.value, DamagedError)
    await other.close()
    assert len(await held(folder)) == 5


async def test_frames_of_another_folder_do_not_fit(folder: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("other")
    index = opened(elsewhere)
    await index.upsert([point(n) for n in range(3)])
    await index.close()
    segments(folder)[0].write_bytes(segments(elsewhere)[0].read_bytes())
    with pytest.raises(DamagedError):
        await held(folder)


async def test_what_a_crash_left_behind_the_counted_part_is_not_there(folder: Path) -> None:
    with segments(folder)[0].open("ab") as file:
        file.write(b"half a frame")
    (folder / "sealed" / "segment-unknown").write_bytes(b"never counted")
    (folder / "sealed" / "manifest.part").write_bytes(b"half a manifest")
    assert len(await held(folder)) == 5
    index = opened(folder)
    await index.upsert([point(9)])
    await index.close()
    assert len(await held(folder)) == 6
    assert len(segments(folder)) == 1


async def test_a_crash_before_the_first_manifest_leaves_a_new_index(tmp_path: Path) -> None:
    (tmp_path / "sealed").mkdir()
    (tmp_path / "sealed" / "segment-first").write_bytes(b"half")
    assert await held(tmp_path) == set()
    assert segments(tmp_path) == []


async def test_a_full_disk_keeps_what_counted_and_what_waits(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from assistant.adapters.store import sealed_folder

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    index = opened(folder)
    await index.upsert([point(9)])
    with monkeypatch.context() as patched:
        patched.setattr(sealed_folder.os, "fsync", full)
        with pytest.raises(StorageError, match="disk is full"):
            await index.commit()
        with pytest.raises(StorageError, match="disk is full"):
            await index.optimise()
    assert len(await index.ids()) == 6
    await index.close()
    assert len(await held(folder)) == 6


async def test_compaction_takes_removed_points_off_the_disk(folder: Path) -> None:
    before = segments(folder)
    index = opened(folder)
    assert await index.optimise() is True
    assert await index.optimise() is False
    await index.close()
    assert not set(before) & set(segments(folder))
    assert await held(folder) == {chunk_id(n) for n in range(5)}


async def test_many_replaced_points_are_packed(tmp_path: Path) -> None:
    index = opened(tmp_path)
    chance = np.random.default_rng(1)
    for _ in range(4):
        vectors = chance.normal(size=(1500, DIMENSIONS)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        await index.upsert([point(n, vectors[n]) for n in range(1500)])
        await index.commit()
    size = sum(file.stat().st_size for file in segments(tmp_path))
    assert await index.optimise() is True
    assert sum(file.stat().st_size for file in segments(tmp_path)) < size / 3
    assert (await index.search(vectors[7], 1))[0].chunk_id == chunk_id(7)
    await index.close()
    assert len(await held(tmp_path)) == 1500
