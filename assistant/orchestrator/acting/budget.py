"""Keeps what undo needs within its disk budget, and forgets with the memory. Used by upkeep and by forgetting."""

from collections.abc import AsyncIterator, Callable, Iterable, Sequence

from assistant.domain.plan import Run, RunLog
from assistant.orchestrator.acting.hands import Hands

MIB = 2**20
PAGE = 100
UNDECIDED = ("running", "interrupted")
"""States of runs that keep their contents whatever they take: they go on, or somebody still has to finish or undo them."""


class UndoBudget:
    """`waiting` names the contents that plans nobody has decided about need, None while that is not known."""

    def __init__(self, hands: Hands, waiting: Callable[[], Iterable[str] | None]) -> None:
        self._hands = hands
        self._waiting = waiting

    async def collect(self) -> int:
        """Drop contents no run needs, then those of the oldest runs beyond the budget; return the bytes freed.

        While a plan is being looked through nothing is dropped: the next time is soon enough.
        """
        hands = self._hands
        held = await hands.blobs.held()
        waiting = self._waiting()  # after the look at what is held: what comes later is not among it
        if waiting is None:
            return 0
        needed: dict[str, str] = dict.fromkeys(waiting, "")
        room = hands.settings.undo_budget_mb * MIB - sum(held.get(digest, 0) for digest in needed)
        full = False
        async for run, written in self._runs():
            mine = {digest for digest in contents(written) if digest in held and digest not in needed}
            size = sum(held[digest] for digest in mine)
            full = full or (size > room and run.state not in UNDECIDED)
            if full and mine and run.state not in UNDECIDED:
                if run.undoable:
                    await hands.runs.save(run.model_copy(update={"undoable": False}))
                continue
            room -= size
            needed |= dict.fromkeys(mine, run.id)
        return await hands.blobs.drop([digest for digest in held if digest not in needed])

    async def forget(self, paths: Sequence[str]) -> None:
        """Take what is forgotten out of the log of runs, and drop the contents it needed."""
        await self._hands.blobs.drop(await self._hands.runs.forget(paths))

    async def spent(self) -> tuple[int, int]:
        """Return the bytes that contents from before take on disk, and those they may take."""
        return sum((await self._hands.blobs.held()).values()), self._hands.settings.undo_budget_mb * MIB

    async def _runs(self) -> AsyncIterator[tuple[Run, RunLog]]:
        before = ""
        while page := await self._hands.runs.all(before, PAGE):
            for run in page:
                found = await self._hands.runs.get(run.id)
                if found is not None:
                    yield found
            before = page[-1].id


def contents(written: RunLog) -> set[str]:
    """Return the digests of all contents that undoing or redoing a run takes."""
    after = {change.blob for change in written.preview.changes}
    before = {one.blob for one in written.applied}
    return (after | before) - {""}
