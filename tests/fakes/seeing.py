"""What commands are called with: Files over a real folder without any of the real one's guards, and changes made plainly."""

import hashlib
import os
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any, cast

from assistant.config import Acting
from assistant.domain.answer import Answer
from assistant.domain.change import Change, ChangeKind, Entry, Stamp
from assistant.domain.errors import PathRefusedError, StorageError, TooMuchError
from assistant.domain.memory import ContextPack, RecallQuery
from assistant.domain.tool import Outcome
from assistant.ports.acting import Archives, BlobStore, Files, Repositories, Tell
from assistant.tools import Invoker, Overlay, Registry, Sight
from assistant.tools.builtin import builtin_tools
from tests.fakes.acting import FakeBlobs

NOW = datetime(2024, 6, 15, 12, 0).astimezone()


class DiskFiles:
    """Files below one root; `read_paths` and `digested` tell what was opened."""

    def __init__(self, root: Path, most: int = 1_000_000) -> None:
        self.root = root
        self.most = most
        self.read_paths: list[str] = []
        self.digested: list[str] = []

    async def roots(self) -> tuple[str, ...]:
        return (str(self.root),)

    async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
        self._inside(path)
        return stamp_of(Path(path), digest=digest)

    async def listing(self, path: str, *, deep: bool = False, tell: Tell | None = None) -> list[Entry]:
        self._inside(path)
        if not Path(path).is_dir():
            raise StorageError(f"{path} cannot be listed.")
        found: list[Entry] = []
        for child in Path(path).iterdir():
            stamp = stamp_of(child)
            if stamp is not None:
                found.append(Entry(path=str(child), stamp=stamp))
                if deep and stamp.kind == "folder":
                    found += await self.listing(str(child), deep=True)
        if len(found) > self.most:
            raise TooMuchError("too many")
        return sorted(found, key=lambda entry: entry.path)

    async def read(self, path: str, most: int) -> bytes:
        self._inside(path)
        self.read_paths.append(path)
        try:
            content = Path(path).read_bytes()
        except OSError as error:
            raise StorageError(f"{path} cannot be read.") from error
        if len(content) > most:
            raise TooMuchError(f"{path} is too large.")
        return content

    async def digests(self, paths: Sequence[str], tell: Tell | None = None) -> dict[str, str]:
        self.digested += paths
        return {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths if Path(path).is_file()}

    def _inside(self, path: str) -> None:
        if not Path(path).is_relative_to(self.root):
            raise PathRefusedError(f"{path} lies outside.")


class FakeRecalling:
    """Recalling; gives `pack` for every question and keeps the questions in `asked`."""

    def __init__(self, packs: Mapping[str, ContextPack] | None = None) -> None:
        self.packs = packs or {}
        self.asked: list[RecallQuery] = []

    async def gather(self, query: RecallQuery, budget: int) -> ContextPack:
        self.asked.append(query)
        return self.packs.get(query.text) or ContextPack(query=query.text, evidence=(), tokens=0, budget=budget)

    async def excerpts(self, paths: Sequence[str], each: int) -> ContextPack:
        found = [one for path in paths if path in self.packs for one in self.packs[path].evidence[:each]]
        return ContextPack(query="", evidence=tuple(found), tokens=0, budget=0)

    async def answer(self, question: str) -> Answer:
        return Answer(question=question, answer="", abstained=True, claims=(), citations=(), took_ms=0.0)


def stamp_of(path: Path, *, digest: bool = False) -> Stamp | None:
    """Look at one entry of the real disk, links not followed; None for nothing and for what is no file, folder or link."""
    try:
        stat = path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return None
    kind = "link" if path.is_symlink() else "folder" if path.is_dir() else "file" if path.is_file() else None
    if kind is None:
        return None
    content = hashlib.sha256(path.read_bytes()).hexdigest() if digest and kind == "file" else ""
    size = stat.st_size if kind == "file" else 0
    return Stamp(
        kind=kind,
        size=size,
        mode=stat.st_mode & 0o7777,
        mtime_ns=stat.st_mtime_ns,
        inode=stat.st_ino,
        device=stat.st_dev,
        digest=content,
    )


def sight(
    files: Files, blobs: BlobStore, language: str = "en", found: Mapping[str, Outcome] | None = None, **replaced: Any
) -> Sight:
    """Return what a command may look at, here without archives and repositories; `replaced` are fields of a Sight."""
    plain = Sight(
        files=files,
        blobs=blobs,
        memory=FakeRecalling(),
        archives=cast(Archives, None),
        repositories=cast(Repositories, None),
        settings=Acting(),
        now=NOW,
        language=language,
        tell=lambda _done, _total, _text: None,
        found=found or {},
    )
    return replace(plain, **replaced)


def make(changes: Iterable[Change], blobs: FakeBlobs) -> None:
    """Make changes on the real disk, one after the other; fails where one is not possible as the disk is then."""
    for change in changes:
        path = Path(change.path)
        match change.kind:
            case ChangeKind.CREATE:
                assert not os.path.lexists(path), change
                path.write_bytes(blobs.kept[change.blob])
            case ChangeKind.WRITE:
                assert path.is_file(), change
                path.write_bytes(blobs.kept[change.blob])
            case ChangeKind.MOVE:
                assert not os.path.lexists(change.to) or path.samefile(change.to), change
                path.rename(change.to)
            case ChangeKind.TRASH:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
            case ChangeKind.MKDIR:
                path.mkdir()
            case ChangeKind.RMDIR:
                path.rmdir()


def tree(root: Path) -> dict[str, bytes | str]:
    """Return all that is below a folder: the bytes of files, where links lead, "/" for folders."""
    found: dict[str, bytes | str] = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_symlink():
            found[name] = str(path.readlink())
        else:
            found[name] = "/" if path.is_dir() else path.read_bytes()
    return found


class Toolbox:
    """A folder on disk and the real tools over it: `call` asks a command, `do` also makes what it wants."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.files = DiskFiles(root)
        self.blobs = FakeBlobs()
        self.invoker = Invoker(Registry(builtin_tools))

    def put(self, **contents: str | bytes) -> None:
        for name, content in contents.items():
            self.write(name, content)

    def write(self, name: str, content: str | bytes = "", mtime: float | None = None) -> str:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        if mtime is not None:
            os.utime(path, (mtime, mtime))
        return str(path)

    def path(self, name: str = "") -> str:
        return str(self.root / name) if name else str(self.root)

    async def call(self, command: str, language: str = "en", more: Mapping[str, Any] | None = None, **arguments: Any) -> Outcome:
        return await self.invoker.call(command, arguments, sight(self.files, self.blobs, language, **(more or {})))

    async def do(self, command: str, language: str = "en", **arguments: Any) -> dict[str, bytes | str]:
        """Make what a command wants, which its overlay has to foretell; return the tree that comes of it."""
        outcome = await self.call(command, language, **arguments)
        assert outcome.conflicts == ()
        before = tree(self.root)
        overlay = Overlay(self.files, self.blobs, outcome.changes)
        foretold = {entry.path for entry in await overlay.listing(str(self.root), deep=True)}
        assert before == tree(self.root), "a command changes nothing"
        make(outcome.changes, self.blobs)
        after = tree(self.root)
        assert foretold == {str(self.root / name) for name in after}
        return after
