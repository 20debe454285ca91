"""The upkeep group of the façade over the rooms. Built by `api.facade`."""

from assistant.api.views import Backup, Collected, Health, RecallRecord
from assistant.domain.document import SourceState
from assistant.domain.plan import Action
from assistant.eval.checkup import Checkup
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.policy import PolicyEngine
from assistant.ports.health import Width
from assistant.ports.keeping import IndexName, Keeping

PERSON = "person"
"""The origin of what only a person's own window or command line can ask for."""


class LocalUpkeep:
    """Fulfils `assistant.api.contract.Upkeep`."""

    def __init__(self, memory: Memory, scheduler: Scheduler, policy: PolicyEngine, keeping: Keeping, checkup: Checkup) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._policy = policy
        self._keeping = keeping
        self._checkup = checkup

    async def retry(self, path: str) -> int:
        """See Upkeep.retry."""
        await self._policy.require(Action(tool="memory.retry", origin=PERSON, paths=(path,) if path else (), writes=True))
        async with self._memory.writing:
            failed = await self._memory.sources(path, [SourceState.FAILED])
            queued = [await self._memory.mark(source, SourceState.QUEUED) for source in failed]
        self._scheduler.submit(queued, Priority.DROP)
        return len(queued)

    async def rebuild(self, text: bool, vectors: bool) -> int:
        """See Upkeep.rebuild."""
        await self._policy.require(Action(tool="memory.rebuild", origin=PERSON, writes=True))
        names: list[IndexName] = [*(["text"] if text else []), *(["vectors"] if vectors else [])]
        return await self._keeping.rebuild(names)

    async def backup(self, target: str = "") -> Backup:
        """See Upkeep.backup."""
        await self._policy.require(Action(tool="memory.backup", origin=PERSON, paths=(target,) if target else (), writes=True))
        return await self._keeping.back_up(target)

    async def backups(self) -> list[Backup]:
        """See Upkeep.backups."""
        return await self._keeping.backups()

    async def restore(self, file: str = "") -> Backup:
        """See Upkeep.restore."""
        await self._policy.require(Action(tool="memory.restore", origin=PERSON, paths=(file,) if file else (), writes=True))
        return await self._keeping.restore(file)

    async def collect(self) -> Collected:
        """See Upkeep.collect."""
        await self._policy.require(Action(tool="memory.collect", origin=PERSON, writes=True))
        return await self._keeping.collect()

    async def recalls(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        """See Upkeep.recalls."""
        return await self._memory.recalls(before, limit)

    async def health(self, width: Width = "hours") -> Health:
        """See Upkeep.health."""
        return await self._checkup.health(width)
