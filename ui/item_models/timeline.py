"""The facts of the bus as a bounded list, the newest first; changes of one source join. Used by the timeline dock."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import Any

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.api.views import (
    ActorRestarted,
    AnswerReady,
    ApprovalAwaited,
    ClaimFound,
    Event,
    FilesChanged,
    IngestFailed,
    IntentRecognised,
    JobProgressed,
    MemoryRecalled,
    PlanDecided,
    PlanPreviewed,
    PolicyBlocked,
    PreviewProgressed,
    QuestionAsked,
    RunEnded,
    RunReverted,
    SourceChanged,
    SourceForgotten,
    SourceRemembered,
    StepChanged,
    VerdictRecorded,
    Warned,
)
from ui.i18n import tr
from ui.i18n.visible import plain_tip
from ui.item_models.sentences import sentence

Index = QModelIndex | QPersistentModelIndex
LIMIT = 2000
PASSING = ("waiting", "running")
"""States of steps that are shown while they last and make no line."""
LOOK_BACK = 64
"""A change of a source joins its earlier line when that is among so many newest lines."""


class Kind(StrEnum):
    """By what the timeline can be narrowed."""

    ALL = "all"
    INDEXING = "indexing"
    QUESTIONS = "questions"
    RECALLS = "recalls"
    PLANS = "plans"
    TOOLS = "tools"
    RECEIPTS = "receipts"
    POLICY = "policy"
    WARNINGS = "warnings"


def kind_label(kind: Kind) -> str:
    """Return the word on a filter chip."""
    return {
        Kind.ALL: tr("All"),
        Kind.INDEXING: tr("Indexing"),
        Kind.QUESTIONS: tr("Questions"),
        Kind.RECALLS: tr("Look-ups"),
        Kind.PLANS: tr("Plans"),
        Kind.TOOLS: tr("Tools"),
        Kind.RECEIPTS: tr("Done"),
        Kind.POLICY: tr("Policy"),
        Kind.WARNINGS: tr("Warnings"),
    }[kind]


class LineRole(IntEnum):
    """What can be asked of a row beyond Qt's own roles: its Line."""

    LINE = Qt.ItemDataRole.UserRole + 1


@dataclass(slots=True)
class Line:
    """One line of the timeline: the newest of `count` facts about the same thing; `path` is empty where nothing can be opened."""

    at: datetime
    kind: Kind
    event: Event
    path: str = ""
    count: int = 1

    @property
    def run(self) -> str:
        """The id of the run it tells of, "" for none."""
        return str(getattr(self.event, "run_id", ""))

    @property
    def plan(self) -> str:
        """The id of the plan it tells of, "" for none."""
        return str(getattr(self.event, "plan_id", ""))

    @property
    def sentence(self) -> str:
        """The fact, in the window's language."""
        return sentence(self.event)

    @property
    def text(self) -> str:
        """The sentence and, where it stands for several facts, how many."""
        return self.sentence + (f" ×{self.count}" if self.count > 1 else "")


def kind_of(event: Event) -> Kind:
    """Say under which filter an event is found."""
    match event:
        case QuestionAsked() | AnswerReady() | ClaimFound():
            return Kind.QUESTIONS
        case MemoryRecalled():
            return Kind.RECALLS
        case VerdictRecorded() | PolicyBlocked():
            return Kind.POLICY
        case IntentRecognised() | PlanPreviewed() | ApprovalAwaited() | PlanDecided():
            return Kind.PLANS
        case StepChanged():
            return Kind.TOOLS
        case RunEnded() | RunReverted() | FilesChanged():
            return Kind.RECEIPTS
        case IngestFailed() | ActorRestarted():
            return Kind.WARNINGS
        case Warned(level=level):
            return Kind.INDEXING if level == "info" else Kind.WARNINGS
        case _:
            return Kind.INDEXING


