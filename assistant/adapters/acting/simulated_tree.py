"""The disk as a list of changes would leave it, looked up only where it is asked about. Used by `simulation`. Blocking."""

import os
import stat
import sys
from dataclasses import dataclass, field
from types import TracebackType
from typing import NamedTuple

from assistant.adapters.acting.failures import gone, linked, odd
from assistant.adapters.acting.grounds import LISTED, Grounds
from assistant.adapters.acting.looking import kind_of, stamp_of
from assistant.domain.change import Stamp
from assistant.domain.file_names import folded

MOST_OPEN = 128
"""Folders held open at a time."""
PROBED = 16
"""Entries of a folder that are tried to learn whether it tells capital letters from small ones."""


@dataclass(slots=True)
class Node:
    """An entry; `disk` is where it stands today, "" for one that a change makes, `vfs` a folder that is on its disk today.

    `names` are the entries of a folder that were looked at or changed, None for one that is not there. `folds` tells that the
    folder does not tell capital letters from small ones, `writable` whether its entries may be changed (None: not asked yet).
    """

    stamp: Stamp
    disk: str
    vfs: str
    names: "dict[str, Node | None]" = field(default_factory=lambda: {})
    folds: bool | None = None
    writable: bool | None = None


class Place(NamedTuple):
    """A name in a folder, and what stands there."""

    folder: Node
    key: str
    node: Node | None

    def put(self, node: Node | None) -> None:
        """Let another entry, or none, stand there."""
        self.folder.names[self.key] = node


class SimulatedTree:
    """Looks things up below granted roots; a context manager, since it holds folders open."""

    def __init__(self, grounds: Grounds) -> None:
        self._grounds = grounds
        self._open: dict[str, int] = {}
        self._roots: dict[str, Node] = {}

    def __enter__(self) -> "SimulatedTree":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._close()

    def place(self, path: str) -> Place:
        """Find a place. Raises PathRefusedError, ChangedMeanwhileError (no such folder), OSError."""
        parts = self._grounds.parts(path)
        start = 1 if sys.platform == "win32" else 0
        top = parts[0] if start else "/"
        node = self._roots.get(top) or self._top(top)
        for number in range(start, len(parts) - 1):
            below = self._child(node, self._key(node, parts[number]), parts[number])
            if below is None or below.stamp.kind == "file":
                raise gone(os.path.join(top, *parts[start : number + 1]))
            if below.stamp.kind == "link":
                raise linked(os.path.join(top, *parts[start : number + 1]))
            node = below
        key = self._key(node, parts[-1])
        return Place(node, key, self._child(node, key, parts[-1]))

    def folder(self, path: str) -> int | None:
        """Return a descriptor of a folder that exists on disk today, held open here; None on Windows."""
        if sys.platform == "win32":
            return None
        found = self._open.get(path)
        if found is None:
            if len(self._open) >= MOST_OPEN:
                self._close()
            found = self._open[path] = self._grounds.opened(path)
        return found

    def is_empty(self, node: Node) -> bool:
        """Tell whether a folder holds nothing after the changes so far."""
        if any(below is not None for below in node.names.values()):
            return False
        if not node.disk:
            return True
        with self._grounds.folder(node.disk) as descriptor:
            names = os.listdir(node.disk if descriptor is None else descriptor)
        return all(self._key(node, name) in node.names for name in names)

    def may_change(self, node: Node) -> bool:
        """Tell whether this user may make and remove entries of a folder."""
        if node.writable is None:
            descriptor = self.folder(node.disk) if node.disk else None
            at = "." if descriptor is not None else node.disk
            node.writable = not node.disk or os.access(at, os.W_OK | os.X_OK, dir_fd=descriptor)
        return node.writable

    def _top(self, top: str) -> Node:
        node = Node(stamp_of(os.stat(top), "folder"), top, top, folds=sys.platform in ("darwin", "win32"))
        self._roots[top] = node
        return node

    def _child(self, node: Node, key: str, name: str) -> Node | None:
        if key in node.names:
            return node.names[key]
        found = self._on_disk(node, name) if node.disk else None
        node.names[key] = found
        return found

    def _on_disk(self, node: Node, name: str) -> Node | None:
        descriptor, path = self.folder(node.disk), os.path.join(node.disk, name)
        try:
            info = os.stat(path if descriptor is None else name, dir_fd=descriptor, follow_symlinks=False)
        except (FileNotFoundError, NotADirectoryError):
            return None
        kind = kind_of(info)
        if kind is None:
            raise odd(path)
        return Node(stamp_of(info, kind), path, path if kind == "folder" else node.disk)

    def _key(self, node: Node, name: str) -> str:
        if node.folds is None:
            node.folds = self._probe(node) if node.disk else False
        return folded(name) if node.folds else name

    def _probe(self, node: Node) -> bool:
        """Tell whether a folder on disk finds its entries whatever the case of their letters."""
        try:
            descriptor = os.open(".", LISTED, dir_fd=self.folder(node.disk)) if sys.platform != "win32" else None
        except OSError:
            return False
        try:
            with os.scandir(node.disk if descriptor is None else descriptor) as scan:
                for entry, _ in zip(scan, range(PROBED), strict=False):
                    other = entry.name.swapcase()
                    if other != entry.name:
                        return _is_same(
                            entry.inode(), other if descriptor is not None else os.path.join(node.disk, other), descriptor
                        )
        except OSError:
            return False
        finally:
            if descriptor is not None:
                os.close(descriptor)
        return sys.platform in ("darwin", "win32")

    def _close(self) -> None:
        for descriptor in self._open.values():
            os.close(descriptor)
        self._open.clear()


def _is_same(inode: int, name: str, folder: int | None) -> bool:
    try:
        info = os.stat(name, dir_fd=folder, follow_symlinks=False)
    except OSError:
        return False
    return info.st_ino == inode and not (stat.S_ISREG(info.st_mode) and info.st_nlink > 1)
