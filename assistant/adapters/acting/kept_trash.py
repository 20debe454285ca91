"""`KeptTrash`: a system's own trash that nothing comes back from by a program (Windows, macOS). Chosen by `trash_of_system`.

What goes there is packed into the blob store before, and undo unpacks it; what lies in the trash stays there. Blocking.
"""

import os
import stat
import sys
import tarfile
import tempfile
from collections.abc import Callable, Mapping
from typing import IO, BinaryIO, cast

from assistant.adapters.acting.drafts import leftover
from assistant.adapters.acting.failures import changed, gone, occupied
from assistant.adapters.acting.grounds import Spot
from assistant.adapters.acting.looking import BLOCK
from assistant.adapters.acting.moving import refuse_volume
from assistant.adapters.acting.names import shown
from assistant.adapters.acting.renaming import rename_free
from assistant.adapters.acting.threads import Halt
from assistant.adapters.acting.trash import Trash, Trashed, XdgTrash, home_trash
from assistant.adapters.acting.writing import is_still
from assistant.domain.change import Stamp
from assistant.domain.errors import StorageError, UndoError
from assistant.ports.acting import BlobStore

SELF = "self"
"""The name of the thing itself inside the package; what is below it follows behind a stroke."""
TIME = "mtime"
NANO = 1_000_000_000


def trash_of_system(environment: Mapping[str, str], blobs: BlobStore, most_kept: int) -> Trash:
    """Return the trash of this system; contents of more than `most_kept` bytes are not kept where it gives nothing back."""
    if sys.platform in ("win32", "darwin"):
        return KeptTrash(blobs, _send, most_kept)
    return XdgTrash(home_trash(environment))


class KeptTrash:
    """`send` puts the entry at a path into the system's trash; raises OSError."""

    def __init__(self, blobs: BlobStore, send: Callable[[str], None], most_kept: int) -> None:
        self._blobs = blobs
        self._send = send
        self._most_kept = most_kept

    def put(self, spot: Spot, info: os.stat_result, halt: Halt) -> Trashed:
        """See Trash. What is too large to be kept goes to the trash all the same, and comes back by hand only."""
        refuse_volume(spot, info)
        kept = ""
        with tempfile.TemporaryFile() as file:
            if self._pack(spot, file, halt):
                file.seek(0)
                kept = self._blobs.store(cast(BinaryIO, file))
        if not is_still(spot.look(), info):
            raise changed(spot.path)
        self._send(spot.path)
        if spot.look() is not None:
            raise StorageError(
                f"There is no trash that could take {shown(spot.path)}.", kept="Nothing was changed.", remedy="Remove it by hand."
            )
        return Trashed("", kept)

    def restore(self, trashed: Trashed, spot: Spot, before: Stamp | None, halt: Halt) -> None:
        """See Trash. It is built beside its place first, so that it comes back whole or not at all."""
        if not trashed.blob:
            raise UndoError(
                f"{shown(spot.path)} lies in the trash of the system, and its contents were not kept.",
                kept="Nothing was changed.",
                remedy="Take it out of the trash by hand.",
            )
        if spot.look() is not None:
            raise occupied(spot.path)
        aside = leftover(spot)
        with tempfile.TemporaryFile() as file:
            self._blobs.copy(trashed.blob, cast(BinaryIO, file))
            file.seek(0)
            try:
                with tarfile.open(fileobj=file) as package:
                    _unpack(package, aside, halt)
                rename_free(aside, spot)
            except BaseException:
                _drop(aside)
                raise

    def find(self, path: str) -> Trashed | None:
        """See Trash: such a trash does not tell."""
        return None

    def refusal(self, spot: Spot) -> str:
        """See Trash: such a trash does not tell."""
        return ""

    def _pack(self, spot: Spot, file: IO[bytes], halt: Halt) -> bool:
        """Write an entry with all below it as a package; False when it is more than is kept."""
        size = 0

        def met(member: tarfile.TarInfo) -> tarfile.TarInfo | None:
            nonlocal size
            halt.check()
            size += member.size
            if size > self._most_kept:
                raise _TooLargeError
            path = spot.path + member.name[len(SELF) :]
            time = os.stat(path, follow_symlinks=False).st_mtime_ns
            # A float would lose the last digits.
            member.pax_headers = {**member.pax_headers, TIME: f"{time // NANO}.{time % NANO:09}"}
            return member if member.isreg() or member.isdir() or member.issym() else None

        try:
            with tarfile.open(fileobj=file, mode="w", format=tarfile.PAX_FORMAT) as package:
                package.add(spot.path, SELF, filter=met)
        except FileNotFoundError as error:
            raise gone(spot.path) from error
        except _TooLargeError:
            return False
        return True


class _TooLargeError(Exception):
    """More than is kept."""


def _unpack(package: tarfile.TarFile, aside: Spot, halt: Halt) -> None:
    """Build what was packed at another place; links come last, so that nothing is written through them."""
    members = package.getmembers()
    for member in sorted(members, key=tarfile.TarInfo.issym):
        halt.check()
        at = _below(aside, member)
        if member.isdir():
            os.mkdir(at, 0o700, dir_fd=aside.folder)
        elif member.issym():
            os.symlink(member.linkname, at, dir_fd=aside.folder)
        else:
            _write(package, member, at, aside.folder)
    for member in reversed(members):
        _dress(_below(aside, member), member, aside.folder)


def _below(aside: Spot, member: tarfile.TarInfo) -> str:
    """Return where a member is built; raises UndoError for a name that leads elsewhere."""
    first, *rest = member.name.split("/")
    if first != SELF or any(name in ("", ".", "..") for name in rest):
        raise UndoError("Contents from before are damaged on disk.", kept="Nothing was changed.")
    return "/".join([aside.name, *rest])


def _write(package: tarfile.TarFile, member: tarfile.TarInfo, at: str, folder: int | None) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    content = package.extractfile(member)
    with os.fdopen(os.open(at, flags, 0o600, dir_fd=folder), "wb") as file:
        while content is not None and (block := content.read(BLOCK)):
            file.write(block)
        file.flush()
        os.fsync(file.fileno())


def _dress(at: str, member: tarfile.TarInfo, folder: int | None) -> None:
    if not member.issym():
        os.chmod(at, member.mode, dir_fd=folder)
    elif os.utime not in os.supports_follow_symlinks:
        return
    seconds, _, rest = member.pax_headers.get(TIME, str(int(member.mtime))).partition(".")
    time = int(seconds) * NANO + int(rest.ljust(9, "0")[:9] or 0)
    os.utime(at, ns=(time, time), dir_fd=folder, follow_symlinks=not member.issym())


def _drop(aside: Spot) -> None:
    """Remove what was half built."""
    info = aside.look()
    if info is None:
        return
    if stat.S_ISDIR(info.st_mode):
        for folder, folders, names in os.walk(aside.path, topdown=False):
            for name in names:
                os.unlink(os.path.join(folder, name))
            for name in folders:
                path = os.path.join(folder, name)
                (os.unlink if os.path.islink(path) else os.rmdir)(path)
        os.rmdir(aside.name, dir_fd=aside.folder)
    else:
        os.unlink(aside.name, dir_fd=aside.folder)


def _send(path: str) -> None:
    import send2trash  # pyright: ignore[reportMissingImports, reportMissingModuleSource]

    send2trash.send2trash(path)
