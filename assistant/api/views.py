"""What the window and the command line see: frozen views. Domain types they show as they are, are re-exported here."""

from datetime import datetime
from typing import Literal

from assistant.domain.answer import Answer, Citation, Claim
from assistant.domain.base import Value
from assistant.domain.change import Change, ChangeKind, Conflict, DiffLine, FileDiff, Hunk, Preview, Stamp
from assistant.domain.change import Totals as ChangeTotals
from assistant.domain.document import Modality, SourceState
from assistant.domain.events import (
    ActorRestarted,
    AnswerReady,
    ApprovalAwaited,
    ChangesNoticed,
    ClaimFound,
    Event,
    FilesChanged,
    GoldenRunEnded,
    IngestFailed,
    IngestFinished,
    IngestStarted,
    IntentRecognised,
    JobProgressed,
    MemoryRecalled,
    ModelChanged,
    PlanDecided,
    PlanPreviewed,
    PolicyBlocked,
    PreviewProgressed,
    QuestionAsked,
    RootChanged,
    RunEnded,
    RunReverted,
    SourceChanged,
    SourceForgotten,
    SourceRemembered,
    SpaceChanged,
    StepChanged,
    VerdictRecorded,
    VerifyProgressed,
    Warned,
)
from assistant.domain.health import (
    Budget,
    DriftPoint,
    FailedFile,
    GoldenRun,
    Health,
    RatePoint,
    TimePoint,
    TimeSeries,
    Trouble,
    TuningRecord,
)
from assistant.domain.memory import Cite, Hit, RecallQuery, RecallRecord, RecallResult, ScoreParts, Signals
from assistant.domain.models import ModelStatus
from assistant.domain.plan import (
    AuditRecord,
    Decision,
    Grant,
    GrantKind,
    Plan,
    PlanEdit,
    Proposal,
    Question,
    Reconciling,
    Reverted,
    Risk,
    Run,
    Step,
    StepView,
    Undertaking,
    Verdict,
)
from assistant.domain.sensitive import SECRETS, SensitiveKind
from assistant.domain.spaces import ConfirmedCase, ConfirmedPlace, SpaceRecord, SpaceState
from assistant.domain.tool import EffectKind, Guide, Table, Taint, ToolManifest
from assistant.domain.upkeep import (
    Backup,
    Collected,
    Comparison,
    Dated,
    Estimate,
    ForgetReport,
    MigrateReport,
    PreviewView,
    Progress,
    SkippedFile,
    Ticket,
    VerifyReport,
    WatchedRoot,
)

__all__ = [
    "SECRETS",
    "ActorRestarted",
    "Answer",
    "AnswerReady",
    "ApprovalAwaited",
    "AuditRecord",
    "Backup",
    "Budget",
    "Change",
    "ChangeKind",
    "ChangeTotals",
    "ChangesNoticed",
    "Check",
    "Citation",
    "Cite",
    "Claim",
    "ClaimFound",
    "Collected",
    "Comparison",
    "ConfirmedCase",
    "ConfirmedPlace",
    "Conflict",
    "Dated",
    "Decision",
    "DiffLine",
    "Doctor",
    "DriftPoint",
    "EffectKind",
    "Estimate",
    "EvalReport",
    "Event",
    "FailedFile",
    "FileDiff",
    "FilesChanged",
    "ForgetReport",
    "GoldenRun",
    "GoldenRunEnded",
    "Grant",
    "GrantKind",
    "Guide",
    "Health",
    "Hit",
    "Hunk",
    "IngestFailed",
    "IngestFinished",
    "IngestStarted",
    "IntentRecognised",
    "JobProgressed",
    "MemoryRecalled",
    "MigrateReport",
    "Modality",
    "ModelChanged",
    "ModelStatus",
    "Plan",
    "PlanDecided",
    "PlanEdit",
    "PlanPreviewed",
    "PolicyBlocked",
    "Preview",
    "PreviewProgressed",
    "PreviewView",
    "Progress",
    "Proposal",
    "Question",
    "QuestionAsked",
    "RatePoint",
    "RecallQuery",
    "RecallRecord",
    "RecallResult",
    "Reconciling",
    "Reverted",
    "Risk",
    "RootChanged",
    "Run",
    "RunEnded",
    "RunReverted",
    "ScoreParts",
    "SensitiveKind",
    "Signals",
    "SkippedFile",
    "SourceChanged",
    "SourceForgotten",
    "SourceRemembered",
    "SourceState",
    "SourceView",
    "SpaceChanged",
    "SpaceComparison",
    "SpaceRecord",
    "SpaceState",
    "Stamp",
    "Status",
    "Step",
    "StepChanged",
    "StepView",
    "Table",
    "Taint",
    "Ticket",
    "TimePoint",
    "TimeSeries",
    "ToolManifest",
    "Totals",
    "Trouble",
    "TuningRecord",
    "Undertaking",
    "Verdict",
    "VerdictRecorded",
    "VerifyProgressed",
    "VerifyReport",
    "Warned",
    "WatchedRoot",
]


class SourceView(Value):
    """One source as listed."""

    path: str
    state: SourceState
    reason: str
    chunks: int
    updated: datetime
    modality: Modality
    media: str
    size: int
    project: str


class Totals(Value):
    """Counts over the whole memory; `disk_bytes` is what it takes on disk, backups included, of `disk_budget` (0: no limit)."""

    sources: int
    chunks: int
    vectors: int
    by_state: dict[str, int]
    disk_bytes: int
    disk_budget: int = 0


class Status(Value):
    """The answer of `mneme status`."""

    sources: tuple[SourceView, ...]
    totals: Totals
    model: str
    text_search_only: bool
    home: str
    progress: Progress


class Check(Value):
    """One line of `mneme doctor`."""

    name: str
    state: Literal["ok", "warning", "problem"]
    detail: str
    remedy: str = ""


class Doctor(Value):
    """All checks."""

    ok: bool
    checks: tuple[Check, ...]


class SpaceComparison(Value):
    """Vector spaces side by side; `figures` of each carry the prefix of their set: `golden.` or `mine.`."""

    spaces: tuple[SpaceRecord, ...]


class EvalReport(Value):
    """Figures of an evaluation; `figures` holds the keys of `mneme eval --json` and, for the golden set, per-language ones."""

    name: str
    retriever: Literal["hybrid", "dense", "sparse"]
    figures: dict[str, float]
    failures: tuple[str, ...] = ()
