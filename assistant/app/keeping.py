"""Care of an open memory as a whole: rebuilding, backups, restoring, giving back disk space. Built by `bootstrap`."""

import asyncio
import contextlib
import json
import logging
import shutil
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from assistant.adapters.store.sqlite_backup import SqliteBackups, put_in_place
from assistant.adapters.store.sqlite_database import Database
from assistant.app.aside import ASIDE, discard_aside
from assistant.app.environment import Environment
from assistant.app.holding import holding
from assistant.app.lifecycle import SEAL, Lifecycle
from assistant.app.permitted import permitted_before
from assistant.app.profile import RECORDS
from assistant.app.sealing import unlocked
from assistant.config.places import Places
from assistant.config.schema import Upkeep
from assistant.domain.document import PENDING_STATES
from assistant.domain.errors import DamagedError, MnemeError, StorageError
from assistant.domain.upkeep import Backup, Collected
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Scheduler
from assistant.ports.keeping import Backups, IndexName
from assistant.ports.records import Notes
from assistant.ports.system import Clock
from assistant.vault import MemoryKey

log = logging.getLogger(__name__)

MIB = 1024 * 1024
SCARCE = 64 * MIB
"""Free bytes below which a person who asks for space gets all that nothing needs."""
ELSEWHERE = "backups elsewhere"
FIRST_LOOK_S = 60.0
"""How long a Mneme runs before it thinks of backups: a single command is gone by then."""
LOOK_S = 900.0
COLLECTED = "collected"
"""The note of when space was given back."""
COLLECT_S = 86_400.0


@dataclass(frozen=True, slots=True)
class Disk:
    """The folders that count against the budget."""

    places: Places

    def used(self) -> int:
        """Return the bytes of memory and backups on disk; blocking."""
        return sum(_size(file) for folder in (self.places.memory, self.places.backups) for file in folder.rglob("*"))

    def free(self) -> int:
        """Return the bytes that anybody may still write where memory lies; blocking."""
        return shutil.disk_usage(self.places.memory).free

    def aside(self) -> list[Path]:
        """Return what was set aside, oldest first."""
        return sorted(self.places.memory.glob(f"*{ASIDE}*"), key=lambda path: path.name.rpartition(ASIDE)[2])


