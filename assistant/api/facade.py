"""The façade over a memory in this process. Built by `app`; the window calls it directly, the command line too."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from assistant.api.acting import LocalActing, LocalHistory, LocalPermissions
from assistant.api.doctor import Surroundings, examine
from assistant.api.forgetting import LocalForgetting
from assistant.api.quality import LocalQuality
from assistant.api.spaces import LocalSpaces
from assistant.api.upkeep import PERSON, LocalUpkeep
from assistant.api.views import (
    Answer,
    Cite,
    Doctor,
    Estimate,
    Event,
    ForgetReport,
    IngestStarted,
    MemoryRecalled,
    ModelChanged,
    ModelStatus,
    PreviewView,
    Progress,
    RecallQuery,
    RecallResult,
    SourceView,
    Status,
    Ticket,
    Totals,
    VerifyProgressed,
    VerifyReport,
)
from assistant.api.watching import LocalWatching
from assistant.domain.document import Source
from assistant.domain.plan import Action
from assistant.eval.checkup import Checkup
from assistant.eval.gate import GoldenGate
from assistant.eval.own import OwnSet
from assistant.eval.runs import GoldenRuns
from assistant.eval.tuning import Tuning
from assistant.memory.service import Memory
from assistant.models import ModelManager
from assistant.orchestrator.acting.budget import UndoBudget
from assistant.orchestrator.acting.recovery import Recovery
from assistant.orchestrator.acting.undertakings import Undertakings
from assistant.orchestrator.changing import ModelChange
from assistant.orchestrator.conversation import Conversation
from assistant.orchestrator.meter import Meter
from assistant.orchestrator.planner import RECALL
from assistant.orchestrator.previews import Previews
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.orchestrator.watching import Watching
from assistant.policy import PolicyEngine
from assistant.ports.keeping import Keeping
from assistant.ports.system import Clock, EventSink, IdSource

TYPICAL_CHUNKS_PER_S = 45.0
"""Embedding rate assumed in estimates until this machine's own was measured."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What measures Mneme while it runs."""

    meter: Meter
    runs: GoldenRuns
    tuning: Tuning
    checkup: Checkup


@dataclass(frozen=True, slots=True)
class Deeds:
    """What acts, what takes it back, what may be done without asking, what a crash left, what goes on, and the budget of undo."""

    acting: LocalActing
    history: LocalHistory
    permissions: LocalPermissions
    recovery: Recovery
    undo: UndoBudget
    undertakings: Undertakings


@dataclass(frozen=True, slots=True)
class Rooms:
    """The rooms behind the façade."""

    memory: Memory
    scheduler: Scheduler
    conversation: Conversation
    previews: Previews
    policy: PolicyEngine
    models: ModelManager
    change: ModelChange
    gate: GoldenGate
    own: OwnSet
    watching: Watching
    keeping: Keeping = field(kw_only=True)
    deeds: Deeds = field(kw_only=True)
    figures: Figures = field(kw_only=True)


