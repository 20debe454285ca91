"""A component with a queue of its own: bounded, with a time limit, further tries and figures. Started by the supervisor."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

from assistant.bus.mailbox import Overflow
from assistant.domain.errors import BusyError
from assistant.domain.upkeep import ActorFigures

T = TypeVar("T")
log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Terms:
    """`size` items wait at most; one is given up after `tries` failures, each at most `timeout_s` long."""

    size: int = 256
    overflow: Overflow = Overflow.BLOCK
    timeout_s: float = 60.0
    tries: int = 3


class Actor(Generic[T]):
    """Handles one item after the other. A failure ends its work, which the supervisor begins again: the item is still first."""

    def __init__(
        self, name: str, handle: Callable[[T], Awaitable[None]], monotonic: Callable[[], float], terms: Terms | None = None
    ) -> None:
        self.name = name
        self._handle = handle
        self._monotonic = monotonic
        self._terms = terms or Terms()
        self._items: deque[tuple[T, float]] = deque()
        self._there = asyncio.Event()
        self._room = asyncio.Event()
        self._room.set()
        self._failed = 0
        self._dropped = 0
        self._done = 0

    def tell(self, item: T) -> None:
        """Give it an item; a full queue loses its oldest one, or with BLOCK raises BusyError."""
        if len(self._items) >= self._terms.size:
            if self._terms.overflow is Overflow.BLOCK:
                raise BusyError(f"Too much waits for {self.name}.", kept="Nothing was lost.", remedy="Try again in a moment.")
            self._items.popleft()
            self._dropped += 1
            self._failed = 0
        self._add(item)

    async def give(self, item: T) -> None:
        """Give it an item, waiting for room where its queue is full."""
        while len(self._items) >= self._terms.size:
            self._room.clear()
            await self._room.wait()
        self._add(item)

    async def work(self) -> None:
        """Handle items for ever. Raises what handling raised; called again, it begins with that item until its tries are up."""
        while True:
            while not self._items:
                self._there.clear()
                await self._there.wait()
            entry = self._items[0]
            try:
                async with asyncio.timeout(self._terms.timeout_s):
                    await self._handle(entry[0])
            except Exception as error:
                self._failed += 1
                if self._failed >= self._terms.tries:
                    log.warning("%s gave an item up: %s", self.name, type(error).__name__)
                    self._dropped += 1
                    self._take(entry)
                raise
            self._done += 1
            self._take(entry)

    def figures(self, restarts: int = 0, *, running: bool = True) -> ActorFigures:
        """Tell how it fares; the lag is how long its first item has waited, in seconds."""
        lag = self._monotonic() - self._items[0][1] if self._items else 0.0
        return ActorFigures(
            name=self.name,
            running=running,
            restarts=restarts,
            depth=len(self._items),
            lag_s=round(lag, 3),
            dropped=self._dropped,
            done=self._done,
        )

    def _add(self, item: T) -> None:
        self._items.append((item, self._monotonic()))
        self._there.set()

    def _take(self, entry: tuple[T, float]) -> None:
        self._failed = 0
        if self._items and self._items[0] is entry:  # it may have been dropped meanwhile
            self._items.popleft()
        self._room.set()
