"""`DiskWalker`: the FileWalker port over the file system. Built by `app`, used by the memory."""

import asyncio
import hashlib
import os
import stat
import sys
import time
from collections.abc import Callable, Collection
from concurrent.futures import Executor
from dataclasses import dataclass, field
from pathlib import Path
from typing import ParamSpec, TypeVar

from assistant.adapters.system.gitignore import Rules, compile_rules, ignored_by, read_rules, rules_above
from assistant.adapters.system.named import Named, is_there, names_in, parent_of
from assistant.adapters.system.sniff import sniff
from assistant.adapters.system.walk_rules import FOLDERS_BESIDE, TRUSTED, Skip, by_name, folder_by_name
from assistant.config.schema import Ingest
from assistant.domain.errors import PathRefusedError, ReadError
from assistant.ports.content import FoundFile, Presence

SLICE_SECONDS = 0.1
"""After this long a walk gives its thread back, so that other work gets its turn and a cancelled walk ends."""
BLOCK = 2**20
ENVIRONMENT = "ignored folder: a Python environment"
FLAGS = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)

P = ParamSpec("P")
T = TypeVar("T")


@dataclass
class _Walk:
    """A walk under way: folders still to be listed, with the rules that hold in them, and what was found."""

    root: str
    pending: list[tuple[str, Rules]]
    found: list[FoundFile] = field(default_factory=list)


