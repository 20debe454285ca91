"""Plays changes through without making them, to tell before which could not happen. Used by the workspace. Blocking."""

import os
from collections.abc import Sequence

from assistant.adapters.acting.failures import changed, gone, occupied
from assistant.adapters.acting.grounds import Grounds, Spot
from assistant.adapters.acting.looking import stamp_at
from assistant.adapters.acting.mounts import mounted_below
from assistant.adapters.acting.names import refuse_new_name, shown
from assistant.adapters.acting.simulated_tree import Node, Place, SimulatedTree
from assistant.adapters.acting.threads import Halt
from assistant.adapters.acting.trash import Trash
from assistant.domain.change import Change, ChangeKind, Stamp
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, PathRefusedError, StorageError


class Simulation:
    """One list of changes, each counting on those before it; one that cannot happen is left out for those after it."""

    def __init__(self, grounds: Grounds, tree: SimulatedTree, trash: Trash, halt: Halt) -> None:
        self._grounds = grounds
        self._tree = tree
        self._trash = trash
        self._halt = halt
        self._free: dict[int, int] = {}
        self._trashes: dict[str, str] = {}
        self.touched: dict[str, int] = {}
        """The times of the folders that exist and get or lose an entry, by their paths as they are now."""

    def problems(self, changes: Sequence[Change]) -> dict[int, str]:
        """Return by index what stands against a change."""
        found: dict[int, str] = {}
        for number, change in enumerate(changes):
            self._halt.check()
            try:
                self._play(change)
            except MnemeError as error:
                found[number] = error.what
            except OSError as error:
                found[number] = f"{shown(change.path)} could not be read or changed ({error.strerror})."
        return found

    def _play(self, change: Change) -> None:
        place = self._tree.place(change.path)
        match change.kind:
            case ChangeKind.CREATE | ChangeKind.MKDIR:
                refuse_new_name(change.path)
                self._make(place, change)
            case ChangeKind.WRITE:
                self._write(place, change)
            case ChangeKind.MOVE:
                self._move(place, change)
            case ChangeKind.TRASH:
                self._grounds.refuse_held(change.path)
                node = self._met(place, change)
                self._require_rights(place.folder, change.path)
                self._require_trash(place, node, change.path)
                place.put(None)
            case ChangeKind.RMDIR:
                self._grounds.refuse_held(change.path)
                self._require_rights(place.folder, change.path)
                self._remove(place, change)

    def _make(self, place: Place, change: Change) -> None:
        if place.node is not None:
            raise occupied(change.path)
        self._require_rights(place.folder, change.path)
        device, vfs = place.folder.stamp.device, place.folder.vfs
        if change.kind is ChangeKind.MKDIR:
            stamp = Stamp(kind="folder", size=0, mode=0, mtime_ns=0, device=device)
            place.put(Node(stamp, "", vfs, folds=place.folder.folds))
            return
        self._take_space(place.folder, change.size, change.path)
        place.put(Node(_foreseen(change, device), "", vfs))

    def _write(self, place: Place, change: Change) -> None:
        node = self._met(place, change)
        if node.stamp.kind != "file":
            raise changed(change.path)
        self._require_rights(place.folder, change.path)
        if node.disk:
            folder, name = self._today(node)
            if not os.access(name, os.W_OK, dir_fd=folder):
                raise _not_allowed(change.path)
        self._take_space(place.folder, change.size, change.path)  # both are there for a moment
        self._free[node.stamp.device] += node.stamp.size
        place.put(Node(_foreseen(change, node.stamp.device), "", node.vfs))

    def _move(self, place: Place, change: Change) -> None:
        self._grounds.refuse_held(change.path)
        if os.path.basename(change.to) != os.path.basename(change.path):
            refuse_new_name(change.to)
        node = self._met(place, change)
        if change.to.startswith(change.path + os.sep):
            raise PathRefusedError(f"{shown(change.path)} cannot be moved into itself.", remedy="Choose another place.")
        target = self._tree.place(change.to)
        if target.node is not None and not (target.node is node and change.to != change.path):
            raise occupied(change.to)
        self._require_rights(place.folder, change.path)
        self._require_rights(target.folder, change.to)
        is_folder = node.stamp.kind == "folder"
        if is_folder and node.stamp.device != place.folder.stamp.device:
            raise PathRefusedError(f"{shown(change.path)} is a drive of its own.", remedy="Choose something inside it.")
        if target.folder.stamp.device != node.stamp.device:
            if is_folder:
                raise PathRefusedError(
                    f"{shown(change.path)} is a folder and cannot be moved to another drive in one step.",
                    remedy="Move what is in it.",
                )
            self._take_space(target.folder, node.stamp.size, change.to)
            node.stamp = node.stamp.model_copy(update={"device": target.folder.stamp.device})
        elif is_folder and target.folder is not place.folder and not self._tree.may_change(node):
            raise _not_allowed(change.path)  # its own entry “..” changes
        place.put(None)
        target.put(node)

    def _remove(self, place: Place, change: Change) -> None:
        node = place.node
        if node is None:
            raise gone(change.path)
        if node.stamp.kind != "folder":
            raise changed(change.path)
        if not self._tree.is_empty(node):
            raise ChangedMeanwhileError(f"{shown(change.path)} is not empty.", remedy="Move away what is in it, or keep it.")
        place.put(None)

    def _met(self, place: Place, change: Change) -> Node:
        """Return what stands at a place when it is what the change expects; contents are read only where there is doubt."""
        node, before = place.node, change.before
        if node is None:
            raise gone(change.path)
        if before is None or node.stamp.kind != before.kind:
            raise changed(change.path)
        now = node.stamp
        if now.same(before) and (now.mtime_ns or now.digest or now.kind == "folder"):
            return node
        if before.digest and not now.digest and now.size == before.size and node.disk:
            folder, name = self._today(node)
            node.stamp = stamp_at(Spot(node.disk, folder, name), self._halt, digest=True) or now
        if not node.stamp.same(before):
            raise changed(change.path)
        return node

    def _today(self, node: Node) -> tuple[int | None, str]:
        """Return the open folder and the name under which an entry stands on disk today."""
        folder, name = os.path.split(node.disk)
        descriptor = self._tree.folder(folder)
        return descriptor, node.disk if descriptor is None else name

    def _require_rights(self, folder: Node, path: str) -> None:
        if not self._tree.may_change(folder):
            raise _not_allowed(path)
        if folder.disk:
            self.touched[folder.disk] = folder.stamp.mtime_ns

    def _require_trash(self, place: Place, node: Node, path: str) -> None:
        if node.stamp.kind == "folder" and node.disk and mounted_below(node.disk):
            raise PathRefusedError(f"A drive is mounted inside {shown(path)}.", remedy="Take it out first.")
        vfs = place.folder.vfs
        if vfs not in self._trashes:
            self._trashes[vfs] = self._trash.refusal(Spot(os.path.join(vfs, os.path.basename(path)), self._tree.folder(vfs), ""))
        if self._trashes[vfs]:
            raise StorageError(f"There is no trash that could take {shown(path)}.", remedy="Remove it by hand.")

    def _take_space(self, folder: Node, size: int, path: str) -> None:
        device = folder.stamp.device
        if device not in self._free:
            descriptor = self._tree.folder(folder.vfs)
            self._free[device] = _free(folder.vfs, descriptor)
        if size > self._free[device]:
            raise StorageError(f"The disk is full: {shown(path)} could not be written.", remedy="Free some space and try again.")
        self._free[device] -= size


def _foreseen(change: Change, device: int) -> Stamp:
    return Stamp(kind="file", size=change.size, mode=0, mtime_ns=change.mtime_ns or 0, device=device, digest=change.blob)


def _free(path: str, descriptor: int | None) -> int:
    """Return the bytes that are free on the disk of a folder."""
    if descriptor is None:
        import shutil

        return shutil.disk_usage(path).free
    opened = os.open(".", os.O_RDONLY, dir_fd=descriptor)
    try:
        look = os.statvfs(opened)
    finally:
        os.close(opened)
    return look.f_bavail * look.f_frsize


def _not_allowed(path: str) -> StorageError:
    return StorageError(
        f"{shown(path)} may not be changed.",
        kept="Nothing was changed.",
        remedy="Check that it and its folder are not read-only and belong to you.",
    )
