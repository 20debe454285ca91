"""The steps of a plan as a tree: each step with what there is to know of it below. Used by the plan dock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.api.views import StepView
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import homely, plain_tip, visible
from ui.item_models.deed_words import decision_label, effect_label, risk_label, step_state, taint_line, value_text

Index = QModelIndex | QPersistentModelIndex
FIRST_PATHS = 5


class StepRole(IntEnum):
    """What can be asked of a row beyond Qt's own roles: its StepRow or Detail."""

    ROW = Qt.ItemDataRole.UserRole + 1


class Detail(NamedTuple):
    """One thing to know of a step: what it is called, and what it is; `warns` marks what needs a look."""

    name: str
    text: str
    warns: bool = False


class Standing(NamedTuple):
    """How far a step is: its state, and counts where they are known."""

    state: str
    done: int = 0
    total: int = 0


@dataclass(slots=True)
class StepRow:
    """A step with where it stands and its details."""

    view: StepView
    standing: Standing
    details: tuple[Detail, ...]

    @property
    def title(self) -> str:
        """What the step is called."""
        return visible(self.view.step.title or self.view.step.tool)

    @property
    def below(self) -> str:
        """The second line: tool, state, how far, how many changes."""
        done, total = self.standing.done, self.standing.total
        counted = tr("{done} of {total}").format(done=done, total=total) if total and self.standing.state == "running" else ""
        changes = tr_n("%n changes", self.view.changes) if self.view.changes else ""
        state = step_state(self.standing.state) if self.standing.state != "waiting" else ""
        return " · ".join(filter(None, (visible(self.view.step.tool), state, counted, changes)))


def details_of(view: StepView) -> tuple[Detail, ...]:
    """Return what there is to know of a step, in the order in which a person decides."""
    risk = view.verdict.risk
    rows = [Detail(visible(name), " ".join(value_text(value).split())) for name, value in view.step.arguments.items()]
    if view.effects:
        rows.append(Detail(tr("Effects"), ", ".join(effect_label(effect) for effect in view.effects)))
    rows.append(Detail(tr("Risk"), risk_label(risk.level, risk.score), risk.level == "high"))
    rows += [Detail("", told(reason)) for reason in risk.reasons]
    if risk.stop:
        rows.append(Detail(tr("Never done"), told(risk.stop), True))
    rows.append(Detail(tr("Policy"), f"{decision_label(view.verdict.decision)}: {told(view.verdict.reason)}"))
    rows += [Detail(tr("Origin"), " ".join(taint_line(taint).split()), True) for taint in view.taints]
    rows += _paths(tr("Writes"), view.writes) + _paths(tr("Reads"), view.reads)
    if view.step.after:
        rows.append(Detail(tr("Waits for"), ", ".join(map(visible, view.step.after))))
    rows += [Detail(tr("Evidence"), homely(cite.path)) for cite in view.step.evidence]
    return tuple(rows)


def _paths(name: str, paths: Sequence[str]) -> list[Detail]:
    rows = [Detail(name if not number else "", homely(path)) for number, path in enumerate(paths[:FIRST_PATHS])]
    rest = len(paths) - FIRST_PATHS
    return [*rows, Detail("", tr_n("and %n more", rest))] if rest > 0 else rows


class StepsModel(QAbstractItemModel):
    """Steps on top, details below; a change of state alone leaves what is unfolded and chosen as it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[StepRow] = []

    def show(self, views: Sequence[StepView], standing: Mapping[str, Standing]) -> None:
        """Take the steps of a plan; those without a standing have that of their view."""
        rows = [
            StepRow(view, standing.get(view.step.id, Standing(view.state)), details_of(view))
            if number >= len(self.rows) or self.rows[number].view != view
            else StepRow(view, standing.get(view.step.id, Standing(view.state)), self.rows[number].details)
            for number, view in enumerate(views)
        ]
        if [(row.view.step.id, row.details) for row in rows] != [(row.view.step.id, row.details) for row in self.rows]:
            self.beginResetModel()
            self.rows = rows
            self.endResetModel()
            return
        for number, row in enumerate(rows):
            if row != self.rows[number]:
                self.rows[number] = row
                place = self.index(number, 0)
                self.dataChanged.emit(place, place)

    def step(self, index: Index) -> StepView | None:
        """Return the step of a row, or of the detail below it."""
        number = self._number(index)
        return self.rows[number].view if 0 <= number < len(self.rows) else None

    def _number(self, index: Index) -> int:
        if not index.isValid():
            return -1
        return index.row() if index.internalId() == 0 else index.internalId() - 1

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Make an index: 0 behind it means a step, a number above 0 the step (from 1) that a detail belongs to."""
        above = parent if parent is not None else QModelIndex()
        if not self.hasIndex(row, column, above):  # pyright: ignore[reportArgumentType]
            return QModelIndex()
        return self.createIndex(row, column, above.row() + 1 if above.isValid() else 0)

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]
        """Return the step above a detail."""
        if index is None or not index.isValid() or index.internalId() == 0:
            return QModelIndex()
        return self.createIndex(index.internalId() - 1, 0, 0)

    def rowCount(self, parent: Index | None = None) -> int:
        """Count steps, or the details of one."""
        if parent is None or not parent.isValid():
            return len(self.rows)
        return len(self.rows[parent.row()].details) if parent.internalId() == 0 and parent.row() < len(self.rows) else 0

    def columnCount(self, parent: Index | None = None) -> int:
        """One column: a dock is narrow."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for a row."""
        number = self._number(index)
        if not 0 <= number < len(self.rows):
            return None
        row = self.rows[number]
        if index.internalId():
            detail = row.details[index.row()]
            if role == StepRole.ROW:
                return detail
            text = f"{detail.name}: {detail.text}" if detail.name else detail.text
        else:
            if role == StepRole.ROW:
                return row
            text = row.title
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip(text if index.internalId() else f"{row.title}\n{row.below}")
        if role == Qt.ItemDataRole.AccessibleTextRole and not index.internalId():
            risk = row.view.verdict.risk
            return f"{row.title}, {row.below}, {risk_label(risk.level, risk.score)}"
        return text if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole) else None
