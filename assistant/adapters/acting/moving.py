"""Moving an entry to a free place, on one disk by its name, between disks by a copy. Used by the workspace. Blocking."""

import errno
import os
import stat

from assistant.adapters.acting.attributes import keep_attributes, keep_owner
from assistant.adapters.acting.drafts import draft
from assistant.adapters.acting.failures import changed, occupied
from assistant.adapters.acting.grounds import Spot
from assistant.adapters.acting.looking import BLOCK, digest_of, kind_of, opened, stamp_of
from assistant.adapters.acting.names import shown
from assistant.adapters.acting.renaming import rename_free
from assistant.adapters.acting.threads import Halt
from assistant.adapters.acting.writing import is_still, remove
from assistant.domain.change import Stamp
from assistant.domain.errors import PathRefusedError, StorageError
from assistant.domain.file_names import folded


def move(source: Spot, target: Spot, info: os.stat_result, halt: Halt, *, before: Stamp | None = None) -> Stamp:
    """Move what was looked at to a free place; return what stands there then.

    `before` gives the mode and time that a copy gets, where the disk it comes from could not hold them. Raises OccupiedError,
    ChangedMeanwhileError, PathRefusedError (a folder to another disk), StorageError, OSError.
    """
    refuse_volume(source, info)
    if target.path.startswith(source.path + os.sep):
        raise PathRefusedError(
            f"{shown(source.path)} cannot be moved into itself.", kept="Nothing was changed.", remedy="Choose another place."
        )
    standing = target.look()
    if standing is not None and not _same_but_for_case(source, target, info, standing):
        raise occupied(target.path)
    if source.folder_device() != target.folder_device():
        return _move_over(source, target, info, halt, before)
    try:
        if standing is None:
            rename_free(source, target)
        else:
            os.rename(source.name, target.name, src_dir_fd=source.folder, dst_dir_fd=target.folder)
    except OSError as error:
        if error.errno == errno.EXDEV:  # two mounts of one device
            return _move_over(source, target, info, halt, before)
        if error.errno == errno.EEXIST:
            raise occupied(target.path) from error
        raise
    now = target.look()
    kind = kind_of(info)
    if now is None or kind is None or (now.st_ino, now.st_mtime_ns) != (info.st_ino, info.st_mtime_ns):
        rename_free(target, source)  # another entry was put there after the look
        raise changed(source.path)
    return stamp_of(now, kind)


def refuse_volume(spot: Spot, info: os.stat_result) -> None:
    """Raise PathRefusedError for a folder that is a drive of its own."""
    if stat.S_ISDIR(info.st_mode) and info.st_dev != spot.folder_device():
        raise PathRefusedError(
            f"{shown(spot.path)} is a drive of its own.", kept="Nothing was changed.", remedy="Choose something inside it."
        )


def _same_but_for_case(source: Spot, target: Spot, info: os.stat_result, standing: os.stat_result) -> bool:
    """Tell whether the target is the source itself on a disk that does not tell the two names apart."""
    return (
        (info.st_dev, info.st_ino) == (standing.st_dev, standing.st_ino)
        and os.path.dirname(source.path) == os.path.dirname(target.path)
        and source.path != target.path
        and folded(os.path.basename(source.path)) == folded(os.path.basename(target.path))
        and (info.st_nlink == 1 or stat.S_ISDIR(info.st_mode))
    )


def _move_over(source: Spot, target: Spot, info: os.stat_result, halt: Halt, before: Stamp | None) -> Stamp:
    """Copy to another disk, compare, and only then remove; a failure before that leaves the source alone."""
    if stat.S_ISDIR(info.st_mode):
        raise PathRefusedError(
            f"{shown(source.path)} is a folder and cannot be moved to another drive in one step.",
            kept="Nothing was changed.",
            remedy="Move what is in it.",
        )
    stamp = _copy_link(source, target, info) if stat.S_ISLNK(info.st_mode) else _copy_file(source, target, info, halt, before)
    try:
        remove(source, info)
    except BaseException:
        os.unlink(target.name, dir_fd=target.folder)
        raise
    return stamp


def _copy_file(source: Spot, target: Spot, info: os.stat_result, halt: Halt, before: Stamp | None) -> Stamp:
    mode = before.mode if before is not None else stat.S_IMODE(info.st_mode)
    changed_at = before.mtime_ns if before is not None and before.mtime_ns else info.st_mtime_ns
    with opened(source) as (stream, held), draft(target, halt, 0o600) as made:
        with made.stream() as into:
            while block := stream.read(BLOCK):
                into.write(block)
        keep_owner(held, made.descriptor, shown(source.path))
        keep_attributes(stream.fileno(), made.descriptor)
        made.dress(mode, (held.st_atime_ns, changed_at))
        _compare(source, stream.fileno(), made.descriptor, halt)
        if not is_still(held, info) or not is_still(os.fstat(stream.fileno()), info):
            raise changed(source.path)
        stamp = stamp_of(made.look(), "file")
        made.place(target)
    return stamp


def _compare(source: Spot, one: int, other: int, halt: Halt) -> None:
    """Read both files once more; raises StorageError when the copy is not what was copied."""
    if other < 0:
        return  # Windows has closed it already
    digests: list[str] = []
    for descriptor in (one, other):
        os.lseek(descriptor, 0, os.SEEK_SET)
        with os.fdopen(os.dup(descriptor), "rb", buffering=0) as stream:
            digests.append(digest_of(stream, halt))
    if digests[0] != digests[1]:
        raise StorageError(
            f"The copy of {shown(source.path)} is not what was copied.", kept="Nothing was changed.", remedy="Check the drive."
        )


def _copy_link(source: Spot, target: Spot, info: os.stat_result) -> Stamp:
    os.symlink(os.readlink(source.name, dir_fd=source.folder), target.name, dir_fd=target.folder)
    os.utime(target.name, ns=(info.st_atime_ns, info.st_mtime_ns), dir_fd=target.folder, follow_symlinks=False)
    now = target.look()
    if now is None:
        raise changed(target.path)
    return stamp_of(now, "link")
