"""Takes back what a run did, and does it again, days later too. Called by the façade."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.change import Applied, Change, ChangeKind, Conflict
from assistant.domain.errors import BlobGoneError, MnemeError, NotFoundError, UndoError
from assistant.domain.events import FilesChanged, RunReverted
from assistant.domain.plan import Reconciling, Reverted, Run, RunLog, RunState
from assistant.orchestrator.acting.hands import Hands, some, stamped
from assistant.orchestrator.acting.merging import merge
from assistant.orchestrator.acting.places import Places, final_places
from assistant.orchestrator.acting.previewing import action_on, totals, touched
from assistant.orchestrator.acting.standing import (
    ON_ITS_WAY,
    as_it_stands,
    foreseen,
    on_its_way,
    what_stands,
    with_again,
    without,
)
from assistant.orchestrator.acting.undertakings import Going, Undertakings

CHANGED = "it was changed since"
TAKEN = "something else stands at its old place now"
GONE = "it is not there any more"
FULL = "there are other things in it now"
LOST = "what it was before is not kept any more"

AT_ONCE = 64
"""Entries that are looked at side by side."""
FREEING = (ChangeKind.CREATE, ChangeKind.MOVE, ChangeKind.MKDIR)
"""Changes that leave their place free when they are taken back."""
ENDED: tuple[RunState, ...] = ("done", "failed", "cancelled", "undone", "partly undone")


@dataclass(frozen=True, slots=True)
class _Ground:
    """What changes that are to be taken back are judged by: their numbers, and the paths they made, set free and left."""

    places: Places
    wanted: set[int]
    results: set[str]
    freed: set[str]
    left: set[str]


class Undoing:
    """Never loses what a person did since: what cannot be taken back cleanly is left, merged or put beside, as they choose."""

    def __init__(self, hands: Hands, undertakings: Undertakings) -> None:
        self._hands = hands
        self._undertakings = undertakings

    async def undo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        """See api.deeds.History.undo."""
        self._undertakings.require_open()
        run, written = await self._found(run_id, undone=False)
        work = self._undo(run, written, origin, step, conflicts)
        return await self._undertakings.carry_out(Going("undo", run.plan.request), work)

    async def _undo(self, run: Run, written: RunLog, origin: str, step: str, conflicts: Reconciling) -> Reverted:
        mine = [one for one in what_stands(written) if step in ("", one.change.step)]
        if not mine and run.reason == ON_ITS_WAY:  # only the end of an earlier undo was cut off
            await self._hands.workspace.settle(written.times)
            return Reverted(run=await self._state(run), changes=0)
        if not mine:
            raise UndoError("Nothing of this stands that could be taken back.", kept="Nothing was changed.")
        await self._judge("history.undo", origin, run, [one.change for one in mine])
        found = await self._conflicts(what_stands(written), mine)
        if mine[-1].n in found and await self._taken_back_unnoted(run, mine[-1]):
            return await self._undo(run, without(written, mine[-1].n), origin, step, conflicts)
        if found and conflicts == "refuse":
            return Reverted(run=run, changes=0, conflicts=tuple(found.values()))
        await self._hands.runs.save(on_its_way(run))
        return await self._take_back(run, written, mine, found, conflicts, step)

    async def _take_back(
        self, run: Run, written: RunLog, mine: Sequence[Applied], found: dict[int, Conflict], how: Reconciling, step: str
    ) -> Reverted:
        hands = self._hands
        done: list[int] = []
        left: list[Conflict] = []
        beside: list[str] = []
        merged: list[str] = []
        for one in reversed(mine):
            try:
                if one.n not in found:
                    await hands.workspace.revert(await self._as_it_stands(one))
                elif how == "merge" and (path := await self._merge(one)):
                    merged.append(path)
                elif how in ("merge", "keep both") and (path := await self._put_beside(one)):
                    beside.append(path)
                else:
                    left.append(found[one.n])
                    continue
            except MnemeError as error:
                left.append(Conflict(path=one.change.result, reason=str(error), step=one.change.step))
                continue
            done.append(one.n)
            await hands.runs.mark(run.id, reverted=[one.n])
        await hands.workspace.settle(written.times)
        run = await self._state(run)
        made = set(done)
        self._tell(run, step, [one.change for one in mine if one.n in made], len(left), redo=False)
        return Reverted(run=run, changes=len(done), conflicts=tuple(left), kept_both=tuple(beside), merged=tuple(merged))

    async def redo(self, run_id: str, origin: str, step: str = "", conflicts: Reconciling = "refuse") -> Reverted:
        """See api.deeds.History.redo."""
        self._undertakings.require_open()
        run, written = await self._found(run_id, undone=True)
        work = self._redo(run, written, origin, step, conflicts)
        return await self._undertakings.carry_out(Going("redo", run.plan.request), work)

    async def _redo(self, run: Run, written: RunLog, origin: str, step: str, conflicts: Reconciling) -> Reverted:
        gone = set(written.reverted)
        mine = [one for one in written.applied if one.n in gone and step in ("", one.change.step)]
        again = [(one.n, foreseen(one, written)) for one in mine]
        if not again and run.reason == ON_ITS_WAY:
            return Reverted(run=await self._state(run), changes=0)
        if not again:
            raise UndoError("Nothing of this was taken back.", kept="Nothing was changed.")
        fresh = [(n, await self._refreshed(change)) for n, change in again]
        await self._judge("history.redo", origin, run, [change for _, change in fresh])
        refused = await self._hands.workspace.check([change for _, change in fresh])
        if 0 in refused and (made := await self._done_unnoted(run, *fresh[0])) is not None:
            return await self._redo(run, with_again(written, made), origin, step, conflicts)
        found = {fresh[at][0]: Conflict(path=fresh[at][1].path, reason=why) for at, why in refused.items()}
        if found and conflicts == "refuse":
            return Reverted(run=run, changes=0, conflicts=tuple(found.values()))
        await self._hands.runs.save(on_its_way(run))
        left: list[Conflict] = list(found.values())
        done: list[Change] = []
        for n, change in fresh:
            if n in found:
                continue
            try:
                applied = await self._hands.workspace.apply(n, change)
            except MnemeError as error:
                left.append(Conflict(path=change.path, reason=str(error), step=change.step))
                continue
            await self._hands.runs.mark(run.id, [applied])
            done.append(change)
        run = await self._state(run)
        self._tell(run, step, done, len(left), redo=True)
        return Reverted(run=run, changes=len(done), conflicts=tuple(left))

    async def _found(self, run_id: str, *, undone: bool) -> tuple[Run, RunLog]:
        """Return a run by its id, or ("") the newest of which something can be taken back, or was."""
        if run_id:
            found = await self._hands.runs.get(run_id)
            if found is None:
                raise NotFoundError(
                    f"There is no run {run_id}.", kept="Nothing was changed.", remedy="mneme log --runs lists them."
                )
            if found[0].state not in ENDED:
                raise UndoError(
                    "This run is not at its end.", kept="Nothing was changed.", remedy="Wait for it, or finish it first."
                )
            return found
        wanted: tuple[RunState, ...] = ("undone", "partly undone") if undone else ("done", "failed", "cancelled", "partly undone")
        for run in await self._hands.runs.all():
            if run.state not in wanted or (not undone and not run.standing):
                continue
            found = await self._hands.runs.get(run.id)
            if found is not None:
                return found
        nothing = "Nothing was taken back before." if undone else "Nothing was done that could be taken back."
        raise NotFoundError(nothing, kept="Nothing was changed.")

    async def _judge(self, tool: str, origin: str, run: Run, changes: Sequence[Change]) -> None:
        await self._hands.policy.require(action_on(run, tool, origin, changes, len(changes)))

    async def _conflicts(self, standing: Sequence[Applied], mine: Sequence[Applied]) -> dict[int, Conflict]:
        """Return by number what cannot be taken back cleanly as the disk is now, and why."""
        ground = _Ground(
            places=final_places(standing),
            wanted={one.n for one in mine},
            results={one.change.result for one in mine},
            freed={one.change.result for one in mine if one.change.kind in FREEING},
            left={one.change.path for one in mine},
        )
        found: dict[int, Conflict] = {}
        for start in range(0, len(mine), AT_ONCE):
            batch = mine[start : start + AT_ONCE]
            whys = await asyncio.gather(*(self._fault(one, ground) for one in batch))
            for one, why in zip(batch, whys, strict=True):
                if why:
                    found[one.n] = Conflict(path=one.change.result, reason=why, step=one.change.step)
        return found

    async def _fault(self, one: Applied, ground: "_Ground") -> str:
        change, files = one.change, self._hands.files
        if change.kind in (ChangeKind.TRASH, ChangeKind.RMDIR):
            return TAKEN if change.path not in ground.freed and await files.stamp(change.path) is not None else ""
        path = ground.places.at.get(one.n)
        if path is None:  # a later change took it on: fine when that one is taken back as well, which happens first
            return "" if ground.places.taken.get(one.n) in ground.wanted else CHANGED
        if path != change.result and change.result not in ground.left:
            return ""  # it went along with a folder that is taken back first, or stays: the hand says so
        stands = await files.stamp(path, digest=bool(change.blob))
        if stands is None:
            return GONE
        if change.kind is ChangeKind.MOVE:
            occupied = change.path not in ground.freed and await files.stamp(change.path) is not None
            return TAKEN if occupied else "" if one.after is None or stands.kind == one.after.kind else CHANGED
        if change.kind is ChangeKind.MKDIR:
            return await self._full(path, ground.results)
        if stands.kind != "file" or stands.digest != change.blob:
            return CHANGED
        return LOST if change.kind is ChangeKind.WRITE and not one.blob else ""

    async def _full(self, folder: str, ours: set[str]) -> str:
        there = await self._hands.files.listing(folder)
        return "" if all(entry.path in ours for entry in there) else FULL

    async def _as_it_stands(self, one: Applied) -> Applied:
        """Return the change as the hand has to know it: what was moved may have been edited, and goes back as it is."""
        if one.change.kind is not ChangeKind.MOVE:
            return one
        return one.model_copy(update={"after": await self._hands.files.stamp(one.change.to)})

    async def _refreshed(self, change: Change) -> Change:
        """Return a change that expects what undo put back: the same thing, under a new number of the file system."""
        if change.before is None:
            return change
        stands = await self._hands.files.stamp(change.path, digest=bool(change.before.digest))
        alike = stands is not None and stands.kind == change.before.kind and stands.size == change.before.size
        if stands is None or not (alike or stands.kind == "folder") or stands.digest != change.before.digest:
            return change
        return change.model_copy(update={"before": stands})

    async def _merge(self, one: Applied) -> str:
        """Take our change out of a text that was edited since; "" where that does not go by itself."""
        hands, path = self._hands, one.change.path
        stands = await hands.files.stamp(path, digest=True)
        if one.change.kind is not ChangeKind.WRITE or not one.blob or stands is None or stands.kind != "file":
            return ""
        try:
            base, before = await hands.blobs.get(one.change.blob), await hands.blobs.get(one.blob)
        except BlobGoneError:
            return ""
        text = merge(base, await hands.files.read(path, stands.size), before)
        if text is None:
            return ""
        change = Change(
            kind=ChangeKind.WRITE, path=path, before=stands, blob=await hands.blobs.put(text), size=len(text), mode=stands.mode
        )
        await hands.workspace.apply(one.n, change)
        return path

    async def _put_beside(self, one: Applied) -> str:
        """Put what stood there before beside what stands there now, under a free name; "" where there is nothing to put."""
        hands, change = self._hands, one.change
        if change.kind is ChangeKind.TRASH and one.trash:
            free = await self._free(change.path)
            aside = one.model_copy(update={"change": change.model_copy(update={"path": free})})
            await hands.workspace.revert(aside)
            return free
        if change.kind is not ChangeKind.WRITE or not one.blob or change.before is None:
            return ""
        free = await self._free(change.path)
        mode, mtime = change.before.mode, change.before.mtime_ns
        made = Change(
            kind=ChangeKind.CREATE, path=free, blob=one.blob, size=change.before.size, mode=mode, mtime_ns=mtime, step=change.step
        )
        await hands.workspace.apply(one.n, made)
        return free

    async def _free(self, path: str) -> str:
        """Return a free name beside a path: "report (before).md", "report (before 2).md"."""
        stem, dot, ending = path.rpartition(".")
        if not dot or "/" in ending or stem.endswith("/"):
            stem, dot, ending = path, "", ""
        for n in range(1, 1000):
            free = f"{stem} (before{'' if n == 1 else f' {n}'}){dot}{ending}"
            if await self._hands.files.stamp(free) is None:
                return free
        raise UndoError(f"There is no free name beside {path}.", kept="It was left as it is.")

    async def _taken_back_unnoted(self, run: Run, one: Applied) -> bool:
        """Tell whether a change that counts as standing was taken back, and make up for the note."""
        try:
            if await self._hands.workspace.recover(one.n, one.change) is not None:
                return False
        except MnemeError:  # a person changed something there
            return False
        await self._hands.runs.mark(run.id, reverted=[one.n])
        return True

    async def _done_unnoted(self, run: Run, n: int, change: Change) -> Applied | None:
        """Return a change that counts as taken back and was done again, and make up for the note."""
        try:
            made = await self._hands.workspace.recover(n, change)
        except MnemeError:
            return None
        if made is not None:
            await self._hands.runs.mark(run.id, [made])
        return made

    async def _state(self, before: Run) -> Run:
        """Work out and keep how a run stands after an undo or a redo."""
        found = await self._hands.runs.get(before.id)
        if found is None:
            raise NotFoundError(f"There is no run {before.id} any more.", kept="Files are as they are.")
        run = as_it_stands(*found, before.reason)
        await self._hands.runs.save(run)
        return run

    def _tell(self, run: Run, step: str, changes: Sequence[Change], conflicts: int, *, redo: bool) -> None:
        head = {**stamped(self._hands, run.plan.id), "run_id": run.id}
        paths, counted = some(touched(changes)), totals(changes)
        self._hands.events.publish(
            FilesChanged.model_validate({**head, "act": "redo" if redo else "undo", "totals": counted, "paths": paths})
        )
        head = {**stamped(self._hands, run.plan.id), "run_id": run.id, "request": run.plan.request, "step": step}
        values = {"redo": redo, "changes": len(changes), "conflicts": conflicts}
        self._hands.events.publish(RunReverted.model_validate({**head, **values}))
