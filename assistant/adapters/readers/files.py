"""Opens a file without being led elsewhere, and reads it whole. Called by `dispatch` in the worker process."""

import os
import stat
import sys
from pathlib import Path
from typing import NamedTuple

from assistant.domain.errors import ReaderLimitError, ReadError

FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)  # a FIFO must not keep the open waiting for a writer
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


class Loaded(NamedTuple):
    """The bytes of a file, and when it was last written (epoch seconds)."""

    data: bytes
    modified: float


def load(path: str, max_bytes: int) -> Loaded:
    """Return the bytes of a plain file; read again once when it changes meanwhile. Raises ReadError, ReaderLimitError."""
    _check(path)
    for _ in range(2):
        found, steady = _load(path, max_bytes)
        if steady:
            return found
    raise ReadError("The file keeps changing while it is read.", remedy="It will be read again when it rests.")


def _check(path: str) -> None:
    if "\0" in path or not Path(path).is_absolute():
        raise ReadError("The path is not a plain absolute path.")
    if sys.platform == "win32" and ":" in os.path.splitdrive(path)[1]:
        raise ReadError("The path names a hidden stream of a file.")
    if os.path.normcase(os.path.realpath(path)) != os.path.normcase(os.path.normpath(path)):
        raise ReadError("The path leads through a link.", remedy="Add the place the link points to.")


def _load(path: str, max_bytes: int) -> tuple[Loaded, bool]:
    try:
        handle = os.open(path, FLAGS)
    except FileNotFoundError as error:
        raise ReadError("The file is gone.") from error
    except OSError as error:
        raise ReadError(f"The file cannot be opened: {error.strerror}.") from error
    before = os.fstat(handle)
    if not stat.S_ISREG(before.st_mode):
        os.close(handle)
        raise ReadError("It is not a plain file.")
    with os.fdopen(handle, "rb") as stream:
        if before.st_size > max_bytes:
            raise ReaderLimitError(f"The file is larger than {max_bytes / 2**20:g} MiB.")
        try:
            data = stream.read(max_bytes + 1)
        except OSError as error:
            raise ReadError(f"The file cannot be read: {error.strerror}.") from error
        after = os.fstat(handle)
    steady = (before.st_size, before.st_mtime_ns) == (after.st_size, after.st_mtime_ns) and len(data) == after.st_size
    return Loaded(data, after.st_mtime), steady
