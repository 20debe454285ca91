"""`GitRepositories`: the Repositories port over the git program. Built by `app`."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from assistant.adapters.acting.git_changes import command, own_changes, tree_changes
from assistant.adapters.acting.git_shadow import Shadow, shadow
from assistant.domain.change import Change
from assistant.domain.errors import RepositoryError
from assistant.ports.acting import BlobStore, Files, RepositoryChange

T = TypeVar("T")
FIELD, LINE = "\x1f", "\x1e"
MOST_COMPARED = 8 * 2**20
"""Bytes of a file above which no difference is shown."""


class GitRepositories:
    """Every call works on a shadow, which lives in `scratch` as long as the call."""

    def __init__(self, executor: Executor, files: Files, blobs: BlobStore, scratch: Path) -> None:
        self._executor = executor
        self._files = files
        self._blobs = blobs
        self._scratch = scratch

    async def root(self, path: str) -> str:
        """Return the top of the working tree; raises RepositoryError, PathRefusedError."""
        place = Path(path)
        roots = await self._files.roots()
        await self._files.stamp(path)
        while any(place == Path(root) or place.is_relative_to(root) for root in roots):
            look = await self._files.stamp(str(place / ".git"))
            if look is not None and look.kind == "folder":
                return str(place)
            place = place.parent
        raise RepositoryError(f"{path} is in no git repository below a granted folder.", kept="Nothing was changed.")

    async def status(self, root: str) -> tuple[str, list[RepositoryChange]]:
        """Return the branch and what differs."""

        def work(one: Shadow) -> tuple[str, list[RepositoryChange]]:
            args = ("status", "--porcelain=v1", "-z", "--branch", "--untracked-files=all", "--ignore-submodules=all")
            parts = one.git(*args).decode("utf-8", "surrogateescape").split("\0")
            branch = parts[0].removeprefix("## ").removeprefix("No commits yet on ").partition("...")[0]
            found: list[RepositoryChange] = []
            rest = iter(parts[1:])
            for part in rest:
                if part:
                    status, path = part[:2], str(Path(root) / part[3:])
                    was = str(Path(root) / next(rest)) if status[0] in "RC" else ""
                    found.append(RepositoryChange(status, path, was))
            return ("" if branch.startswith("HEAD (") else branch), found

        return await self._on(root, work)

    async def diff(self, root: str, path: str, *, staged: bool = False) -> tuple[bytes, bytes]:
        """Return a file's contents before and after."""
        inside = Path(path).relative_to(root).as_posix()
        after = b""
        look = None if staged else await self._files.stamp(path)
        if look is not None and look.kind == "file":
            after = await self._files.read(path, MOST_COMPARED)

        def work(one: Shadow) -> tuple[bytes, bytes]:
            before = _shown(one, f"HEAD:{inside}" if staged else f":{inside}", f"HEAD:{inside}")
            return before, (_shown(one, f":{inside}") if staged else after)

        return await self._on(root, work)

    async def log(self, root: str, since: str, most: int) -> list[tuple[str, str, str, str]]:
        """Return commits since a revision or date."""

        def work(one: Shadow) -> list[tuple[str, str, str, str]]:
            form = FIELD.join(("%h", "%cI", "%an", "%s")) + LINE
            head = ("log", f"--max-count={most}", f"--format={form}", "--no-show-signature")
            bounds = [f"{since}..HEAD"] if since and _is_revision(one, since) else [f"--since={since}"] if since else []
            text = one.git(*head, *bounds, "--").decode("utf-8", "replace")
            rows = [line.strip("\n").split(FIELD) for line in text.split(LINE) if line.strip("\n")]
            return [(row[0], row[1], row[2], row[3]) for row in rows if len(row) == 4]

        return await self._on(root, work)

    async def change(self, root: str, args: Sequence[str], at: datetime) -> list[Change]:
        """Return what a git command would change."""

        def work(one: Shadow) -> list[Change]:
            turns = command(one, args)
            return [*own_changes(one, self._blobs), *tree_changes(one, turns, self._blobs)]

        return await self._on(root, work, at)

    async def _on(self, root: str, work: Callable[[Shadow], T], at: datetime | None = None) -> T:
        await self._files.stamp(root)  # refuses what lies outside the granted roots

        def run() -> T:
            with shadow(root, self._scratch, at) as one:
                return work(one)

        waiting: Awaitable[T] = asyncio.get_running_loop().run_in_executor(self._executor, run)
        return await waiting


def _shown(one: Shadow, *names: str) -> bytes:
    """Return the first of these objects that there is, b"" where there is none."""
    for name in names:
        try:
            return one.git("cat-file", "blob", name)
        except RepositoryError:
            continue
    return b""


def _is_revision(one: Shadow, name: str) -> bool:
    try:
        one.git("rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}")
    except RepositoryError:
        return False
    return True
