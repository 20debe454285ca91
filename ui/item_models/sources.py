"""The sources of memory as a tree (project, file) or a flat list; every update is a diff. Used by the memory dock."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import count
from typing import Any

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.api.views import SourceState, SourceView, WatchedRoot
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import plain_tip, visible
from ui.item_models.roots import marks
from ui.item_models.source_rows import Order, Shape, SourceRow, runs
from ui.item_models.states import GROUPS, StateGroup, state_label

Index = QModelIndex | QPersistentModelIndex

FEW = 8
"""More scattered changes than this are gathered at the end of the list first: a tree view lays itself out after each change."""


class SourceRole(IntEnum):
    """What can be asked of a row beyond Qt's own roles: its SourceRow, None for a heading."""

    ROW = Qt.ItemDataRole.UserRole + 1


@dataclass(frozen=True, slots=True)
class Change:
    """A source's new state; `chunks` is None where the event does not tell it."""

    path: str
    state: SourceState
    reason: str
    at: datetime
    chunks: int | None = None


class _Group:
    """The shown sources of one project; `number` identifies it in indexes for as long as it lives."""

    def __init__(self, number: int, name: str) -> None:
        self.number = number
        self.name = name
        self.place = 0
        self.rows: list[SourceRow] = []
        self.places: dict[str, int] = {}

    def renumber(self) -> None:
        self.places = {row.path: place for place, row in enumerate(self.rows)}


