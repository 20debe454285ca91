"""Waits for vectors that went away (their server, room for them), and brings them into step. Started by `bootstrap`."""

import asyncio
from typing import Protocol

from assistant.domain.errors import CrampedError
from assistant.memory.store.outage import Outage

FIRST_S, MOST_S = 2.0, 120.0
"""Seconds before the first attempt, and between two at most; doubled in between."""


class Home(Protocol):
    """Who sets the memory right and tells a person."""

    async def returned(self) -> None:
        """Bring the vectors into step with the records, and queue what has none yet."""
        ...

    def tell(self, level: str, code: str, text: str) -> None:
        """Publish something that a person should know."""
        ...


async def look_out(outage: Outage, home: Home) -> None:
    """Follow every outage from its beginning to its end, for ever."""
    while True:
        await outage.began.wait()
        cramped = isinstance(outage.error, CrampedError)
        if outage.error is not None:
            then = "there is room" if cramped else "it is back"
            home.tell("warning", outage.error.code, f"{outage.error} Search goes on by words; vectors follow when {then}.")
        pause = FIRST_S
        while True:
            await asyncio.sleep(pause)
            if await outage.over():
                break
            pause = min(2 * pause, MOST_S)
        there = "There is room for the vectors again" if cramped else "The server of the vectors is back"
        home.tell("info", "reachable", f"{there}; what is lacking is being written.")
        await home.returned()
