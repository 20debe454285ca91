"""Installing, listing and removing: consent first, nothing half-installed whatever happens, one install at a time."""

import asyncio
import errno
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.domain.errors import (
    ChecksumError,
    ConsentRequiredError,
    FetchError,
    MnemeError,
    ModelError,
    StorageError,
)
from assistant.domain.models import ModelManifest, ModelSource
from assistant.models import ModelManager
from tests.fakes.model_sources import FakeConverter, FakeFetcher
from tests.fixtures import tiny_bert

ROOT = Path(__file__).resolve().parents[4]
DEADLINE_S = 30
WHEEL = ModelSource(
    kind="wheel", name="tiny-weights", version="1.0", sha256="0" * 64, size_bytes=84_000_000, checked_by="SHA-256"
)
HUB = ModelSource(kind="hub", name="tiny/model", version="abc", size_bytes=91_000_000, checked_by="the hub's hashes")
FOLDER = ModelSource(kind="folder", name="", files={"model.safetensors": ""})


def manifest(**changes: object) -> ModelManifest:
    return tiny_bert.manifest(**({"sources": (WHEEL, HUB, FOLDER)} | changes))


def quiet(_: str, __: float) -> None:
    pass


class Room:
    """A manager over fakes, and what it left on disk."""

    def __init__(self, home: Path, entry: ModelManifest | None = None) -> None:
        self.home = home
        self.fetcher, self.converter = FakeFetcher(), FakeConverter()
        self.use(entry or manifest())

    def use(self, entry: ModelManifest) -> None:
        self.manager = ModelManager({entry.id: entry}, self.home, self.home / "references", self.fetcher, self.converter)

    async def install(self, consent: bool = True, local: Path | None = None) -> str:
        return (await self.manager.install("tiny", consent, quiet, local)).state

    async def state(self) -> str:
        return (await self.manager.states())[0].state

    def on_disk(self) -> list[str]:
        """Files and folders, the lock left out."""
        return sorted(path.name for path in self.home.rglob("*") if path.name not in {".work", "tiny.lock"})


@pytest.fixture
def room(tmp_path: Path) -> Room:
    return Room(tmp_path / "models")


async def test_without_consent_nothing_is_asked_and_the_message_says_what_would_be(room: Room) -> None:
    with pytest.raises(ConsentRequiredError) as refused:
        await room.install(consent=False)
    text = str(refused.value)
    for word in ("84 MB", "the Python package index", "tiny-weights", "SHA-256", "91 MB", "a model hub", "Apache-2.0", "--yes"):
        assert word in text
    assert room.fetcher.asked == [] and room.on_disk() == []


async def test_an_installed_model_is_whole_and_listed(room: Room) -> None:
    assert await room.state() == "available"
    assert room.manager.folder("tiny") is None
    assert await room.install() == "installed"
    assert await room.state() == "installed"
    assert room.manager.folder("tiny") == room.home / "tiny"
    assert (room.home / "tiny" / "model.onnx").read_bytes() == b"all of it"
    assert room.on_disk() == ["mneme-model.json", "model.onnx", "tiny"]
    assert await room.manager.damaged("tiny") == []
    assert room.converter.checked == [room.home / "references" / "tiny.json"]


async def test_installing_again_does_nothing_and_needs_no_consent(room: Room) -> None:
    await room.install()
    await room.install(consent=False)
    assert room.fetcher.asked == ["tiny-weights"]


async def test_the_active_one_is_marked(room: Room) -> None:
    assert [entry.active for entry in await room.manager.states("tiny")] == [False]
    await room.install()
    assert [entry.active for entry in await room.manager.states("tiny")] == [True]


FULL = OSError(errno.ENOSPC, "No space left on device")


