"""The upkeep group of the façade over the rooms. Built by `api.facade`."""

from assistant.api.views import RecallRecord
from assistant.domain.document import SourceState
from assistant.domain.plan import Action
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.policy import PolicyEngine

PERSON = "person"
"""The origin of what only a person's own window or command line can ask for."""


class LocalUpkeep:
    """Fulfils `assistant.api.contract.Upkeep`."""

    def __init__(self, memory: Memory, scheduler: Scheduler, policy: PolicyEngine) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._policy = policy

    async def retry(self, path: str) -> int:
        """See Upkeep.retry."""
        await self._policy.require(Action(tool="memory.retry", origin=PERSON, paths=(path,) if path else (), writes=True))
        failed = await self._memory.sources(path, [SourceState.FAILED])
        queued = [await self._memory.mark(source, SourceState.QUEUED) for source in failed]
        self._scheduler.submit(queued, Priority.DROP)
        return len(queued)

    async def recalls(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        """See Upkeep.recalls."""
        return await self._memory.recalls(before, limit)
