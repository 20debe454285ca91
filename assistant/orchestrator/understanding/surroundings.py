"""What the words of a request can refer to on this machine: home, known places, folders, the paths at hand. Built per request."""

import ntpath
import posixpath
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeVar

from assistant.domain.errors import MnemeError
from assistant.ports.acting import Files

T = TypeVar("T")
paths = ntpath if sys.platform == "win32" else posixpath
Kind = Literal["file", "folder", ""]
MOST_FOLDERS = 500
"""Folders looked through for one that is named; a name deeper down has to be written as a path."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What does not change between requests.

    `places` maps downloads, desktop, documents, pictures, music, videos to absolute paths; `files` looks at the disk.
    """

    home: str
    places: Mapping[str, str]
    files: Files


@dataclass(frozen=True, slots=True)
class Ground:
    """What one request stands on: the paths at hand by kind, the granted roots, the folders in them, names that were found.

    `selected` are the files among the paths at hand, `folder` the folder that "here" means ("" for none); `found` maps a
    relative name to where it stands.
    """

    home: str
    places: Mapping[str, str]
    roots: tuple[str, ...] = ()
    folder: str = ""
    selected: tuple[str, ...] = ()
    folders: tuple[str, ...] = ()
    spaced: tuple[str, ...] = ()
    found: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def absolute(self, written: str) -> str:
        """Return a written path as an absolute one; "" when it is relative and no folder is at hand."""
        if written == "~" or written.startswith(("~/", "~\\")):
            return paths.normpath(paths.join(self.home, written[2:]))
        if paths.isabs(written):
            return paths.normpath(written)
        base = self.base
        return paths.normpath(paths.join(base, written)) if base else ""

    @property
    def base(self) -> str:
        """The folder that relative names start from: the one at hand, else the only root, else none."""
        return self.folder or (self.roots[0] if len(self.roots) == 1 else "")

    def candidates(self, written: str) -> tuple[str, ...]:
        """Return all paths that a written name may mean; the one below the folder at hand comes first when it exists."""
        if written.startswith(("~", "/", "\\", "./", "../")) or paths.isabs(written):
            one = self.absolute(written)
            return (one,) if one else ()
        found = self.found.get(written, ())
        direct = self.absolute(written)
        if direct in found:
            return (direct,)
        return found or ((direct,) if direct else ())


async def ground(around: Surroundings, context: Sequence[str]) -> Ground:
    """Look at the paths at hand and at the roots; what cannot be seen is left out."""
    kinds = {path: await kind_at(around.files, path) for path in context}
    chosen = tuple(path for path, kind in kinds.items() if kind == "file")
    own = next((path for path, kind in kinds.items() if kind == "folder"), "")
    folder = own or (paths.dirname(chosen[0]) if chosen else "")
    roots = tuple(await _seen(around.files.roots, ()))
    entries = await _entries(around.files, folder) if folder else []
    spaced = tuple(
        paths.basename(entry)
        for entry, kind in entries
        if kind == "file" and " " in paths.basename(entry) and paths.splitext(entry)[1]
    )
    spaced += tuple(paths.basename(entry) + "/" for entry, kind in entries if kind == "folder")[:MOST_FOLDERS]
    return Ground(around.home, around.places, roots, folder, chosen, spaced=spaced)


async def folders_of(files: Files, roots: Sequence[str]) -> tuple[str, ...]:
    """Return the roots and the folders two levels down, breadth first, at most `MOST_FOLDERS`."""
    found, level = list(roots), list(roots)
    for _ in range(2):
        level = [entry for folder in level[:MOST_FOLDERS] for entry, kind in await _entries(files, folder) if kind == "folder"]
        found += level
    return tuple(dict.fromkeys(found))[:MOST_FOLDERS]


async def kind_at(files: Files, path: str) -> Kind:
    """Return what stands at a path, "" for nothing, a link, or what may not be seen."""
    try:
        stamp = await files.stamp(path)
    except MnemeError:
        return ""
    return stamp.kind if stamp is not None and stamp.kind != "link" else ""


async def find(files: Files, where: Ground, written: str) -> tuple[str, ...]:
    """Return where a relative name stands: below the folder at hand, else below any known folder."""
    direct = where.absolute(written)
    if direct and await kind_at(files, direct):
        return (direct,)
    found = [other for folder in where.folders if await kind_at(files, other := paths.join(folder, written))]
    return tuple(dict.fromkeys(map(paths.normpath, found)))


async def _entries(files: Files, folder: str) -> list[tuple[str, Kind]]:
    async def listed() -> list[tuple[str, Kind]]:
        entries = await files.listing(folder)
        return [(entry.path, entry.stamp.kind) for entry in entries if entry.stamp.kind != "link"]

    return await _seen(listed, [])


async def _seen(look: Callable[[], Awaitable[T]], otherwise: T) -> T:
    try:
        return await look()
    except MnemeError:
        return otherwise
