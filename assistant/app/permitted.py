"""Asks the policy for what is done to a memory that is not open, and has the verdict recorded in it. Used by `app`."""

from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.system.clock import SystemClock, TimeIds
from assistant.app.environment import Environment
from assistant.app.policing import policing
from assistant.app.profile import RECORDS
from assistant.bus import Bus
from assistant.domain.plan import Action
from assistant.vault import MemoryKey


async def permitted(env: Environment, tool: str, key: MemoryKey | None) -> None:
    """Record the verdict in the memory that `key` opens; raises PolicyDeniedError and StorageError. The caller holds it."""
    clock, ids, bus = SystemClock(), TimeIds(), Bus()
    database = Database(env.places.memory / RECORDS, key=key.derive(RECORDS) if key else None)
    try:
        await database.open()
        policy = policing(env, SqliteAudit(database), (bus, clock, ids))
        await policy.require(Action(tool=tool, origin="person", writes=True))
    finally:
        await database.close()
        bus.close()
