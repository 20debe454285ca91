"""A bounded mailbox that says what happens when it is full. Used by the bus, one per subscriber."""

import asyncio
from collections import OrderedDict
from collections.abc import Callable, Hashable
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")


class Overflow(StrEnum):
    """What a full queue does with one more item; an actor's may make the sender wait (BLOCK)."""

    BLOCK = "block"
    DROP_OLDEST = "drop oldest"
    COALESCE = "coalesce"


class Mailbox(Generic[T]):
    """First in, first out, at most `size` items; written and read on one event loop.

    With COALESCE an item whose key is already waiting replaces the waiting one in place; items with key None are
    never merged. A full mailbox loses its oldest item and counts it in `dropped`.
    """

    def __init__(self, size: int, overflow: Overflow, key: Callable[[T], Hashable | None] = lambda _: None) -> None:
        if size < 1 or overflow is Overflow.BLOCK:
            raise ValueError("a mailbox holds at least one item, and nobody waits to put one in")
        self.dropped = 0
        self._size = size
        self._overflow = overflow
        self._key = key
        self._items: OrderedDict[Hashable, T] = OrderedDict()
        self._serial = 0
        self._ready = asyncio.Event()
        self._closed = False

    def __len__(self) -> int:
        return len(self._items)

    def put(self, item: T) -> None:
        """Add an item; never blocks. After `close` items are ignored."""
        if self._closed:
            return
        key = self._key(item) if self._overflow is Overflow.COALESCE else None
        slot: Hashable = ("key", key)
        if key is None:
            self._serial += 1
            slot = ("serial", self._serial)
        if slot not in self._items and len(self._items) >= self._size:
            self._items.popitem(last=False)
            self.dropped += 1
        self._items[slot] = item
        self._ready.set()

    def close(self) -> None:
        """Take no more items; the reader still gets those that wait, then None."""
        self._closed = True
        self._ready.set()

    async def get(self) -> T | None:
        """Return the oldest item, waiting for one; None once closed and empty."""
        while not self._items:
            if self._closed:
                return None
            self._ready.clear()
            await self._ready.wait()
        return self._items.popitem(last=False)[1]
