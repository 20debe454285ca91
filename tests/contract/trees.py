"""Trees of files to act on, and their exact state to compare with. Used by the tests of acting."""

import os
import stat
from collections.abc import Sequence
from concurrent.futures import Executor
from pathlib import Path

from assistant.adapters.acting.disk_blobs import DiskBlobs
from assistant.adapters.acting.disk_files import DiskFiles
from assistant.adapters.acting.disk_workspace import DiskWorkspace
from assistant.adapters.acting.trash import XdgTrash
from assistant.domain.change import Change, ChangeKind, Stamp

State = dict[str, tuple[object, ...]]


def state(root: Path) -> State:
    """Return everything below a folder and the folder itself: kind, mode, time of change, contents."""
    return {str(path.relative_to(root)): _state_of(path) for path in sorted([root, *root.rglob("*")])}


def _state_of(path: Path) -> tuple[object, ...]:
    info = path.lstat()
    content: object = None
    if stat.S_ISLNK(info.st_mode):
        content = str(path.readlink())
    elif stat.S_ISREG(info.st_mode):
        content = path.read_bytes()
    return stat.S_IFMT(info.st_mode), stat.S_IMODE(info.st_mode), info.st_mtime_ns, content


class Desk:
    """A root on disk with everything that acts on it; `granted` may be changed at any time."""

    def __init__(self, home: Path, pool: Executor, own: Sequence[str] = ()) -> None:
        self.root = home / "root"
        self.root.mkdir(parents=True)
        self.granted = [str(self.root)]
        self.blobs = DiskBlobs(home / "blobs", pool)
        self.trash = home / "trash"
        self.files = DiskFiles(pool, self.roots, own)
        self.workspace = DiskWorkspace(pool, self.roots, self.blobs, XdgTrash(str(self.trash)), own)

    async def roots(self) -> list[str]:
        return self.granted

    def put(self, name: str, content: bytes = b"", mode: int = 0o644, mtime_ns: int = 1_600_000_000_123_456_789) -> str:
        """Write a file; return its absolute path."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        path.chmod(mode)
        os.utime(path, ns=(mtime_ns, mtime_ns))
        return str(path)

    def folder(self, name: str) -> str:
        """Make a folder; return its absolute path."""
        path = self.root / name
        path.mkdir(parents=True, exist_ok=True)
        return str(path)

    def path(self, name: str) -> str:
        """Return the absolute path of a name."""
        return str(self.root / name)

    async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
        return await self.files.stamp(path, digest=digest)

    async def create(self, name: str, content: bytes, mode: int | None = None) -> Change:
        blob = await self.blobs.put(content)
        return Change(kind=ChangeKind.CREATE, path=self.path(name), blob=blob, size=len(content), mode=mode)

    async def write(self, name: str, content: bytes) -> Change:
        path = self.path(name)
        before, blob = await self.stamp(path, digest=True), await self.blobs.put(content)
        return Change(kind=ChangeKind.WRITE, path=path, before=before, blob=blob, size=len(content))

    async def move(self, name: str, to: str) -> Change:
        return Change(kind=ChangeKind.MOVE, path=self.path(name), to=self.path(to), before=await self.stamp(self.path(name)))

    async def take(self, name: str, kind: ChangeKind = ChangeKind.TRASH) -> Change:
        return Change(kind=kind, path=self.path(name), before=await self.stamp(self.path(name)))

    def make(self, name: str, mode: int | None = None) -> Change:
        return Change(kind=ChangeKind.MKDIR, path=self.path(name), mode=mode)
