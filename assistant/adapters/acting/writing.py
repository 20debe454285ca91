"""Creating files, writing them anew, and taking both back. Used by the workspace. Blocking.

A file that is written anew is another file in its place: whoever reads it meanwhile sees the old contents or the new ones,
and further names (hard links) of the old one keep what it held, inside the granted roots and outside.
"""

import errno
import os
import stat
from typing import BinaryIO

from assistant.adapters.acting.attributes import keep_attributes, keep_owner
from assistant.adapters.acting.drafts import draft, leftover
from assistant.adapters.acting.failures import changed, gone, occupied
from assistant.adapters.acting.grounds import Spot
from assistant.adapters.acting.looking import BLOCK, digest_of, kind_of, opened, stamp_at, stamp_of
from assistant.adapters.acting.names import shown
from assistant.adapters.acting.renaming import rename_free, swap
from assistant.adapters.acting.threads import Halt
from assistant.domain.change import Stamp
from assistant.domain.errors import UndoError
from assistant.ports.acting import BlobStore

RIGHTS = 0o777
"""Permission bits that new contents get at most: none that lets a program run as its owner."""


class _Reading:
    """A stream that its reader can be stopped at."""

    def __init__(self, stream: BinaryIO, halt: Halt) -> None:
        self._stream = stream
        self._halt = halt

    def read(self, size: int = -1) -> bytes:
        """See io.RawIOBase."""
        self._halt.check()
        return self._stream.read(size if size >= 0 else BLOCK)


def verified(spot: Spot, expected: Stamp | None, halt: Halt, *, thorough: bool) -> os.stat_result:
    """Return what stands at a spot when it is what is expected; raises ChangedMeanwhileError, PathRefusedError, OSError.

    `thorough` compares contents whenever their digest is known, else only where size and time leave doubt.
    """
    info = spot.look()
    if info is None:
        raise gone(spot.path)
    kind = kind_of(info)
    if kind is None or expected is None or kind != expected.kind:
        raise changed(spot.path)
    now = stamp_of(info, kind)
    sure = now.same(expected)
    if expected.digest and (thorough or not sure) and kind != "folder":
        looked = stamp_at(spot, halt, digest=True) if now.size == expected.size else None
        sure = looked is not None and looked.same(expected) and _steady(info, spot)
    if not sure:
        raise changed(spot.path)
    return info


def of_any_inode(stamp: Stamp) -> Stamp:
    """Return what a folder is told by when it may have been made again: only that it is one."""
    return stamp.model_copy(update={"inode": 0}) if stamp.kind == "folder" else stamp


def create(spot: Spot, blob: str, mode: int | None, mtime_ns: int | None, blobs: BlobStore, halt: Halt) -> Stamp:
    """Put a new file at a free spot; return what stands there. Raises OccupiedError, BlobGoneError, OSError."""
    if spot.look() is not None:
        raise occupied(spot.path)
    with draft(spot, halt, 0o666 if mode is None else 0o600) as made:
        with made.stream() as stream:
            blobs.copy(blob, stream)
        made.dress(None if mode is None else mode & RIGHTS, None if mtime_ns is None else (mtime_ns, mtime_ns))
        stamp = stamp_of(made.look(), "file", blob)
        made.place(spot)
    return stamp


def uncreate(spot: Spot, after: Stamp, halt: Halt) -> None:
    """Remove a file that was created, when it is still what was created."""
    remove(spot, verified(spot, after, halt, thorough=False))


def remove(spot: Spot, info: os.stat_result) -> None:
    """Remove a file or link that was looked at: it is set aside first, so that no other is removed in its place."""
    aside = leftover(spot)
    rename_free(spot, aside)
    try:
        if not is_still(aside.look(), info):
            raise changed(spot.path)
        os.unlink(aside.name, dir_fd=aside.folder)
    except BaseException:
        rename_free(aside, spot)
        raise


