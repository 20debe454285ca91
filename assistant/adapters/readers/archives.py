"""`SandboxedArchives`: the Archives port; archives are taken apart in a process of their own, with limits. Built by `app`."""

import asyncio
import io
import json
import os
import subprocess
import sys
import tarfile
import tempfile
import threading
import zipfile
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import IO, BinaryIO, Literal, TypeVar

from assistant.adapters.readers.unpacker import END, FAILURE, HEAD, PART
from assistant.adapters.readers.wire import read_frame
from assistant.domain.change import Stamp
from assistant.domain.errors import ArchiveError, ChangedMeanwhileError, PathRefusedError, StorageError
from assistant.ports.acting import ArchiveMember, BlobStore, Files, Tell

T = TypeVar("T")
MEMORY_MB = 512
MOST_MEMBERS = 100_000
MOST_BYTES = 8 * 2**30
WORST_RATIO = 200
RATIO_MATTERS = 64 * 2**20
MOST_FRAME = 4 * 2**20
BLOCK = 2**20
LONGEST_S = 600.0
EARLIEST, LATEST = (1980, 1, 1, 0, 0, 0), (2107, 12, 31, 23, 59, 58)
"""The dates a zip can hold."""


class SandboxedArchives:
    """Reads zip and tar (plain, gz, bz2, xz) and makes zip and tar.gz; contents pass through `blobs`."""

    def __init__(self, executor: Executor, files: Files, blobs: BlobStore) -> None:
        self._executor = executor
        self._files = files
        self._blobs = blobs

    async def read(self, path: str, tell: Tell | None = None) -> list[ArchiveMember]:
        """Put the contents of all members into the BlobStore. Raises ArchiveError, PathRefusedError."""
        stamp = await self._stamped(path)
        say = _from_threads(tell)
        return await self._run(lambda: self._taken_apart(path, stamp, say))

    async def make(
        self, kind: Literal["zip", "tar.gz"], entries: Sequence[tuple[str, str]], tell: Tell | None = None
    ) -> tuple[str, int]:
        """Pack entries (path on disk, name inside); return digest and size. The same entries give the same archive."""
        stamps = [await self._files.stamp(path) for path, _ in entries]
        say = _from_threads(tell)

        def work() -> tuple[str, int]:
            pack = _zip if kind == "zip" else _tar
            try:
                with tempfile.TemporaryFile() as made:
                    pack(made, [(path, name, stamp) for (path, name), stamp in zip(entries, stamps, strict=True)], say)
                    size = made.tell()
                    made.seek(0)
                    return self._blobs.store(made), size
            except OSError as error:
                why = error.strerror or str(error)
                raise StorageError(f"The archive cannot be made: {why}.", kept="Nothing was changed.") from error

        return await self._run(work)

    async def _stamped(self, path: str) -> Stamp:
        stamp = await self._files.stamp(path)
        if stamp is None or stamp.kind != "file":
            raise ArchiveError(f"{path} is no file.", kept="Nothing was changed.")
        return stamp

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)

    def _taken_apart(self, path: str, stamp: Stamp, say: Callable[[int], None]) -> list[ArchiveMember]:
        command = [sys.executable, "-m", "assistant.adapters.readers.unpacker", str(MEMORY_MB)]
        with _opened(path, stamp) as file:
            child = subprocess.Popen(command, stdin=file, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=_environment())
        watch = threading.Timer(LONGEST_S, child.kill)
        watch.start()
        try:
            assert child.stdout is not None
            limit = MOST_BYTES if stamp.size * WORST_RATIO > MOST_BYTES else max(RATIO_MATTERS, stamp.size * WORST_RATIO)
            return _Taking(child.stdout, self._blobs, limit, path, say).all()
        finally:
            watch.cancel()
            watch.join()
            child.kill()
            child.wait()
            if child.stdout is not None:
                child.stdout.close()


class _Taking:
    """Members as they come from the process that reads an archive."""

    def __init__(self, pipe: IO[bytes], blobs: BlobStore, limit: int, path: str, say: Callable[[int], None]) -> None:
        self._pipe = pipe
        self._blobs = blobs
        self._left = limit
        self._path = path
        self._say = say
        self._next: tuple[bytes, bytes] | None = None

    def all(self) -> list[ArchiveMember]:
        """Return every member. Raises ArchiveError."""
        found: list[ArchiveMember] = []
        while True:
            tag, payload = self._frame()
            if tag == END:
                return found
            if tag != HEAD:
                raise self._refused("it is damaged")
            if len(found) >= MOST_MEMBERS:
                raise self._refused(f"it holds more than {MOST_MEMBERS:,} entries")
            member = self._member(payload)
            if member.kind == "file":
                stream = _Contents(self)
                blob = self._blobs.store(io.BufferedReader(stream, BLOCK))
                member = member._replace(blob=blob, size=stream.size)
            found.append(member)
            self._say(len(found))

    def _member(self, payload: bytes) -> ArchiveMember:
        """Return what the process tells of a member; it has read what nobody trusts, so it is not trusted either."""
        try:
            head = json.loads(payload)
            kind = head["kind"] if head["kind"] in ("file", "folder") else "other"
            return ArchiveMember(str(head["name"]), kind, 0, int(head["mode"]) & 0o7777, float(head["mtime"]))
        except (ValueError, KeyError, TypeError, OverflowError) as error:
            raise self._refused("it is damaged") from error

    def part(self) -> bytes:
        """Return the next part of the contents that are being read, b"" at their end."""
        tag, payload = self._frame()
        if tag != PART:
            self._next = (tag, payload)
            return b""
        self._left -= len(payload)
        if self._left < 0:
            raise self._refused("it unpacks to far more than its size, as an archive bomb does")
        return payload

    def _frame(self) -> tuple[bytes, bytes]:
        frame, self._next = self._next or read_frame(self._pipe, MOST_FRAME), None
        if frame is None:
            raise self._refused("reading it needed more than the limits allow")
        if frame[0] == FAILURE:
            raise self._refused(frame[1].decode("utf-8", "replace"))
        return frame

    def _refused(self, why: str) -> ArchiveError:
        return ArchiveError(f"The archive {self._path} cannot be read: {why}.", kept="Nothing was changed.")


