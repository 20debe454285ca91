"""The disk as a list of changes would leave it, for the steps of a plan that come after others. Used by the orchestrator."""

import os
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

from assistant.domain.change import Change, ChangeKind, Entry, EntryKind, Stamp
from assistant.domain.errors import StorageError, TooMuchError
from assistant.ports.acting import BlobStore, Files, Tell
from assistant.tools.names import joined

_SEP = os.sep
_MODES: dict[EntryKind, int] = {"file": 0o644, "folder": 0o755, "link": 0o777}


class _Node:
    """What differs at a path and below it.

    A node with neither `made` nor `origin` and not `gone` stands where the disk has it and only leads to nodes below.
    `origin` is the place on disk of what was moved here; `stamp` is what stands here, where that is known.
    """

    __slots__ = ("blob", "children", "gone", "made", "origin", "stamp")

    def __init__(self, *, gone: bool = False, made: bool = False, origin: str = "", stamp: Stamp | None = None, blob: str = ""):
        self.gone = gone
        self.made = made
        self.origin = origin
        self.stamp = stamp
        self.blob = blob
        self.children: dict[str, _Node] = {}

    @property
    def stays(self) -> bool:
        """Tell whether the disk has this entry at this very place."""
        return not (self.gone or self.made or self.origin)


class Overlay:
    """Files; nothing of it is ever written. Costs of a change and of a look do not grow with the number of changes."""

    def __init__(self, files: Files, blobs: BlobStore, changes: Iterable[Change] = ()) -> None:
        """Look over `files` as `changes` would leave them; their new contents are in `blobs`."""
        self._files = files
        self._blobs = blobs
        self._top = _Node()
        self.extend(changes)

    def extend(self, changes: Iterable[Change]) -> None:
        """Add changes that are to happen after those before."""
        for change in changes:
            self._add(change)

    async def roots(self) -> tuple[str, ...]:
        """Return the granted roots."""
        return await self._files.roots()

    async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
        """Look at one entry; one that was made has the time its change names, else 0, and no inode."""
        node, origin = self._find(path)
        known = node.stamp if node is not None else None
        if known is not None and (known.digest or not digest or known.kind == "folder"):
            return known
        return None if origin is None else await self._files.stamp(origin, digest=digest)

    async def listing(self, path: str, *, deep: bool = False, tell: Tell | None = None) -> list[Entry]:
        """List what would be in a folder, or all below it, ordered by path."""
        node, origin = self._find(path)
        if origin is None and (node is None or not _is_folder(node)):
            raise StorageError(f"{path} cannot be listed: there is no such folder.", kept="Nothing was changed.")
        if node is None and origin == path:
            return await self._files.listing(path, deep=deep, tell=tell)
        found = [entry async for entry in self._below(path, node, origin, deep, tell)]
        return sorted(found, key=lambda entry: entry.path)

    async def read(self, path: str, most: int) -> bytes:
        """Return the bytes a file would have."""
        node, origin = self._find(path)
        if node is not None and node.blob:
            content = await self._blobs.get(node.blob)
            if len(content) > most:
                raise TooMuchError(f"{path} is larger than {most} bytes.", kept="Nothing was changed.")
            return content
        if origin is None:
            raise StorageError(f"{path} cannot be read: there is no such file.", kept="Nothing was changed.")
        return await self._files.read(origin, most)

    async def digests(self, paths: Sequence[str], tell: Tell | None = None) -> dict[str, str]:
        """Return the sha256 of the contents these files would have."""
        known: dict[str, str] = {}
        asked: dict[str, list[str]] = {}
        for path in paths:
            node, origin = self._find(path)
            if node is not None and node.blob:
                known[path] = node.blob
            elif origin is not None:
                asked.setdefault(origin, []).append(path)
        found = await self._files.digests([*asked], tell) if asked else {}
        return known | {path: digest for origin, digest in found.items() for path in asked[origin]}

    def _add(self, change: Change) -> None:
        match change.kind:
            case ChangeKind.CREATE | ChangeKind.WRITE:
                self._put(change.path, _Node(made=True, stamp=_written(change), blob=change.blob))
            case ChangeKind.MKDIR:
                mode = change.mode if change.mode is not None else _MODES["folder"]
                stamp = Stamp(kind="folder", size=0, mode=mode, mtime_ns=change.mtime_ns or 0)
                self._put(change.path, _Node(made=True, stamp=stamp))
            case ChangeKind.TRASH | ChangeKind.RMDIR:
                self._put(change.path, _Node(gone=True))
            case _:
                self._put(change.to, self._taken(change))

    def _taken(self, change: Change) -> _Node:
        """Take what stands at a path away, with all that differs below it, and return it as what stands elsewhere."""
        node, origin = self._find(change.path)
        moved = node or _Node()
        self._put(change.path, _Node(gone=True))
        if not moved.made and not moved.gone:
            moved.origin = origin or change.path
            moved.stamp = moved.stamp or change.before
        return moved

    def _put(self, path: str, node: _Node) -> None:
        at = self._top
        *folders, name = path.split(_SEP)
        for folder in folders:
            at = at.children.setdefault(folder, _Node())
        at.children[name] = node

    def _find(self, path: str) -> tuple[_Node | None, str | None]:
        """Return the node of a path (None: nothing differs), and its place on disk (None: it has none)."""
        node: _Node = self._top
        origin: str | None = ""
        parts = path.split(_SEP)
        for n, name in enumerate(parts):
            child = node.children.get(name)
            if child is None:
                rest = _SEP.join(parts[n:])
                return None, (rest if n == 0 else f"{origin}{_SEP}{rest}" if origin is not None else None)
            if not child.stays:
                origin = child.origin or None
            elif origin is not None:
                origin = name if n == 0 else f"{origin}{_SEP}{name}"
            node = child
        return node, origin

    async def _below(
        self, path: str, node: _Node | None, origin: str | None, deep: bool, tell: Tell | None
    ) -> AsyncIterator[Entry]:
        """Yield what is below a folder that may come from another place and differ within."""
        if origin is not None:
            for entry in await self._files.listing(origin, deep=deep, tell=tell):
                rest = entry.path[len(origin) :].lstrip(_SEP)
                if node is None or _untouched(node, rest):
                    here = joined(path, rest)
                    yield entry if here == entry.path else Entry(path=here, stamp=entry.stamp)
        if node is None:
            return
        for name, child in _differing(node, deep):
            where = joined(path, name)
            stamp = child.stamp or await self._files.stamp(child.origin)
            if stamp is None:
                continue
            yield Entry(path=where, stamp=stamp)
            if deep and stamp.kind == "folder":
                async for entry in self._below(where, child, child.origin or None, deep, tell):
                    yield entry


def _is_folder(node: _Node) -> bool:
    return node.stamp is not None and node.stamp.kind == "folder"


def _untouched(node: _Node, rest: str) -> bool:
    """Tell whether an entry below a node, named from there, stands where the disk has it."""
    at = node
    for name in rest.split(_SEP):
        child = at.children.get(name)
        if child is None:
            return True
        if not child.stays:
            return False
        at = child
    return True


def _differing(node: _Node, deep: bool, above: str = "") -> Iterator[tuple[str, _Node]]:
    """Yield what was made in or moved into a folder, by its name from there; with `deep` also in the folders that stay."""
    for name, child in node.children.items():
        here = f"{above}{_SEP}{name}" if above else name
        if child.stays and deep:
            yield from _differing(child, deep, here)
        elif not child.stays and not child.gone:
            yield here, child


def _written(change: Change) -> Stamp:
    before = change.before
    mode = change.mode if change.mode is not None else (before.mode if before is not None else _MODES["file"])
    time = change.mtime_ns if change.mtime_ns is not None else (before.mtime_ns if before is not None else 0)
    return Stamp(kind="file", size=change.size, mode=mode, mtime_ns=time, digest=change.blob)
