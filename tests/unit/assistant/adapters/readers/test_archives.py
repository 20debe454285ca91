"""Archives that are damaged, hostile or whole, taken apart in their own process, and archives made of files."""

import io
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from assistant.adapters.readers import archives as room
from assistant.adapters.readers.archives import SandboxedArchives
from assistant.domain.errors import (
    ArchiveError,
    ChangedMeanwhileError,
    MnemeError,
    PathRefusedError,
    ReaderLimitError,
    StorageError,
)
from tests.fakes.acting import FakeBlobs
from tests.fakes.seeing import DiskFiles

WORKER = "assistant.adapters.readers.unpacker"


class Packing:
    """A folder, the archives over it, and what they put into the blob store; `children` are the processes that were started."""

    def __init__(self, root: Path, threads: ThreadPoolExecutor) -> None:
        self.root = root
        self.blobs = FakeBlobs()
        self.children: list[subprocess.Popen[bytes]] = []
        self.archives = SandboxedArchives(threads, DiskFiles(root), self.blobs)

    def put(self, name: str, content: bytes) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return str(path)

    async def read(self, name: str, content: bytes) -> dict[str, tuple[str, bytes]]:
        """Return kind and contents by name of what an archive holds."""
        found = await self.archives.read(self.put(name, content))
        return {one.name: (one.kind, self.blobs.kept[one.blob] if one.blob else b"") for one in found}


@pytest.fixture
def packing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Packing]:
    popen = subprocess.Popen
    with ThreadPoolExecutor(1) as pool:
        made = Packing(tmp_path, pool)

        def start(*args: Any, **more: Any) -> "subprocess.Popen[bytes]":
            made.children.append(popen(*args, **more))
            return made.children[-1]

        monkeypatch.setattr(room.subprocess, "Popen", start)
        yield made
    assert all(child.returncode is not None for child in made.children), "no process is left behind"


def zipped(*members: tuple[str, bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return made.getvalue()


def tarred(mode: str, *members: tuple[str, bytes] | tarfile.TarInfo) -> bytes:
    made = io.BytesIO()
    with tarfile.open(fileobj=made, mode=mode) as archive:  # type: ignore[call-overload]
        for one in members:
            if isinstance(one, tarfile.TarInfo):
                archive.addfile(one)
                continue
            info = tarfile.TarInfo(one[0])
            info.size = len(one[1])
            archive.addfile(info, io.BytesIO(one[1]))
    return made.getvalue()


def special(name: str, kind: bytes) -> tarfile.TarInfo:
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, "/etc/passwd"
    return info


@pytest.mark.parametrize("kind", ["zip", "w", "w:gz", "w:bz2", "w:xz"])
async def test_every_kind_gives_what_it_holds(packing: Packing, kind: str) -> None:
    members = (("a/отчёт.txt", "да".encode()), ("empty", b""), ("big", bytes(range(256)) * 9000))
    content = zipped(*members) if kind == "zip" else tarred(kind, *members)
    assert await packing.read("it", content) == {name: ("file", inside) for name, inside in members}


async def test_names_stay_as_they_are_written_and_links_and_devices_have_no_contents(packing: Packing) -> None:
    kinds = {"link": tarfile.SYMTYPE, "hard": tarfile.LNKTYPE, "pipe": tarfile.FIFOTYPE, "disk": tarfile.BLKTYPE}
    odd = [special(name, kind) for name, kind in kinds.items()]
    found = await packing.read("it.tar", tarred("w", ("../../x", b"1"), ("/etc/y", b"2"), *odd, special("d", tarfile.DIRTYPE)))
    assert found == {
        "../../x": ("file", b"1"),
        "/etc/y": ("file", b"2"),
        **dict.fromkeys(kinds, ("other", b"")),
        "d": ("folder", b""),
    }


async def test_a_link_in_a_zip_is_no_file(packing: Packing) -> None:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, b"/etc/passwd")
    assert await packing.read("it.zip", made.getvalue()) == {"link": ("other", b"")}


async def test_a_plain_tar_that_ends_with_a_zip_is_a_tar(packing: Packing) -> None:
    inner = zipped(("inner", b"x"))
    assert await packing.read("it.tar", tarred("w", ("a.zip", inner))) == {"a.zip": ("file", inner)}


@pytest.mark.parametrize(
    ("raw", "name"),
    [
        ("отчёт за май.txt".encode("cp866"), "отчёт за май.txt"),
        ("отчёт.txt".encode(), "отчёт.txt"),
        (b"plain.txt", "plain.txt"),
    ],
)
async def test_names_of_old_russian_zips_are_read(
    packing: Packing, raw: bytes, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(zipfile.ZipInfo, "_encodeFilenameFlags", lambda self: (raw, 0))
    content = zipped(("any", b"x"))
    assert [*await packing.read("it.zip", content)] == [name]


def with_password(content: bytes) -> bytes:
    """Mark the one member of a zip as encrypted, as its directory tells."""
    at = content.index(b"PK\x01\x02") + 8
    return content[:at] + b"\x01" + content[at + 1 :]


def with_bad_sum(content: bytes) -> bytes:
    at = content.index(b"PK\x01\x02") + 16
    return content[:at] + b"\0\0\0\0" + content[at + 4 :]


def in_an_unknown_way(content: bytes) -> bytes:
    at = content.index(b"PK\x01\x02") + 10
    return content[:at] + b"\x63\0" + content[at + 2 :]


NOISE = os.urandom(50_000)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (with_password(zipped(("a", b"secret"))), "it is protected by a password"),
        (with_bad_sum(zipped(("a", b"text"))), "it is damaged"),
        (in_an_unknown_way(zipped(("a", b"text"))), "it is packed in a way that Mneme does not know"),
        (zipped(("a", NOISE))[:-30], "it is no zip and no tar archive, or it is damaged"),
        (tarred("w:gz", ("a", NOISE))[:20_000], "it is damaged"),
        (tarred("w", ("a", NOISE))[:20_000], "it is damaged"),
        (b"", "it is no zip and no tar archive, or it is damaged"),
        (b"Rar!\x1a\x07\x00" + NOISE, "it is no zip and no tar archive, or it is damaged"),
    ],
)
async def test_what_is_wrong_with_an_archive_is_told(packing: Packing, content: bytes, why: str) -> None:
    with pytest.raises(ArchiveError) as told:
        await packing.read("it", content)
    assert told.value.what == f"The archive {packing.root / 'it'} cannot be read: {why}."
    assert told.value.kept == "Nothing was changed."


