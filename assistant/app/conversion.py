"""The steps by which a memory becomes encrypted, or plain text again, that survive being killed at any point.

The new records are written beside the old ones and compared; a mark makes them count. Before the mark the old memory is
whole, from it on the new one, and the next start finishes what is left. Called by `converting` and `sealing`.
"""

import contextlib
import os
import shutil
from pathlib import Path

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import guarded
from assistant.app.holding import LOCK

WORK = "converting"
"""The folder inside a memory where its new form is made."""
COUNTS, MOVES = "counts", "moves"
"""Marks in it: from the first on the new form counts, from the second on the old one is gone."""
STORE = "memory that is being converted"
REMEDY = "Give Mneme the right to write in its folder, or free some space, and start it again."
CHUNK = 1 << 20


def begin(memory: Path) -> Path:
    """Return the empty folder for the new form; the memory must be settled."""
    work = memory / WORK
    with guarded(STORE, REMEDY):
        work.mkdir()
    return work


def count(memory: Path) -> None:
    """Let the new form count from now on, whatever happens."""
    work = memory / WORK
    with guarded(STORE, REMEDY):
        for file in work.iterdir():
            _sync(file)
        (work / COUNTS).touch()
        sync_folder(work)
        sync_folder(memory)


def settle(memory: Path) -> None:
    """Finish a conversion that counts, take back one that does not; does nothing where there is none. Raises StorageError."""
    work = memory / WORK
    if not work.exists():
        return
    with guarded(STORE, REMEDY):
        if not (work / COUNTS).exists() and not (work / MOVES).exists():
            _erase(work)
            return
        if not (work / MOVES).exists():
            for old in memory.iterdir():
                if old.name not in (WORK, LOCK):
                    _erase(old)
            sync_folder(memory)
            (work / COUNTS).replace(work / MOVES)
            sync_folder(work)
        for new in work.iterdir():
            if new.name != MOVES:
                new.replace(memory / new.name)
        sync_folder(memory)
        shutil.rmtree(work)
        sync_folder(memory)


def erase_copies(backups: Path, undo: Path) -> None:
    """Erase the automatic copies of records and the contents of undo: they are in the form that the memory is no longer kept in.

    What was done before can then not be undone where that takes contents. Raises StorageError.
    """
    with guarded(STORE, REMEDY):
        for copy in [*backups.glob("records-*"), *([undo] if undo.is_dir() else [])]:
            _erase(copy)


def _erase(place: Path) -> None:
    """Overwrite and remove a file, or all in a folder.

    That hides the old text from whoever looks at a plain disk later. A drive that writes elsewhere than it is told to (SSDs,
    file systems that copy on write, snapshots, backups) may keep it: only an encrypted disk helps there.
    """
    if place.is_dir() and not place.is_symlink():
        for inside in place.iterdir():
            _erase(inside)
        place.rmdir()
        return
    if place.is_file() and not place.is_symlink():
        with contextlib.suppress(PermissionError):
            _overwrite(place)
    place.unlink(missing_ok=True)


def _overwrite(file: Path) -> None:
    left = file.stat().st_size
    with file.open("r+b") as stream:
        while left > 0:
            left -= stream.write(os.urandom(min(CHUNK, left)))
        stream.flush()
        os.fsync(stream.fileno())


def _sync(file: Path) -> None:
    with file.open("r+b") as stream:
        os.fsync(stream.fileno())
