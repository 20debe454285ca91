"""`XdgTrash`: the trash of Linux desktops (Trash specification 1.0), shared with all file managers. Used by the workspace.

On the disk of the home folder things go to the home trash, on any other to the one at the top of that disk. Blocking.
"""

import errno
import os
import stat
import time
from collections.abc import Generator, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import NamedTuple, Protocol

from assistant.adapters.acting.failures import changed, gone, occupied
from assistant.adapters.acting.grounds import LISTED, Spot
from assistant.adapters.acting.looking import kind_of, stamp_of
from assistant.adapters.acting.mounts import mounted_below, top_of
from assistant.adapters.acting.moving import refuse_volume
from assistant.adapters.acting.names import shown
from assistant.adapters.acting.renaming import rename_free
from assistant.adapters.acting.threads import Halt
from assistant.adapters.acting.trash_folder import (
    FILES,
    INFO,
    SUFFIX,
    OpenTrash,
    TrashFolder,
    names_for,
    read_info,
    short_name,
    write_info,
)
from assistant.domain.change import Stamp
from assistant.domain.errors import PathRefusedError, StorageError, UndoError

ELSEWHERE = (errno.EXDEV, errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.ELOOP)
"""What says that one trash cannot take a thing and another has to be tried."""


class Trashed(NamedTuple):
    """How a thing is found again: its place in the trash, or contents that were kept besides."""

    token: str
    blob: str = ""


class Trash(Protocol):
    """A trash that things come back from. All raise PathRefusedError, StorageError, OSError."""

    def put(self, spot: Spot, info: os.stat_result, halt: Halt) -> Trashed:
        """Put what was looked at into the trash."""
        ...

    def restore(self, trashed: Trashed, spot: Spot, before: Stamp | None, halt: Halt) -> None:
        """Bring it back to its free spot; raises OccupiedError, UndoError when it is not in the trash any more."""
        ...

    def find(self, path: str) -> Trashed | None:
        """Return what was put in last from this path, for when a crash kept nobody from writing it down."""
        ...

    def refusal(self, spot: Spot) -> str:
        """Tell why a thing here cannot be put into the trash; "" when it can, as far as looking tells."""
        ...


def home_trash(environment: Mapping[str, str]) -> str:
    """Return the folder of the home trash."""
    data = environment.get("XDG_DATA_HOME") or os.path.join(environment.get("HOME") or os.path.expanduser("~"), ".local", "share")
    return os.path.join(data, "Trash")


