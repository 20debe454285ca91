"""Makes the changes that commands want: with what stands there now, free names, folders on the way. Used by all commands."""

from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import count

from assistant.domain.change import Change, ChangeKind, Conflict, Entry, Stamp
from assistant.domain.errors import OccupiedError
from assistant.domain.file_names import folded
from assistant.ports.acting import BlobStore, Files
from assistant.tools.names import folder_of, joined, name_of, numbered

COUNTED = {
    ChangeKind.CREATE: "created",
    ChangeKind.WRITE: "written",
    ChangeKind.MOVE: "moved",
    ChangeKind.TRASH: "trashed",
}


@dataclass(slots=True)
class Draft:
    """The changes of one call in their order. Every new name is free on disk as it will be then, with case left aside."""

    files: Files
    blobs: BlobStore
    changes: list[Change] = field(default_factory=list[Change])
    conflicts: list[Conflict] = field(default_factory=list[Conflict])
    _names: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    """How often each name, folded, stands in a folder that was looked at, as the changes so far leave it."""
    _left: dict[str, Counter[str]] = field(default_factory=dict[str, Counter[str]])
    """The same of names that changes take away from folders nobody has looked at yet."""
    _last: dict[str, int] = field(default_factory=dict[str, int])
    """The last number given to each name that was taken, so that ten thousand alike are not counted through each time."""
    _folders: set[str] = field(default_factory=set[str])
    """Folders that are there, or are made by the changes so far."""

    async def create(self, path: str, content: bytes, why: str, *, mode: int | None = None, mtime_ns: int | None = None) -> None:
        """Want a new file, with the folders on the way; raises OccupiedError where something stands."""
        await self.place(path, await self.blobs.put(content), len(content), why, mode=mode, mtime_ns=mtime_ns)

    async def place(
        self, path: str, blob: str, size: int, why: str, *, mode: int | None = None, mtime_ns: int | None = None
    ) -> None:
        """Want a new file of kept contents, `size` bytes, with the folders on the way; raises OccupiedError as `create`."""
        await self._claim(path, why)
        change = Change(kind=ChangeKind.CREATE, path=path, blob=blob, size=size, mode=mode, mtime_ns=mtime_ns, why=why)
        self.changes.append(change)

    async def write(self, entry: Entry, old: bytes | None, content: bytes, why: str) -> None:
        """Want other contents in a file that is there; `old` are those now, None where the entry tells their digest.

        They are written down beforehand: after a crash the contents from before are found by their digest alone.
        """
        before = entry.stamp if old is None else entry.stamp.model_copy(update={"digest": sha256(old).hexdigest()})
        blob = await self.blobs.put(content)
        change = Change(kind=ChangeKind.WRITE, path=entry.path, before=before, blob=blob, size=len(content), why=why)
        self.changes.append(change)

    async def move(self, entry: Entry, to: str, why: str, *, items: int = 1) -> None:
        """Want an entry at another place, with the folders on the way; raises OccupiedError where something else stands.

        A name that differs in case alone from the one before is free.
        """
        self._leave(entry.path)
        try:
            await self._claim(to, why)
        except OccupiedError:
            self._leave(entry.path, -1)
            raise
        change = Change(kind=ChangeKind.MOVE, path=entry.path, to=to, before=entry.stamp, why=why, items=items)
        self.changes.append(change)

    async def trash(self, entry: Entry, why: str, *, items: int = 1, size: int | None = None) -> None:
        """Want an entry in the trash, a folder with `items` in all and `size` bytes."""
        self._leave(entry.path)
        bytes_gone = entry.stamp.size if size is None else size
        change = Change(kind=ChangeKind.TRASH, path=entry.path, before=entry.stamp, size=bytes_gone, items=items, why=why)
        self.changes.append(change)

    async def remove_empty(self, entry: Entry, why: str) -> None:
        """Want a folder gone that is empty then."""
        self._leave(entry.path)
        self.changes.append(Change(kind=ChangeKind.RMDIR, path=entry.path, before=entry.stamp, why=why))

    async def folder(self, path: str, why: str) -> None:
        """Want a folder and those above it, as far as they are missing; raises OccupiedError where a file stands."""
        if path in self._folders:
            return
        stamp = await self.files.stamp(path)
        if stamp is not None:
            if stamp.kind != "folder":
                raise _occupied(path)
            self._folders.add(path)
            return
        await self._claim(path, why)
        self._folders.add(path)
        self.changes.append(Change(kind=ChangeKind.MKDIR, path=path, why=why))

    async def like(self, path: str) -> str:
        """Return the folder that stands beside this path under the same name in other case, else the path."""
        if path in self._folders or await self.files.stamp(path) is not None:
            return path
        folder, name = folder_of(path), folded(name_of(path))
        if not (await self._in(folder))[name]:
            return path
        there = (entry.path for entry in await self.files.listing(folder) if entry.stamp.kind == "folder")
        return next((one for one in there if folded(name_of(one)) == name), path)

    async def free(self, path: str) -> str:
        """Return this path, or "name (2).ext", "name (3).ext" ... at which nothing stands or is to stand.

        A number is given once: whoever asks twice without taking it gets the next.
        """
        folder, name = folder_of(path), name_of(path)
        names = await self._in(folder)
        if not names[folded(name)]:
            return path
        start = self._last.get(path, 1) + 1
        n = next(n for n in count(start) if not names[folded(numbered(name, n))])
        self._last[path] = n
        return joined(folder, numbered(name, n))

    async def is_free(self, path: str) -> bool:
        """Tell whether nothing stands or is to stand at a path, case left aside."""
        return not (await self._in(folder_of(path)))[folded(name_of(path))]

    def expects(self) -> dict[str, int]:
        """Return how many entries the changes touch by kind, for whoever looks afterwards whether they did."""
        counts: Counter[str] = Counter()
        for change in self.changes:
            if change.kind in COUNTED:
                counts[COUNTED[change.kind]] += change.items
        return dict(counts)

    def clash(self, path: str, reason: str) -> None:
        """Note why something that was asked for cannot be; the plan stops for it."""
        self.conflicts.append(Conflict(path=path, reason=reason))

    async def _claim(self, path: str, why: str) -> None:
        folder, name = folder_of(path), folded(name_of(path))
        await self.folder(folder, why)
        names = await self._in(folder)
        if names[name]:
            raise _occupied(path)
        names[name] += 1

    def _leave(self, path: str, times: int = 1) -> None:
        """Take a name away from its folder, or give it back with -1."""
        folder, name = folder_of(path), folded(name_of(path))
        if folder in self._names:
            self._names[folder][name] -= times
        else:
            self._left.setdefault(folder, Counter())[name] += times

    async def _in(self, folder: str) -> Counter[str]:
        names = self._names.get(folder)
        if names is None:
            stamp = await self.files.stamp(folder)
            entries = await self.files.listing(folder) if stamp is not None and stamp.kind == "folder" else list[Entry]()
            names = Counter(folded(name_of(entry.path)) for entry in entries)
            names.subtract(self._left.pop(folder, Counter()))
            self._names[folder] = names
        return names


async def entry_at(files: Files, path: str, *, digest: bool = False) -> Entry | None:
    """Return what stands at a path; None where nothing does."""
    stamp: Stamp | None = await files.stamp(path, digest=digest)
    return None if stamp is None else Entry(path=path, stamp=stamp)


def _occupied(path: str) -> OccupiedError:
    return OccupiedError(
        f"{path} is taken: something stands there already.",
        kept="Nothing was changed.",
        remedy="Name another place, or move what is there.",
    )
