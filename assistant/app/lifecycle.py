"""How a memory starts and ends: whether the last end was clean, what is damaged and how it is made whole. Used by `bootstrap`."""

import asyncio
import contextlib
import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from assistant.app.aside import set_aside
from assistant.bus import Supervisor
from assistant.domain.errors import DamagedError, MnemeError, UnreachableError
from assistant.domain.events import Warned
from assistant.memory.service import Memory
from assistant.memory.store.sturdy import IndexName, Report, Sturdy
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.ports.system import Clock, EventSink, IdSource

log = logging.getLogger(__name__)

SEAL = "clean.json"
MOST_REPAIRS = 3
"""How often one index is set right in one run: a disk that damages it again and again needs a person."""


class Seal:
    """The mark of a clean end: written last, taken away at the next start; without it everything is counted anew."""

    def __init__(self, folder: Path) -> None:
        self._file = folder / SEAL

    def take(self) -> dict[str, Any] | None:
        """Return what was true at the end and remove the mark; None after a crash."""
        try:
            facts = json.loads(self._file.read_text("utf-8"))
        except (OSError, ValueError):
            facts = None
        self._file.unlink(missing_ok=True)
        return cast(dict[str, Any], facts) if isinstance(facts, dict) else None

    def put(self, facts: Mapping[str, object]) -> None:
        """Mark a clean end; where the disk refuses it, the next start counts."""
        with contextlib.suppress(OSError):
            self._file.write_text(json.dumps(facts), "utf-8")


class Alarm:
    """Passes reports of damage on; those that come before anybody answers wait."""

    def __init__(self) -> None:
        self._answer: Report | None = None
        self._missed: list[tuple[IndexName, DamagedError]] = []

    def __call__(self, name: IndexName, error: DamagedError) -> None:
        if self._answer is None:
            self._missed.append((name, error))
        else:
            self._answer(name, error)

    def answered_by(self, answer: Report) -> None:
        """Send every report there, those that waited first."""
        self._answer = answer
        while self._missed:
            answer(*self._missed.pop(0))


@dataclass(frozen=True, slots=True)
class Guarded:
    """An index behind its guard, and the folder its files lie in."""

    index: Sturdy
    place: Path


