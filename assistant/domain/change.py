"""What acting changes on disk: single reversible changes, what came of them, their preview. Used by tools, policy and undo."""

from datetime import datetime
from enum import StrEnum
from typing import Literal

from pydantic import Field

from assistant.domain.base import Value

EntryKind = Literal["file", "folder", "link"]


class Stamp(Value):
    """What stands at a path, links not followed; times are nanoseconds since the epoch, `mode` the permission bits.

    `digest` is the sha256 of a file's bytes (hex) or of a link's target, "" where it was not read. An `inode` or `mtime_ns` of
    0 is not known: the stamp was foreseen, not looked at.
    """

    kind: EntryKind
    size: int
    mode: int
    mtime_ns: int
    inode: int = 0
    device: int = 0
    digest: str = ""

    def same(self, other: "Stamp | None") -> bool:
        """Tell whether both are the same thing: by contents where both know them, else files by size and time, folders by inode.

        The inode of a file and the number of a device are no part of it: contents that were put back have another inode,
        and a drive another number after the next start.
        """
        if other is None or self.kind != other.kind:
            return False
        if self.kind == "folder":
            return self.inode == other.inode or 0 in (self.inode, other.inode)
        if self.digest and other.digest:
            return self.digest == other.digest and self.size == other.size
        return self.size == other.size and (self.mtime_ns == other.mtime_ns or 0 in (self.mtime_ns, other.mtime_ns))


class Entry(Value):
    """A file, folder or link with its absolute path."""

    path: str
    stamp: Stamp


class ChangeKind(StrEnum):
    """All that acting ever does to a disk; each has an inverse.

    CREATE a file that was not there, WRITE other contents into one that is, MOVE an entry to a free place, TRASH an entry
    (a folder with all below it), MKDIR a folder, RMDIR an empty one.
    """

    CREATE = "create"
    WRITE = "write"
    MOVE = "move"
    TRASH = "trash"
    MKDIR = "mkdir"
    RMDIR = "rmdir"


class Change(Value):
    """One change that is meant to happen. Paths are absolute and literal.

    `before` is what has to stand at `path` for it (None: nothing); `to` is where MOVE leads; `blob` is the sha256 of what
    CREATE and WRITE put there, kept in the BlobStore, of `size` bytes; `mode` are the permission bits of what is created
    (None: those of the file before, else the usual ones); `mtime_ns` the time it gets (None: now). `step` is the step it
    belongs to, `why` says in the language of the request why this entry is touched. `items` counts what goes with a folder.
    """

    kind: ChangeKind
    path: str
    to: str = ""
    before: Stamp | None = None
    blob: str = ""
    size: int = 0
    mode: int | None = None
    mtime_ns: int | None = None
    step: str = ""
    why: str = ""
    items: int = 1

    @property
    def result(self) -> str:
        """The path at which its result stands."""
        return self.to if self.kind is ChangeKind.MOVE else self.path


class FolderTime(Value):
    """The time of a folder before something in it was changed, in nanoseconds."""

    path: str
    mtime_ns: int


class Applied(Value):
    """A change that happened, as its n-th: what stands at its result now (None: nothing), and how it is found again.

    `trash` names the place in the system's trash; `blob` keeps the contents from before, "" where they are not kept.
    """

    n: int
    change: Change
    after: Stamp | None = None
    trash: str = ""
    blob: str = ""


class Conflict(Value):
    """Why a change cannot happen, or cannot be undone, as the world is now."""

    path: str
    reason: str
    step: str = ""


class Totals(Value):
    """How many entries a preview touches, by kind; bytes that are written, and bytes that go to the trash."""

    created: int = 0
    written: int = 0
    moved: int = 0
    trashed: int = 0
    folders: int = 0
    bytes_written: int = 0
    bytes_trashed: int = 0

    @property
    def entries(self) -> int:
        """All entries that are touched."""
        return self.created + self.written + self.moved + self.trashed + self.folders


class Preview(Value):
    """The real set of changes of a plan in the order they happen; `digest` is what an approval refers to.

    `conflicts` stop the plan. `uncovered` says, in the language of the request, what undo cannot take back. `at` is when
    the disk was looked at.
    """

    digest: str
    changes: tuple[Change, ...] = ()
    conflicts: tuple[Conflict, ...] = ()
    totals: Totals = Totals()
    uncovered: tuple[str, ...] = ()
    at: datetime


class DiffLine(Value):
    """A line of a hunk: kept (" "), taken out ("-") or put in ("+"), with its numbers before and after (None: not there)."""

    sign: Literal[" ", "-", "+"]
    text: str
    old: int | None = None
    new: int | None = None


class Hunk(Value):
    """Neighbouring changed lines with some around them; `n` counts from 0 within the file."""

    n: int
    old_start: int
    new_start: int
    lines: tuple[DiffLine, ...]


class FileDiff(Value):
    """How one file differs: hunks of text, or, for a `binary` one, only sizes. `to` is its new place where it moves."""

    path: str
    kind: ChangeKind
    to: str = ""
    binary: bool = False
    old_size: int = 0
    new_size: int = 0
    hunks: tuple[Hunk, ...] = ()
    truncated: bool = False
    old_eol: bool = Field(default=True, description="whether the last line of the file before ends with a line break")
    new_eol: bool = Field(default=True, description="the same of the file after")