@pytest.mark.parametrize("kind", ["zip", "w:gz", "w:xz"])
async def test_a_bomb_is_stopped_on_the_way(packing: Packing, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "RATIO_MATTERS", 2**20)
    member = ("zeros", bytes(32 * 2**20))
    with pytest.raises(ArchiveError, match="archive bomb"):
        await packing.read("it", zipped(member) if kind == "zip" else tarred(kind, member))
    assert packing.blobs.kept == {}


async def test_there_are_only_so_many_members(packing: Packing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "MOST_MEMBERS", 3)
    assert len(await packing.read("it", zipped(*((str(n), b"") for n in range(3))))) == 3
    with pytest.raises(ArchiveError, match="more than 3 entries"):
        await packing.read("it", zipped(*((str(n), b"") for n in range(4))))


HEAD = b'{"name": "a", "kind": "file", "size": 1, "mode": 420, "mtime": 0}'


def child(code: str) -> Callable[..., "subprocess.Popen[bytes]"]:
    """Start another process in the place of the one that reads archives."""
    popen = subprocess.Popen
    head = "import os, struct, sys, threading\ndef frame(tag, body): os.write(1, struct.pack('>cI', tag, len(body)) + body)\n"

    def start(command: list[str], **more: Any) -> "subprocess.Popen[bytes]":
        assert WORKER in command
        return popen([sys.executable, "-c", head + code], **more)

    return start