class Lifecycle:
    """Makes an opened memory whole in the background, at its start and whenever an index turns out damaged."""

    def __init__(
        self,
        memory: Memory,
        scheduler: Scheduler,
        tasks: Supervisor,
        events: EventSink,
        clock: Clock,
        ids: IdSource,
        folder: Path,
        guarded: Mapping[IndexName, Guarded],
    ) -> None:
        self._memory = memory
        self._scheduler = scheduler
        self._tasks = tasks
        self._events = events
        self._clock = clock
        self._ids = ids
        self._folder = folder
        self._guarded = guarded
        self._seal = Seal(folder)
        self._repairs: dict[IndexName, int] = {}
        self._whole = False

    async def start(self, lacking: set[IndexName]) -> None:
        """Begin to finish what an earlier run left undone; `lacking` names the indexes that start empty.

        Searching need not wait: notes tell what is not found yet.
        """
        before = await asyncio.to_thread(self._seal.take)
        remembered = (await self._memory.totals()).chunks
        for name in lacking if remembered else ():
            self._memory.repairs.begin(name)
        clean = not lacking and before is not None and before == await self._facts()
        self._tasks.start("replay", self._resume(census=not clean))
        self._tasks.start("integrity check", self._look())
        await asyncio.sleep(0)  # lets the first of them begin: whoever remembers something from now on waits for it

    def damaged(self, name: IndexName, error: DamagedError) -> None:
        """Set an index aside and fill it again; called by its guard on the loop's thread."""
        log.warning("the %s index is damaged: %s", name, error.code)
        self._memory.repairs.begin(name)
        self._repairs[name] = self._repairs.get(name, 0) + 1
        if self._repairs[name] > MOST_REPAIRS:
            self.tell("error", error.code, f"{error.what} It is damaged again and again: check the drive.")
            return
        self.tell("warning", error.code, f"{error.what} Nothing is lost: it is set aside and rebuilt from the records.")
        self._tasks.start(f"repair of the {name} index", self._repair(name))

    async def rebuild(self, names: set[IndexName]) -> None:
        """Empty these indexes and fill them from the records and the cached vectors; returns when text is found again.

        What is not what it was made of is taken away first: torn texts are read again, bent vectors computed again. Vectors
        follow in the background; searching goes on all the while with what there is.
        """
        await self._memory.care.mend()
        for name in names:
            self._memory.repairs.begin(name)
        async with self._scheduler.quiet(set()):
            for name in names:
                await self._guarded[name].index.reset()
                self._guarded[name].index.mended()
        await self._resume(census=True)

    async def refill(self) -> None:
        """Bring the indexes into step with records that were replaced."""
        for name in self._guarded:
            self._memory.repairs.begin(name)
        await self._resume(census=True)

    async def returned(self) -> None:
        """Bring vectors on a server that was away into step with the records."""
        self._memory.outage.missed = False
        await self._resume(census=True)

    async def end(self) -> None:
        """Mark that everything stands as it should, when it does; called after all work was stopped."""
        outage = self._memory.outage
        doubts = (outage.missed, outage.error, self._memory.care.doubtful, self._memory.repairs.names)
        if self._whole and not any(doubts):
            with contextlib.suppress(MnemeError):
                facts = await self._facts()
                await asyncio.to_thread(self._seal.put, facts)

    async def _repair(self, name: IndexName) -> None:
        guarded = self._guarded[name]
        async with self._scheduler.quiet(set()):
            await asyncio.to_thread(set_aside, guarded.place, self._folder, self._clock.now())
            with contextlib.suppress(MnemeError):
                await guarded.index.reset()  # closing what was set aside may fail; the second time nothing is open
            await guarded.index.reset()
            guarded.index.mended()
        await self._resume(census=True)

    async def _resume(self, census: bool) -> None:
        """Bring the indexes into step with the records and queue what is left to do."""
        damaged = dict(self._repairs)
        try:
            async with self._scheduler.quiet(set()):  # what is written meanwhile would be taken for a leftover
                todo = await self._memory.replay(census)
        except UnreachableError:
            await self._resume(census)  # without the vectors, which are looked at when they are back
            return
        except DamagedError:
            if not self._memory.repairs.names:  # the records themselves, or what nobody guards
                raise
            return  # the guard has reported it, and the repair comes back here
        if damaged != self._repairs:
            return  # an index was damaged meanwhile: its repair does all this again
        self._whole = True
        self._memory.repairs.end("text")
        self._scheduler.submit(todo, Priority.UPKEEP)
        if "vectors" in self._memory.repairs.names:
            self._tasks.start("filling the vectors", self._filled())  # hours, perhaps: nobody who asked for it waits

    async def _filled(self) -> None:
        """Tell once when the vectors hold everything again."""
        await self._scheduler.settled()
        if "vectors" in self._memory.repairs.names:
            self._memory.repairs.end("vectors")
            self.tell("info", "rebuilt", "The vectors are whole again.")

    async def _look(self) -> None:
        """Run the short integrity check beside everything else."""
        complaints = await self._memory.care.complaints()
        if complaints:
            self._whole = False
            self.tell("error", "damaged", f"The record database is damaged: {complaints[0]}. `mneme restore` puts back a backup.")

    async def _facts(self) -> dict[str, object]:
        totals = await self._memory.totals()
        return {
            "model": self._memory.model,
            "sources": totals.sources,
            "chunks": totals.chunks,
            "vectors": await self._memory.vector_count(),
            "texts": await self._memory.text_count(),
        }

    def tell(self, level: Any, code: str, text: str) -> None:
        """Publish something that a person should know."""
        self._events.publish(Warned(id=self._ids.new("ev"), at=self._clock.now(), level=level, code=code, text=text))
