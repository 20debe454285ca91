"""A little room kept for the day the disk is full: without it not even forgetting could begin. Used by `bootstrap`."""

import asyncio
import contextlib
import os
import shutil
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

FILE = "reserve"
SIZE = 4 * 1024 * 1024
"""Bytes kept: the records open with 100 KiB, and with 600 KiB some files can be forgotten."""
AMPLE = 16 * SIZE
"""Free bytes from which they are put by at a start; at an end, when nothing more is written, SIZE is enough."""


@asynccontextmanager
async def room_kept(folder: Path) -> AsyncGenerator[None]:
    """Let a memory open on a full disk by giving up the room kept for that; what is freed meanwhile is kept for the next time."""
    reserve = Reserve(folder)
    await asyncio.to_thread(reserve.give_up)
    await asyncio.to_thread(reserve.put_by, AMPLE)
    try:
        yield
    finally:
        await asyncio.to_thread(reserve.put_by, SIZE)


class Reserve:
    """A file in the memory's folder that holds room; blocking."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / FILE

    def give_up(self) -> None:
        """Let go of the room when less than it is free."""
        if self._free() < SIZE:
            self._file.unlink(missing_ok=True)

    def put_by(self, ample: int) -> None:
        """Keep the room when it is not kept and at least `ample` bytes are free; a disk that refuses is left as it is."""
        if self._file.exists() or self._free() < ample:
            return
        try:
            with self._file.open("wb") as stream:
                if hasattr(os, "posix_fallocate"):
                    os.posix_fallocate(stream.fileno(), 0, SIZE)
                else:
                    stream.write(bytes(SIZE))
        except OSError:
            with contextlib.suppress(OSError):
                self._file.unlink(missing_ok=True)

    def _free(self) -> int:
        try:
            return shutil.disk_usage(self._file.parent).free
        except OSError:
            return SIZE
