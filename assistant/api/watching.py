"""The watching group of the façade over the rooms. Built by `api.facade`."""

from assistant.api.upkeep import PERSON
from assistant.domain.document import Root
from assistant.domain.plan import Action
from assistant.domain.upkeep import WatchedRoot
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.orchestrator.watching import Watching
from assistant.policy import PolicyEngine


class LocalWatching:
    """Fulfils `assistant.api.contract.Watching`."""

    def __init__(self, memory: Memory, scheduler: Scheduler, watching: Watching, policy: PolicyEngine) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._watching = watching
        self._policy = policy

    async def watched(self) -> list[WatchedRoot]:
        """See Watching.watched."""
        return await self._watching.roots()

    async def watch(self, path: str) -> WatchedRoot:
        """See Watching.watch."""
        await self._policy.require(Action(tool="memory.watch", origin=PERSON, paths=(path,), writes=True))
        queued = await self._memory.enqueue([path], self._scheduler.hands_off)
        self._scheduler.submit(queued.sources, Priority.DROP)
        return await self._shown(await self._watching.watch(path))

    async def unwatch(self, path: str) -> WatchedRoot:
        """See Watching.unwatch."""
        await self._policy.require(Action(tool="memory.watch", origin=PERSON, paths=(path,), writes=True))
        return await self._shown(await self._watching.unwatch(path))

    async def attend(self) -> bool:
        """See Watching.attend."""
        await self._policy.require(Action(tool="memory.watch", origin=PERSON))
        begins = not self._watching.running
        self._watching.start()
        return begins

    async def _shown(self, changed: Root) -> WatchedRoot:
        return next(root for root in await self._watching.roots() if root.path == changed.path)
