"""Turns what the engines and the disk raise into errors a person can act on. Used by every store of this room."""

import errno
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from assistant.domain.errors import CrampedError, DamagedError, InUseError, MnemeError, StorageError

_FULL = ("disk is full", "no space left", "enospc", "disk full", "quota exceeded")
_READ_ONLY = ("readonly", "read-only", "permission denied", "access is denied", "unable to open database file")
_BUSY = ("database is locked", "database table is locked", "wouldblock", "lockbusy", "failed to acquire lockfile", "lock busy")
_BAD_TEXT = ("surrogates not allowed", "embedded null")

_FAILING = ("disk i/o error", "input/output error", "os error 5)")
_SHORT = ("too many open files", "cannot allocate memory", "out of memory")

_FULL_ERRNO = {errno.ENOSPC, errno.EDQUOT}
_READ_ONLY_ERRNO = {errno.EROFS, errno.EACCES, errno.EPERM}
_FAILING_ERRNO = {errno.EIO}
_SHORT_ERRNO = {errno.EMFILE, errno.ENFILE, errno.ENOMEM}


def require_room(folder: Path, size: int, store: str) -> None:
    """Raise CrampedError unless so many bytes are free for `folder`.

    For engines that map files with holes: on a full disk such a write kills the process (SIGBUS) instead of failing.
    """
    if shutil.disk_usage(folder).free < size:
        raise CrampedError(
            f"The disk is full: the {store} rests until {size >> 20} MiB are free.",
            kept="Everything written before is kept.",
            remedy="Free some space: `mneme collect` and forgetting go on.",
        )


def in_use(store: str) -> InUseError:
    """The error for a store that another process holds."""
    return InUseError(
        f"The {store} is held by another process.",
        kept="Nothing was changed.",
        remedy="Close the other Mneme, or wait until it has finished, and try again.",
    )


def damaged(store: str, detail: str, remedy: str) -> DamagedError:
    """The error for files that cannot be understood; `remedy` says where a sound copy comes from."""
    return DamagedError(f"The {store} is damaged or was not written by this version ({detail}).", remedy=remedy)


def translate(store: str, error: BaseException, remedy: str) -> MnemeError:
    """Name the failure of an engine: full disk, read-only disk, held by another, impossible text, else damage."""
    text = str(error)
    low = text.lower()
    number = error.errno if isinstance(error, OSError) else None
    if number in _FULL_ERRNO or any(word in low for word in _FULL):
        return StorageError(
            f"The disk is full: the {store} could not be written.",
            kept="Everything written before is kept.",
            remedy="Free some space and try again.",
        )
    if number in _READ_ONLY_ERRNO or any(word in low for word in _READ_ONLY):
        return StorageError(
            f"The {store} may not be opened or written here ({text}).",
            kept="Nothing was changed.",
            remedy="Check that the folder exists, is not read-only and belongs to you.",
        )
    if any(word in low for word in _BUSY):
        return in_use(store)
    if number in _SHORT_ERRNO or isinstance(error, MemoryError) or any(word in low for word in _SHORT):
        return StorageError(
            f"The computer ran short of memory or open files: the {store} could not be used ({text}).",
            kept="Everything written before is kept.",
            remedy="Close other programs and try again.",
        )
    if number in _FAILING_ERRNO or any(word in low for word in _FAILING):
        return StorageError(
            f"The {store} could not be read or written ({text}): the disk is full to the last byte, or failing.",
            kept="What was written before was not touched.",
            remedy="Free some space, check the drive, and try again.",
        )
    if isinstance(error, UnicodeError) or any(word in low for word in _BAD_TEXT):
        return StorageError(
            f"The {store} cannot hold this text: it is not valid Unicode.",
            kept="Nothing was changed.",
            remedy="Rename the file, or save it in a common encoding.",
        )
    if isinstance(error, OverflowError):
        return StorageError(f"A number is too large for the {store} ({text}).", kept="Nothing was changed.")
    return damaged(store, text or type(error).__name__, remedy)


@contextmanager
def guarded(store: str, remedy: str) -> Generator[None]:
    """Run engine calls so that only expected errors leave: MnemeError as it is, anything else translated."""
    try:
        yield
    except MnemeError:
        raise
    except (KeyboardInterrupt, SystemExit, GeneratorExit):
        raise
    except BaseException as error:
        # A Rust engine's panic derives from BaseException and would otherwise pass every handler above this floor.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
        raise translate(store, error, remedy) from error
