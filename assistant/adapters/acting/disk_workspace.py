"""`DiskWorkspace`: the Workspace port, the only hand of Mneme that changes a person's files. Built by `app`."""

import os
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import Executor

from assistant.adapters.acting.failures import told
from assistant.adapters.acting.folders import make_folder, remove_folder, settle, unremove_folder
from assistant.adapters.acting.grounds import Grounds, Spot
from assistant.adapters.acting.looking import kind_of, stamp_of
from assistant.adapters.acting.moving import move
from assistant.adapters.acting.names import refuse_new_name
from assistant.adapters.acting.recovery import Recovery
from assistant.adapters.acting.simulated_tree import SimulatedTree
from assistant.adapters.acting.simulation import Simulation
from assistant.adapters.acting.threads import Halt, changed_by, looked
from assistant.adapters.acting.trash import Trash, Trashed
from assistant.adapters.acting.writing import create, of_any_inode, uncreate, unwrite, verified, write
from assistant.domain.change import Applied, Change, ChangeKind, FolderTime, Stamp
from assistant.domain.errors import UndoError
from assistant.ports.acting import BlobStore

Roots = Callable[[], Awaitable[Sequence[str]]]


class DiskWorkspace:
    """Changes files in granted write roots on threads of `executor`; contents from before go to `blobs`, trash to `trash`.

    `roots` gives the write roots, absolute and resolved; `own` are Mneme's folders, which are never touched. Contents of more
    than `most_kept` bytes are not kept before they are rewritten. What a change does is decided on one thread in one go, so
    a cancelled caller gets a disk as before.
    """

    def __init__(
        self, executor: Executor, roots: Roots, blobs: BlobStore, trash: Trash, own: Sequence[str] = (), most_kept: int = 2**29
    ) -> None:
        self._executor = executor
        self._roots = roots
        self._blobs = blobs
        self._trash = trash
        self._own = tuple(own)
        self._most_kept = most_kept

    async def check(self, changes: Sequence[Change]) -> dict[int, str]:
        """Tell by index which changes could not happen, and why; reads contents only where size and time leave doubt."""
        grounds = await self._grounds()

        def work(halt: Halt) -> dict[int, str]:
            with SimulatedTree(grounds) as tree:
                return Simulation(grounds, tree, self._trash, halt).problems(changes)

        return await looked(self._executor, work)

    async def apply(self, n: int, change: Change) -> Applied:
        """Make a change. Raises PathRefusedError, ChangedMeanwhileError, OccupiedError, BlobGoneError, StorageError.

        In what is returned the change holds the stamp that was met, so that taking it back is exact. A cancelled caller
        waits for the disk to be as before.
        """
        grounds = await self._grounds()

        def work(halt: Halt) -> Applied:
            halt.check()
            with told(change.path):
                return self._apply(grounds, n, change, halt)

        return await changed_by(self._executor, work, lambda applied: self._revert(grounds, applied, Halt()))

    async def revert(self, applied: Applied) -> None:
        """Take a change back. Raises as `apply`, and UndoError. A cancelled caller waits until it is done or refused."""
        grounds = await self._grounds()

        def work(halt: Halt) -> None:
            with told(applied.change.path):
                self._revert(grounds, applied, halt)

        await changed_by(self._executor, work)

    async def recover(self, n: int, change: Change) -> Applied | None:
        """Find out whether a change happened that nobody took note of; what a crash left half-way is tidied up first.

        Return it as it was applied, None when all is as before it. Raises ChangedMeanwhileError when the disk is neither.
        """
        recovery = Recovery(await self._grounds(), self._trash, self._most_kept)
        return await changed_by(self._executor, lambda halt: recovery.recovered(n, change, halt))

    async def times(self, changes: Sequence[Change]) -> tuple[FolderTime, ...]:
        """Return the times of the folders that exist and in which these changes make or remove an entry.

        A folder that is moved on the way is named by its place now.
        """
        grounds = await self._grounds()

        def work(halt: Halt) -> tuple[FolderTime, ...]:
            with SimulatedTree(grounds) as tree:
                played = Simulation(grounds, tree, self._trash, halt)
                played.problems(changes)
            return tuple(FolderTime(path=path, mtime_ns=time) for path, time in played.touched.items())

        return await looked(self._executor, work)

    async def settle(self, times: Sequence[FolderTime]) -> None:
        """Give folders their times back. Raises PathRefusedError, StorageError."""
        grounds = await self._grounds()
        await changed_by(self._executor, lambda _: settle(grounds, times))

    def _apply(self, grounds: Grounds, n: int, change: Change, halt: Halt) -> Applied:
        with grounds.spot(change.path) as spot:
            match change.kind:
                case ChangeKind.CREATE:
                    refuse_new_name(change.path)
                    after = create(spot, change.blob, change.mode, change.mtime_ns, self._blobs, halt)
                    return Applied(n=n, change=change, after=after)
                case ChangeKind.WRITE:
                    before, after = write(spot, change.before, change.blob, change.mtime_ns, self._blobs, halt, self._most_kept)
                    return Applied(n=n, change=_met(change, before), after=after, blob=before.digest)
                case ChangeKind.MOVE:
                    return self._move(grounds, n, change, spot, halt)
                case ChangeKind.TRASH:
                    grounds.refuse_held(change.path)
                    info = verified(spot, change.before, halt, thorough=True)
                    trashed = self._trash.put(spot, info, halt)
                    return Applied(n=n, change=_met(change, _stamp(info)), trash=trashed.token, blob=trashed.blob)
                case ChangeKind.MKDIR:
                    refuse_new_name(change.path)
                    return Applied(n=n, change=change, after=make_folder(spot, change.mode, change.mtime_ns))
                case ChangeKind.RMDIR:
                    grounds.refuse_held(change.path)
                    return Applied(n=n, change=_met(change, remove_folder(spot)))

    def _move(self, grounds: Grounds, n: int, change: Change, spot: Spot, halt: Halt) -> Applied:
        grounds.refuse_held(change.path)
        if os.path.basename(change.to) != os.path.basename(change.path):
            refuse_new_name(change.to)
        info = verified(spot, change.before, halt, thorough=True)
        with grounds.spot(change.to) as target, told(change.path):
            after = move(spot, target, info, halt)
        return Applied(n=n, change=_met(change, _stamp(info)), after=after)

    def _revert(self, grounds: Grounds, applied: Applied, halt: Halt) -> None:
        change, after = applied.change, applied.after
        with grounds.spot(change.path) as spot:
            match change.kind:
                case ChangeKind.CREATE:
                    uncreate(spot, _known(after), halt)
                case ChangeKind.WRITE:
                    unwrite(spot, _known(change.before), _known(after), applied.blob, self._blobs, halt)
                case ChangeKind.MOVE:
                    with grounds.spot(change.to) as target:
                        info = verified(target, of_any_inode(_known(after)), halt, thorough=False)
                        move(target, spot, info, halt, before=change.before)
                case ChangeKind.TRASH:
                    noted = Trashed(applied.trash, applied.blob) if applied.trash or applied.blob else None
                    found = noted or self._trash.find(change.path) or Trashed("")
                    self._trash.restore(found, spot, change.before, halt)
                case ChangeKind.MKDIR:
                    remove_folder(spot)
                case ChangeKind.RMDIR:
                    unremove_folder(spot, _known(change.before))

    async def _grounds(self) -> Grounds:
        return Grounds(await self._roots(), self._own)


def _met(change: Change, before: Stamp) -> Change:
    return change.model_copy(update={"before": before})


def _stamp(info: os.stat_result) -> Stamp:
    return stamp_of(info, kind_of(info) or "file")


def _known(stamp: Stamp | None) -> Stamp:
    if stamp is None:
        raise UndoError("It was not kept what stood there.", kept="Nothing was changed.", remedy="Take it back by hand.")
    return stamp
