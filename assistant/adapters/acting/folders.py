"""Making and removing folders, and giving folders their times back. Used by the workspace. Blocking; raises OSError."""

import errno
import os
from collections.abc import Sequence

from assistant.adapters.acting.drafts import leftover
from assistant.adapters.acting.failures import changed, gone, occupied, told
from assistant.adapters.acting.grounds import Grounds, Spot
from assistant.adapters.acting.looking import kind_of, stamp_of
from assistant.adapters.acting.names import shown
from assistant.adapters.acting.renaming import rename_free
from assistant.domain.change import FolderTime, Stamp
from assistant.domain.errors import ChangedMeanwhileError

RIGHTS = 0o777


def make_folder(spot: Spot, mode: int | None, mtime_ns: int | None) -> Stamp:
    """Make a folder at a free spot, with the usual permission bits unless told; raises OccupiedError."""
    return _make(spot, None if mode is None else mode & RIGHTS, mtime_ns)


def remove_folder(spot: Spot) -> Stamp:
    """Remove an empty folder; return what stood there. Raises ChangedMeanwhileError when it is none."""
    info = spot.look()
    if info is None:
        raise gone(spot.path)
    if kind_of(info) != "folder":
        raise changed(spot.path)
    try:
        os.rmdir(spot.name, dir_fd=spot.folder)
    except OSError as error:
        if error.errno in (errno.ENOTEMPTY, errno.EEXIST):
            raise ChangedMeanwhileError(
                f"{shown(spot.path)} is not empty.", kept="Nothing was changed.", remedy="Move away what is in it, or keep it."
            ) from error
        raise
    return stamp_of(info, "folder")


def unremove_folder(spot: Spot, before: Stamp) -> None:
    """Make a removed folder again with the mode and time it had; raises OccupiedError."""
    _make(spot, before.mode or None, before.mtime_ns or None)


def _make(spot: Spot, mode: int | None, mtime_ns: int | None) -> Stamp:
    """Make a folder under another name first, so that it has its mode and time when it is seen."""
    if spot.look() is not None:
        raise occupied(spot.path)
    aside = leftover(spot)
    os.mkdir(aside.name, dir_fd=aside.folder)
    try:
        _dress(aside, mode, mtime_ns)
        info = aside.look()
        if info is None:
            raise changed(spot.path)
        rename_free(aside, spot)
    except BaseException:
        os.rmdir(aside.name, dir_fd=aside.folder)
        raise
    return stamp_of(info, "folder")


def settle(grounds: Grounds, times: Sequence[FolderTime]) -> None:
    """Give folders their times back; those that are gone are passed over."""
    for time in times:
        with told(time.path):
            try:
                with grounds.spot(time.path) as spot:
                    info = spot.look()
                    if info is not None and kind_of(info) == "folder" and info.st_mtime_ns != time.mtime_ns:
                        _dress(spot, None, time.mtime_ns)
            except ChangedMeanwhileError:
                continue


def _dress(spot: Spot, mode: int | None, mtime_ns: int | None) -> None:
    """Give a folder permission bits and a time of change."""
    info = spot.look()
    if info is None or kind_of(info) != "folder":
        raise changed(spot.path)
    if mode is not None and os.name != "nt":
        # A folder swapped for a link meanwhile: chmod would follow it, an open folder cannot be swapped.
        descriptor = os.open(spot.name, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW, dir_fd=spot.folder)
        try:
            os.fchmod(descriptor, mode)
        finally:
            os.close(descriptor)
    if mtime_ns is not None:
        links_too = os.utime not in os.supports_follow_symlinks  # Windows
        os.utime(spot.name, ns=(info.st_atime_ns, mtime_ns), dir_fd=spot.folder, follow_symlinks=links_too)
