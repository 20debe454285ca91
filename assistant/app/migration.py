"""`mneme migrate`: moves a memory to other engines, compares, then switches and removes the old files. Called by `cli`.

The profile (engines.json) is the only switch. Until it is rewritten the memory is what it was; what is begun beside it is
named there first, so that after a kill or a full disk the next start removes whichever side is not in use.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import replace
from typing import TypeVar

from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.adapters.store.sqlite_audit import SqliteAudit
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.sqlite_journal import SqliteVectorCache
from assistant.adapters.store.sqlite_records import SqliteChunks, SqliteSources
from assistant.adapters.store.sqlite_spaces import SqliteSpaces
from assistant.adapters.system.clock import SystemClock, TimeIds
from assistant.app.environment import Environment
from assistant.app.holding import holding
from assistant.app.policing import policing
from assistant.app.profile import DENSE_PLACES, Profile, read_profile, write_profile
from assistant.app.server_key import server_key
from assistant.app.stores import (
    DenseStore,
    Ground,
    Space,
    SparseStore,
    dense_store,
    discard_dense,
    record_database,
    settled_profile,
    sparse_store,
)
from assistant.bus import Bus
from assistant.config.schema import DenseEngine, SparseEngine
from assistant.domain.errors import ConfigError, DamagedError, StorageError
from assistant.domain.plan import Action
from assistant.domain.upkeep import MigrateReport
from assistant.memory.upkeep.migrate import Migration, Moved, Tell
from assistant.models import read_catalogue
from assistant.vault import read_seal

TOOL = "memory.migrate"

Index = TypeVar("Index", DenseStore, SparseStore)


async def migrate(env: Environment, dense: DenseEngine | None, sparse: SparseEngine | None, tell: Tell) -> MigrateReport:
    """Move the memory to these engines; without any, to those of the settings. None keeps what is.

    Raises InUseError while another Mneme holds the memory, MigrationError when the new engine does not agree with the old
    one, and StorageError; in each case the memory stays as it was.
    """
    with holding(env):
        _refuse_sealed(env)
        ground, asked = Ground(env.places.memory, env.settings), env.settings.engines
        if dense is None and sparse is None:
            dense, sparse = asked.dense, asked.sparse
        if "qdrant" in (dense, *_engines(read_profile(ground.folder, asked))):
            ground = replace(ground, server_key=await server_key(env))
        async with _records(env, ground) as database:
            mover = _Mover(env, ground, database, tell)
            before = await mover.settled()
            after = Profile(dense=dense or before.dense, sparse=sparse or before.sparse, asked=asked)
            return await mover.move(before, after)


@asynccontextmanager
async def _records(env: Environment, ground: Ground) -> AsyncGenerator[Database]:
    """Open the records alone, and ask the policy."""
    database = record_database(ground)
    try:
        await database.open()
        clock, ids, bus = SystemClock(), TimeIds(), Bus()
        policy = policing(env, SqliteAudit(database), (bus, clock, ids))
        await policy.require(Action(tool=TOOL, origin="cli", paths=(str(ground.folder),), writes=True))
        yield database
    finally:
        await database.close()


class _Mover:
    """One migration over open records."""

    def __init__(self, env: Environment, ground: Ground, database: Database, tell: Tell) -> None:
        self._env = env
        self._ground = ground
        self._database = database
        self._tell = tell
        self._migration = Migration(SqliteSources(database), SqliteChunks(database), SqliteVectorCache(database), tell)

    async def settled(self) -> Profile:
        """Return the engines that hold the memory, after removing what an earlier migration left on this disk or a server."""
        profile = settled_profile(self._ground)
        if profile.discard_dense:
            await self._drop_collections()
            profile = profile.model_copy(update={"discard_dense": ()})
            write_profile(self._ground.folder, profile)
        return profile

    async def move(self, before: Profile, after: Profile) -> MigrateReport:
        """Fill, compare, switch, remove; in this order, so that a kill at any point leaves one whole side in use."""
        folder = self._ground.folder
        report = MigrateReport(
            moved=(after.dense, after.sparse) != (before.dense, before.sparse),
            dense_before=before.dense,
            dense=after.dense,
            sparse_before=before.sparse,
            sparse=after.sparse,
        )
        if not report.moved:
            write_profile(folder, after)
            return report
        write_profile(folder, before.model_copy(update=_beside(after, before)))
        try:
            text = await self._text(before.sparse, after.sparse) if after.sparse != before.sparse else Moved(0, ())
            vectors = [await self._vectors(before.dense, after.dense, space) for space in await self._spaces(before, after)]
            write_profile(folder, after.model_copy(update=_beside(before, after)))
        finally:
            self._tell("clean up", 0, 0)
            with suppress(StorageError):  # what cannot be removed now is named in the profile, for the next time
                await self.settled()
        return report.model_copy(
            update={
                "passages": text.count,
                "vectors": sum(moved.count for moved in vectors),
                "lacking": sum(moved.lacking for moved in vectors),
                "comparisons": (*text.comparisons, *(one for moved in vectors for one in moved.comparisons)),
            }
        )

    async def _text(self, before: SparseEngine, after: SparseEngine) -> Moved:
        async with AsyncExitStack() as stack:
            old = await _opened(stack, sparse_store(self._ground, before))
            new = sparse_store(self._ground, after)
            stack.push_async_callback(new.close)
            await new.reset()
            return await self._migration.text(old, new)

    async def _vectors(self, before: DenseEngine, after: DenseEngine, space: Space) -> Moved:
        async with AsyncExitStack() as stack:
            old = await _opened(stack, dense_store(self._ground, before, space))
            new = dense_store(self._ground, after, space)
            stack.push_async_callback(new.close)
            await new.reset()
            return await self._migration.vectors(space.model, old, new)

    async def _spaces(self, before: Profile, after: Profile) -> list[Space]:
        """Return the models whose vectors move."""
        return await self._models(before.dense) if before.dense != after.dense else []

    async def _models(self, engine: DenseEngine) -> list[Space]:
        """Return the models this engine may have vectors of: registered, chosen in the settings, or found on this disk."""
        left, chosen = self._ground.folder / DENSE_PLACES[engine], self._env.settings.embedding.model
        registered = {record.model: record.dimensions for record in await SqliteSpaces(self._database).all()}
        known = {f"{one.id}@{one.revision}": one.dimensions for one in read_catalogue(self._env.resources / "models").values()}
        spaces = [Space(model, dimensions) for model, dimensions in sorted((known | registered).items())]
        return [
            space
            for space in spaces
            if space.model in registered or space.model.partition("@")[0] == chosen or (left / space.name).exists()
        ]

    async def _drop_collections(self) -> None:
        """Remove this memory's collections from the Qdrant server. Raises StorageError where it cannot be reached."""
        for space in await self._models("qdrant"):
            store = dense_store(self._ground, "qdrant", space)
            try:
                if isinstance(store, QdrantDense):
                    await store.drop()
            finally:
                await store.close()
        await asyncio.to_thread(discard_dense, self._ground, "qdrant")


async def _opened(stack: AsyncExitStack, index: Index) -> Index | None:
    """Open what is left behind; None where it is damaged, since the records are what is copied anyway."""
    stack.push_async_callback(index.close)
    try:
        await index.open()
    except DamagedError:
        return None
    return index


def _engines(profile: Profile) -> tuple[DenseEngine, ...]:
    return (profile.dense, *profile.discard_dense)


def _beside(other: Profile, used: Profile) -> dict[str, object]:
    """Return what a profile that uses `used` says of the engines of `other`: that they are to be removed."""
    return {
        "discard_dense": (other.dense,) if other.dense != used.dense else (),
        "discard_sparse": (other.sparse,) if other.sparse != used.sparse else (),
    }


def _refuse_sealed(env: Environment) -> None:
    if env.settings.security.encrypt_at_rest or read_seal(env.places.memory) is not None:
        raise ConfigError(
            "An encrypted memory has one engine of each kind and is not moved.",
            kept="Nothing was changed.",
            remedy="`mneme decrypt` first, if you want another engine.",
        )
