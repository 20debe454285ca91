"""Past facts, published on the bus and shown in the timeline. Handlers never issue commands."""

from datetime import datetime
from typing import Literal

from assistant.domain.answer import Answer, Claim
from assistant.domain.base import Value
from assistant.domain.change import Totals
from assistant.domain.plan import StepState


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


class MemoryRecalled(Event):
    """Somebody looked something up, or asked: through which door, the words, and how many sources were shown."""

    origin: str
    kind: Literal["recall", "ask"]
    query: str
    sources: int


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


class MemoryCompacted(Event):
    """The vectors were written anew, smaller and faster to look through."""


class SpaceGivenBack(Event):
    """Disk space was given back: bytes by kind."""

    freed: dict[str, int]


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


class IntentRecognised(Event):
    """A request was understood, or something has to be asked first, or it cannot be done: the tools it comes to."""

    request: str
    tools: tuple[str, ...]
    state: str


class PlanPreviewed(Event):
    """A plan was looked through: what it would change, and what the policy says of it."""

    plan_id: str
    request: str
    decision: str
    totals: Totals
    state: str


class ApprovalAwaited(Event):
    """A plan waits for a person."""

    plan_id: str
    request: str
    risk: str


class PlanDecided(Event):
    """A person approved a plan or denied it, or it was withdrawn."""

    plan_id: str
    request: str
    approved: bool
    origin: str


class PreviewProgressed(Event):
    """How far the preview of a plan is; `total` 0: unknown."""

    plan_id: str
    step: str
    done: int
    total: int
    text: str = ""


class StepChanged(Event):
    """A step of a run moved to another state, or is so far, or said something."""

    run_id: str
    plan_id: str
    step: str
    tool: str
    state: StepState
    done: int = 0
    total: int = 0
    text: str = ""


class FilesChanged(Event):
    """A run, an undo or a redo changed files: how many by kind, and some of their paths."""

    run_id: str
    act: Literal["run", "undo", "redo"]
    totals: Totals
    paths: tuple[str, ...]


class RunEnded(Event):
    """An approved plan came to its end; `standing` of its `total` changes stand."""

    run_id: str
    plan_id: str
    request: str
    state: str
    total: int
    standing: int
    reason: str = ""


class RunReverted(Event):
    """A run, or a step of it ("" all), was undone or done again."""

    run_id: str
    request: str
    step: str
    redo: bool
    changes: int
    conflicts: int


class PolicyBlocked(Event):
    """The policy refused an action, or nobody agreed to it."""

    tool: str
    origin: str
    reason: str


class ActorRestarted(Event):
    """A component failed and was started again with what waited for it."""

    actor: str
    reason: str
    times: int
