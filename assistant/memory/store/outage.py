"""Stands before vectors that may be away (a server that is down, a full disk): the rest goes on meanwhile. Built by `app`."""

import asyncio
import contextlib
import functools
from collections.abc import Awaitable, Callable
from typing import Any

from assistant.domain.errors import ConfigError, UnreachableError


class Outage:
    """Whether the vectors can be had, for all spaces: they share one server, or one disk."""

    def __init__(self) -> None:
        self.error: UnreachableError | None = None
        self.missed = False
        """Whether something was removed while they were away, so that they may hold what nobody remembers."""
        self.began = asyncio.Event()
        self._ask: Callable[[], Awaitable[object]] | None = None

    @property
    def reason(self) -> str:
        """Why there are no vectors now; "" when there are."""
        return self.error.what if self.error else ""

    def begin(self, error: UnreachableError, ask: Callable[[], Awaitable[object]]) -> None:
        """They cannot be had; `ask` is how to try again."""
        self.missed = True
        self._ask = ask
        if self.error is None:
            self.error = error
            self.began.set()

    async def over(self) -> bool:
        """Ask for them again and return whether they are there."""
        if self._ask is not None and self.error is not None:
            try:
                await self._ask()
            except (UnreachableError, ConfigError) as error:
                self.error = _unreachable(error)
                return False
            self.error = None
            self.began.clear()
        return True


class Distant:
    """An index that may be away; fulfils whatever protocol the index inside does.

    While it is away nobody waits for it: searching and adding raise UnreachableError at once, what is removed counts as
    removed (the census that follows finds it), and counting tells what was there last. `ask` raises while it still is.
    """

    def __init__(self, inner: Any, outage: Outage, ask: Callable[[], Awaitable[object]]) -> None:
        self._inner = inner
        self._outage = outage
        self._ask = ask
        self._last = 0

    async def count(self) -> int:
        """Return the number of points, or the last one known."""
        with contextlib.suppress(UnreachableError):
            self._last = await self._reach(self._inner.count)()
        return self._last

    async def optimise(self) -> bool:
        """As the index does; nothing while it is away."""
        try:
            return await self._reach(self._inner.optimise)()
        except UnreachableError:
            return False

    async def delete(self, *places: Any, **names: Any) -> None:
        """As the index does; remembered as missed while it is away."""
        try:
            await self._reach(self._inner.delete)(*places, **names)
        except UnreachableError:
            self._outage.missed = True

    async def commit(self) -> None:
        """As the index does; nothing while it is away, since nothing was added."""
        try:
            await self._reach(self._inner.commit)()
        except UnreachableError:
            self._outage.missed = True

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._inner, name)
        return method if name == "close" or not callable(method) else self._reach(method)

    def _reach(self, method: Callable[..., Any]) -> Callable[..., Awaitable[Any]]:
        @functools.wraps(method)
        async def call(*places: Any, **names: Any) -> Any:
            if self._outage.error is not None:
                raise self._outage.error
            try:
                return await method(*places, **names)
            except (UnreachableError, ConfigError) as error:
                told = _unreachable(error)
                self._outage.begin(told, self._ask)
                raise told from error

        return call


def _unreachable(error: UnreachableError | ConfigError) -> UnreachableError:
    return error if isinstance(error, UnreachableError) else UnreachableError(error.what, kept=error.kept, remedy=error.remedy)