class DiskWalker:
    """Walks folders by the ignore rules on threads of `executor`.

    `own` are absolute folders of Mneme itself (its memory, its models), which it never reads.
    """

    def __init__(self, executor: Executor, settings: Ingest, own: Collection[str] = ()) -> None:
        self._executor = executor
        self._max_bytes = int(settings.max_file_mb * 2**20)
        self._max_text = f"larger than {settings.max_file_mb:g} MiB"
        self._gitignore = settings.use_gitignore
        self._patterns = settings.ignore
        self._own = frozenset(os.path.realpath(folder) for folder in own)

    async def walk(self, path: str) -> list[FoundFile]:
        """List every file at or under `path`, with the reason where it is skipped; raises PathRefusedError.

        Paths are resolved; an ignored folder is one entry. A file that is named itself is not asked about ignore rules.
        """
        walk = await self._run(self._begin, path)
        while walk.pending:
            await self._run(self._advance, walk)
        walk.found.sort(key=lambda file: file.path)
        return walk.found

    async def look(self, root: str, paths: Collection[str]) -> list[FoundFile]:
        """See FileWalker.look: what a walk of `root` would say of these paths alone."""
        walk = await self._run(self._approach, root, paths)
        while walk.pending:
            await self._run(self._advance, walk)
        found = {file.path: file for file in walk.found}
        return [found[path] for path in sorted(found)]

    async def presence(self, path: str) -> Presence:
        """Tell whether a root can be read at all, without walking it; never raises."""
        return await self._run(_presence, path)

    async def digest(self, path: str) -> str:
        """Return the sha256 of the file's bytes (hex); raises ReadError when it cannot be read."""
        return await self._run(_digest, path)

    async def stats(self, paths: Collection[str]) -> dict[str, FoundFile | None]:
        """Look at some files at once: one hop between threads instead of one for each file."""
        return await self._run(lambda: {path: _stat(path) for path in paths})

    async def stat(self, path: str) -> FoundFile | None:
        """Look at one file without judging it; None when it is gone."""
        return await self._run(_stat, path)

    async def _run(self, work: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, lambda: work(*args, **kwargs))

    def _begin(self, path: str) -> _Walk:
        _refuse_odd(path)
        root = os.path.realpath(path)
        try:
            info = Path(root).stat()
        except OSError as error:
            raise PathRefusedError(
                f"{_shown(path)} cannot be found: {error.strerror}.",
                remedy="Check the name, or connect the drive it is on, and add it again.",
            ) from error
        if any(root == own or root.startswith(own + os.sep) for own in self._own):
            raise PathRefusedError(f"{root} is Mneme's own folder.", kept="Nothing was read.", remedy="Add another folder.")
        if stat.S_ISDIR(info.st_mode):
            rules = rules_above(root) if self._gitignore else ()
            return _Walk(root, [(root, rules + compile_rules(root, "your settings", self._patterns))])
        skip = self._judge(Path(root).name, root, info)
        return _Walk(root, [], [_found(root, info, skip)])

    def _approach(self, root: str, paths: Collection[str]) -> _Walk:
        """Judge each path from the root down to it, every folder on the way once."""
        walk = self._begin(root)
        if walk.root != root:
            raise PathRefusedError(f"{root} leads elsewhere now.", kept="Nothing was read.", remedy="Add the folder again.")
        if root in paths or not walk.pending:
            return walk
        opened: dict[str, Rules | None] = {}
        (_, outer), walk.pending = walk.pending[0], []
        for path in sorted(path for path in paths if path.startswith(root.rstrip(os.sep) + os.sep)):
            rules = self._open(walk, parent_of(path), outer, opened)
            if rules is not None and is_there(path):
                self._judge_one(walk, path, rules)
        return walk

    def _open(self, walk: _Walk, folder: str, outer: Rules, opened: dict[str, Rules | None]) -> Rules | None:
        """Return the rules that hold inside a folder; None when it is gone, or left out, which `walk` then tells."""
        if folder not in opened:
            rules: Rules | None = outer
            if folder != walk.root:
                rules = self._open(walk, parent_of(folder), outer, opened)
                if rules is not None and not self._enters(walk, folder, rules):
                    rules = None
            if rules is not None and self._gitignore:
                rules += read_rules(folder)
            opened[folder] = rules
        return opened[folder]

    def _enters(self, walk: _Walk, folder: str, rules: Rules) -> bool:
        """Judge one folder on the way; False when a walk would not go into it."""
        if not is_there(folder):
            return False
        if Path(folder, "pyvenv.cfg").exists():
            walk.found.append(FoundFile(folder, 0, 0.0, "ignored", ENVIRONMENT))
            return False
        aside = _Walk(walk.root, [])
        self._judge_one(aside, folder, rules)
        walk.found += [file for file in aside.found if file.skip]
        return bool(aside.pending)

    def _judge_one(self, walk: _Walk, path: str, rules: Rules) -> None:
        try:
            entry = Named(path)
            beside = names_in(parent_of(path)) if entry.name in FOLDERS_BESIDE else frozenset[str]()
            self._meet(walk, entry, beside, rules)
        except (FileNotFoundError, NotADirectoryError):
            return
        except OSError as error:
            walk.found.append(FoundFile(_shown(path), 0, 0.0, "unreadable", f"cannot be looked at: {error.strerror}"))

    def _advance(self, walk: _Walk) -> None:
        """List folders until the slice is over."""
        until = time.monotonic() + SLICE_SECONDS
        while walk.pending and time.monotonic() < until:
            self._list(walk, *walk.pending.pop())

    def _list(self, walk: _Walk, folder: str, rules: Rules) -> None:
        try:
            with os.scandir(folder) as scan:
                entries = list(scan)
        except OSError as error:
            walk.found.append(FoundFile(folder, 0, 0.0, "unreadable", f"the folder cannot be opened: {error.strerror}"))
            return
        names = frozenset(entry.name for entry in entries)
        if "pyvenv.cfg" in names and folder != walk.root:
            walk.found.append(FoundFile(folder, 0, 0.0, "ignored", ENVIRONMENT))
            return
        if self._gitignore and ".gitignore" in names:
            rules += read_rules(folder)
        for entry in entries:
            try:
                self._meet(walk, entry, names, rules)
            except OSError as error:
                walk.found.append(FoundFile(_shown(entry.path), 0, 0.0, "unreadable", f"cannot be looked at: {error.strerror}"))

    def _meet(self, walk: _Walk, entry: "os.DirEntry[str] | Named", names: frozenset[str], rules: Rules) -> None:
        info = entry.stat(follow_symlinks=False)
        if _shown(entry.path) != entry.path:
            walk.found.append(
                FoundFile(_shown(entry.path), 0, info.st_mtime, "unreadable", "its name holds bytes that are no text")
            )
            return
        if _is_link(entry, info):
            walk.found.append(_found(entry.path, info, _judge_link(walk.root, entry.path)))
            return
        is_folder = entry.is_dir(follow_symlinks=False)
        skip: Skip | None = None
        if is_folder:
            skip = Skip("ignored", "Mneme's own folder") if entry.path in self._own else folder_by_name(entry.name, names)
        if skip is None and (reason := ignored_by(rules, entry.path, is_folder)):
            skip = Skip("ignored", reason)
        if is_folder and skip is None:
            walk.pending.append((entry.path, rules))
            return
        walk.found.append(_found(entry.path, info, skip or self._judge(entry.name, entry.path, info)))

    def _judge(self, name: str, path: str, info: os.stat_result) -> Skip | None:
        """Judge a file by its kind, name, size and first bytes."""
        if not stat.S_ISREG(info.st_mode):
            return Skip("unsupported", "not a plain file (a socket, pipe or device)")
        skip = by_name(name)
        if skip is not None:
            return skip
        if info.st_size == 0:
            return Skip("ignored", "empty")
        if info.st_size > self._max_bytes:
            return Skip("too large", self._max_text)
        return None if name.lower().rpartition(".")[2] in TRUSTED else sniff(path)


