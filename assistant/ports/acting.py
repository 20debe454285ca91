"""Protocols for acting on a person's files: seeing, changing, keeping what was before. Used by tools and orchestrator."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from typing import BinaryIO, Literal, NamedTuple, Protocol

from assistant.domain.answer import Answer
from assistant.domain.change import Applied, Change, Entry, FolderTime, Stamp
from assistant.domain.memory import ContextPack, RecallQuery
from assistant.domain.plan import Grant, Run, RunLog, Understanding

Tell = Callable[[int, int, str], None]
"""Told how many of how many are done (0 of 0: unknown), and a line of output; called on the loop's thread."""


class Files(Protocol):
    """The granted roots, read only, links never followed. All raise PathRefusedError for what lies outside, StorageError else."""

    async def roots(self) -> tuple[str, ...]:
        """Return the granted roots, absolute and resolved."""
        ...

    async def stamp(self, path: str, *, digest: bool = False) -> Stamp | None:
        """Look at one entry, with the digest of its contents where asked; None where nothing stands."""
        ...

    async def listing(self, path: str, *, deep: bool = False, tell: Tell | None = None) -> list[Entry]:
        """List what is in a folder, or all below it, ordered by path; what cannot be read is left out.

        Stays on the folder's own device. Raises TooMuchError beyond the limit of the settings.
        """
        ...

    async def read(self, path: str, most: int) -> bytes:
        """Return a file's bytes; raises TooMuchError when there are more than `most`."""
        ...

    async def digests(self, paths: Sequence[str], tell: Tell | None = None) -> dict[str, str]:
        """Return the sha256 of the contents of these files; what cannot be read is left out."""
        ...


class Workspace(Protocol):
    """The only hand that changes a person's files. Every change is wholly made or not at all, whatever happens meanwhile.

    All raise PathRefusedError for what lies outside the granted write roots or is reached over a link, ChangedMeanwhileError
    where something else stands than the change expects, OccupiedError where its place is taken, StorageError for the disk.
    """

    async def check(self, changes: Sequence[Change]) -> dict[int, str]:
        """Tell by index which changes could not happen as the disk is now (roots, rights, space, occupied), and why.

        Changes count on those before them: what an earlier one moves away or makes is seen so. Changes nothing.
        """
        ...

    async def apply(self, n: int, change: Change) -> Applied:
        """Make a change; the contents from before are kept first. Raises as above, and has then changed nothing."""
        ...

    async def revert(self, applied: Applied) -> None:
        """Take a change back: contents, place, mode and times as before. Raises as above; nothing of the person's is lost."""
        ...

    async def recover(self, n: int, change: Change) -> Applied | None:
        """Find out whether a change happened of which nobody took note: as it was applied, or None when all is as before it.

        Raises ChangedMeanwhileError when the disk is neither.
        """
        ...

    async def times(self, changes: Sequence[Change]) -> tuple[FolderTime, ...]:
        """Return the times of all folders that exist and in which these changes make or remove an entry."""
        ...

    async def settle(self, times: Sequence[FolderTime]) -> None:
        """Give folders their times back; those that are gone are passed over."""
        ...


class BlobStore(Protocol):
    """Contents by their sha256: what stood before a change, and what is to be written. Encrypted where the memory is."""

    async def put(self, content: bytes) -> str:
        """Keep bytes; return their sha256 (hex). Raises StorageError."""
        ...

    async def get(self, digest: str) -> bytes:
        """Return bytes; raises BlobGoneError when they were given up for space or forgotten."""
        ...

    def store(self, stream: BinaryIO) -> str:
        """Keep all that a stream gives; return its sha256. Blocking: for worker threads."""
        ...

    def copy(self, digest: str, into: BinaryIO) -> int:
        """Write kept bytes into a stream; return how many. Blocking. Raises BlobGoneError."""
        ...

    async def drop(self, digests: Collection[str]) -> int:
        """Give contents up; return the bytes freed. Unknown ones are passed over."""
        ...

    async def held(self) -> dict[str, int]:
        """Return the sizes on disk, in bytes, by digest."""
        ...