class SourceModel(QAbstractItemModel):
    """Filters and sorts by itself: a proxy in between asks Python for each comparison, which is felt at thousands of rows.

    Rows keep their identity between updates, so that selection, scroll and open groups stay where they were.
    """

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.shape = Shape()
        self.roots: tuple[WatchedRoot, ...] = ()
        self._marks: dict[str, str] = {}
        self._all: dict[str, SourceRow] = {}
        self._numbers = count(1)
        self._groups: list[_Group] = []
        self._by_number: dict[int, _Group] = {}

    # what is there

    def views(self) -> list[SourceView]:
        """All sources, shown or not."""
        return [row.view for row in self._all.values()]

    def counts(self) -> Counter[StateGroup]:
        """Count all sources by group, whatever is shown."""
        counted = Counter(GROUPS[row.view.state] for row in self._all.values())
        counted[StateGroup.ALL] = len(self._all)
        return counted

    def shown(self) -> int:
        """Count the files that pass the filter."""
        return sum(len(group.rows) for group in self._groups)

    def row_at(self, index: Index) -> SourceRow | None:
        """Return the row of a source, None for a project's heading."""
        group = self._by_number.get(index.internalId()) if index.isValid() else None
        return group.rows[index.row()] if group is not None and index.row() < len(group.rows) else None

    def index_of(self, path: str) -> QModelIndex:
        """Find a shown source by its path; an invalid index when it is not there."""
        for group in self._groups:
            if path in group.places:
                return self.createIndex(group.places[path], 0, group.number)
        return QModelIndex()

    # changes

    def show_roots(self, roots: Sequence[WatchedRoot]) -> None:
        """Take how the roots stand; headings tell what is out of the ordinary."""
        self.roots = tuple(roots)
        before, self._marks = self._marks, marks(roots)
        for group in self._groups if self.shape.grouped else ():
            if before.get(group.name) != self._marks.get(group.name):
                self.dataChanged.emit(self._heading(group), self._heading(group))

    def heading_at(self, index: Index) -> str | None:
        """Return the project of a heading, None for a source."""
        heads = self.shape.grouped and index.isValid() and not index.internalId() and index.row() < len(self._groups)
        return self._groups[index.row()].name if heads else None

    def show(self, sources: Iterable[SourceView]) -> None:
        """Make the rows equal to `sources`."""
        fresh: dict[str, SourceRow] = {}
        changed: list[str] = []
        for view in sources:
            row = self._all.get(view.path)
            if row is None:
                row = SourceRow(view)
            elif row.view != view:
                row.view = view
                changed.append(view.path)
            fresh[view.path] = row
        self._all = fresh
        self._apply(changed)

    def patch(self, changes: Iterable[Change]) -> bool:
        """Put known sources into other states; False when one is unknown (ask for the status then)."""
        changed: list[str] = []
        known = True
        for change in changes:
            row = self._all.get(change.path)
            if row is None:
                known = False
                continue
            chunks = row.view.chunks if change.chunks is None else change.chunks
            facts = {"state": change.state, "reason": change.reason, "chunks": chunks, "updated": change.at}
            row.view = row.view.model_copy(update=facts)
            changed.append(change.path)
        moved = self.shape.order is not Order.NAME or self.shape.group is not StateGroup.ALL
        self._apply(changed, moved=moved)
        return known

    def reshape(self, shape: Shape) -> None:
        """Show, sort and group differently; only going from groups to a list or back starts the rows afresh."""
        restart = shape.grouped != self.shape.grouped
        if restart:
            self.beginResetModel()
            self._groups.clear()
            self._by_number.clear()
        self.shape = shape
        if restart:
            self.endResetModel()
        self._apply(())

    def _apply(self, changed: Iterable[str], *, moved: bool = True) -> None:
        """Bring the shown rows in line; without `moved` only what the rows say has changed, not which there are."""
        if moved:
            self._arrange()
        touched = [(group, place) for path in changed for group in self._groups if (place := group.places.get(path)) is not None]
        for group in {group for group, _ in touched}:
            changes = runs(sorted(place for owner, place in touched if owner is group))
            for first, last in changes if len(changes) <= FEW else [(changes[0][0], changes[-1][1])]:
                self.dataChanged.emit(self.createIndex(first, 0, group.number), self.createIndex(last, 0, group.number))

    def _arrange(self) -> None:
        wanted = self.shape.arrange(self._all.values())
        for group in list(self._groups):
            if group.name not in wanted:
                self._drop_group(group)
        for place, (name, rows) in enumerate(wanted.items()):
            if place < len(self._groups) and self._groups[place].name == name:
                self._refresh(self._groups[place], rows)
            else:
                self._add_group(place, name, rows)

    def _heading(self, group: _Group) -> QModelIndex:
        return self.createIndex(group.place, 0, 0) if self.shape.grouped else QModelIndex()

    def _refresh(self, group: _Group, wanted: list[SourceRow]) -> None:
        if group.rows == wanted:
            return
        size = len(group.rows)
        self._remove(group, {row.path for row in wanted})
        self._insert(group, wanted)
        if self.shape.grouped and size != len(wanted):
            self.dataChanged.emit(self._heading(group), self._heading(group))

    def _remove(self, group: _Group, keep: set[str]) -> None:
        gone = runs(place for place, row in enumerate(group.rows) if row.path not in keep)
        if len(gone) > FEW:
            kept = [row for row in group.rows if row.path in keep]
            self._reorder(group, kept + [row for row in group.rows if row.path not in keep])
            gone = [(len(kept), len(group.rows) - 1)]
        for first, last in reversed(gone):
            self.beginRemoveRows(self._heading(group), first, last)
            del group.rows[first : last + 1]
            self.endRemoveRows()
        group.renumber()

    def _insert(self, group: _Group, wanted: list[SourceRow]) -> None:
        fresh = runs(place for place, row in enumerate(wanted) if row.path not in group.places)
        if len(fresh) > FEW:
            added = [row for row in wanted if row.path not in group.places]
            self.beginInsertRows(self._heading(group), len(group.rows), len(group.rows) + len(added) - 1)
            group.rows = group.rows + added
            self.endInsertRows()
            fresh = []
        known = {row.path for row in group.rows}
        stayed = [row for row in wanted if row.path in known]
        if stayed != group.rows:
            self._reorder(group, stayed)
        for first, last in fresh:
            self.beginInsertRows(self._heading(group), first, last)
            group.rows[first:first] = wanted[first : last + 1]
            self.endInsertRows()
        group.renumber()

    def _reorder(self, group: _Group, rows: list[SourceRow]) -> None:
        self.layoutAboutToBeChanged.emit()
        held = [index for index in self.persistentIndexList() if index.internalId() == group.number]
        names = [group.rows[index.row()].path for index in held]
        group.rows = rows
        group.renumber()
        self.changePersistentIndexList(held, [self.createIndex(group.places[name], 0, group.number) for name in names])
        self.layoutChanged.emit()

    def _add_group(self, place: int, name: str, rows: list[SourceRow]) -> None:
        group = _Group(next(self._numbers), name)
        group.rows = rows
        group.renumber()
        last = place if self.shape.grouped else len(rows) - 1
        self.beginInsertRows(QModelIndex(), place, last)
        self._groups.insert(place, group)
        self._by_number[group.number] = group
        self._place_groups()
        self.endInsertRows()

    def _drop_group(self, group: _Group) -> None:
        first, last = (group.place, group.place) if self.shape.grouped else (0, len(group.rows) - 1)
        self.beginRemoveRows(QModelIndex(), first, last)
        self._groups.remove(group)
        del self._by_number[group.number]
        self._place_groups()
        self.endRemoveRows()

    def _place_groups(self) -> None:
        for place, group in enumerate(self._groups):
            group.place = place

    # Qt's questions

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Headings carry the id 0, sources the number of their group."""
        above = parent if parent is not None and parent.isValid() else None
        if row < 0 or column != 0 or row >= self.rowCount(above):
            return QModelIndex()
        if self.shape.grouped and above is None:
            return self.createIndex(row, 0, 0)
        return self.createIndex(row, 0, self._groups[above.row() if above is not None else 0].number)

    def parent(self, index: Index) -> QModelIndex:  # type: ignore[override]
        """Sources lie under their project, in a flat list under nothing."""
        group = self._by_number.get(index.internalId()) if index.isValid() else None
        return self._heading(group) if group is not None else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        """Count projects, or the files of one."""
        if parent is None or not parent.isValid():
            if self.shape.grouped:
                return len(self._groups)
            return len(self._groups[0].rows) if self._groups else 0
        if not self.shape.grouped or parent.internalId() or parent.row() >= len(self._groups):
            return 0
        return len(self._groups[parent.row()].rows)

    def columnCount(self, parent: Index | None = None) -> int:
        """One: a delegate draws what belongs to a source."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for a source or for a heading."""
        row = self.row_at(index)
        if row is not None:
            return _source_data(row, role)
        spoken = (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.AccessibleTextRole)
        if role not in spoken or not index.isValid() or index.row() >= len(self._groups):
            return None
        group = self._groups[index.row()]
        mark = self._marks.get(group.name, "")
        told_of = ", ".join(part for part in (tr_n("%n files", len(group.rows)), mark) if part)
        return f"{visible(group.name) or tr('Other files')} · {told_of}"


def _source_data(row: SourceRow, role: int) -> Any:
    view = row.view
    match role:
        case SourceRole.ROW:
            return row
        case Qt.ItemDataRole.DisplayRole:
            return row.name
        case Qt.ItemDataRole.ToolTipRole:
            lines = (visible(view.path), state_label(view.state), visible(told(view.reason)))
            return plain_tip("\n".join(part for part in lines if part))
        case Qt.ItemDataRole.AccessibleTextRole:
            words = (row.name, state_label(view.state), visible(told(view.reason)), tr_n("%n passages", view.chunks), row.folder)
            return ", ".join(part for part in words if part)
        case _:
            return None