@pytest.mark.parametrize(
    ("where", "raised", "met"),
    [
        ("fetch", ChecksumError("wrong"), ChecksumError),
        ("fetch", FULL, StorageError),
        ("convert", ModelError("bad weights"), ModelError),
        ("convert", FULL, StorageError),
        ("convert", PermissionError(errno.EACCES, "Permission denied"), StorageError),
        ("check", ModelError("other vectors"), ModelError),
    ],
)
async def test_whatever_fails_nothing_half_installed_stays(
    room: Room, where: str, raised: BaseException, met: type[MnemeError]
) -> None:
    if where == "fetch":
        room.fetcher.failures = {"tiny-weights": raised}
    elif where == "convert":
        room.converter.failing_convert = raised
    else:
        room.converter.failing_check = raised
    with pytest.raises(met):
        await room.install()
    assert room.on_disk() == []
    assert await room.state() == "available"
    room.fetcher.failures, room.converter.failing_convert, room.converter.failing_check = {}, None, None
    assert await room.install() == "installed"


async def test_a_source_that_cannot_be_reached_gives_way_to_the_next(room: Room) -> None:
    room.fetcher.failures = {"tiny-weights": FetchError("no network")}
    assert await room.install() == "installed"
    assert room.fetcher.asked == ["tiny-weights", "tiny/model"]


async def test_a_wrong_checksum_does_not(room: Room) -> None:
    room.fetcher.failures = {"tiny-weights": ChecksumError("exchanged")}
    with pytest.raises(ChecksumError):
        await room.install()
    assert room.fetcher.asked == ["tiny-weights"]


async def test_when_no_source_can_be_reached_all_reasons_are_told(room: Room) -> None:
    room.fetcher.failures = {"tiny-weights": FetchError("no index."), "tiny/model": FetchError("no hub.")}
    with pytest.raises(FetchError, match=r"no index\. no hub\."):
        await room.install()
    assert room.on_disk() == []


async def test_too_little_disk_is_told_before_anything_is_fetched(room: Room, monkeypatch: pytest.MonkeyPatch) -> None:
    usage = shutil.disk_usage(room.home.parent)

    def nearly_full(_path: Path) -> object:
        return usage._replace(free=300_000_000)

    monkeypatch.setattr(shutil, "disk_usage", nearly_full)
    with pytest.raises(StorageError, match="Too little disk space"):
        await room.install()
    assert room.fetcher.asked == [] and room.on_disk() == []


async def test_a_local_folder_needs_no_consent_and_no_network(room: Room, tmp_path: Path) -> None:
    assert await room.install(consent=False, local=tmp_path / "mine") == "installed"
    assert room.fetcher.asked == [str(tmp_path / "mine")]


async def test_a_local_wheel_is_held_to_the_manifests_checksum(room: Room, tmp_path: Path) -> None:
    asked: list[ModelSource] = []

    async def fetch(source: ModelSource, into: Path, progress: object) -> None:
        asked.append(source)
        (into / "weights").touch()

    room.fetcher.fetch = fetch
    await room.install(local=tmp_path / "mine.whl")
    assert [(source.kind, source.sha256) for source in asked] == [("wheel", "0" * 64)]


async def test_a_model_without_that_kind_of_source_says_so(tmp_path: Path) -> None:
    room = Room(tmp_path / "models", manifest(sources=(HUB,)))
    with pytest.raises(ModelError, match="cannot be installed from a wheel"):
        await room.install(local=tmp_path / "mine.whl")


async def test_cancelling_leaves_nothing(room: Room) -> None:
    room.fetcher.may_end.clear()
    task = asyncio.get_running_loop().create_task(room.install())
    await asyncio.wait_for(room.fetcher.started.wait(), DEADLINE_S)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert room.on_disk() == []
    room.fetcher.may_end.set()
    assert await room.install() == "installed"


async def test_one_install_at_a_time_and_the_state_tells(room: Room) -> None:
    room.fetcher.may_end.clear()
    other = Room(room.home)
    async with asyncio.TaskGroup() as group:
        first = group.create_task(room.install())
        await asyncio.wait_for(room.fetcher.started.wait(), DEADLINE_S)
        assert await other.state() == "downloading"
        assert await other.manager.sweep() == []
        with pytest.raises(ModelError, match="already"):
            await other.install()
        room.fetcher.may_end.set()
    assert first.result() == "installed"
    assert await other.state() == "installed"
    assert other.fetcher.asked == []


