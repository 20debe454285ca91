"""Turns what the disk says of a person's files into errors that a person can act on. Used by all of this room."""

import errno
from collections.abc import Generator
from contextlib import contextmanager

from assistant.adapters.acting.names import shown
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, OccupiedError, PathRefusedError, StorageError

NOTHING = "Nothing was changed."


def occupied(path: str) -> OccupiedError:
    """The error for a place that is taken."""
    return OccupiedError(f"{shown(path)} is there already.", kept=NOTHING, remedy="Choose another name, or move it away.")


def gone(path: str) -> ChangedMeanwhileError:
    """The error for something that is not there any more."""
    return ChangedMeanwhileError(f"{shown(path)} is not there any more.", kept=NOTHING, remedy="Look at the plan again.")


def changed(path: str) -> ChangedMeanwhileError:
    """The error for something that is not what was looked at before."""
    return ChangedMeanwhileError(
        f"{shown(path)} has changed since it was looked at.", kept=NOTHING, remedy="Look at the plan again."
    )


def linked(path: str) -> PathRefusedError:
    """The error for a link where a folder or plain file was to be."""
    return PathRefusedError(f"{shown(path)} is a link, or lies behind one.", kept=NOTHING, remedy="Name the place itself.")


def odd(path: str) -> PathRefusedError:
    """The error for sockets, pipes and devices."""
    return PathRefusedError(f"{shown(path)} is neither a plain file nor a folder.", kept=NOTHING, remedy="Leave it out.")


def translate(path: str, error: OSError) -> MnemeError:
    """Name what the disk said about a path."""
    match error.errno:
        case errno.EEXIST | errno.ENOTEMPTY:
            return occupied(path)
        case errno.ENOENT:
            return gone(path)
        case errno.ELOOP | errno.EMLINK:
            return linked(path)
        case errno.ENOSPC | errno.EDQUOT:
            return StorageError(
                f"The disk is full: {shown(path)} could not be written.", kept=NOTHING, remedy="Free some space and try again."
            )
        case errno.EACCES | errno.EPERM | errno.EROFS:
            return StorageError(
                f"{shown(path)} may not be read or changed ({error.strerror}).",
                kept=NOTHING,
                remedy="Check that it is not read-only and belongs to you.",
            )
        case _:
            said = error.strerror or str(error)
            return StorageError(
                f"{shown(path)} could not be read or changed ({said}).", kept=NOTHING, remedy="Check the drive and try again."
            )


@contextmanager
def told(path: str) -> Generator[None]:
    """Let what the disk says leave as MnemeErrors about this path."""
    try:
        yield
    except OSError as error:
        raise translate(path, error) from error
