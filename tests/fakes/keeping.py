"""Care of a memory that writes down what it was asked for."""

from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from assistant.domain.upkeep import Backup, Collected
from assistant.ports.keeping import IndexName

MADE = Backup(path="/backups/records-1.db", at=datetime(2026, 11, 22, tzinfo=UTC), bytes=4096, sources=1, chunks=2)


class FakeKeeping:
    """Fulfils `assistant.ports.keeping.Keeping`."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, ...]] = []

    async def rebuild(self, names: Collection[IndexName]) -> int:
        self.calls.append(("rebuild", *names))
        return 2

    async def back_up(self, target: str) -> Backup:
        self.calls.append(("back_up", target))
        return MADE

    async def backups(self) -> list[Backup]:
        return [MADE]

    async def restore(self, file: str) -> Backup:
        self.calls.append(("restore", file))
        return MADE

    async def collect(self) -> Collected:
        self.calls.append(("collect",))
        return Collected(freed={"set aside": 10}, vectors=3, used=100, budget=1000)

    @asynccontextmanager
    async def forgetting(self) -> AsyncGenerator[list[str]]:
        self.calls.append(("forgetting",))
        yield []
