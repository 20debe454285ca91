"""`DiskFiles`: the Files port over the file system. Built by `app`, looked through by tools."""

import asyncio
import gc
import os
import re
from collections.abc import Awaitable, Callable, Generator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from dataclasses import dataclass, field

from assistant.adapters.acting.failures import translate
from assistant.adapters.acting.grounds import JUNCTION, LISTED, Grounds
from assistant.adapters.acting.looking import digest_of, kind_of, opened, stamp_at, stamp_of
from assistant.adapters.acting.names import LEFTOVER, shown
from assistant.adapters.acting.threads import Halt, Teller, looked
from assistant.domain.change import Entry, Stamp
from assistant.domain.errors import ChangedMeanwhileError, MnemeError, PathRefusedError, StorageError, TooMuchError
from assistant.ports.acting import Tell

DEEPEST = 128
"""Folders within each other that a listing goes into: each is held open meanwhile."""
AT_ONCE = 4
"""Threads that compute digests side by side."""
BATCH = 32
"""Files whose digests one call on a thread computes."""

TRASH = re.compile(r"\.Trash(-\d+)?")
"""The trash at the top of a disk: nothing that a tool should sort or find."""

Roots = Callable[[], Awaitable[Sequence[str]]]


@dataclass
class _Listing:
    """A listing under way: what was found, and what bounds it."""

    grounds: Grounds
    most: int
    halt: Halt
    teller: Teller
    device: int = 0
    found: list[Entry] = field(default_factory=list[Entry])


class DiskFiles:
    """Looks at files in granted roots on threads of `executor`, links never followed.

    `roots` gives the granted folders, absolute and resolved; `own` are Mneme's, which are not seen. `most` bounds a listing.
    """

    def __init__(self, executor: Executor, roots: Roots, own: Sequence[str] = (), most: int = 500_000) -> None:
        self._executor = executor
        self._roots = roots
        self._own = tuple(own)
        self._most = most

    async def roots(self) -> tuple[str, ...]:
        """Return the granted roots."""
        return tuple(await self._roots())

    async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
        """Look at one entry; None where nothing stands. Raises PathRefusedError, StorageError."""
        grounds = await self._grounds()
        return await looked(self._executor, lambda halt: _stamp(grounds, path, halt, digest))

    async def listing(self, path: str, *, deep: bool = False, tell: Tell | None = None) -> list[Entry]:
        """List a folder, or all below it, by path. Raises PathRefusedError, StorageError, TooMuchError."""
        listing = _Listing(await self._grounds(), self._most, Halt(), Teller(tell))

        def work(halt: Halt) -> list[Entry]:
            listing.halt = halt
            return _listed(listing, path, deep)

        return await looked(self._executor, work)

    async def read(self, path: str, most: int) -> bytes:
        """Return a file's bytes. Raises PathRefusedError, StorageError, TooMuchError."""
        grounds = await self._grounds()
        return await looked(self._executor, lambda _: _read(grounds, path, most))

    async def digests(self, paths: Sequence[str], tell: Tell | None = None) -> dict[str, str]:
        """Return the sha256 of files, a few at a time side by side; what cannot be read is left out."""
        grounds, teller = await self._grounds(), Teller(tell)
        found: dict[str, str] = {}
        batches = iter([paths[start : start + BATCH] for start in range(0, len(paths), BATCH)])
        done = 0

        async def work() -> None:
            nonlocal done
            for batch in batches:
                found.update(await looked(self._executor, lambda halt, batch=batch: _digests(grounds, batch, halt)))
                done += len(batch)
                teller(done, len(paths))

        async with asyncio.TaskGroup() as group:
            for _ in range(AT_ONCE):
                group.create_task(work())
        return {path: found[path] for path in paths if path in found}

    async def _grounds(self) -> Grounds:
        return Grounds(await self._roots(), self._own)


def _stamp(grounds: Grounds, path: str, halt: Halt, digest: bool) -> Stamp | None:
    try:
        with grounds.spot(path) as spot:
            stamp = stamp_at(spot, halt, digest=digest)
    except ChangedMeanwhileError:
        return None  # a folder on the way is not there
    except OSError as error:
        raise _unreadable(path, error) from error
    return stamp


