"""Has what was done and undone written about, by an actor of its own: what fails there never hurts a run. Used by `bootstrap`."""

from collections.abc import Callable

from assistant.bus import Actor, Bus, Overflow, Supervisor, Terms
from assistant.domain.events import RunReverted
from assistant.orchestrator.acting.reflecting import Reflecting
from assistant.ports.system import Clock

TERMS = Terms(size=64, overflow=Overflow.DROP_OLDEST, timeout_s=60.0)
"""What is dropped is written about at the next start."""


class Writing:
    """The actor with what wakes it: the end of a run, an undo, and a start."""

    def __init__(self, reflecting: Reflecting, supervisor: Supervisor, bus: Bus, clock: Clock) -> None:
        self._reflecting = reflecting
        self._supervisor = supervisor
        self._bus = bus
        self._actor = Actor("reflecting", reflecting.reflect, clock.monotonic, TERMS)

    @property
    def tell(self) -> Callable[[str], None]:
        """Take the id of a run that is over."""
        return self._actor.tell

    def start(self) -> None:
        """Begin to write; first about what was left at the end of the process before."""
        self._supervisor.employ(self._actor)
        self._supervisor.keep("deeds undone", self._undone)
        self._supervisor.start("deeds of before", self._reflecting.catch_up())

    async def _undone(self) -> None:
        async for event in self._bus.subscribe(inside=True):
            if isinstance(event, RunReverted):
                self._actor.tell(event.run_id)
