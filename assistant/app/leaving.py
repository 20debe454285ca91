"""How a memory that others share is closed: nothing new begins, what goes on is waited for. Used by `bootstrap`."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:  # every command reads the environment, which names this module; what acts loads with the memory
    from assistant.domain.plan import Undertaking
    from assistant.orchestrator.acting.undertakings import Undertakings

TOLD_AFTER_S = 0.3
"""What ends sooner than that is not spoken of."""
LOOK_S = 0.1
PATIENCE_S = 10.0
"""How long calls are waited for that only look: a search is answered by then, whoever verifies or plans does it again."""


class Others(Protocol):
    """Those who work through this process; see app.gateway."""

    def refuse_work(self) -> None:
        """Answer only what looks from now on."""
        ...

    def lasting(self) -> "tuple[Undertaking, ...]":
        """Return the calls under way that must come to their end."""
        ...

    def busy(self) -> bool:
        """Tell whether any call is under way."""
        ...


class Leaving:
    """What a process waits for before it closes; whoever shows it may stop that, or the waiting."""

    def __init__(self, undertakings: "Undertakings", others: Others) -> None:
        self._undertakings = undertakings
        self._others = others
        self._cut = asyncio.Event()

    @property
    def going(self) -> "tuple[Undertaking, ...]":
        """What is waited for at this moment."""
        return (*self._undertakings.all(), *self._others.lasting())

    def stop(self) -> None:
        """Let the runs stop and be taken back; their end is still waited for."""
        self._undertakings.stop()

    def cut(self) -> None:
        """Wait no longer: what goes on is cut off, and can be finished or taken back at the next start."""
        self._cut.set()

    async def over(self, tell: "Tell") -> None:
        """Return when nothing goes on any more, or when the waiting was cut."""
        began = time.monotonic()
        while self.going and not self._cut.is_set():
            if time.monotonic() - began > TOLD_AFTER_S:
                tell(self)
            await self._look_again()

    async def answered(self) -> None:
        """Return when nobody waits for an answer any more, or when the waiting was cut."""
        while self._others.busy() and not self._cut.is_set():
            await self._look_again()

    async def _look_again(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LOOK_S):  # wait_for may swallow a Ctrl+C that comes as it ends
                await self._cut.wait()


Tell = Callable[[Leaving], None]
"""Hears what is waited for again and again until it is over."""


def tell_nobody(_: Leaving) -> None:
    """Wait in silence."""


async def leave(undertakings: "Undertakings", others: Others, tell: Tell) -> None:
    """Begin nothing more, and wait for what all doors have under way: runs to their end, answers for a while.

    Cancelling (Ctrl+C) ends the waiting, not the process: it goes on to close as it would have.
    """
    undertakings.close()
    others.refuse_work()
    leaving = Leaving(undertakings, others)
    try:
        await leaving.over(tell)
        async with asyncio.timeout(PATIENCE_S):
            await leaving.answered()
    except TimeoutError:
        return  # these hear that the memory was closed, and can ask again
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is not None:
            task.uncancel()
