"""A scheduler at work over a memory of fakes, with gates that hold a reading or an embedding until the test opens them."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from assistant.bus import Supervisor
from assistant.domain.document import Document
from assistant.domain.events import Event
from assistant.orchestrator.scheduler import Priority, Scheduler
from tests.fakes.memory import Room
from tests.fakes.runtime import FakeIds, FakePower, RecordingEvents
from tests.fakes.stores import FakeNotes

E = TypeVar("E", bound=Event)

DEADLINE_S = 10.0


class Gate:
    """Holds whoever passes while it is shut; `reached` is set when somebody stands before it."""

    def __init__(self) -> None:
        self.reached = asyncio.Event()
        self._open = asyncio.Event()
        self._open.set()

    def shut(self) -> None:
        self.reached.clear()
        self._open.clear()

    def open(self) -> None:
        self._open.set()

    async def wait(self) -> None:
        if not self._open.is_set():
            self.reached.set()
        await self._open.wait()


class Desk:
    """The scheduler of a room; `reading` holds files by path, `embedding` holds batches."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.events = RecordingEvents()
        self.ids = FakeIds()
        self.reading: dict[str, Gate] = {}
        self.embedding = Gate()
        self.power = FakePower()
        self.notes = FakeNotes()
        self.supervisor = Supervisor(self.events, room.clock, self.ids)
        self.scheduler = self.scheduling()
        self._gate_reader()
        if room.embedder is not None:
            self._gate_embedder()

    def scheduling(self) -> Scheduler:
        """Return a scheduler over what is on disk, as the next start makes one."""
        room = self.room
        parts = (self.supervisor, self.events, room.clock, self.ids, self.power, self.notes)
        return Scheduler(room.memory, room.settings, *parts)

    def _gate_reader(self) -> None:
        reader = self.room.reader
        plain = type(reader).read

        async def read(path: str) -> Document:
            if path in self.reading:
                await self.reading[path].wait()
            return await plain(reader, path)

        reader.read = read  # type: ignore[method-assign]

    def _gate_embedder(self) -> None:
        embedder = self.room.embedder
        assert embedder is not None
        plain = type(embedder).embed_documents

        async def embed(texts: Sequence[str], *, urgent: bool = False) -> NDArray[np.float32]:
            if not urgent:
                await self.embedding.wait()
            return await plain(embedder, texts, urgent=urgent)

        embedder.embed_documents = embed  # type: ignore[method-assign]

    def hold(self, path: str) -> Gate:
        """Shut a gate before a file."""
        gate = self.reading.setdefault(path, Gate())
        gate.shut()
        return gate

    async def add(self, *paths: str, priority: Priority = Priority.DROP) -> None:
        """Queue paths."""
        self.scheduler.submit((await self.room.memory.enqueue(paths)).sources, priority)

    async def forget(self, path: str) -> bool:
        """Forget as the façade does; return whether it was proved."""
        ids = {source.id for source in await self.room.memory.sources(path)}
        async with asyncio.timeout(DEADLINE_S), self.scheduler.quiet(ids):
            return (await self.room.memory.forget(path)).proved

    async def settled(self) -> None:
        """Wait until nothing is left to do."""
        async with asyncio.timeout(DEADLINE_S):
            await self.scheduler.settled()

    async def turns(self, count: int = 200) -> None:
        """Let everything run that can."""
        for _ in range(count):
            await asyncio.sleep(0)

    def told(self, kind: type[E]) -> list[E]:
        """Return the published events of a kind."""
        return [event for event in self.events.published if isinstance(event, kind)]


@asynccontextmanager
async def at_work(room: Room) -> AsyncGenerator[Desk]:
    """Start a scheduler over the room and stop it at the end."""
    desk = Desk(room)
    desk.scheduler.start()
    try:
        yield desk
    finally:
        await desk.scheduler.stop()
        await desk.supervisor.close(DEADLINE_S)
