"""A FolderWatch that notices what a test says has changed. Used by the watching's tests."""

import asyncio
from collections.abc import Collection, Mapping
from pathlib import PurePosixPath

from assistant.domain.errors import WatchError
from assistant.ports.system import Following


class FakeWatch:
    """FolderWatch; set `scanned` to the reasons of roots that cannot be followed, call `tell` for changes and `fail`."""

    def __init__(self) -> None:
        self.followed: list[tuple[str, ...]] = []
        self.scanned: dict[str, Following] = {}
        self.failure: WatchError | None = None
        self.closed = False
        self._roots: tuple[str, ...] = ()
        self._waiting: dict[str, set[str]] = {}
        self._told = asyncio.Event()

    async def follow(self, roots: Collection[str]) -> Mapping[str, Following]:
        self._roots = tuple(sorted(set(roots) - self.scanned.keys()))
        self.followed.append(tuple(sorted(roots)))
        return {root: self.scanned.get(root, Following(True)) for root in roots}

    async def changes(self) -> Mapping[str, Collection[str]]:
        await self._told.wait()
        self._told.clear()
        failure, self.failure = self.failure, None
        if failure is not None:
            raise failure
        waiting, self._waiting = self._waiting, {}
        return waiting

    async def close(self) -> None:
        self.closed = True

    def tell(self, *paths: str) -> None:
        """Notice changes of these paths."""
        for path in paths:
            inside = PurePosixPath(path).parts
            if ".git" in inside and inside[-2:] not in ((".git", "HEAD"), (".git", "index.lock")):
                continue
            for root in self._roots:
                if PurePosixPath(path).is_relative_to(root):
                    self._waiting.setdefault(root, set()).add(path)
        if self._waiting:
            self._told.set()

    def fail(self) -> None:
        """Lose the notices."""
        self.failure = WatchError("Notices about changed files stopped.")
        self._told.set()
