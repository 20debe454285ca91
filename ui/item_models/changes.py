"""The files that a plan, a run or a git working tree changes, as a list that can be narrowed. Used by the diff dock."""

from collections.abc import Iterable, Mapping, Sequence
from enum import IntEnum
from pathlib import PurePath
from typing import Any, Literal, NamedTuple

from PySide6.QtCore import QAbstractListModel, QModelIndex, QObject, QPersistentModelIndex, Qt

from assistant.api.views import Change, ChangeKind, FileDiff
from ui.i18n import tr, tr_n
from ui.i18n.amounts import size
from ui.i18n.visible import homely, plain_tip, visible
from ui.item_models.deed_words import change_label

Index = QModelIndex | QPersistentModelIndex
KINDS: tuple[tuple[ChangeKind, ...], ...] = (
    (ChangeKind.CREATE,),
    (ChangeKind.WRITE,),
    (ChangeKind.MOVE,),
    (ChangeKind.TRASH,),
    (ChangeKind.MKDIR, ChangeKind.RMDIR),
)
"""By what the list can be narrowed."""


class ChangeRole(IntEnum):
    """What can be asked of a row beyond Qt's own roles: its ChangeRow."""

    ROW = Qt.ItemDataRole.UserRole + 1


class ChangeRow(NamedTuple):
    """One changed entry: sizes in bytes before and after (None: not there); `left_out` tells what of it is not taken."""

    kind: ChangeKind
    path: str
    to: str = ""
    old_size: int | None = None
    new_size: int | None = None
    why: str = ""
    step: str = ""
    folder: bool = False
    items: int = 1
    left_out: Literal["", "some", "all"] = ""

    @property
    def name(self) -> str:
        """The name that is shown first: the new one where an entry moves."""
        path = self.to or self.path
        return visible(PurePath(path).name or path)

    @property
    def place(self) -> str:
        """Where it is, or where it comes from and goes to."""
        here = homely(str(PurePath(self.path).parent))
        if not self.to:
            return here
        there = homely(str(PurePath(self.to).parent))
        old = visible(PurePath(self.path).name)
        return tr("was {name}").format(name=old) if here == there else f"{here} → {there}"

    @property
    def sizes(self) -> str:
        """How large it was and will be."""
        if self.kind in (ChangeKind.MKDIR, ChangeKind.RMDIR):
            return ""
        if self.folder:
            return tr_n("%n entries", self.items)
        if self.kind is ChangeKind.WRITE and self.old_size is not None and self.new_size is not None:
            return f"{size(self.old_size)} → {size(self.new_size)}"
        known = self.new_size if self.new_size is not None else self.old_size
        return size(known) if known is not None else ""


def rows_of(changes: Iterable[Change], left_out: Mapping[str, Sequence[int]]) -> list[ChangeRow]:
    """Return the rows of a preview; a file of which every hunk is left out is listed too, so that it can be taken again."""
    rows = [_row(change, "some" if left_out.get(change.path) else "") for change in changes]
    listed = {row.path for row in rows}
    rows += [ChangeRow(ChangeKind.WRITE, path, left_out="all") for path, out in left_out.items() if out and path not in listed]
    return rows


def _row(change: Change, left_out: Literal["", "some"]) -> ChangeRow:
    before = change.before
    writes = change.kind in (ChangeKind.CREATE, ChangeKind.WRITE)
    return ChangeRow(
        kind=change.kind,
        path=change.path,
        to=change.to if change.kind is ChangeKind.MOVE else "",
        old_size=before.size if before is not None else None,
        new_size=change.size if writes else None,
        why=change.why,
        step=change.step,
        folder=before is not None and before.kind == "folder",
        items=change.items,
        left_out=left_out,
    )


def rows_of_diffs(diffs: Iterable[FileDiff]) -> list[ChangeRow]:
    """Return the rows of a git working tree."""
    return [ChangeRow(one.kind, one.path, one.to, one.old_size, one.new_size) for one in diffs]


class ChangesModel(QAbstractListModel):
    """All rows, and those that pass the filter."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[ChangeRow] = []
        self._words: list[str] = []
        self._shown: list[ChangeRow] = []
        self._kinds: tuple[ChangeKind, ...] = ()
        self._text = ""

    def show(self, rows: list[ChangeRow]) -> None:
        """Take other rows."""
        self.rows = rows
        self._words = [f"{row.path}\n{row.to}".casefold() for row in rows]
        self._filter()

    def narrow(self, kinds: tuple[ChangeKind, ...], text: str) -> None:
        """Show these kinds (() all) whose path holds every word of `text`, whatever its case."""
        self._kinds, self._text = kinds, text
        self._filter()

    def _filter(self) -> None:
        words = self._text.casefold().split()
        self.beginResetModel()
        self._shown = [
            row
            for row, text in zip(self.rows, self._words, strict=True)
            if (not self._kinds or row.kind in self._kinds) and all(word in text for word in words)
        ]
        self.endResetModel()

    def counts(self) -> dict[ChangeKind, int]:
        """Count all rows by kind."""
        found: dict[ChangeKind, int] = {}
        for row in self.rows:
            found[row.kind] = found.get(row.kind, 0) + 1
        return found

    def row(self, index: Index) -> ChangeRow | None:
        """Return the change of a row."""
        return self._shown[index.row()] if index.isValid() and 0 <= index.row() < len(self._shown) else None

    def find(self, path: str) -> QModelIndex:
        """Return where a path is shown; an invalid index when it is not."""
        row = next((number for number, one in enumerate(self._shown) if path in (one.path, one.to)), -1)
        return self.index(row, 0) if row >= 0 else QModelIndex()

    def rowCount(self, parent: Index | None = None) -> int:
        """Count what is shown."""
        return 0 if parent is not None and parent.isValid() else len(self._shown)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for a row."""
        row = self.row(index)
        if row is None:
            return None
        if role == ChangeRole.ROW:
            return row
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        said = change_label(row.kind)
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (row.name, said, row.place, row.sizes)))
        if role == Qt.ItemDataRole.ToolTipRole:
            path = f"{homely(row.path)}\n→ {homely(row.to)}" if row.to else homely(row.path)
            return plain_tip("\n".join(filter(None, (path, said, row.sizes, visible(row.why)))))
        return None