def write(
    spot: Spot, before: Stamp | None, blob: str, mtime_ns: int | None, blobs: BlobStore, halt: Halt, most: int
) -> tuple[Stamp, Stamp]:
    """Write other contents into a file; return what stood there and what does now.

    The contents from before are kept in `blobs`, and the first stamp then holds their digest, unless they are more than
    `most` bytes. Raises ChangedMeanwhileError, StorageError, BlobGoneError, OSError.
    """
    info = spot.look()
    if info is None:
        raise gone(spot.path)
    if before is None or kind_of(info) != "file" or info.st_size != before.size:
        raise changed(spot.path)
    if not before.digest and not stamp_of(info, "file").same(before):
        raise changed(spot.path)
    if not os.access(spot.name, os.W_OK, dir_fd=spot.folder):
        raise PermissionError(errno.EACCES, "it is read-only", spot.path)
    with opened(spot) as (stream, held):
        kept = blobs.store(_Reading(stream, halt)) if held.st_size <= most else ""  # pyright: ignore[reportArgumentType]
        digest = kept or (digest_of(stream, halt) if before.digest else "")
        steady = is_still(held, info) and is_still(os.fstat(stream.fileno()), info)
        if not steady or (before.digest and digest != before.digest):
            raise changed(spot.path)
        times = None if mtime_ns is None else (mtime_ns, mtime_ns)
        after = _replace(spot, stream.fileno(), blob, stat.S_IMODE(info.st_mode) & RIGHTS, times, blobs, halt)
    return stamp_of(info, "file", kept), after


def unwrite(spot: Spot, before: Stamp, after: Stamp, blob: str, blobs: BlobStore, halt: Halt) -> None:
    """Put the contents from before back, with their mode and time, when those that were written are still there."""
    if not blob:
        raise UndoError(
            f"What {shown(spot.path)} held before was too large to be kept.",
            kept="Nothing was changed.",
            remedy="Raise `undo_file_mb` under `acting` in the settings for the next time.",
        )
    info = verified(spot, after, halt, thorough=False)
    with opened(spot) as (stream, held):
        if not is_still(held, info):
            raise changed(spot.path)
        times = (held.st_atime_ns, before.mtime_ns) if before.mtime_ns else None
        _replace(spot, stream.fileno(), blob, before.mode, times, blobs, halt)


def _replace(spot: Spot, old: int, blob: str, mode: int, times: tuple[int, int] | None, blobs: BlobStore, halt: Halt) -> Stamp:
    """Put contents in place of an open file; what is replaced is looked at once more when it has left its place."""
    info = os.fstat(old)
    with draft(spot, halt, 0o600) as made:
        with made.stream() as stream:
            blobs.copy(blob, stream)
        keep_owner(info, made.descriptor, shown(spot.path))
        keep_attributes(old, made.descriptor)
        made.dress(mode, times)
        stamp = stamp_of(made.look(), "file", blob)
        aside = leftover(spot)
        made.place(aside)
    try:
        swapped = swap(aside, spot)
        if not swapped:
            if not is_still(spot.look(), info):
                raise changed(spot.path)
            os.replace(aside.name, spot.name, src_dir_fd=aside.folder, dst_dir_fd=spot.folder)
    except BaseException:
        os.unlink(aside.name, dir_fd=aside.folder)
        raise
    if swapped:
        _drop_replaced(aside, spot, info)
    return stamp


def _drop_replaced(aside: Spot, spot: Spot, info: os.stat_result) -> None:
    """Remove what was replaced, when it is what was to be; else let both go back to their places."""
    try:
        if not is_still(aside.look(), info):
            raise changed(spot.path)
        os.unlink(aside.name, dir_fd=aside.folder)
    except BaseException:
        swap(aside, spot)
        os.unlink(aside.name, dir_fd=aside.folder)
        raise


def is_still(now: os.stat_result | None, before: os.stat_result) -> bool:
    """Tell whether this is the very file, unchanged."""
    return now is not None and _marks(now) == _marks(before)


def _marks(info: os.stat_result) -> tuple[int, ...]:
    return info.st_ino, info.st_dev, info.st_size, info.st_mtime_ns


def _steady(info: os.stat_result, spot: Spot) -> bool:
    return is_still(spot.look(), info)
