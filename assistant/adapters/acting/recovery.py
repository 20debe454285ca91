"""Whether a change was made that nobody took note of; what a crash left half-way is tidied up first. Blocking."""

import os
import stat

from assistant.adapters.acting.drafts import leftover
from assistant.adapters.acting.failures import changed, gone, told
from assistant.adapters.acting.grounds import Grounds, Spot
from assistant.adapters.acting.looking import stamp_at
from assistant.adapters.acting.renaming import rename_free
from assistant.adapters.acting.threads import Halt
from assistant.adapters.acting.trash import Trash
from assistant.adapters.acting.writing import is_still, of_any_inode, verified
from assistant.domain.change import Applied, Change, ChangeKind, Stamp
from assistant.domain.errors import ChangedMeanwhileError, PathRefusedError
from assistant.domain.file_names import folded

PART = ".part"


class Recovery:
    """Looks at a change that a crash left unnoted. Raises PathRefusedError, ChangedMeanwhileError, StorageError."""

    def __init__(self, grounds: Grounds, trash: Trash, most_kept: int) -> None:
        self._grounds = grounds
        self._trash = trash
        self._most_kept = most_kept

    def recovered(self, n: int, change: Change, halt: Halt) -> Applied | None:
        """See Workspace.recover."""
        for path in filter(None, (change.path, change.to)):
            self._grounds.parts(path)
        with told(change.path):
            self._tidy(change, halt)
            match change.kind:
                case ChangeKind.MKDIR | ChangeKind.RMDIR:
                    return self._folder(n, change, halt)
                case ChangeKind.MOVE:
                    return self._moved(n, change, halt)
                case ChangeKind.TRASH:
                    return self._trashed(n, change, halt)
                case ChangeKind.CREATE | ChangeKind.WRITE:
                    return self._written(n, change, halt)

    def _folder(self, n: int, change: Change, halt: Halt) -> Applied | None:
        stamp = self._stamp(change.path, halt)
        if stamp is not None and stamp.kind != "folder":
            raise changed(change.path)
        made = change.kind is ChangeKind.MKDIR
        return Applied(n=n, change=change, after=stamp) if (stamp is not None) == made else None

    def _trashed(self, n: int, change: Change, halt: Halt) -> Applied | None:
        here = self._stamp(change.path, halt)
        found = self._trash.find(change.path)  # which tidies away what tells of nothing in the trash
        if here is not None and self._is(change.path, change.before, halt):
            return None
        if here is not None or found is None:
            raise changed(change.path)
        return Applied(n=n, change=change, trash=found.token, blob=found.blob)

    def _written(self, n: int, change: Change, halt: Halt) -> Applied | None:
        now = self._stamp(change.path, halt)
        if now is None and change.kind is ChangeKind.CREATE:
            return None
        if now is None:
            raise gone(change.path)
        if self._is(change.path, _foreseen(change, now), halt):
            old = change.before
            kept = old.digest if old is not None and old.size <= self._most_kept else ""
            return Applied(n=n, change=change, after=now.model_copy(update={"digest": change.blob}), blob=kept)
        if change.kind is ChangeKind.WRITE and self._is(change.path, change.before, halt):
            return None
        raise changed(change.path)

    def _moved(self, n: int, change: Change, halt: Halt) -> Applied | None:
        here, there = self._stamp(change.path, halt), self._stamp(change.to, halt)
        before = of_any_inode(change.before) if change.before is not None else None
        happened = there is not None and here is None
        if here is not None and there is not None and _one_name(change, here, there):
            folder = os.path.dirname(change.to)
            with self._grounds.folder(folder) as descriptor:
                happened = os.path.basename(change.to) in os.listdir(folder if descriptor is None else descriptor)
        elif here is not None and there is not None:
            raise changed(change.to)
        if not self._is(change.to if happened else change.path, before, halt):
            raise changed(change.to if happened else change.path)
        return Applied(n=n, change=change, after=there) if happened else None

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
        if info is None:
            return
        if stat.S_ISDIR(info.st_mode):
            os.rmdir(aside.name, dir_fd=aside.folder)  # made empty, and nobody knew its name
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