class XdgTrash:
    """The trashes of this user; `home` is the home trash."""

    def __init__(self, home: str) -> None:
        self._home = os.path.realpath(home)

    def put(self, spot: Spot, info: os.stat_result, halt: Halt) -> Trashed:
        """See Trash. The info file is written first, so that nothing lies in the trash that nobody can bring back."""
        refuse_volume(spot, info)
        if stat.S_ISDIR(info.st_mode) and mounted_below(spot.path):
            raise PathRefusedError(
                f"A drive is mounted inside {shown(spot.path)}.", kept="Nothing was changed.", remedy="Take it out first."
            )
        for can in self._folders(spot):
            halt.check()
            try:
                with self._opened(can, make=True) as trash:
                    return Trashed(_put(trash, spot, info, halt))
            except OSError as error:
                if error.errno not in ELSEWHERE:
                    raise
        if spot.look() is None:
            raise gone(spot.path)
        raise StorageError(
            f"There is no trash that could take {shown(spot.path)}.",
            kept="Nothing was changed.",
            remedy="Look whether its drive is read-only, or remove it by hand.",
        )

    def restore(self, trashed: Trashed, spot: Spot, before: Stamp | None, halt: Halt) -> None:
        """See Trash."""
        folder, name = os.path.split(trashed.token)
        cans = [can for can in self._folders(spot) if os.path.join(can.path, FILES) == folder]
        if not cans or not name:
            raise _not_there(spot.path)
        try:
            with self._opened(cans[0], make=False) as trash:
                item = trash.item(name)
                info = item.look()
                if info is None:
                    raise _not_there(spot.path)
                _verify(info, before, spot.path)
                try:
                    rename_free(item, spot)
                except FileExistsError as error:
                    raise occupied(spot.path) from error
                with suppress(OSError):  # it tells of nothing any more
                    _unlink(name + SUFFIX, trash.info)
        except (FileNotFoundError, NotADirectoryError) as error:
            raise _not_there(spot.path) from error

    def find(self, path: str) -> Trashed | None:
        """See Trash."""
        spot = Spot(path, None, path)
        newest: tuple[str, str] | None = None
        for can in self._folders(spot):
            for name, date in self._told(can, path):
                if newest is None or date > newest[0]:
                    newest = date, os.path.join(can.path, FILES, name)
        return Trashed(newest[1]) if newest is not None else None

    def refusal(self, spot: Spot) -> str:
        """See Trash."""
        if any(_may_be_made(can) for can in self._folders(spot)):
            return ""
        return f"There is no trash that could take {shown(spot.path)}."

    def _folders(self, spot: Spot) -> Iterator[TrashFolder]:
        """Yield the trashes that may hold a thing of this place, the best first."""
        device = spot.folder_device() if spot.folder is not None else os.stat(_standing(os.path.dirname(spot.path))).st_dev
        if os.stat(_standing(self._home)).st_dev == device:
            yield TrashFolder(self._home)
        top = top_of(_standing(os.path.dirname(spot.path)))
        user = os.getuid()
        shared = os.path.join(top, ".Trash")
        try:
            info = os.stat(shared, follow_symlinks=False)
        except OSError:
            info = None
        if info is not None and stat.S_ISDIR(info.st_mode) and info.st_mode & stat.S_ISVTX:
            yield TrashFolder(os.path.join(shared, str(user)), top)
        yield TrashFolder(os.path.join(top, f".Trash-{user}"), top)

    @contextmanager
    def _opened(self, can: TrashFolder, *, make: bool) -> Generator[OpenTrash]:
        """Open a trash, which is made when it is not there; one at the top of a disk has to be this user's own folder."""
        if make:
            os.makedirs(can.path, 0o700, exist_ok=True)
        base = os.open(can.path, LISTED)
        opened: list[int] = [base]
        try:
            if os.fstat(base).st_uid != os.getuid():
                raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), can.path)
            for name in (FILES, INFO):
                if make:
                    _mkdir(name, base)
                opened.append(os.open(name, LISTED, dir_fd=base))
            yield OpenTrash(can, opened[1], opened[2])
        finally:
            for descriptor in opened:
                os.close(descriptor)

    def _told(self, can: TrashFolder, path: str) -> Iterator[tuple[str, str]]:
        """Yield name and date of what this trash holds from a path; what it holds no more is tidied away."""
        try:
            with self._opened(can, make=False) as trash:
                begins = short_name(os.path.basename(path))
                for entry in os.listdir(trash.info):
                    found = read_info(entry, trash.info) if entry.startswith(begins) else None
                    if found is None or can.told(found[0]) != path:
                        continue
                    name = entry.removesuffix(SUFFIX)
                    if trash.item(name).look() is None:
                        _unlink(entry, trash.info)
                    else:
                        yield name, found[1]
        except OSError:
            return


def _put(trash: OpenTrash, spot: Spot, info: os.stat_result, halt: Halt) -> str:
    text = f"[Trash Info]\nPath={trash.can.tells(spot.path)}\nDeletionDate={time.strftime('%Y-%m-%dT%H:%M:%S')}\n"
    for name in names_for(os.path.basename(spot.path)):
        try:
            write_info(trash, name + SUFFIX, text.encode(), halt)
        except FileExistsError:
            continue
        item = trash.item(name)
        try:
            rename_free(spot, item)
        except FileExistsError:
            _unlink(name + SUFFIX, trash.info)
            continue
        except BaseException:
            _unlink(name + SUFFIX, trash.info)
            raise
        now = item.look()
        if now is None or (now.st_ino, now.st_mtime_ns) != (info.st_ino, info.st_mtime_ns):
            rename_free(item, spot)  # another entry was put there after the look
            _unlink(name + SUFFIX, trash.info)
            raise changed(spot.path)
        return item.path
    raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), spot.path)


def _verify(info: os.stat_result, before: Stamp | None, path: str) -> None:
    """Raise ChangedMeanwhileError when the trash holds another thing under this name."""
    kind = kind_of(info)
    if kind is None or (before is not None and kind != before.kind):
        raise changed(path)
    if before is not None and kind != "folder" and not stamp_of(info, kind).same(before.model_copy(update={"digest": ""})):
        raise changed(path)


def _standing(path: str) -> str:
    """Return the nearest folder above a path, or itself, that is there."""
    while not os.path.isdir(path) and os.path.dirname(path) != path:
        path = os.path.dirname(path)
    return path


def _may_be_made(can: TrashFolder) -> bool:
    return os.access(_standing(can.path), os.W_OK | os.X_OK)


def _mkdir(name: str, folder: int) -> None:
    try:
        os.mkdir(name, 0o700, dir_fd=folder)
    except FileExistsError:
        return


def _unlink(name: str, folder: int) -> None:
    try:
        os.unlink(name, dir_fd=folder)
    except FileNotFoundError:
        return


def _not_there(path: str) -> UndoError:
    return UndoError(
        f"{shown(path)} is not in the trash any more.",
        kept="Nothing was changed.",
        remedy="Take it from a backup if you have one.",
    )
