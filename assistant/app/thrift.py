"""Makes the process that holds the memory a good neighbour: memory given back, threads that hand over fast, rows read once.

For `bootstrap`.
"""

import asyncio
import sys
from collections.abc import Generator
from contextlib import contextmanager

from assistant.adapters.store.sqlite_traits import Traits
from assistant.adapters.system.thrift import few_heaps, give_back
from assistant.bus import Bus
from assistant.domain.events import IngestFinished
from assistant.memory.service import Memory

SWITCH_SECONDS = 0.0005
"""Longest turn of a thread that others wait for. A question passes a dozen times from thread to thread; with the usual 5 ms
each handover beside a thread that cuts texts would cost so much."""


@contextmanager
def neighbourly() -> Generator[None]:
    """Set the process up; the length of turns is put back afterwards."""
    few_heaps()
    before = sys.getswitchinterval()
    sys.setswitchinterval(SWITCH_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(before)


async def give_back_what_is_freed(memory: Memory, bus: Bus) -> None:
    """Return freed memory to the system after the repair at the start and after each job, for ever."""
    events = bus.subscribe(inside=True)
    await memory.notice({})  # waits for the repair
    await asyncio.to_thread(give_back)
    async for event in events:
        if isinstance(event, IngestFinished):
            await asyncio.to_thread(give_back)


async def hold_what_ranks(traits: Traits) -> None:
    """Hold what ranking needs of chunks whenever questions would gain by it, for ever."""
    while True:
        await traits.wanted.wait()
        await traits.hold()
        await asyncio.to_thread(give_back)  # the rows they were read from
