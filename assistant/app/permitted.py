"""Asks the policy for what is done to a memory that is not open, and has the verdict recorded in it. Used by `app`."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.system.clock import SystemClock, TimeIds
from assistant.app.environment import Environment
from assistant.app.policing import policing
from assistant.app.profile import RECORDS
from assistant.bus import Bus
from assistant.domain.plan import Action, Verdict
from assistant.ports.system import AuditSink
from assistant.vault import MemoryKey


@dataclass
class _Kept:
    """An AuditSink that keeps verdicts until there are records to write them into."""

    lines: list[tuple[Action, Verdict, datetime]] = field(default_factory=list[tuple[Action, Verdict, datetime]])

    async def record(self, action: Action, verdict: Verdict, at: datetime) -> None:
        """See AuditSink.record."""
        self.lines.append((action, verdict, at))

    async def redact(self, paths: Sequence[str]) -> None:
        """See AuditSink.redact; nothing is forgotten while records cannot be opened."""


async def permitted(env: Environment, tool: str, key: MemoryKey | None) -> None:
    """Record the verdict in the memory that `key` opens; raises PolicyDeniedError and StorageError. The caller holds it."""
    async with _records(env, key) as database:
        await _asked(env, tool, SqliteAudit(database))


@asynccontextmanager
async def permitted_before(env: Environment, tool: str, key: MemoryKey | None) -> AsyncGenerator[None]:
    """Ask for what is done while the records cannot be opened: the verdict is recorded in those that stand there afterwards."""
    kept = _Kept()
    await _asked(env, tool, kept)
    yield
    async with _records(env, key) as database:
        for line in kept.lines:
            await SqliteAudit(database).record(*line)


async def _asked(env: Environment, tool: str, audit: AuditSink) -> None:
    bus = Bus()
    try:
        policy = policing(env, audit, (bus, SystemClock(), TimeIds()))
        await policy.require(Action(tool=tool, origin="person", writes=True))
    finally:
        bus.close()


@asynccontextmanager
async def _records(env: Environment, key: MemoryKey | None) -> AsyncGenerator[Database]:
    database = Database(env.places.memory / RECORDS, key=key.derive(RECORDS) if key else None)
    try:
        await database.open()
        yield database
    finally:
        await database.close()
