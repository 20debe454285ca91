"""Renaming that never replaces anything, and swapping two names. Used by the workspace. Blocking; raises OSError."""

import ctypes
import errno
import os
import stat
import sys
from collections.abc import Callable
from functools import lru_cache

from assistant.adapters.acting.grounds import Spot

Renaming = Callable[[int, bytes, int, bytes, int], int]
UNKNOWN = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP)
"""What a system or a disk answers that knows no such renaming."""
LINKLESS = (errno.EPERM, errno.ENOTSUP, errno.EOPNOTSUPP, errno.EMLINK, errno.EACCES)
"""What a disk answers on which a file has one name only."""


def rename_free(source: Spot, target: Spot) -> None:
    """Rename an entry to a free name; raises FileExistsError when it is taken, whoever took it last."""
    known = _flagged()
    if known is not None:
        number = _call(known[0], source, target, known[1])
        if number == 0:
            return
        if number not in UNKNOWN:
            raise OSError(number, os.strerror(number), source.path)
    if sys.platform == "win32":
        os.rename(source.name, target.name)  # refuses there what exists
    else:
        _rename_by_hand(source, target)


def swap(one: Spot, other: Spot) -> bool:
    """Let two entries swap their names in one step; False where the system or the disk cannot."""
    known = _flagged()
    if known is None:
        return False
    number = _call(known[0], one, other, known[2])
    if number == 0:
        return True
    if number in UNKNOWN:
        return False
    raise OSError(number, os.strerror(number), one.path)


def _rename_by_hand(source: Spot, target: Spot) -> None:
    """A second name and then one less, which cannot replace; folders have one name, so they are looked for before."""
    info = source.look()
    if info is not None and stat.S_ISREG(info.st_mode):
        try:
            os.link(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder, follow_symlinks=False)
        except OSError as error:
            if error.errno not in LINKLESS:
                raise
        else:
            _drop_first_name(source, target)
            return
    if target.look() is not None:
        raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), target.path)
    os.rename(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder)


def _drop_first_name(source: Spot, target: Spot) -> None:
    try:
        os.unlink(source.name, dir_fd=source.folder)
    except OSError:
        os.unlink(target.name, dir_fd=target.folder)
        raise


def _call(rename: Renaming, source: Spot, target: Spot, flags: int) -> int:
    """Return 0 or the number of the error."""
    if source.folder is None or target.folder is None:
        return errno.ENOSYS
    ctypes.set_errno(0)
    done = rename(source.folder, os.fsencode(source.name), target.folder, os.fsencode(target.name), flags)
    return 0 if done == 0 else ctypes.get_errno()


@lru_cache(1)
def _flagged() -> tuple[Renaming, int, int] | None:
    """Return the system's renaming with flags, and the flags for "never replace" and "swap"; None where it has none."""
    name, never, swapping = ("renameatx_np", 4, 2) if sys.platform == "darwin" else ("renameat2", 1, 2)
    if sys.platform == "win32":
        return None
    function = getattr(ctypes.CDLL(None, use_errno=True), name, None)
    if function is None:
        return None
    function.argtypes = (ctypes.c_int, ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_uint)
    function.restype = ctypes.c_int
    return function, never, swapping
