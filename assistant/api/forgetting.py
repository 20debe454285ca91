"""The forgetting group of the façade over the rooms. Built by `api.facade`."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime

from assistant.api.views import Dated, ForgetReport, SourceForgotten
from assistant.domain.plan import Action
from assistant.memory.service import Memory
from assistant.memory.upkeep import dated
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.orchestrator.watching import Watching
from assistant.policy import PolicyEngine
from assistant.ports.keeping import Keeping
from assistant.ports.system import Clock, EventSink, IdSource

FORGET = "memory.forget"
PERSON = "person"


class LocalForgetting:
    """Fulfils `assistant.api.contract.Forgetting`."""

    def __init__(
        self,
        memory: Memory,
        scheduler: Scheduler,
        policy: PolicyEngine,
        keeping: Keeping,
        watching: Watching,
        undo_forgets: Callable[[Sequence[str]], Awaitable[None]],
        around: tuple[EventSink, Clock, IdSource],
    ) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._policy = policy
        self._keeping = keeping
        self._watching = watching
        self._undo_forgets = undo_forgets
        self._events, self._clock, self._ids = around

    async def within(self, since: datetime, until: datetime) -> list[Dated]:
        """See Forgetting.within."""
        return await dated(await self._memory.sources(), self._memory.engines.stores.journal, since, until)

    async def files(self, paths: Sequence[str], origin: str) -> ForgetReport:
        """See Forgetting.files; also what `Assistant.forget` does."""
        await self._policy.require(Action(tool=FORGET, origin=origin, paths=tuple(paths), writes=True))
        doomed = [*paths, *await self._memory.own.naming(paths)]
        ids = {source.id for path in doomed for source in await self._memory.sources(path)}
        async with self._keeping.forgetting() as elsewhere, self._scheduler.quiet(ids):
            await self._policy.redact(paths)
            await self._undo_forgets(paths)
            # Memory last: it takes off the disk what all of this erased.
            report = self._with_notes(await self._memory.forget(*dict.fromkeys(doomed)), elsewhere)
        if len(paths) == 1:
            report = report.model_copy(update={"path": paths[0]})
        self._watching.refresh()
        for path in doomed:
            self._tell(path, report)
        return report

    async def passages(self, ids: Sequence[str], origin: str) -> ForgetReport:
        """See Forgetting.passages."""
        await self._policy.require(Action(tool=FORGET, origin=origin, writes=True))
        sources = await self._memory.passages.sources_of(ids)
        async with self._keeping.forgetting() as elsewhere, self._scheduler.quiet(sources):
            await self._undo_forgets([source.path for source in await self._memory.sources() if source.id in sources])
            report, touched = await self._memory.forget_passages(ids)
            report = self._with_notes(report, elsewhere)
        self._scheduler.submit(touched, Priority.DROP)
        for source in touched:
            self._tell(source.path, report)
        return report

    async def prove(self, paths: Sequence[str] = ()) -> ForgetReport:
        """See Forgetting.prove."""
        return await self._memory.prove(paths)

    def _tell(self, path: str, report: ForgetReport) -> None:
        event = SourceForgotten(
            id=self._ids.new("ev"), at=self._clock.now(), path=path, chunks=report.chunks, proved=report.proved
        )
        self._events.publish(event)

    def _with_notes(self, report: ForgetReport, elsewhere: Sequence[str]) -> ForgetReport:
        """Name the copies that forgetting does not reach, or not yet."""
        told = [f"The backup {path}, which you made yourself, still holds it: delete that file too." for path in elsewhere]
        if away := self._memory.outage.reason:
            told.append(f"The vectors are erased when they can be had again. {away}")
        return report.model_copy(update={"notes": (*report.notes, *told)})
