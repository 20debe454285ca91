"""Files that become visible whole or not at all: written without a name, or under one of Mneme's own, then given their name.

Used by everything here that puts contents somewhere. Blocking; raises OSError.
"""

import errno
import hashlib
import io
import os
import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING, BinaryIO

from assistant.adapters.acting.grounds import Spot
from assistant.adapters.acting.names import LEFTOVER
from assistant.adapters.acting.renaming import rename_free
from assistant.adapters.acting.threads import Halt

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer

OPEN_FILES = "/proc/self/fd"
NAMELESS = getattr(os, "O_TMPFILE", 0)
BLOCK = 2**18


class _Watched(io.FileIO):
    """A file whose writer is asked before each write whether it is still wanted."""

    def __init__(self, descriptor: int, halt: Halt) -> None:
        super().__init__(descriptor, "wb", closefd=False)
        self._halt = halt

    def write(self, content: "ReadableBuffer", /) -> int:
        """See io.FileIO."""
        self._halt.check()
        return super().write(content)


class Draft:
    """A file that nobody sees yet; `descriptor` is open for writing until it is placed."""

    def __init__(self, descriptor: int, part: Spot | None, halt: Halt) -> None:
        self.descriptor = descriptor
        self._part = part
        self._halt = halt

    def stream(self) -> BinaryIO:
        """Return a stream to write the contents to; close it before the file is placed."""
        return io.BufferedWriter(_Watched(self.descriptor, self._halt), BLOCK)

    def dress(self, mode: int | None, times: tuple[int, int] | None) -> None:
        """Give the file permission bits (None: the usual ones) and times (access and change, ns), and put it on disk."""
        if mode is not None and sys.platform != "win32":
            os.fchmod(self.descriptor, mode)
        if times is not None and os.utime in os.supports_fd:
            os.utime(self.descriptor, ns=times)
        os.fsync(self.descriptor)
        if self._part is not None and sys.platform == "win32":
            os.close(self.descriptor)  # no open file is renamed there
            self.descriptor = -1
            if times is not None:
                os.utime(self._part.name, ns=times)

    def look(self) -> os.stat_result:
        """Return what the disk says of the file."""
        return os.fstat(self.descriptor) if self._part is None or self.descriptor >= 0 else os.stat(self._part.name)

    def place(self, target: Spot) -> None:
        """Give the file its name; raises FileExistsError when that is taken."""
        if self._part is not None:
            rename_free(self._part, target)
            self._part = None
            return
        os.link(f"{OPEN_FILES}/{self.descriptor}", target.name, dst_dir_fd=target.folder, follow_symlinks=True)

    def drop(self) -> None:
        """Close the file, and remove it when it was never placed."""
        if self.descriptor >= 0:
            os.close(self.descriptor)
        if self._part is not None:
            os.unlink(self._part.name, dir_fd=self._part.folder)


@contextmanager
def draft(target: Spot, halt: Halt, mode: int = 0o666) -> Generator[Draft]:
    """Begin a file in the folder of `target`; it is gone again unless it is placed."""
    made = _begin(target, halt, mode)
    try:
        yield made
    finally:
        made.drop()


def leftover(target: Spot) -> Spot:
    """Return the place beside `target` that is used while it is changed: always the same, so that recovery finds it."""
    return target.beside(f"{LEFTOVER}{hashlib.sha256(os.path.basename(target.path).encode()).hexdigest()[:16]}")


def _begin(target: Spot, halt: Halt, mode: int) -> Draft:
    if NAMELESS and target.folder is not None and os.path.isdir(OPEN_FILES):
        try:
            return Draft(os.open(".", os.O_RDWR | NAMELESS, mode, dir_fd=target.folder), None, halt)
        except OSError as error:
            if error.errno not in (errno.EOPNOTSUPP, errno.EISDIR, errno.EINVAL, errno.ENOENT):
                raise
    part = leftover(target).beside(f"{os.path.basename(leftover(target).path)}.part")
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    try:
        descriptor = part.open(flags, mode)
    except FileExistsError:
        os.unlink(part.name, dir_fd=part.folder)  # a crash left it, before it had its name
        descriptor = part.open(flags, mode)
    return Draft(descriptor, part, halt)