class TimelineModel(QAbstractListModel):
    """Keeps the newest facts that pass the filter on top, at most `LIMIT` in all."""

    def __init__(self, parent: QObject | None = None, limit: int = LIMIT) -> None:
        super().__init__(parent)
        self._limit = limit
        self._kept: list[Line] = []  # oldest first, whatever the filter says
        self._shown: list[Line] = []  # oldest first; row 0 is the last one
        self._kind = Kind.ALL
        self._words: list[str] = []

    def add(self, event: Event) -> None:
        """Take a fact; progress and single claims are shown elsewhere and make no line."""
        if isinstance(event, JobProgressed | ClaimFound | PreviewProgressed):
            return
        if isinstance(event, StepChanged) and event.state in PASSING:
            return
        path = str(getattr(event, "path", ""))
        kind = kind_of(event)
        earlier = self._earlier(path, kind) if isinstance(event, SourceChanged | SourceRemembered) else None
        if earlier is not None:
            self._forget_line(earlier)
        count = 1 if earlier is None else earlier.count + 1
        opens = path if not isinstance(event, SourceForgotten) else ""
        self._append(Line(event.at, kind, event, opens, count))
        if len(self._kept) > self._limit:
            self._forget_line(self._kept[0])

    def begin_with(self, events: Sequence[Event]) -> None:
        """Put facts from before this window below everything, as far as the limit allows; the oldest comes first."""
        room = max(0, self._limit - len(self._kept))
        older = [Line(event.at, kind_of(event), event) for event in events[max(0, len(events) - room) :]]
        self._kept = [*older, *self._kept]
        shown = [line for line in older if self._passes(line)]
        if shown:
            last = len(self._shown)
            self.beginInsertRows(QModelIndex(), last, last + len(shown) - 1)
            self._shown = [*shown, *self._shown]
            self.endInsertRows()

    def _earlier(self, path: str, kind: Kind) -> Line | None:
        recent = reversed(self._kept[-LOOK_BACK:])
        same = (line for line in recent if line.path == path and line.kind is kind)
        return next((line for line in same if isinstance(line.event, SourceChanged | SourceRemembered)), None)

    def _passes(self, line: Line) -> bool:
        if self._kind not in (Kind.ALL, line.kind):
            return False
        text = line.text.casefold() if self._words else ""
        return all(word in text for word in self._words)

    def _append(self, line: Line) -> None:
        self._kept.append(line)
        if self._passes(line):
            self.beginInsertRows(QModelIndex(), 0, 0)
            self._shown.append(line)
            self.endInsertRows()

    def _forget_line(self, line: Line) -> None:
        del self._kept[_place(self._kept, line)]
        if self._passes(line):
            place = _place(self._shown, line)
            row = len(self._shown) - 1 - place
            self.beginRemoveRows(QModelIndex(), row, row)
            del self._shown[place]
            self.endRemoveRows()

    def narrow(self, kind: Kind, text: str = "") -> None:
        """Show one kind only, or all, and of these the lines that hold every word of `text`, whatever its case."""
        self.beginResetModel()
        self._kind, self._words = kind, text.casefold().split()
        self._shown = [line for line in self._kept if self._passes(line)]
        self.endResetModel()

    def line(self, index: Index) -> Line | None:
        """Return the line of a row."""
        known = index.isValid() and 0 <= index.row() < len(self._shown)
        return self._shown[len(self._shown) - 1 - index.row()] if known else None

    def shown(self) -> list[Line]:
        """Return the lines that pass the filter, the newest first."""
        return list(reversed(self._shown))

    def rowCount(self, parent: Index | None = None) -> int:
        """Count the lines shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for a line."""
        line = self.line(index)
        if line is None:
            return None
        if role == LineRole.LINE:
            return line
        if role == Qt.ItemDataRole.DisplayRole:
            return line.text
        when = line.at.astimezone()
        if role == Qt.ItemDataRole.ToolTipRole:
            opens = f"\n{tr('Click to open')}" if line.path else ""
            return plain_tip(f"{when:%Y-%m-%d %H:%M:%S}\n{line.text}{opens}")
        return f"{when:%H:%M:%S}, {line.text}" if role == Qt.ItemDataRole.AccessibleTextRole else None


def _place(lines: list[Line], wanted: Line) -> int:
    """Find a line by identity: the first is the one that leaves at the limit, the others are near the end."""
    if lines and lines[0] is wanted:
        return 0
    return next(place for place in range(len(lines) - 1, -1, -1) if lines[place] is wanted)
