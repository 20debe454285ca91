"""Changes the model without a pause: fills a second vector space, has it judged, lets it answer, and goes back.

Started by `app`; commanded by the façade. Everything is recorded as it goes, so that a start goes on where a kill came.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Literal

from assistant.domain.document import Source, SourceState
from assistant.domain.errors import MnemeError, ModelError, ReadError, StorageError
from assistant.domain.events import SpaceChanged, Warned
from assistant.domain.spaces import Judgement, SpaceRecord
from assistant.memory.service import Memory
from assistant.memory.spaces import Spaces
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.orchestrator.spare import GiveWayError
from assistant.ports.system import Clock, EventSink, IdSource, TaskHandle, TaskRunner

log = logging.getLogger(__name__)

WINDOW = 512
"""Chunks embedded between two commits."""
BATCH = 100
"""Sources looked through at once for chunks that are too long for a new model."""

Judge = Callable[[SpaceRecord], Awaitable[Judgement]]


class ModelChange:
    """One change at a time: building, then judged by the golden sets, then either answering or left ready for a person to say."""

    def __init__(
        self,
        memory: Memory,
        spaces: Spaces,
        scheduler: Scheduler,
        judge: Judge,
        max_tokens: int,
        tasks: TaskRunner,
        events: EventSink,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._memory = memory
        self._spaces = spaces
        self._scheduler = scheduler
        self._judge = judge
        self._max_tokens = max_tokens
        self._tasks = tasks
        self._events = events
        self._clock = clock
        self._ids = ids
        self._wake = asyncio.Event()
        self._handle: TaskHandle | None = None
        self._commands = asyncio.Lock()
        self._switching = asyncio.Lock()

    async def start(self) -> None:
        """Take up the spaces as they were left, and go on in the background."""
        await self._spaces.open()
        self._resume()

    async def stop(self) -> None:
        """Stop; what is unfinished is recorded and goes on at the next start."""
        async with self._switching:  # half a switch would leave the record and what answers apart
            if self._handle is not None:
                self._handle.cancel()
                await self._handle.wait()
                self._handle = None

    def wake(self) -> None:
        """Look again: something was remembered, and belongs into a space that is being built as well."""
        self._wake.set()

    async def all(self) -> list[SpaceRecord]:
        """Return every space."""
        return await self._spaces.all()

    async def counted(self, record: SpaceRecord, figures: dict[str, float]) -> SpaceRecord:
        """Return a record with these figures, and how much of a space whose model is in memory is there now."""
        if record.state not in ("active", "ready", "building"):
            return record.model_copy(update={"figures": figures})
        now = await self._spaces.gap(record.model_id)
        return record.model_copy(update={"figures": figures, "done": now.done, "total": now.total})

    async def removable(self, model_id: str) -> None:
        """Raise ModelError while a space needs this model: it answers, is being prepared, or is kept to go back to."""
        for record in await self._spaces.all():
            if record.model_id != model_id or record.state == "failed":
                continue
            if record.state == "active" and record.model != self._memory.model:
                continue  # it should answer and could not be loaded
            answers = record.state == "active"
            raise ModelError(
                f"{model_id} is in use.",
                kept="Nothing was removed.",
                remedy="Let another model answer first: mneme models use ID."
                if answers
                else f"Delete its vectors first: mneme models drop {model_id}.",
            )

    async def use(self, model_id: str, anyway: bool = False) -> SpaceRecord:
        """Begin to prepare a model's space; it answers once the golden sets are passed, or at once when it is ready and `anyway`.

        Raises ModelError: not installed, another one is being prepared, or not ready yet.
        """
        async with self._halted():
            known = {record.model_id: record for record in await self._spaces.all() if record.state == "ready"}
            if anyway and model_id in known:
                await self._switch(known[model_id])
                return await self._spaces.record(known[model_id].model)
            if anyway:
                raise ModelError(
                    f"The vectors of {model_id} are not ready.",
                    kept="Nothing was changed.",
                    remedy=f"Prepare them first: mneme models use {model_id}.",
                )
            record = await self._spaces.begin(model_id)
            self._tell(record)
            return record

    async def rollback(self) -> SpaceRecord:
        """Let the space answer that answered before; raises ModelError when none is kept or its model is not installed."""
        async with self._halted():
            kept = [record for record in await self._spaces.all() if record.state == "kept"]
            if not kept:
                raise ModelError("No earlier model is kept.", kept="Nothing was changed.", remedy="Choose a model from the list.")
            newest = max(kept, key=lambda record: record.updated)
            await self._switch(newest)
            return await self._spaces.record(newest.model)

    async def drop(self, model_id: str) -> None:
        """Delete the vectors of a model that does not answer; raises ModelError for the one that does, or an unknown one."""
        async with self._halted():
            found = [record for record in await self._spaces.all() if record.model_id == model_id]
            if not found:
                raise ModelError(f"There are no vectors of {model_id}.", remedy="mneme models compare shows what there is.")
            for record in found:
                if record.state == "active":
                    raise ModelError(
                        f"{model_id} answers at present.",
                        kept="Nothing was deleted.",
                        remedy="Let another model answer first.",
                    )
                await self._spaces.drop(record.model)

    @asynccontextmanager
    async def _halted(self) -> AsyncGenerator[None]:
        """Do what a person says while the background stands still."""
        async with self._commands:
            await self.stop()
            try:
                yield
            finally:
                self._resume()

    def _resume(self) -> None:
        self._wake.set()
        self._handle = self._tasks.keep("spaces", self._forever)

    async def _forever(self) -> None:
        await self._spaces.sweep()
        while True:
            await self._wake.wait()
            self._wake.clear()
            try:
                await self._round()
            except StorageError as error:
                self._scheduler.pause(True)  # trying again is for a person to say
                self._warn("error", error.code, f"Indexing is paused. {error}")
                self._wake.set()

    async def _round(self) -> None:
        async with self._scheduler.spare.model():
            pass  # begin when nothing else waits, and never while paused
        await self._refit()
        record = next((one for one in await self._spaces.all() if one.state in ("building", "ready")), None)
        if record is None:
            return
        try:
            await self._fill(record)
        except ModelError as error:
            self._tell(await self._spaces.note(record.model, state="failed", reason=error.what))
            self._warn("warning", error.code, str(error))
            return
        if record.state == "building":
            record = await self._judged(record)
        if record.state == "ready" and not record.reason:
            await self._switch(record)
            self._wake.set()

    async def _fill(self, record: SpaceRecord) -> None:
        """Embed what the space lacks until nothing is left, newest sources first; give way to all other work."""
        while True:
            lacking = await self._spaces.gap(record.model_id)
            done = lacking.done
            self._tell(await self._spaces.note(record.model, done=done, total=lacking.total))
            waiting = deque(lacking.sources)
            while waiting:
                window = _window(waiting)
                try:
                    async with self._scheduler.spare.model():
                        done += await self._spaces.embed(
                            record.model_id, window, self._scheduler.spare.proceed, self._scheduler.spare.writing
                        )
                except GiveWayError:
                    waiting.extendleft(reversed(window))
                    continue
                await self._spaces.commit(record.model_id)
                self._tell(await self._spaces.note(record.model, done=min(done, lacking.total), total=lacking.total))
            if done == lacking.done:
                return

    async def _judged(self, record: SpaceRecord) -> SpaceRecord:
        """Record what the golden sets say; a set that cannot be run leaves the decision to a person."""
        try:
            judgement = await self._judge(record)
        except MnemeError as error:
            judgement = Judgement(passed=False, reasons=(f"it could not be judged: {error.what}",))
        reason = "" if judgement.passed else "; ".join(judgement.reasons)
        changed = await self._spaces.note(record.model, state="ready", reason=reason, figures=judgement.figures)
        self._tell(changed)
        if reason:
            self._warn("warning", "model", f"{record.model_id} is ready and does not answer yet: {reason}.")
        return changed

    async def _switch(self, record: SpaceRecord) -> None:
        async with self._switching, self._scheduler.quiet(set()):
            lacking = await self._spaces.activate(record.model_id)
        self._scheduler.submit(lacking, Priority.UPKEEP)
        self._tell(await self._spaces.record(record.model))

    async def _refit(self) -> None:
        """Cut sources anew whose chunks are too long for the model that answers; what cannot be read stays as it is."""
        if not self._memory.model or not (await self._spaces.record(self._memory.model)).recut:
            return
        model = self._memory.model
        sources = await self._memory.sources(states=[SourceState.READY])
        for start in range(0, len(sources), BATCH):
            async with self._scheduler.spare.model():
                misfits = await self._spaces.misfits(sources[start : start + BATCH], self._max_tokens)
            for source in misfits:
                await self._cut_anew(source)
        await self._spaces.note(model, recut=False)

    async def _cut_anew(self, source: Source) -> None:
        try:
            prepared = await self._memory.read(source.model_copy(update={"digest": ""}))
        except ReadError:
            log.info("a file that cannot be read now keeps its chunks")
            return
        async with self._scheduler.spare.writing:
            held = (await self._memory.engines.stores.sources.get([source.id])).get(source.id)
            if prepared is None or held is None or (held.state, held.digest) != (SourceState.READY, source.digest):
                return  # forgotten or changed meanwhile
            written = await self._memory.write_text([prepared])
        self._scheduler.submit([one for one in written if one.state is SourceState.SEARCHABLE], Priority.UPKEEP)

    def _tell(self, record: SpaceRecord) -> None:
        self._events.publish(
            SpaceChanged(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                model=record.model,
                state=record.state,
                done=record.done,
                total=record.total,
                reason=record.reason,
            )
        )

    def _warn(self, level: Literal["warning", "error"], code: str, text: str) -> None:
        self._events.publish(Warned(id=self._ids.new("ev"), at=self._clock.now(), level=level, code=code, text=text))


def _window(waiting: deque[Source]) -> list[Source]:
    window: list[Source] = []
    chunks = 0
    while waiting and chunks < WINDOW:
        window.append(waiting.popleft())
        chunks += window[-1].chunks
    return window
