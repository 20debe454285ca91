"""Waits for a server of vectors that went away, and brings it into step when it is back. Started by `bootstrap`."""

import asyncio
from typing import Protocol

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
        if outage.error is not None:
            home.tell("warning", outage.error.code, f"{outage.error} Search goes on by words; vectors follow when it is back.")
        pause = FIRST_S
        while True:
            await asyncio.sleep(pause)
            if await outage.over():
                break
            pause = min(2 * pause, MOST_S)
        home.tell("info", "reachable", "The server of the vectors is back; what it lacks is being written.")
        await home.returned()
