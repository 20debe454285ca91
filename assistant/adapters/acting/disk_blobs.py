"""`DiskBlobs`: the BlobStore port as a folder of files named by what they hold. Built by `app`, used by workspace and tools.

Giving contents up removes their file and no more: disks that copy on write keep the old blocks whatever is written over
them. Who must not leave them behind keeps an encrypted memory, whose contents are sealed here too.
"""

import asyncio
import hashlib
import io
import os
import secrets
from collections.abc import Callable, Collection, Iterator
from concurrent.futures import Executor
from pathlib import Path
from typing import BinaryIO, TypeVar

from assistant.adapters.acting.blob_frames import Frames, PlainFrames
from assistant.adapters.acting.failures import translate
from assistant.domain.errors import BlobGoneError

T = TypeVar("T")
PART = ".part"


class DiskBlobs:
    """Contents in `folder`, spread over 256 folders by the first two letters of their names; blocking work on `executor`.

    What is kept is on disk when a call returns, and is compared with its sha256 whenever it is read.
    """

    def __init__(self, folder: Path, executor: Executor, frames: Frames | None = None) -> None:
        self._folder = folder
        self._executor = executor
        self._frames = frames or PlainFrames()

    async def put(self, content: bytes) -> str:
        """Keep bytes; return their sha256. Raises StorageError."""
        return await self._run(lambda: self.store(io.BytesIO(content)))

    async def get(self, digest: str) -> bytes:
        """Return bytes; raises BlobGoneError, StorageError."""
        into = io.BytesIO()
        await self._run(lambda: self.copy(digest, into))
        return into.getvalue()

    def store(self, stream: BinaryIO) -> str:
        """Keep all that a stream gives; return its sha256. Raises StorageError."""
        part = self._folder / f"{secrets.token_hex(8)}{PART}"
        try:
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o600)
            with os.fdopen(descriptor, "wb") as file:
                digest = self._frames.write(stream, file)
                file.flush()
                os.fsync(file.fileno())
            place = self._place(digest)
            if not place.parent.is_dir():
                place.parent.mkdir(mode=0o700, exist_ok=True)
                _sync(self._folder)
            part.replace(place)
            _sync(place.parent)
        except OSError as error:
            raise translate(str(self._folder), error) from error
        finally:
            part.unlink(missing_ok=True)
        return digest

    def copy(self, digest: str, into: BinaryIO) -> int:
        """Write kept bytes into a stream; return how many. Raises BlobGoneError, StorageError.

        What is damaged is noticed at its end: whoever copies to a place of its own leaves that place out then.
        """
        found, size = hashlib.sha256(), 0
        for block in self._blocks(digest):
            found.update(block)
            size += into.write(block)
        if found.hexdigest() != digest:
            raise _damaged()
        return size

    async def drop(self, digests: Collection[str]) -> int:
        """Give contents up; return the bytes freed. Raises StorageError."""
        return await self._run(lambda: sum(map(self._drop, set(digests))))

    async def held(self) -> dict[str, int]:
        """Return the sizes on disk, in bytes, by digest; damaged files are left out."""
        return await self._run(lambda: dict(self._held()))

    def sweep(self) -> None:
        """Remove what a crash left half written. For the start, before anything else uses the folder."""
        for part in self._folder.glob(f"*{PART}"):
            part.unlink(missing_ok=True)

    def _blocks(self, digest: str) -> Iterator[bytes]:
        """Read kept contents; only what their own disk says is told as its failure."""
        try:
            with self._place(digest).open("rb") as file:
                yield from self._frames.read(file)
        except FileNotFoundError as error:
            raise BlobGoneError(
                "Contents from before are not kept any more: they were given up for space, or forgotten.",
                kept="Nothing was changed.",
                remedy="What was done last can still be undone.",
            ) from error
        except ValueError as error:
            raise _damaged() from error
        except OSError as error:
            raise translate(str(self._folder), error) from error

    def _place(self, digest: str) -> Path:
        if len(digest) != 64 or set(digest) - set("0123456789abcdef"):
            raise _damaged()
        name = self._frames.name(digest)
        return self._folder / name[:2] / name

    def _drop(self, digest: str) -> int:
        place = self._place(digest)
        try:
            size = place.stat().st_size
            place.unlink()
        except FileNotFoundError:
            return 0
        except OSError as error:
            raise translate(str(self._folder), error) from error
        return size

    def _held(self) -> Iterator[tuple[str, int]]:
        for place in self._folder.glob("[0-9a-f][0-9a-f]/*"):
            try:
                with place.open("rb") as file:
                    yield self._frames.digest(place.name, file), os.fstat(file.fileno()).st_size
            except (OSError, ValueError):
                continue

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _damaged() -> BlobGoneError:
    return BlobGoneError(
        "Contents from before are damaged on disk.",
        kept="Nothing was changed.",
        remedy="Check the drive; other changes can still be undone.",
    )


def _sync(folder: Path) -> None:
    """Let the names in a folder survive a power cut, where the system can."""
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
