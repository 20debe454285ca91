"""`Grounds`: the granted roots, and the only way from a path to what stands there. Used by everything that acts in this room.

Every folder on the way is opened by its name in the folder before it, links not followed, and stays open while its entries
are looked at or changed. So what was checked is what is changed, whoever swaps folders for links meanwhile.
"""

import os
import stat
import sys
from collections.abc import Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from assistant.adapters.acting.failures import gone, linked, translate
from assistant.adapters.acting.names import parts_of, shown
from assistant.domain.errors import PathRefusedError

ON_THE_WAY = getattr(os, "O_PATH", os.O_RDONLY) | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)
LISTED = os.O_RDONLY | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0)
PLAIN = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
JUNCTION = 0xA0000003
"""The tag by which Windows leads from one folder to another without a link."""

Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in an open folder, for an entry or for none.

    `folder` is the folder's descriptor; None on Windows, which opens no folders: `name` is then the whole path.
    """

    path: str
    folder: int | None
    name: str

    def look(self) -> os.stat_result | None:
        """Return what stands here, links not followed; None for nothing. Raises OSError."""
        try:
            return os.stat(self.name, dir_fd=self.folder, follow_symlinks=False)
        except FileNotFoundError:
            return None

    def open(self, flags: int = PLAIN, mode: int = 0o600) -> int:
        """Open what stands here. Raises OSError."""
        return os.open(self.name, flags, mode, dir_fd=self.folder)

    def beside(self, name: str) -> "Spot":
        """Return another place in the same folder."""
        folder, _ = os.path.split(self.path)
        path = os.path.join(folder, name)
        return Spot(path, self.folder, path if self.folder is None else name)

    def folder_device(self) -> int:
        """Return the device of the folder. Raises OSError."""
        if self.folder is None:
            return os.stat(os.path.dirname(self.path), follow_symlinks=False).st_dev
        return os.fstat(self.folder).st_dev


class Grounds:
    """Granted roots (absolute, resolved) without Mneme's own folders. Blocking: for worker threads."""

    def __init__(self, roots: Sequence[str], own: Sequence[str] = ()) -> None:
        self._roots = tuple(roots)
        self._own = _resolved(tuple(own))
        self._own_identities = _identities(self._own)

    def is_own(self, info: os.stat_result) -> bool:
        """Tell whether this is one of Mneme's own folders, whatever its name."""
        return (info.st_dev, info.st_ino) in self._own_identities

    def parts(self, path: str) -> tuple[str, ...]:
        """Cut a path into names when it lies in or is a granted root; raises PathRefusedError."""
        parts = parts_of(path)
        if not any(_inside(path, root) for root in self._roots):
            raise PathRefusedError(
                f"{shown(path)} lies outside the folders that Mneme may use.",
                kept="Nothing was changed.",
                remedy="Add the folder it is in, or choose another.",
            )
        if any(_inside(path, own) for own in self._own):
            raise _own(path)
        return parts

    def refuse_held(self, path: str) -> None:
        """Raise PathRefusedError where taking this entry away would take a granted root or Mneme's own folders along."""
        if any(_inside(root, path) for root in self._roots):
            raise PathRefusedError(
                f"{shown(path)} is one of your folders itself, or holds one.",
                kept="Nothing was changed.",
                remedy="Choose something inside it.",
            )
        if any(_inside(own, path) for own in self._own):
            raise _own(path)

    @contextmanager
    def spot(self, path: str) -> Generator[Spot]:
        """Open the folder of a path. Raises PathRefusedError, ChangedMeanwhileError (no such folder), StorageError."""
        parts = self.parts(path)
        if not parts:
            raise PathRefusedError(f"{shown(path)} is the whole disk.", kept="Nothing was changed.", remedy="Choose a folder.")
        if sys.platform == "win32":
            self._walk_by_name(parts[:-1], path)
            yield Spot(path, None, path)
            return
        descriptor = self._walk(parts[:-1], path)
        try:
            yield Spot(path, descriptor, parts[-1])
        finally:
            os.close(descriptor)

    @contextmanager
    def folder(self, path: str) -> Generator[int | None]:
        """Open a folder to list it: its descriptor, None on Windows. Raises as `spot`."""
        parts = self.parts(path)
        if sys.platform == "win32":
            self._walk_by_name(parts, path)
            yield None
            return
        descriptor = self._walk(parts, path)
        try:
            try:
                listed = os.open(".", LISTED, dir_fd=descriptor)
            except OSError as error:
                raise translate(path, error) from error
        finally:
            os.close(descriptor)
        try:
            yield listed
        finally:
            os.close(listed)

    def opened(self, path: str) -> int:
        """Return a descriptor of a folder, the caller's to close, for looking at its entries. Raises as `spot`."""
        return self._walk(self.parts_above(path), path)

    def parts_above(self, path: str) -> tuple[str, ...]:
        """Cut a path into names when it is a granted root, lies in one, or above one; raises PathRefusedError."""
        return parts_of(path) if any(_inside(root, path) for root in self._roots) else self.parts(path)

    def _walk(self, parts: Sequence[str], path: str) -> int:
        """Return a descriptor of the folder that the names lead to from the top of the disk."""
        descriptor = os.open("/", ON_THE_WAY)
        for name in parts:
            try:
                below = os.open(name, ON_THE_WAY, dir_fd=descriptor)
            except OSError as error:
                raise self._stopped(Spot(path, descriptor, name), error) from error
            finally:
                os.close(descriptor)
            descriptor = below
            if self._own_identities and self.is_own(os.fstat(descriptor)):
                os.close(descriptor)
                raise _own(path)
        return descriptor

    def _stopped(self, at: Spot, error: OSError) -> Exception:
        """Say why the way ends here."""
        try:
            found = at.look()
        except OSError:
            return translate(at.path, error)
        if found is None:
            return gone(at.path)
        if stat.S_ISLNK(found.st_mode):
            return linked(at.path)
        return translate(at.path, error) if stat.S_ISDIR(found.st_mode) else gone(at.path)

    def _walk_by_name(self, parts: Sequence[str], path: str) -> None:
        """Look at every folder on the way; for systems whose folders cannot be held open."""
        at = ""
        for name in parts:
            at = os.path.join(at, name)
            try:
                info = os.stat(at, follow_symlinks=False)
            except FileNotFoundError as error:
                raise gone(path) from error
            except OSError as error:
                raise translate(path, error) from error
            if stat.S_ISLNK(info.st_mode) or getattr(info, "st_reparse_tag", 0) == JUNCTION:
                raise linked(path)
            if not stat.S_ISDIR(info.st_mode):
                raise gone(path)
            if self.is_own(info):
                raise _own(path)


@lru_cache(maxsize=16)
def _resolved(folders: tuple[str, ...]) -> tuple[str, ...]:
    """Return Mneme's folders resolved: they stay where they are, and this is asked before every look at the disk."""
    return tuple(os.path.realpath(folder) for folder in folders)


def _identities(folders: Sequence[str]) -> frozenset[Identity]:
    """Return device and inode of those folders that exist."""
    found: set[Identity] = set()
    for folder in folders:
        try:
            info = os.stat(folder)
        except OSError:
            continue
        found.add((info.st_dev, info.st_ino))
    return frozenset(found)


def _inside(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip(os.sep) + os.sep)


def _own(path: str) -> PathRefusedError:
    return PathRefusedError(
        f"{shown(path)} is Mneme's own folder, or lies in one.", kept="Nothing was changed.", remedy="Choose another folder."
    )