def _found(path: str, info: os.stat_result, skip: Skip | None) -> FoundFile:
    size = info.st_size if stat.S_ISREG(info.st_mode) else 0
    return FoundFile(path, size, info.st_mtime, skip.kind, skip.reason) if skip else FoundFile(path, size, info.st_mtime)


def _shown(path: str) -> str:
    """The path with undecodable bytes written out, so that it can be stored and shown."""
    return path.encode("utf-8", "backslashreplace").decode("utf-8")


def _refuse_odd(path: str) -> None:
    why = ""
    if "\0" in path:
        why = "holds a NUL character"
    elif _shown(path) != path:
        why = "holds bytes that are no text"
    elif not Path(path).is_absolute():
        why = "is not an absolute path"
    elif sys.platform == "win32" and ":" in os.path.splitdrive(path)[1]:
        why = "names a hidden stream of a file"
    if why:
        shown = _shown(path).replace("\0", "\\0")
        raise PathRefusedError(f"{shown} {why}.", kept="Nothing was read.", remedy="Add the file or folder by its plain path.")


def _is_link(entry: "os.DirEntry[str] | Named", info: os.stat_result) -> bool:
    """Symbolic links, and the junctions of Windows, which lead elsewhere without being links."""
    if sys.platform == "win32":
        return entry.is_symlink() or info.st_reparse_tag == stat.IO_REPARSE_TAG_MOUNT_POINT
    return entry.is_symlink()


def _judge_link(root: str, path: str) -> Skip:
    """No link is followed: what lies inside the root is met in its own place, what lies outside was not granted."""
    target = os.path.realpath(path)
    if not Path(target).exists():
        return Skip("unreadable", "a link that leads nowhere")
    if target == root or target.startswith(root.rstrip(os.sep) + os.sep):
        return Skip("ignored", "a link; what it points to is read in its own place")
    return Skip("outside", "a link that leads out of the folder")


def _digest(path: str) -> str:
    digest = hashlib.sha256()
    try:
        handle = os.open(path, FLAGS)
        if not stat.S_ISREG(os.fstat(handle).st_mode):
            os.close(handle)
            raise ReadError("It is not a plain file.")
        with os.fdopen(handle, "rb", buffering=0) as stream:
            while block := stream.read(BLOCK):
                digest.update(block)
    except (OSError, ValueError) as error:
        told = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
        raise ReadError(f"The file cannot be read: {told}.") from error
    return digest.hexdigest()


def _stat(path: str) -> FoundFile | None:
    try:
        return _found(path, Path(path).stat(), None)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        return None
    except OSError as error:
        return FoundFile(path, 0, 0.0, "unreadable", f"cannot be looked at: {error.strerror}")


def _presence(path: str) -> Presence:
    try:
        info = Path(path).stat()
        if not stat.S_ISDIR(info.st_mode):
            return Presence(True, device=str(info.st_dev))
        with os.scandir(path) as scan:
            return Presence(True, next(scan, None) is None, str(info.st_dev))
    except (OSError, ValueError):
        return Presence(False)