class LocalAssistant:
    """Fulfils `assistant.api.contract.Assistant` over the rooms."""

    def __init__(
        self,
        rooms: Rooms,
        surroundings: Surroundings,
        subscribe: Callable[[], AsyncIterator[Event]],
        events: EventSink,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._rooms = rooms
        self._surroundings = surroundings
        self._subscribe = subscribe
        self._events = events
        self._clock = clock
        self._ids = ids
        self._spaces = LocalSpaces(rooms.change, rooms.gate, rooms.policy)
        self._quality = LocalQuality(rooms.own, rooms.policy, rooms.figures.runs, rooms.figures.tuning)
        self._forgetting = LocalForgetting(
            rooms.memory,
            rooms.scheduler,
            rooms.policy,
            rooms.keeping,
            rooms.watching,
            rooms.deeds.undo.forget,
            (events, clock, ids),
        )
        self._watching = LocalWatching(rooms.memory, rooms.scheduler, rooms.watching, rooms.policy)
        self._upkeep = LocalUpkeep(rooms.memory, rooms.scheduler, rooms.policy, rooms.keeping, rooms.figures.checkup)

    @property
    def forgetting(self) -> LocalForgetting:
        """See Assistant.forgetting."""
        return self._forgetting

    @property
    def watching(self) -> LocalWatching:
        """See Assistant.watching."""
        return self._watching

    @property
    def upkeep(self) -> LocalUpkeep:
        """See Assistant.upkeep."""
        return self._upkeep

    @property
    def acting(self) -> LocalActing:
        """See Assistant.acting."""
        return self._rooms.deeds.acting

    @property
    def history(self) -> LocalHistory:
        """See Assistant.history."""
        return self._rooms.deeds.history

    @property
    def permissions(self) -> LocalPermissions:
        """See Assistant.permissions."""
        return self._rooms.deeds.permissions

    @property
    def spaces(self) -> LocalSpaces:
        """See Assistant.spaces."""
        return self._spaces

    @property
    def quality(self) -> LocalQuality:
        """See Assistant.quality."""
        return self._quality

    async def estimate(self, paths: Sequence[str]) -> Estimate:
        """See Assistant.estimate."""
        measured = self._rooms.scheduler.progress().chunks_per_s
        return await self._rooms.memory.estimate(paths, measured or TYPICAL_CHUNKS_PER_S)

    async def ingest(self, paths: Sequence[str], origin: str) -> Ticket:
        """See Assistant.ingest."""
        await self._rooms.policy.require(Action(tool="memory.ingest", origin=origin, paths=tuple(paths), writes=True))
        queued = await self._rooms.memory.enqueue(paths, self._rooms.scheduler.hands_off)
        ticket = Ticket(
            id=self._ids.new("job"),
            queued=len(queued.sources),
            unchanged=queued.unchanged,
            excluded=len(queued.excluded),
        )
        self._events.publish(
            IngestStarted(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                correlation=ticket.id,
                paths=tuple(paths),
                files=ticket.queued,
            )
        )
        self._rooms.scheduler.submit(queued.sources, Priority.DROP)
        self._rooms.watching.refresh()
        return ticket

    async def progress(self) -> Progress:
        """See Assistant.progress."""
        memory = self._rooms.memory
        told = {"repairing": memory.repairs.names, "away": memory.outage.reason}
        return self._rooms.scheduler.progress().model_copy(update=told)

    async def pause(self, paused: bool) -> None:
        """See Assistant.pause."""
        await self._rooms.scheduler.pause_for_good(paused)

    async def recall(self, query: RecallQuery, origin: str = PERSON) -> RecallResult:
        """See Assistant.recall."""
        request = self._ids.new("recall")
        await self._rooms.policy.require(Action(tool=RECALL, origin=origin, correlation=request))
        found = await self._rooms.memory.recall(query)
        self._rooms.figures.meter.searched(query.text, found)
        shown = {hit.group for hit in found.items}
        await self._rooms.memory.note_recall(origin, "recall", query.text, shown, request)
        self._events.publish(
            MemoryRecalled(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                correlation=request,
                origin=origin,
                kind="recall",
                query=query.text,
                sources=len(shown),
            )
        )
        return found

    async def ask(self, question: str, origin: str, secrets: bool = False) -> Answer:
        """See Assistant.ask."""
        return await self._rooms.conversation.ask(question, origin, secrets)

    async def status(self, under: str = "") -> Status:
        """See Assistant.status."""
        memory = self._rooms.memory
        counted = await memory.totals()
        sources = [self._rooms.scheduler.live_state(source) for source in await memory.sources(under)]
        return Status(
            sources=tuple(_view(source) for source in sources),
            totals=Totals(
                sources=counted.sources,
                chunks=counted.chunks,
                vectors=await memory.vector_count(),
                by_state=dict(counted.by_state),
                disk_bytes=await asyncio.to_thread(self._surroundings.disk_used),
                disk_budget=self._surroundings.budget,
            ),
            model=memory.model,
            text_search_only=not memory.model,
            home=str(self._surroundings.places.data),
            progress=await self.progress(),
        )

    async def preview(self, cite: Cite, quote: str, width: int) -> PreviewView:
        """See Assistant.preview."""
        await self._rooms.policy.require(Action(tool="memory.preview", origin=PERSON, paths=(cite.path,)))
        return await self._rooms.previews.show(cite, quote, width)

    async def forget(self, path: str, origin: str) -> ForgetReport:
        """See Assistant.forget."""
        return await self._forgetting.files([path], origin)

    async def verify(self, full: bool = False) -> VerifyReport:
        """See Assistant.verify."""

        def tell(done: int, total: int) -> None:
            stamp = (self._ids.new("ev"), self._clock.now())
            self._events.publish(VerifyProgressed(id=stamp[0], at=stamp[1], done=done, total=total))

        return await self._rooms.memory.verify(full, tell)

    async def doctor(self) -> Doctor:
        """See Assistant.doctor."""
        return await examine(self._rooms.memory, self._rooms.models, self._surroundings)

    async def models(self) -> list[ModelStatus]:
        """See Assistant.models."""
        return await self._rooms.models.states(self._rooms.memory.model.partition("@")[0])

    async def install_model(self, model_id: str, consent: bool, local: str = "") -> ModelStatus:
        """See Assistant.install_model."""
        if consent or local:  # without either nothing happens but the question for consent
            await self._rooms.policy.require(
                Action(
                    tool="models.install",
                    origin=PERSON,
                    paths=(local,) if local else (),
                    writes=True,
                    network=not local,
                )
            )
        place = Path(local) if local else None
        return await self._rooms.models.install(model_id, consent, self._model_progress(model_id), place)

    async def remove_model(self, model_id: str) -> None:
        """See Assistant.remove_model."""
        await self._rooms.policy.require(Action(tool="models.remove", origin=PERSON, writes=True))
        await self._rooms.change.removable(model_id)
        await self._rooms.models.remove(model_id)

    def events(self) -> AsyncIterator[Event]:
        """See Assistant.events."""
        return self._subscribe()

    def _model_progress(self, model_id: str) -> Callable[[str, float], None]:
        """Return a callback, callable from any thread, that publishes the state of an installation."""
        loop = asyncio.get_running_loop()

        def tell(stage: str, share: float) -> None:
            event = ModelChanged(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                model_id=model_id,
                state="downloading",
                detail=f"{stage} {share:.0%}",
            )
            loop.call_soon_threadsafe(self._events.publish, event)

        return tell


def _view(source: Source) -> SourceView:
    return SourceView(**source.model_dump(include=set(SourceView.model_fields)))