def _listed(listing: _Listing, path: str, deep: bool) -> list[Entry]:
    try:
        with listing.grounds.folder(path) as descriptor:
            at = path if descriptor is None else descriptor
            listing.device = os.stat(at).st_dev
            with _unswept():
                _list(listing, at, path, DEEPEST if deep else 1)
    except ChangedMeanwhileError as error:
        raise StorageError(f"{shown(path)} is no folder, or is not there.", remedy="Check the name.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    listing.found.sort(key=lambda entry: entry.path)
    return listing.found


@contextmanager
def _unswept() -> Generator[None]:
    """Let Python not look for cycles meanwhile: among so many new values, none of them in one, that takes half of the time."""
    swept = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if swept:
            gc.enable()


def _list(listing: _Listing, at: int | str, path: str, depth: int) -> None:
    """Add the entries of an open folder, and those below it as deep as asked."""
    listing.halt.check()
    prefix = path.rstrip(os.sep) + os.sep
    folders: list[str] = []
    with os.scandir(at) as scan:
        for entry in scan:
            try:
                info = entry.stat(follow_symlinks=False)
            except OSError:
                continue
            kind = kind_of(info)
            if kind is None or not _tellable(entry.name):
                continue
            if kind == "folder":
                if listing.grounds.is_own(info) or TRASH.fullmatch(entry.name):
                    continue
                if isinstance(at, str):  # Windows: a listing says no device, and junctions are links to other folders
                    leads_off = getattr(info, "st_reparse_tag", 0) == JUNCTION
                else:
                    leads_off = info.st_dev != listing.device
                if not leads_off:
                    folders.append(entry.name)
            listing.found.append(Entry(path=prefix + entry.name, stamp=stamp_of(info, kind)))
    if len(listing.found) > listing.most:
        raise TooMuchError(
            f"There are more than {listing.most} files and folders in {shown(path)}.",
            kept="Nothing was changed.",
            remedy="Choose a folder further down, or raise `most_listed` under `acting` in the settings.",
        )
    listing.teller(len(listing.found), 0)
    for name in folders if depth > 1 else ():
        _enter(listing, at, name, prefix + name, depth - 1)


def _enter(listing: _Listing, at: int | str, name: str, path: str, depth: int) -> None:
    """List a folder inside an open one; one that cannot be opened any more, or not by this user, is passed over."""
    if isinstance(at, str):
        _list_if_readable(listing, path, path, depth)
        return
    try:
        descriptor = os.open(name, LISTED, dir_fd=at)
    except OSError:
        return
    try:
        _list_if_readable(listing, descriptor, path, depth)
    finally:
        os.close(descriptor)


def _list_if_readable(listing: _Listing, at: int | str, path: str, depth: int) -> None:
    try:
        _list(listing, at, path, depth)
    except OSError:
        return


def _tellable(name: str) -> bool:
    """Tell whether a name can be shown and kept, and is not one of ours."""
    return not name.startswith(LEFTOVER) and (name.isascii() or not any("\ud800" <= letter <= "\udfff" for letter in name))


def _read(grounds: Grounds, path: str, most: int) -> bytes:
    try:
        with grounds.spot(path) as spot, opened(spot) as (stream, info):
            content = stream.read(most + 1) if info.st_size <= most else None
            while content is not None and len(content) <= most and (more := stream.read(most + 1 - len(content))):
                content += more
    except ChangedMeanwhileError as error:
        raise StorageError(f"{shown(path)} is not there.", kept="Nothing was changed.", remedy="Check the name.") from error
    except OSError as error:
        raise _unreadable(path, error) from error
    if content is None or len(content) > most:
        raise TooMuchError(f"{shown(path)} is larger than {most} bytes.", kept="Nothing was changed.", remedy="Leave it out.")
    return content


def _digests(grounds: Grounds, paths: Sequence[str], halt: Halt) -> dict[str, str]:
    found: dict[str, str] = {}
    for path in paths:
        halt.check()
        try:
            with grounds.spot(path) as spot, opened(spot) as (stream, _):
                found[path] = digest_of(stream, halt)
        except (MnemeError, OSError):
            continue
    return found


def _unreadable(path: str, error: OSError) -> MnemeError:
    failure = translate(path, error)
    if isinstance(failure, StorageError | PathRefusedError):
        return failure
    return StorageError(f"{shown(path)} is not there.", kept="Nothing was changed.", remedy="Check the name.")
