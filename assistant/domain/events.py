"""Past facts, published on the bus and shown in the timeline. Handlers never issue commands."""

from datetime import datetime
from typing import Literal

from assistant.domain.answer import Answer, Claim
from assistant.domain.base import Value


class Event(Value):
    """A fact with an id, a time (UTC) and the id that correlates all facts of one request."""

    id: str
    at: datetime
    correlation: str = ""


class IngestStarted(Event):
    """Paths were accepted and their files queued."""

    paths: tuple[str, ...]
    files: int


class SourceChanged(Event):
    """A source moved to another state."""

    source_id: str
    path: str
    state: str
    reason: str = ""
    chunks: int = 0


class SourceRemembered(Event):
    """A source is wholly in memory: text, and vectors where a model knows its language."""

    source_id: str
    path: str
    chunks: int


class IngestFailed(Event):
    """One file could not be read; the others go on."""

    source_id: str
    path: str
    code: str
    reason: str


class JobProgressed(Event):
    """Progress of all indexing together; `eta_s` is None until it can be estimated honestly."""

    files_total: int
    files_searchable: int
    files_done: int
    files_failed: int
    chunks_total: int
    chunks_embedded: int
    eta_s: float | None
    paused: bool
    slowed: bool = False


class IngestFinished(Event):
    """Nothing is left in the queue."""

    remembered: int
    failed: int
    excluded: int


class SourceForgotten(Event):
    """A source was erased everywhere; `proved` tells whether the check afterwards found nothing."""

    path: str
    chunks: int
    proved: bool


class ChangesNoticed(Event):
    """Changes on disk were taken into memory: counts of files to read, moved, deleted, and out of reach."""

    roots: tuple[str, ...]
    changed: int
    moved: int
    removed: int
    offline: int


class RootChanged(Event):
    """A watched root went out of reach or came back, or is followed in another way."""

    path: str
    online: bool
    reason: str = ""


class QuestionAsked(Event):
    """A turn began."""

    question: str


class ClaimFound(Event):
    """A checked claim of a running answer, with its place in order."""

    index: int
    claim: Claim


class AnswerReady(Event):
    """The turn ended."""

    answer: Answer


class VerdictRecorded(Event):
    """The policy decided about a step."""

    tool: str
    origin: str
    decision: str
    reason: str


class ModelChanged(Event):
    """A model was installed, removed, or is being fetched."""

    model_id: str
    state: str
    detail: str = ""


class SpaceChanged(Event):
    """A vector space moved to another state, or `done` of its `total` chunks have their vectors now."""

    model: str
    state: str
    done: int
    total: int
    reason: str = ""


class VerifyProgressed(Event):
    """So many of all chunks were looked at by a running verification."""

    done: int
    total: int


class GoldenRunEnded(Event):
    """A golden set was run; `fallen` names every figure that is worse than at the last good run by more than allowed."""

    kind: str
    figures: dict[str, float]
    fallen: tuple[str, ...] = ()


class Warned(Event):
    """Something needs a person's attention but stopped nothing."""

    level: Literal["info", "warning", "error"]
    code: str
    text: str
