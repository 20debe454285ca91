"""What a plan touches as two trees of files: as they stand before it and after it. Used by the diff dock."""

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from PySide6.QtCore import QAbstractItemModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from assistant.api.views import Change, ChangeKind
from ui.i18n import tr
from ui.i18n.visible import homely, plain_tip, visible
from ui.theme import colours

Index = QModelIndex | QPersistentModelIndex
Mark = Literal["", "gone", "new", "edited", "moved"]


@dataclass(slots=True, eq=False)
class Node:
    """An entry of a tree; `mark` tells what becomes of it (before) or how it came about (after), `other` its other place."""

    name: str
    path: str
    parent: "Node | None" = None
    mark: Mark = ""
    other: str = ""
    children: dict[str, "Node"] = field(default_factory=dict[str, "Node"])
    row: int = 0

    def ordered(self) -> "list[Node]":
        """Return what is below it, in order."""
        return list(self.children.values())


def simulate(changes: Iterable[Change]) -> tuple[Node, Node]:
    """Return the touched entries before and after these changes, which happen in order; chains come out as their ends."""
    came: dict[str, str] = {}  # present place of what was there before -> its first place
    before: dict[str, tuple[Mark, str]] = {}
    after: dict[str, tuple[Mark, str]] = {}
    for change in changes:
        path = change.path
        if change.kind in (ChangeKind.CREATE, ChangeKind.MKDIR):
            after[path] = ("new", "")
        elif change.kind is ChangeKind.WRITE:
            if path not in after or after[path][0] != "new":
                after[path] = ("edited", came.get(path, ""))
                before.setdefault(_origin(path, came), ("edited", ""))
        elif change.kind is ChangeKind.MOVE:
            made = after.pop(path, None)
            first = _origin(path, came)
            came.pop(path, None)
            if made is not None and made[0] == "new":
                after[change.to] = made
                continue
            came[change.to] = first
            before[first] = ("moved", change.to)
            after[change.to] = ("moved", first)
        else:
            made = after.pop(path, None)
            first = _origin(path, came)
            came.pop(path, None)
            if made is None or made[0] != "new":
                before[first] = ("gone", "")
    return _tree(before), _tree(after)


def _origin(path: str, came: dict[str, str]) -> str:
    """Return where an entry was at first: it may have moved, or a folder above it."""
    if path in came or not came:
        return came.get(path, path)
    cut = path.rfind(os.sep)
    while cut > 0:
        if path[:cut] in came:
            return came[path[:cut]] + path[cut:]
        cut = path.rfind(os.sep, 0, cut)
    return path


def _tree(entries: dict[str, tuple[Mark, str]]) -> Node:
    """Return a tree with single-child folders at its top joined into one."""
    top = Node("", "")
    known = {"": top}
    for path in sorted(entries):
        here = _entry(path, known)
        here.mark, here.other = entries[path]
    root = top
    while len(root.children) == 1 and not root.mark:
        only = next(iter(root.children.values()))
        if not only.children:
            break
        root = only
    top = Node("", "")
    if root.children and root.path:
        root.parent, root.name = top, root.path
        top.children = {root.name: root}
    else:
        top.children = root.children
        for child in top.children.values():
            child.parent = top
    _number(top)
    return top


def _entry(path: str, known: dict[str, Node]) -> Node:
    """Return the node of a path, made with all above it where it is new."""
    found = known.get(path)
    if found is None:
        above, sep, name = path.rpartition(os.sep)
        parent = _entry(above, known)
        found = known[path] = Node(name if above else sep + name, path, parent)
        parent.children[found.name] = found
    return found


def _number(node: Node) -> None:
    waiting = [node]
    while waiting:
        here = waiting.pop()
        for row, child in enumerate(here.children.values()):
            child.row = row
            waiting.append(child)


def mark_label(node: Node) -> str:
    """Say what becomes of an entry, or how it came about."""
    return {
        "": "",
        "gone": tr("goes to the trash or is removed"),
        "new": tr("new"),
        "edited": tr("edited"),
        "moved": tr("moved: {path}").format(path=homely(node.other)) if node.other else tr("moved"),
    }[node.mark]


def _short_mark(node: Node) -> str:
    return {"gone": tr("goes"), "new": tr("new"), "edited": tr("edited"), "moved": tr("moved")}.get(node.mark, "")


class SimulationModel(QAbstractItemModel):
    """One of the two trees; `widget` lends its colours."""

    def __init__(self, widget: QWidget, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._widget = widget
        self.top = Node("", "")
        self._lists: dict[int, list[Node]] = {}

    def show(self, top: Node) -> None:
        """Take another tree."""
        self.beginResetModel()
        self.top = top
        self._lists = {}
        self.endResetModel()

    def node(self, index: Index | None) -> Node:
        """Return the entry of a row; the top for none."""
        if index is None or not index.isValid():
            return self.top
        found = index.internalPointer()
        return found if isinstance(found, Node) else self.top

    def _below(self, node: Node) -> list[Node]:
        known = self._lists.get(id(node))
        if known is None:
            known = self._lists[id(node)] = node.ordered()
        return known

    def index(self, row: int, column: int, parent: Index | None = None) -> QModelIndex:
        """Make an index that points at its entry, which the tree keeps."""
        below = self._below(self.node(parent))
        return self.createIndex(row, column, below[row]) if 0 <= row < len(below) and column == 0 else QModelIndex()

    def parent(self, index: Index | None = None) -> QModelIndex:  # type: ignore[override]
        """Return the folder of an entry."""
        above = self.node(index).parent
        return QModelIndex() if above is None or above is self.top else self.createIndex(above.row, 0, above)

    def rowCount(self, parent: Index | None = None) -> int:
        """Count what is below."""
        return len(self.node(parent).children)

    def columnCount(self, parent: Index | None = None) -> int:
        """One column."""
        return 1

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Answer for an entry."""
        node = self.node(index)
        name = homely(node.name) if os.sep in node.name else visible(node.name)
        if role == Qt.ItemDataRole.DisplayRole:
            return f"{name} · {_short_mark(node)}" if node.mark else name
        if role == Qt.ItemDataRole.ForegroundRole:
            here = colours(self._widget)
            tint = {"gone": here.bad, "new": here.good, "edited": here.accent, "moved": here.accent}.get(node.mark, here.text)
            return QColor(tint)
        said = mark_label(node)
        if role == Qt.ItemDataRole.ToolTipRole:
            return plain_tip("\n".join(filter(None, (homely(node.path), said))))
        return ", ".join(filter(None, (name, said))) if role == Qt.ItemDataRole.AccessibleTextRole else None