async def test_a_new_revision_replaces_the_old_only_when_it_is_whole(room: Room) -> None:
    await room.install()
    room.use(manifest(revision="r2"))
    assert await room.state() == "available"
    room.converter.failing_check = ModelError("other vectors")
    with pytest.raises(ModelError):
        await room.install()
    room.use(manifest())
    assert await room.state() == "installed"
    room.use(manifest(revision="r2"))
    room.converter.failing_check = None
    assert await room.install() == "installed"
    assert room.on_disk() == ["mneme-model.json", "model.onnx", "tiny"]


async def test_a_truncated_file_is_no_longer_installed_and_a_changed_one_is_damaged(room: Room) -> None:
    await room.install()
    (room.home / "tiny" / "model.onnx").write_bytes(b"ALL OF IT")
    assert await room.state() == "installed"
    assert await room.manager.damaged("tiny") == ["model.onnx"]
    (room.home / "tiny" / "model.onnx").write_bytes(b"all")
    assert await room.state() == "available"
    assert await room.install() == "installed"


async def test_removing(room: Room) -> None:
    with pytest.raises(ModelError, match="not installed"):
        await room.manager.remove("tiny")
    await room.install()
    await room.manager.remove("tiny")
    assert room.on_disk() == []
    assert await room.state() == "available"


async def test_an_unknown_model_is_told_with_the_known_ones(room: Room) -> None:
    for call in (room.manager.install("no", True, quiet), room.manager.remove("no"), room.manager.damaged("no")):
        with pytest.raises(ModelError, match=r"Known are: tiny"):
            await call
    with pytest.raises(ModelError):
        room.manager.folder("no")


KILLED = """
import asyncio, os, signal, sys
from pathlib import Path
from assistant.models.place import ModelPlace
from tests.unit.assistant.models.test_manager import Room, manifest

home, moment = Path(sys.argv[1]), sys.argv[2]
room = Room(home, manifest(revision=sys.argv[3]))
die = lambda *_: os.kill(os.getpid(), signal.SIGKILL if hasattr(signal, "SIGKILL") else signal.SIGTERM)
if moment == "fetching":
    room.fetcher.failures = None
    room.fetcher.started.set = die
elif moment == "swapping":
    rename = Path.rename
    Path.rename = lambda path, to: die() if path.name == "ready" else rename(path, to)
elif moment == "removing":
    ModelPlace.release = die
    asyncio.run(room.manager.remove("tiny"))
asyncio.run(room.install())
"""


def killed(home: Path, moment: str, revision: str = "r1") -> None:
    done = subprocess.run(
        [sys.executable, "-c", KILLED, str(home), moment, revision],
        cwd=ROOT,
        timeout=DEADLINE_S,
        check=False,
        capture_output=True,
    )
    assert done.returncode != 0 and b"Traceback" not in done.stderr, done.stderr


async def test_after_a_kill_while_fetching_the_leftovers_are_swept(room: Room) -> None:
    killed(room.home, "fetching")
    assert "weights" in room.on_disk()
    assert await room.state() == "available"
    assert await room.manager.sweep() == ["tiny"]
    assert room.on_disk() == []
    assert await room.manager.sweep() == []


async def test_after_a_kill_between_the_two_renames_the_old_revision_is_back(room: Room) -> None:
    await room.install()
    killed(room.home, "swapping", "r2")
    assert await room.state() == "available"
    assert await room.manager.sweep() == ["tiny"]
    assert await room.state() == "installed"
    assert room.on_disk() == ["mneme-model.json", "model.onnx", "tiny"]


async def test_after_a_kill_while_removing_it_stays_removed(room: Room) -> None:
    await room.install()
    killed(room.home, "removing")
    assert await room.manager.sweep() == ["tiny"]
    assert room.on_disk() == []


async def test_an_install_after_a_kill_needs_no_sweep(room: Room) -> None:
    killed(room.home, "fetching")
    assert await room.install() == "installed"
    assert room.on_disk() == ["mneme-model.json", "model.onnx", "tiny"]