class Keeper:
    """Fulfils `assistant.ports.keeping.Keeping` over a memory of this process."""

    def __init__(
        self,
        memory: Memory,
        scheduler: Scheduler,
        life: Lifecycle,
        backups: Backups,
        settings: Upkeep,
        places: Places,
        clock: Clock,
        notes: Notes,
        installed: Callable[[], Awaitable[Collection[str]]],
    ) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._life = life
        self._backups = backups
        self._settings = settings
        self._disk = Disk(places)
        self._clock = clock
        self._notes = notes
        self._installed = installed
        self.told: Callable[[Collected], object] = _nobody
        self.also: Callable[[], Awaitable[int]] = _nothing  # gives back what undo needs no longer, once acting is there
        # No copy is made while something is being forgotten, nor the other way round.
        self._copying = asyncio.Lock()

    async def rebuild(self, names: Collection[IndexName]) -> int:
        """See Keeping.rebuild."""
        await self._life.rebuild(set(names))
        return (await self._memory.totals()).chunks

    async def back_up(self, target: str) -> Backup:
        """See Keeping.back_up."""
        async with self._copying:
            made = await self._backups.create(target)
            if target:
                known = {*await self._elsewhere(), made.path}
                await self._notes.put(ELSEWHERE, json.dumps(sorted(known), ensure_ascii=False))
            else:
                await self._backups.drop(max(1, self._settings.backups_keep), self._budget)
            return made

    async def _elsewhere(self) -> list[str]:
        """Return the backups that a person wrote to places of their own, those that are still there."""
        known: list[str] = json.loads(await self._notes.get(ELSEWHERE) or "[]")
        return [path for path in known if await asyncio.to_thread(Path(path).exists)]

    async def backups(self) -> list[Backup]:
        """See Keeping.backups."""
        return await self._backups.kept()

    async def restore(self, file: str) -> Backup:
        """See Keeping.restore."""
        async with self._copying:
            found = await self._backups.examine(file or self._newest(await self._backups.kept()))
            forgotten, graves = await self._memory.forgotten(), await self._memory.passages.graves()
            held = {source.id for source in await self._memory.sources(states=list(PENDING_STATES))}
            async with self._scheduler.quiet(held):
                await self._backups.create()
                await self._backups.restore(found.path)
                await self._memory.renewed(forgotten, graves)
        await self._life.refill()
        return found

    async def collect(self) -> Collected:
        """See Keeping.collect.

        On a disk with less than SCARCE free what can go without room of its own goes first, within the budget or not.
        """
        async with self._copying:
            freed = {"unused space": 0, "set aside": 0, "backups": 0}
            if await asyncio.to_thread(self._disk.free) < SCARCE:
                for aside in self._disk.aside():
                    freed["set aside"] += await asyncio.to_thread(_remove, aside)
                freed["backups"] += await self._backups.drop(1, sys.maxsize)
            vectors = await self._memory.care.collect(await self._installed())
            before = await asyncio.to_thread(self._disk.used)
            with contextlib.suppress(MnemeError):  # compacting costs space at first; what is deleted below may give it
                await self._memory.care.compact()
            now = await asyncio.to_thread(self._disk.used)
            freed["unused space"] = max(0, before - now)
            for aside in self._disk.aside():
                if now <= self._budget:
                    break
                size = await asyncio.to_thread(_remove, aside)
                freed["set aside"] += size
                now -= size
            if now > self._budget:
                copies = sum(copy.bytes for copy in await self._backups.kept())
                dropped = await self._backups.drop(self._settings.backups_keep, max(0, copies - (now - self._budget)))
                freed["backups"] += dropped
                now -= dropped
            if undo := await self.also():
                freed["undo"] = undo
            await self._notes.put(COLLECTED, self._clock.now().isoformat())
        collected = Collected(freed=freed, vectors=vectors, used=now, budget=self._budget)
        self.told(collected)
        return collected

    @asynccontextmanager
    async def forgetting(self) -> AsyncGenerator[list[str]]:
        """See Keeping.forgetting."""
        async with self._copying:
            await self._backups.drop(0, 0)
            await asyncio.to_thread(discard_aside, self._disk.places.memory)
            yield await self._elsewhere()

    async def look_after(self, sleep: Callable[[float], Awaitable[object]] = asyncio.sleep) -> None:
        """Make the automatic backups and give back disk space while nothing else is to be done, until cancelled.

        Space is given back once a day, and whenever memory takes more than its budget.
        """
        wait = FIRST_LOOK_S
        while True:
            await sleep(wait)
            wait = LOOK_S
            await self._scheduler.settled()
            try:
                if await self._due():
                    await self.back_up("")
                if await self._untidy() or await asyncio.to_thread(self._disk.used) > self._budget:
                    await self.collect()
            except StorageError as error:  # a full disk says so elsewhere; the next look tries again
                log.warning("memory could not be looked after: %s", error.code)

    async def _untidy(self) -> bool:
        """Tell whether a day has passed since space was given back; a time in the future comes of a wrong clock."""
        last = await self._notes.get(COLLECTED)
        if not last:
            return bool((await self._memory.totals()).sources)
        return not 0 <= (self._clock.now() - datetime.fromisoformat(last)).total_seconds() < COLLECT_S

    async def _due(self) -> bool:
        """Tell whether it is time; a copy from the future comes of a clock that was wrong and does not count."""
        if not self._settings.backups_keep or not (await self._memory.totals()).sources:
            return False
        age = [(self._clock.now() - copy.at).total_seconds() for copy in await self._backups.kept()]
        return not any(0 <= seconds < self._settings.backup_hours * 3600 for seconds in age)

    @property
    def _budget(self) -> int:
        return self._settings.disk_budget_mb * MIB

    def _newest(self, kept: list[Backup]) -> str:
        if not kept:
            raise StorageError("There is no backup yet.", kept="Nothing was changed.", remedy="`mneme backup` makes one.")
        return kept[0].path


def _nobody(_collected: Collected) -> None:
    """Nobody listens yet."""


async def _nothing() -> int:
    return 0


def record_backups(database: Database | None, places: Places, key: MemoryKey | None) -> SqliteBackups:
    """Return the backups of a memory's records, encrypted as they are."""
    return SqliteBackups(database, places.backups, key.derive(RECORDS) if key else None)


async def put_back(env: Environment, file: str) -> Backup:
    """Replace records that cannot be opened by a backup ("" the newest); they are set aside.

    Raises DamagedError, InUseError, PolicyDeniedError.
    """
    with holding(env):
        key = await unlocked(env)
        backups = record_backups(None, env.places, key)
        newest = backups.newest()
        if not file and newest is None:
            raise StorageError("There is no backup yet.", kept="Nothing was changed.", remedy="Name a file to restore.")
        found = await backups.examine(file or str(newest))
        records = env.places.memory / RECORDS
        aside = records.with_name(f"{RECORDS}{ASIDE}{found.at:%Y%m%d-%H%M%S}")
        async with permitted_before(env, "memory.restore", key):
            await asyncio.to_thread(put_in_place, Path(found.path), records, aside)
        (env.places.memory / SEAL).unlink(missing_ok=True)
        return found


def offered(error: DamagedError, places: Places) -> DamagedError:
    """Return the error of damaged records with the newest backup named, where there is one."""
    newest = SqliteBackups(None, places.backups).newest()
    if newest is None:
        return error
    return DamagedError(error.what, kept=f"There is a backup: {newest}.", remedy="Run `mneme restore` to put it back.")


def _size(file: Path) -> int:
    try:
        look = file.stat(follow_symlinks=False)
    except OSError:  # engines remove files at any moment
        return 0
    return getattr(look, "st_blocks", 0) * 512 or look.st_size


def _remove(aside: Path) -> int:
    size = sum(_size(file) for file in [aside, *aside.rglob("*")])
    discard_aside(aside.parent, aside.name)
    return size