class RunStore(Protocol):
    """What was done, to be undone days later. Raises StorageError."""

    async def begin(self, run: Run, log: RunLog) -> None:
        """Write down what is about to happen; on disk when this returns."""
        ...

    async def mark(self, run_id: str, applied: Sequence[Applied] = (), reverted: Sequence[int] = ()) -> None:
        """Add changes that happened (in place of earlier ones of their number) and numbers of those taken back."""
        ...

    async def save(self, run: Run, *, durable: bool = True) -> None:
        """Replace the state of a run."""
        ...

    async def get(self, run_id: str) -> tuple[Run, RunLog] | None:
        """Return a run with its log."""
        ...

    async def all(self, before: str = "", limit: int = 100) -> list[Run]:
        """List runs, newest first, those begun before the run `before`."""
        ...

    async def forget(self, paths: Sequence[str]) -> set[str]:
        """Take everything about these paths, and those below them, out of all runs, which can then no longer undo it.

        Return the digests of contents that no run needs any more.
        """
        ...


class GrantStore(Protocol):
    """Standing permissions. Raises StorageError."""

    async def add(self, grant: Grant) -> None:
        """Keep a grant."""
        ...

    async def all(self, now: datetime) -> list[Grant]:
        """List the grants that hold at this time, oldest first."""
        ...

    async def remove(self, grant_id: str) -> bool:
        """Take a grant back; False when there is none."""
        ...


class Recalling(Protocol):
    """Looking things up in memory, for tools; a recall by a tool is noted like any other."""

    async def gather(self, query: RecallQuery, budget: int) -> ContextPack:
        """Return evidence within a budget of tokens."""
        ...

    async def excerpts(self, paths: Sequence[str], each: int) -> ContextPack:
        """Return at most `each` passages of every remembered file among these, spread over it, in the order of the paths."""
        ...

    async def answer(self, question: str) -> Answer:
        """Answer a question with citations, or abstain."""
        ...


class ArchiveMember(NamedTuple):
    """An entry of an archive: its name as written there, kind, size in bytes, permission bits and time (0: unknown)."""

    name: str
    kind: Literal["file", "folder", "other"]
    size: int
    mode: int
    mtime: float
    blob: str = ""


class Archives(Protocol):
    """Reading and making archives (zip, tar and its compressions) in a separate process with limits.

    What is read goes to the BlobStore: nothing is unpacked to disk.
    """

    async def read(self, path: str, tell: Tell | None = None) -> list[ArchiveMember]:
        """Put the contents of all members into the BlobStore; raises ArchiveError (bomb, damage, password, unknown kind)."""
        ...

    async def make(
        self, kind: Literal["zip", "tar.gz"], entries: Sequence[tuple[str, str]], tell: Tell | None = None
    ) -> tuple[str, int]:
        """Pack entries (path on disk, name inside); return digest and size of the archive, which is in the BlobStore."""
        ...


class RepositoryChange(NamedTuple):
    """A changed file of a working tree by the two letters of git's short status; `was` is the former path of a rename."""

    status: str
    path: str
    was: str = ""


class Repositories(Protocol):
    """Git, without hooks, filters, network or shell. What would change is worked out on a shadow and returned as changes.

    All raise RepositoryError with git's own words where it refuses, PathRefusedError outside the granted roots.
    """

    async def root(self, path: str) -> str:
        """Return the top of the working tree that holds this path; raises RepositoryError when there is none."""
        ...

    async def status(self, root: str) -> tuple[str, list[RepositoryChange]]:
        """Return the branch ("" when detached) and what differs."""
        ...

    async def diff(self, root: str, path: str, *, staged: bool = False) -> tuple[bytes, bytes]:
        """Return a file's contents before and after: HEAD or index, and index or working tree."""
        ...

    async def log(self, root: str, since: str, most: int) -> list[tuple[str, str, str, str]]:
        """Return commits since a revision or date: short id, ISO time, author, subject."""
        ...

    async def change(self, root: str, args: Sequence[str], at: datetime) -> list[Change]:
        """Return what a git command would change inside .git and in the working tree; `at` is the time that commits get.

        Commands: add PATH... | add --all, commit -m TEXT [--all], branch NAME, switch NAME, switch -c NAME, stash push -m TEXT,
        stash pop. The new contents are in the BlobStore; nothing of the person's is changed.
        """
        ...


class Opener(Protocol):
    """Opens a file in its program, or shows it in the file manager."""

    async def open(self, path: str, *, reveal: bool) -> None:
        """Raises StorageError when nothing can open it; never runs the file itself."""
        ...


class IntentAnalyzer(Protocol):
    """Understands a request; rules today, a language model later."""

    async def analyse(self, request: str, context: Sequence[str] = (), answers: Mapping[str, str] | None = None) -> Understanding:
        """Return intents, or what has to be asked first; `context` are paths the request is about (selected, current folder).

        `answers` hold what was answered to earlier questions about the same request, by their slots.
        """
        ...
