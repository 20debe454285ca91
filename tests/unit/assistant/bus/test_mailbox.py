"""A mailbox never grows beyond its size, says what it lost, and merges what may be merged."""

import asyncio
from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.bus import Mailbox, Overflow


def keyed(item: tuple[str, int]) -> str | None:
    return item[0] or None


async def drained(box: "Mailbox[tuple[str, int]]") -> list[tuple[str, int]]:
    box.close()
    found: list[tuple[str, int]] = []
    while (item := await box.get()) is not None:
        found.append(item)
    return found


ITEMS = st.lists(st.tuples(st.sampled_from(["", "a", "b"]), st.integers(0, 9)), max_size=30)


@given(ITEMS, st.integers(1, 5))
def test_dropping_keeps_the_newest_in_order(items: list[tuple[str, int]], size: int) -> None:
    async def run() -> None:
        box = Mailbox[tuple[str, int]](size, Overflow.DROP_OLDEST, keyed)
        for item in items:
            box.put(item)
            assert len(box) <= size
        assert box.dropped == max(0, len(items) - size)
        assert await drained(box) == list(deque(items, maxlen=size))

    asyncio.run(run())


@given(ITEMS, st.integers(1, 5))
def test_coalescing_never_loses_the_last_word_of_a_key_that_still_waits(items: list[tuple[str, int]], size: int) -> None:
    async def run() -> None:
        box = Mailbox[tuple[str, int]](size, Overflow.COALESCE, keyed)
        for item in items:
            box.put(item)
            assert len(box) <= size
        found = await drained(box)
        keys = [key for key, _ in found if key]
        assert len(keys) == len(set(keys))
        last = dict(items)
        assert all(value == last[key] for key, value in found if key)

    asyncio.run(run())


async def test_a_merged_item_keeps_its_place_in_the_queue() -> None:
    box = Mailbox[tuple[str, int]](4, Overflow.COALESCE, keyed)
    for item in [("a", 1), ("", 1), ("", 2), ("a", 2)]:
        box.put(item)
    assert await drained(box) == [("a", 2), ("", 1), ("", 2)]


async def test_every_reader_that_waits_is_served() -> None:
    box = Mailbox[str](4, Overflow.DROP_OLDEST)
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        readers = [group.create_task(box.get()) for _ in range(3)]
        await asyncio.sleep(0)
        box.put("one")
        await readers[0]
        box.put("two")
        await readers[1]
        box.close()
    assert [reader.result() for reader in readers] == ["one", "two", None]


async def test_a_closed_mailbox_takes_nothing_more() -> None:
    box = Mailbox[tuple[str, int]](2, Overflow.DROP_OLDEST)
    box.put(("", 1))
    box.close()
    box.put(("", 2))
    assert await drained(box) == [("", 1)]


def test_a_mailbox_for_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="at least one"):
        Mailbox[str](0, Overflow.DROP_OLDEST)
