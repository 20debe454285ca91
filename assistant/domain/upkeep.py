"""What memory reports of its own work: estimates, progress, verification, forgetting. Shown by window and command line."""

from datetime import datetime
from typing import Literal

from assistant.domain.base import Value


class SkippedFile(Value):
    """A file that will not be read, with the reason."""

    path: str
    reason: str


class Estimate(Value):
    """What remembering these paths would take. Sizes in bytes; seconds and disk are rough, from measured rates."""

    paths: tuple[str, ...]
    files: int
    bytes: int
    unchanged: int
    skipped: int
    skipped_examples: tuple[SkippedFile, ...]
    seconds_searchable: float
    seconds_ready: float
    disk_bytes: int


class Ticket(Value):
    """The receipt of an accepted ingest: its id, and how many files it queued."""

    id: str
    queued: int
    unchanged: int
    excluded: int


class Progress(Value):
    """Where indexing stands; `active` is False when the queue is empty; `repairing` names indexes that are being refilled;
    `slowed` tells that it saves the battery, `away` why vectors cannot be written or asked now.
    """

    active: bool
    paused: bool
    files_total: int
    files_searchable: int
    files_done: int
    files_failed: int
    chunks_total: int
    chunks_embedded: int
    chunks_per_s: float
    eta_s: float | None
    slowed: bool = False
    repairing: tuple[str, ...] = ()
    away: str = ""


class Comparison(Value):
    """One count against another."""

    name: str
    expected: int
    found: int
    agrees: bool
    detail: str = ""


class VerifyReport(Value):
    """The counts compared and what disagrees."""

    ok: bool
    comparisons: tuple[Comparison, ...]
    disagreements: tuple[str, ...]


class MigrateReport(Value):
    """What a memory was kept in and is kept in now. `moved` is False when it already was where it should be.

    `passages` and `vectors` count what was written to new engines, `lacking` the passages whose vectors are made again
    at the next start, since they were no longer known.
    """

    moved: bool
    dense_before: str
    dense: str
    sparse_before: str
    sparse: str
    passages: int = 0
    vectors: int = 0
    lacking: int = 0
    comparisons: tuple[Comparison, ...] = ()


class Backup(Value):
    """A copy of the records: where it is, when it was made, its size, and what is in it."""

    path: str
    at: datetime
    bytes: int
    sources: int
    chunks: int
    automatic: bool = False


class Collected(Value):
    """What was given back: bytes by kind, and the disk space that memory takes afterwards against its budget, in bytes."""

    freed: dict[str, int]
    vectors: int
    used: int
    budget: int


class ForgetReport(Value):
    """What was erased, and the proof: what each store still held afterwards (must be 0); `path` is "" for passages and for
    several files. `notes` name copies that forgetting does not reach.
    """

    path: str
    sources: int
    chunks: int
    proved: bool
    remains: dict[str, int]
    notes: tuple[str, ...] = ()


class Dated(Value):
    """A source in a stretch of time: when in it the source was remembered (last), and when its file changed; None: not in it."""

    path: str
    chunks: int
    remembered: datetime | None = None
    changed: datetime | None = None


class PreviewView(Value):
    """A source ready to be shown at a place. `kind` text/code/markdown carry `text`; page/image carry `png`.

    `line`..`line_end` (1-based) and `quote` tell what to mark; `marks` are rectangles in the picture's pixels.
    `text` is the file's own text, or the extracted text when `extracted`; `first_line` is the number of its first line.
    """

    path: str
    kind: Literal["text", "code", "markdown", "page", "image", "none"]
    title: str
    language: str = ""
    text: str = ""
    extracted: bool = False
    first_line: int = 1
    line: int = 0
    line_end: int = 0
    quote: str = ""
    page: int = 0
    pages: int = 0
    png: bytes = b""
    width: int = 0
    height: int = 0
    marks: tuple[tuple[float, float, float, float], ...] = ()
    note: str = ""


class WatchedRoot(Value):
    """A granted file or folder: whether changes are followed, whether it is there, and how changes are learnt."""

    path: str
    project: str
    watched: bool
    online: bool
    by: Literal["notices", "scans", ""] = ""
    reason: str = ""


class PoolFigures(Value):
    """How busy one pool of threads is: calls that run (at most `quota`), wait, and were done since the start."""

    name: str
    quota: int
    running: int
    waiting: int
    done: int


class ActorFigures(Value):
    """How one component that is kept at work fares: what waits in its queue and for how long, what it lost, did, and survived."""

    name: str
    running: bool
    restarts: int
    depth: int = 0
    lag_s: float = 0.0
    dropped: int = 0
    done: int = 0
