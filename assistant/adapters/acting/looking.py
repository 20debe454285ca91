"""What stands at a spot: its stamp, its contents and their digest. Used by files and workspace. Blocking."""

import hashlib
import os
import stat
from collections.abc import Generator
from contextlib import contextmanager
from typing import BinaryIO

from assistant.adapters.acting.failures import linked, odd
from assistant.adapters.acting.grounds import Spot
from assistant.adapters.acting.threads import Halt
from assistant.domain.change import EntryKind, Stamp

BLOCK = 2**20


def kind_of(info: os.stat_result) -> EntryKind | None:
    """Name the kind of an entry; None for sockets, pipes and devices."""
    if stat.S_ISREG(info.st_mode):
        return "file"
    if stat.S_ISDIR(info.st_mode):
        return "folder"
    return "link" if stat.S_ISLNK(info.st_mode) else None


def stamp_of(info: os.stat_result, kind: EntryKind, digest: str = "") -> Stamp:
    """Return the stamp of an entry; a folder has no size of its own."""
    return Stamp(
        kind=kind,
        size=0 if kind == "folder" else info.st_size,
        mode=stat.S_IMODE(info.st_mode),
        mtime_ns=info.st_mtime_ns,
        inode=info.st_ino,
        device=info.st_dev,
        digest=digest,
    )


def stamp_at(spot: Spot, halt: Halt, *, digest: bool = False) -> Stamp | None:
    """Look at a spot; None for nothing. Raises PathRefusedError for what is neither file, folder nor link, and OSError."""
    info = spot.look()
    if info is None:
        return None
    kind = kind_of(info)
    if kind is None:
        raise odd(spot.path)
    if not digest or kind == "folder":
        return stamp_of(info, kind)
    if kind == "link":
        target = os.readlink(spot.name, dir_fd=spot.folder)
        return stamp_of(info, kind, hashlib.sha256(os.fsencode(target)).hexdigest())
    with opened(spot) as (stream, before):
        found = digest_of(stream, halt)
    return stamp_of(before, kind, found)


@contextmanager
def opened(spot: Spot) -> Generator[tuple[BinaryIO, os.stat_result]]:
    """Open a plain file to read it, with what the disk says of the very file; raises PathRefusedError, OSError."""
    info = spot.look()
    if info is not None and not stat.S_ISREG(info.st_mode):
        raise linked(spot.path) if stat.S_ISLNK(info.st_mode) else odd(spot.path)
    descriptor = spot.open()
    with os.fdopen(descriptor, "rb", buffering=0) as stream:
        info = os.fstat(descriptor)
        if not stat.S_ISREG(info.st_mode):
            raise odd(spot.path)
        yield stream, info


def digest_of(stream: BinaryIO, halt: Halt) -> str:
    """Return the sha256 of all that a stream gives."""
    digest = hashlib.sha256()
    while block := stream.read(BLOCK):
        halt.check()
        digest.update(block)
    return digest.hexdigest()
