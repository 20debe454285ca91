"""Checks of the installation, each with a remedy. Called by the façade."""

import asyncio
import os
import shutil
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from assistant.api.views import Check, Doctor
from assistant.config import Places
from assistant.domain.errors import CrampedError, MnemeError, UnreachableError
from assistant.domain.upkeep import ActorFigures, PoolFigures
from assistant.memory.service import Memory
from assistant.models import ModelManager

LOW_DISK = 2 * 1024**3
MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a façade knows of the machine: places, versions of engines as (name, version), how pools and components fare."""

    places: Places
    engines: Callable[[], list[tuple[str, str]]]
    pools: Callable[[], tuple[PoolFigures, ...]] = tuple
    actors: Callable[[], tuple[ActorFigures, ...]] = tuple
    undo: Callable[[], Awaitable[tuple[int, int]]] | None = None
    budget: int = 0
    engine_notes: tuple[Check, ...] = ()

    def disk_used(self) -> int:
        """Return the bytes that memory and its automatic backups take on disk, holes in sparse files not counted.

        Blocking, a few milliseconds.
        """
        return taken(self.places.memory) + taken(self.places.backups)


def taken(folder: Path) -> int:
    """Return the bytes that the files below a folder take on disk; blocking."""
    total = 0
    for place, _, names in os.walk(folder):  # which passes over folders that vanish meanwhile
        for name in names:
            with suppress(OSError):  # engines remove files at any moment
                look = (Path(place) / name).stat(follow_symlinks=False)
                total += getattr(look, "st_blocks", 0) * 512 or look.st_size
    return total


async def examine(memory: Memory, models: ModelManager, surroundings: Surroundings) -> Doctor:
    """Run all checks; none of them changes anything or uses the network."""
    checks = [
        _places(surroundings.places),
        _disk(surroundings.places.data),
        await asyncio.to_thread(_budget, surroundings),
        *(Check(name=name, state="ok", detail=version) for name, version in surroundings.engines()),
        *surroundings.engine_notes,
        await _model(memory, models),
        *_vectors(memory),
        await _memory(memory),
        await _sources(memory),
        _pools(surroundings.pools()),
        _actors(surroundings.actors()),
        *([await _undo(surroundings.undo)] if surroundings.undo else []),
    ]
    return Doctor(ok=all(check.state != "problem" for check in checks), checks=tuple(checks))


def _places(places: Places) -> Check:
    detail = f"settings {places.config}, memory {places.data}"
    try:
        places.memory.mkdir(parents=True, exist_ok=True)
        probe = places.memory / ".writable"
        probe.write_bytes(b"")
        probe.unlink()
    except OSError as error:
        return Check(
            name="folders",
            state="problem",
            detail=f"{detail}: {error.strerror}",
            remedy="Give yourself the right to write there, or set MNEME_HOME to another folder.",
        )
    return Check(name="folders", state="ok", detail=detail)


def _disk(folder: Path) -> Check:
    free = shutil.disk_usage(folder).free
    detail = f"{free / 1024**3:.1f} GiB free"
    if free >= LOW_DISK:
        return Check(name="disk", state="ok", detail=detail)
    return Check(name="disk", state="warning", detail=detail, remedy="Free some space: indexing stops on a full disk.")


def _budget(surroundings: Surroundings) -> Check:
    """Tell what memory takes of the disk space it may take, and what of that is copies."""
    backups = taken(surroundings.places.backups)
    used = surroundings.disk_used()
    shown = f"{used / MIB:,.0f} of {surroundings.budget / MIB:,.0f} MiB used, {backups / MIB:,.0f} MiB of that by backups"
    if not surroundings.budget or used <= surroundings.budget:
        return Check(name="budget", state="ok", detail=shown)
    return Check(
        name="budget",
        state="warning",
        detail=f"{shown}: {(used - surroundings.budget) / MIB:,.0f} MiB too much",
        remedy="`mneme collect` gives space back; else raise upkeep.disk_budget_mb or forget what is not needed.",
    )


async def _model(memory: Memory, models: ModelManager) -> Check:
    if memory.model:
        return Check(name="text model", state="ok", detail=memory.model)
    waiting = [status.id for status in await models.states() if status.state == "installed"]
    return Check(
        name="text model",
        state="warning",
        detail="none is in use: text search alone" + (f"; installed: {', '.join(waiting)}" if waiting else ""),
        remedy="Run: "
        + (f"mneme models remove {waiting[0]}, then " if waiting else "")
        + f"mneme models install {waiting[0] if waiting else 'all-MiniLM-L6-v2'}",
    )


def _vectors(memory: Memory) -> list[Check]:
    """Tell of vectors that cannot be had; search goes on without."""
    away = memory.outage.error
    if away is None:
        return []
    name = "vectors" if isinstance(away, CrampedError) else "vector server"
    return [Check(name=name, state="warning", detail=away.what, remedy=away.remedy or "Look into its log.")]


async def _memory(memory: Memory) -> Check:
    if memory.outage.error is not None:
        return Check(name="memory", state="ok", detail="records and text are compared with the vectors when these can be had")
    try:
        report = await memory.verify()
    except UnreachableError as error:
        return Check(name="memory", state="warning", detail=error.what, remedy=error.remedy)
    except MnemeError as error:
        return Check(name="memory", state="problem", detail=error.what, remedy=error.remedy)
    if report.ok:
        return Check(name="memory", state="ok", detail="records, text rows and vectors agree")
    return Check(
        name="memory",
        state="problem",
        detail="; ".join(report.disagreements),
        remedy="Start Mneme again: it repairs the indexes from the records.",
    )


def _pools(pools: Sequence[PoolFigures]) -> Check:
    """Tell how many calls run and wait in each pool of threads."""
    busy = [f"{one.name} {one.running} of {one.quota}" + (f", {one.waiting} wait" if one.waiting else "") for one in pools]
    return Check(name="pools", state="ok", detail="; ".join(busy) or "none")


def _actors(actors: Sequence[ActorFigures]) -> Check:
    """Tell which components stopped or were started again, and what waits for them or was lost."""
    stopped = [one.name for one in actors if not one.running]
    told = [
        f"{one.name}: {one.restarts} restarts, {one.depth} wait ({one.lag_s:.1f} s), {one.dropped} lost"
        for one in actors
        if one.restarts or one.depth or one.dropped
    ]
    if stopped:
        detail = "; ".join([f"stopped: {', '.join(stopped)}", *told])
        return Check(name="components", state="problem", detail=detail, remedy="Start Mneme again; the log says why.")
    return Check(name="components", state="ok", detail="; ".join(told) or f"{len(actors)} at work")


async def _undo(spent: Callable[[], Awaitable[tuple[int, int]]]) -> Check:
    """Tell what undo takes on disk of its budget, in bytes."""
    used, budget = await spent()
    return Check(name="undo", state="ok", detail=f"{used / MIB:.1f} MiB of {budget / MIB:.0f} MiB keep what was before")


async def _sources(memory: Memory) -> Check:
    totals = await memory.totals()
    failed = totals.by_state.get("failed", 0)
    detail = ", ".join(f"{count} {state}" for state, count in sorted(totals.by_state.items())) or "nothing remembered yet"
    if not failed:
        return Check(name="files", state="ok", detail=detail)
    return Check(name="files", state="warning", detail=detail, remedy="`mneme status` shows the reason beside each file.")