class _Contents(io.RawIOBase):
    """The contents of one member as a stream."""

    def __init__(self, taking: _Taking) -> None:
        super().__init__()
        self._taking = taking
        self._rest = memoryview(b"")
        self.size = 0

    def readable(self) -> bool:
        """See io.RawIOBase."""
        return True

    def readinto(self, buffer: bytearray | memoryview) -> int:  # type: ignore[override]
        """See io.RawIOBase."""
        if not self._rest:
            self._rest = memoryview(self._taking.part())
        taken = min(len(buffer), len(self._rest))
        buffer[:taken] = self._rest[:taken]
        self._rest = self._rest[taken:]
        self.size += taken
        return taken


def _opened(path: str, stamp: Stamp) -> BinaryIO:
    """Open the file that was looked at, as it was: another one or a link put in its place since is refused."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0))
    except OSError as error:
        raise StorageError(f"{path} cannot be read: {error.strerror}.", kept="Nothing was changed.") from error
    look = os.fstat(descriptor)
    if (look.st_ino, look.st_dev, look.st_size) != (stamp.inode, stamp.device, stamp.size):
        os.close(descriptor)
        raise ChangedMeanwhileError(
            f"{path} is another file than a moment ago.", kept="Nothing was changed.", remedy="Try again."
        )
    return os.fdopen(descriptor, "rb")


def _zip(made: BinaryIO, entries: Sequence[tuple[str, str, Stamp | None]], say: Callable[[int], None]) -> None:
    import time

    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED, allowZip64=True) as archive:
        for done, (path, name, stamp) in enumerate(entries, 1):
            if stamp is None or stamp.kind == "link":
                raise PathRefusedError(f"{path} is gone or a link: it is not packed.", kept="Nothing was changed.")
            when = min(max(time.localtime(stamp.mtime_ns / 1e9)[:6], EARLIEST), LATEST)
            named = name.encode("utf-8", "surrogateescape").decode("utf-8", "replace")  # a zip holds no name that is no text
            info = zipfile.ZipInfo(named + "/" if stamp.kind == "folder" else named, when)
            kind = 0o040000 if stamp.kind == "folder" else 0o100000
            info.external_attr = (kind | stamp.mode) << 16 | (0x10 if stamp.kind == "folder" else 0)
            info.create_system = 3
            info.compress_type = zipfile.ZIP_STORED if stamp.kind == "folder" else zipfile.ZIP_DEFLATED
            if stamp.kind == "folder":
                archive.writestr(info, b"")
            else:
                with _opened(path, stamp) as file, archive.open(info, "w", force_zip64=stamp.size > 2**31) as into:
                    while block := file.read(BLOCK):
                        into.write(block)
            say(done)


def _tar(made: BinaryIO, entries: Sequence[tuple[str, str, Stamp | None]], say: Callable[[int], None]) -> None:
    import gzip

    with (
        gzip.GzipFile(fileobj=made, mode="wb", mtime=0, filename="") as zipped,
        tarfile.open(fileobj=zipped, mode="w|", format=tarfile.PAX_FORMAT) as archive,
    ):
        for done, (path, name, stamp) in enumerate(entries, 1):
            if stamp is None or stamp.kind == "link":
                raise PathRefusedError(f"{path} is gone or a link: it is not packed.", kept="Nothing was changed.")
            info = tarfile.TarInfo(name)
            info.mode, info.mtime = stamp.mode, stamp.mtime_ns // 10**9
            if stamp.kind == "folder":
                info.type = tarfile.DIRTYPE
                archive.addfile(info)
            else:
                info.size = stamp.size
                with _opened(path, stamp) as file:
                    archive.addfile(info, file)
            say(done)


def _from_threads(tell: Tell | None) -> Callable[[int], None]:
    """Return what passes a count from a worker thread to `tell` on the loop, now and then."""
    if tell is None:
        return lambda _: None
    loop = asyncio.get_running_loop()

    def say(done: int) -> None:
        if done % 100 == 0:
            loop.call_soon_threadsafe(tell, done, 0, "")

    return say


def _environment() -> dict[str, str]:
    kept = ("PATH", "SYSTEMROOT", "WINDIR", "LD_LIBRARY_PATH", "VIRTUAL_ENV", "LANG", "TZ")
    path = {"PYTHONPATH": os.pathsep.join(one for one in sys.path if one)}
    return {name: os.environ[name] for name in kept if name in os.environ} | path