@pytest.mark.parametrize(
    ("code", "error", "why"),
    [
        ("os._exit(1)", ArchiveError, "needed more than the limits allow"),
        (f"frame(b'H', {HEAD!r}); frame(b'P', b'abc'); os._exit(9)", ArchiveError, "needed more than the limits allow"),
        ("os.write(1, b'H')", ArchiveError, "needed more than the limits allow"),
        ("frame(b'P', b'abc')", ArchiveError, "it is damaged"),
        ("frame(b'H', b'{')", ArchiveError, "it is damaged"),
        ("frame(b'H', b'[]')", ArchiveError, "it is damaged"),
        ('frame(b\'H\', b\'{"name": "a", "kind": "file", "mode": "x", "mtime": 0}\')', ArchiveError, "it is damaged"),
        ("os.write(1, struct.pack('>cI', b'H', 2**31))", ReaderLimitError, "limit"),
    ],
)
async def test_a_process_that_dies_or_speaks_nonsense_is_an_archive_that_cannot_be_read(
    packing: Packing, code: str, error: type[MnemeError], why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(room.subprocess, "Popen", child(code))
    with pytest.raises(error, match=why):
        await packing.read("it", b"x")
    assert packing.blobs.kept == {}


async def test_a_process_that_hangs_is_ended(packing: Packing, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "LONGEST_S", 0.01)
    monkeypatch.setattr(room.subprocess, "Popen", child("threading.Event().wait()"))
    with pytest.raises(ArchiveError, match="needed more than the limits allow"):
        await packing.read("it", b"x")


async def test_what_is_no_file_is_no_archive(packing: Packing) -> None:
    packing.put("folder/a", b"")
    (packing.root / "link").symlink_to(packing.put("it.zip", zipped(("a", b"x"))))
    for name in ("folder", "link", "nothing"):
        with pytest.raises(ArchiveError, match="is no file"):
            await packing.archives.read(str(packing.root / name))


class TestMaking:
    @pytest.fixture
    def entries(self, packing: Packing) -> list[tuple[str, str]]:
        packing.put("d/отчёт.txt", b"text" * 1000)
        packing.put("d/run.sh", b"#!/bin/sh\n")
        (packing.root / "d/run.sh").chmod(0o755)
        (packing.root / "d/empty").mkdir()
        for name in ("d/отчёт.txt", "d/run.sh", "d/empty", "d"):
            os.utime(packing.root / name, (1_700_000_000, 1_700_000_000))
        return [(str(packing.root / name), name) for name in ("d", "d/empty", "d/run.sh", "d/отчёт.txt")]

    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    async def test_the_same_files_give_the_same_bytes_which_hold_them(
        self, packing: Packing, entries: list[tuple[str, str]], kind: Any
    ) -> None:
        digest, size = await packing.archives.make(kind, entries)
        assert (digest, size) == await packing.archives.make(kind, entries)
        made = packing.blobs.kept[digest]
        assert len(made) == size
        found = await packing.archives.read(packing.put("it", made))
        assert {one.name.rstrip("/"): one.kind for one in found} == {
            "d": "folder", "d/empty": "folder", "d/run.sh": "file", "d/отчёт.txt": "file",
        }  # fmt: skip
        assert {one.mtime for one in found} == {1_700_000_000}
        script = next(one for one in found if one.name == "d/run.sh")
        assert (script.mode, packing.blobs.kept[script.blob]) == (0o755, b"#!/bin/sh\n")

    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    async def test_links_and_what_is_gone_are_refused(self, packing: Packing, kind: Any) -> None:
        (packing.root / "link").symlink_to("/etc/passwd")
        for name in ("link", "gone"):
            with pytest.raises(PathRefusedError, match="gone or a link"):
                await packing.archives.make(kind, [(str(packing.root / name), "x")])
        assert packing.blobs.kept == {}

    @pytest.mark.parametrize("kind", ["zip", "tar.gz"])
    @pytest.mark.parametrize(
        ("moved", "error"),
        [
            (lambda path: path.write_bytes(b"longer than before"), ChangedMeanwhileError),
            (lambda path: (path.rename(path.with_name("old")), path.write_bytes(b"text")), ChangedMeanwhileError),
            (lambda path: (path.unlink(), path.symlink_to("/etc/passwd")), StorageError),
            (lambda path: path.unlink(), StorageError),
        ],
    )
    async def test_a_file_that_changes_after_it_was_looked_at_is_not_packed(
        self, packing: Packing, kind: Any, moved: Callable[[Path], object], error: type[MnemeError]
    ) -> None:
        path = Path(packing.put("a", b"text"))
        files = DiskFiles(packing.root)
        stamp = await files.stamp(str(path))
        moved(path)
        pack = room._zip if kind == "zip" else room._tar
        with pytest.raises(error):
            pack(io.BytesIO(), [(str(path), "a", stamp)], lambda _: None)

    async def test_dates_and_names_that_a_zip_cannot_hold(self, packing: Packing) -> None:
        for name, at in (("old", 0), ("late", 5_000_000_000)):
            os.utime(packing.put(name, b"x"), (at, at))
        odd = os.fsdecode(b"\xff.txt")
        packing.put(odd, b"x")
        entries = [(str(packing.root / name), name) for name in ("old", "late", odd)]
        digest, _ = await packing.archives.make("zip", entries)
        with zipfile.ZipFile(io.BytesIO(packing.blobs.kept[digest])) as archive:
            assert [one.date_time[0] for one in archive.infolist()][:2] == [1980, 2107]
            assert archive.namelist()[2] == "\ufffd.txt"

    async def test_a_full_disk_is_told(self, packing: Packing, monkeypatch: pytest.MonkeyPatch) -> None:
        def full() -> object:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(room.tempfile, "TemporaryFile", full)
        with pytest.raises(StorageError, match="The archive cannot be made: No space left on device"):
            await packing.archives.make("zip", [])
