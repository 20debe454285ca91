"""Whether a change was made, by what stands on disk; and what a crash in the middle of one left, tidied up. Blocking."""

import os
import stat

from assistant.adapters.acting.drafts import leftover
from assistant.adapters.acting.failures import told
from assistant.adapters.acting.grounds import Grounds, Spot
from assistant.adapters.acting.looking import stamp_at
from assistant.adapters.acting.names import folded
from assistant.adapters.acting.renaming import rename_free
from assistant.adapters.acting.threads import Halt
from assistant.adapters.acting.trash import Trash
from assistant.adapters.acting.writing import is_still, of_any_inode, verified
from assistant.domain.change import Applied, Change, ChangeKind, Stamp, Standing
from assistant.domain.errors import ChangedMeanwhileError, PathRefusedError

PART = ".part"


class Recovery:
    """Looks at changes of a run that was cut off, or that is to be taken back. Raises PathRefusedError, StorageError."""

    def __init__(self, grounds: Grounds, trash: Trash) -> None:
        self._grounds = grounds
        self._trash = trash

    def standing(self, change: Change, applied: Applied | None, halt: Halt) -> Standing:
        """See Workspace.standing."""
        with told(change.path):
            if applied is None:
                self._tidy(change, halt)
            else:
                change = applied.change
            match change.kind:
                case ChangeKind.MKDIR | ChangeKind.RMDIR:
                    return self._folder(change, halt)
                case ChangeKind.MOVE:
                    return self._moved(change, applied, halt)
                case ChangeKind.TRASH:
                    return self._trashed(change, halt)
                case ChangeKind.CREATE | ChangeKind.WRITE:
                    return self._written(change, applied, halt)

    def _folder(self, change: Change, halt: Halt) -> Standing:
        stamp = self._stamp(change.path, halt)
        if stamp is not None and stamp.kind != "folder":
            return "neither"
        return "after" if (stamp is not None) == (change.kind is ChangeKind.MKDIR) else "before"

    def _trashed(self, change: Change, halt: Halt) -> Standing:
        if self._stamp(change.path, halt) is None:
            return "after"
        return "before" if self._is(change.path, change.before, halt) else "neither"

    def _written(self, change: Change, applied: Applied | None, halt: Halt) -> Standing:
        now = self._stamp(change.path, halt)
        if now is None:
            return "before" if change.kind is ChangeKind.CREATE else "neither"
        after = applied.after if applied is not None and applied.after is not None else _foreseen(change, now)
        if self._is(change.path, after, halt):
            return "after"
        return "before" if change.kind is ChangeKind.WRITE and self._is(change.path, change.before, halt) else "neither"

    def _moved(self, change: Change, applied: Applied | None, halt: Halt) -> Standing:
        here, there = self._stamp(change.path, halt), self._stamp(change.to, halt)
        before = of_any_inode(change.before) if change.before is not None else None
        after = of_any_inode(applied.after) if applied is not None and applied.after is not None else before
        if here is not None and there is not None and _one_name(change, here, there):
            folder = os.path.dirname(change.to)
            with self._grounds.folder(folder) as descriptor:
                names = os.listdir(folder if descriptor is None else descriptor)
            return "after" if os.path.basename(change.to) in names else "before"
        if here is not None and there is None:
            return "before" if self._is(change.path, before, halt) else "neither"
        if here is None and there is not None:
            return "after" if self._is(change.to, after, halt) or self._is(change.to, before, halt) else "neither"
        return "neither"

    def _tidy(self, change: Change, halt: Halt) -> None:
        """Finish or drop what is half done; only what is known to exist elsewhere too is removed."""
        for path in filter(None, (change.path, change.to)):
            try:
                with self._grounds.spot(path) as spot:
                    self._tidy_beside(spot, change, halt)
            except ChangedMeanwhileError:
                continue
        if change.kind is ChangeKind.MOVE:
            self._tidy_copy(change, halt)

    def _tidy_beside(self, spot: Spot, change: Change, halt: Halt) -> None:
        aside = leftover(spot)
        part = aside.beside(os.path.basename(aside.path) + PART)
        if part.look() is not None:
            os.unlink(part.name, dir_fd=part.folder)
        info = aside.look()
        if info is None or stat.S_ISDIR(info.st_mode):
            return
        now = stamp_at(aside, halt, digest=True)
        if now is None:
            return
        if change.kind is ChangeKind.MOVE:
            other = change.to if spot.path == change.path else change.path
            if spot.look() is None and self._stamp(other, halt) is None:
                rename_free(aside, spot)
                return
            elsewhere = self._is(other, now, halt)
        else:
            elsewhere = now.digest == change.blob or (change.before is not None and now.same(change.before))
        if elsewhere and is_still(aside.look(), info):
            os.unlink(aside.name, dir_fd=aside.folder)

    def _tidy_copy(self, change: Change, halt: Halt) -> None:
        """Remove the copy of a file whose move to another disk, or to a second name, was cut off before the first was removed."""
        here, there = self._stamp(change.path, halt), self._stamp(change.to, halt)
        if here is None or there is None or here.kind == "folder" or _one_name(change, here, there):
            return
        second_name = (here.device, here.inode) == (there.device, there.inode)
        if here.device == there.device and not second_name:
            return
        try:
            with self._grounds.spot(change.path) as spot:
                known = stamp_at(spot, halt, digest=True)
            with self._grounds.spot(change.to) as target:
                info = verified(target, known, halt, thorough=True)
                if is_still(target.look(), info):
                    os.unlink(target.name, dir_fd=target.folder)
        except ChangedMeanwhileError:
            return

    def _stamp(self, path: str, halt: Halt) -> Stamp | None:
        try:
            with self._grounds.spot(path) as spot:
                return stamp_at(spot, halt)
        except ChangedMeanwhileError:
            return None

    def _is(self, path: str, expected: Stamp | None, halt: Halt) -> bool:
        """Tell whether what stands at a path is what is expected, reading it only where size and time leave doubt."""
        try:
            with self._grounds.spot(path) as spot:
                verified(spot, expected, halt, thorough=False)
        except (ChangedMeanwhileError, PathRefusedError):
            return False
        return True


def _foreseen(change: Change, now: Stamp) -> Stamp:
    """Return the stamp of what a change writes; only its contents are known for certain."""
    return Stamp(kind="file", size=now.size, mode=0, mtime_ns=-1, digest=change.blob)


def _one_name(change: Change, here: Stamp, there: Stamp) -> bool:
    """Tell whether both paths of a move are one entry on a disk that does not tell them apart."""
    same = (here.device, here.inode) == (there.device, there.inode) and change.path != change.to
    return same and os.path.dirname(change.path) == os.path.dirname(change.to) and folded(change.path) == folded(change.to)
