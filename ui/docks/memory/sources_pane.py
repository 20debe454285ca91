"""The list of sources with its menu. Part of the memory dock; it asks, the dock acts."""

from collections.abc import Sequence
from functools import partial
from pathlib import PurePath

from PySide6.QtCore import QModelIndex, QPoint, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QMenu, QStackedWidget, QTreeView, QVBoxLayout, QWidget

from assistant.api.views import WatchedRoot
from ui.docks.memory.filter_bar import FilterBar
from ui.i18n import tr
from ui.i18n.visible import visible
from ui.item_models.draw_source import SourceDelegate
from ui.item_models.roots import root_of
from ui.item_models.source_rows import Shape, SourceRow
from ui.item_models.sources import SourceModel
from ui.theme import LARGE, SMALL


class _Tree(QTreeView):
    """Delete asks to forget what is selected; the arrows and letters are Qt's."""

    deletePressed = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Delete:
            self.deletePressed.emit()
        else:
            super().keyPressEvent(event)


class SourcesPane(QWidget):
    """`opened` and `revealed` carry a path, `retried` a list of paths, `forgetAsked` a list of paths (files, or one folder).

    `watchAsked` carries the path of a root and whether it shall be watched.
    """

    opened = Signal(str)
    revealed = Signal(str)
    retried = Signal(list)
    forgetAsked = Signal(list)
    watchAsked = Signal(str, bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = SourceModel(self)
        self.filter = FilterBar()
        self.tree = _Tree()
        self.tree.setModel(self.model)
        self.tree.setItemDelegate(SourceDelegate(self.tree))
        self.tree.setProperty("role", "drawn")
        self.tree.setHeaderHidden(True)
        self.tree.setUniformRowHeights(True)
        self.tree.setIndentation(14)
        self.tree.setMouseTracking(True)
        self.tree.setExpandsOnDoubleClick(True)
        self.tree.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.tree.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.tree.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.tree.setContextMenuPolicy(Qt.ContextMenuPolicy.CustomContextMenu)
        self.tree.setAccessibleName(tr("Sources"))
        self.empty = QLabel()
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.empty.setMargin(LARGE // 2)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.tree)
        self.pages.addWidget(self.empty)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL + 2)
        layout.addWidget(self.filter)
        layout.addWidget(self.pages, 1)
        self.filter.changed.connect(self._reshape)
        self.tree.activated.connect(self._activate)
        self.tree.customContextMenuRequested.connect(self._menu_at)
        self.tree.deletePressed.connect(self._forget_selected)
        self.model.rowsInserted.connect(self._open_new_groups)
        self.refreshed()

    def refreshed(self) -> None:
        """Bring counts and the empty text in line with the model."""
        counts = self.model.counts()
        self.filter.show_counts(counts)
        nothing = not sum(counts.values())
        self.filter.setVisible(not nothing)
        if nothing:
            self.empty.setText(tr("Nothing is remembered yet.\n\nDrop files or folders anywhere on the window."))
        else:
            self.empty.setText(tr("No source matches this filter."))
        self.pages.setCurrentWidget(self.tree if self.model.shown() else self.empty)

    def selected(self) -> list[SourceRow]:
        """Return the selected sources."""
        rows = (self.model.row_at(index) for index in self.tree.selectionModel().selectedIndexes())
        return [row for row in rows if row is not None]

    def menu(self, rows: Sequence[SourceRow]) -> QMenu:
        """Return the menu for these sources."""
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        paths = [row.path for row in rows]
        if len(rows) == 1:
            path = paths[0]
            folder = str(PurePath(path).parent)
            made.addAction(tr("Open preview"), lambda: self.opened.emit(path))
            made.addAction(tr("Show in folder"), lambda: self.revealed.emit(path))
            made.addAction(tr("Copy path"), lambda: QGuiApplication.clipboard().setText(path))
            made.addSeparator()
            made.addAction(tr("Retry"), lambda: self.retried.emit(paths))
            made.addSeparator()
            made.addAction(tr("Forget…"), lambda: self.forgetAsked.emit(paths))
            name = (visible(PurePath(folder).name) or visible(folder)).replace("&", "&&")  # one alone would mark a shortcut
            made.addAction(tr("Forget folder “{name}”…").format(name=name), lambda: self.forgetAsked.emit([folder]))
            root = root_of(path, self.model.roots)
            self._add_watching(made, [root] if root is not None else [])
        else:
            made.addAction(tr("Retry"), lambda: self.retried.emit(paths))
            made.addAction(tr("Forget…"), lambda: self.forgetAsked.emit(paths))
        return made

    def heading_menu(self, project: str) -> QMenu:
        """Return the menu for a project's heading."""
        made = QMenu(self)
        made.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._add_watching(made, [root for root in self.model.roots if root.project == project])
        return made

    def _add_watching(self, menu: QMenu, roots: Sequence[WatchedRoot]) -> None:
        if roots and menu.actions():
            menu.addSeparator()
        for root in roots:
            name = (visible(PurePath(root.path).name) or visible(root.path)).replace("&", "&&")
            text = tr("Stop watching “{name}”") if root.watched else tr("Watch “{name}”")
            menu.addAction(text.format(name=name), partial(self.watchAsked.emit, root.path, not root.watched))

    def _menu_at(self, point: QPoint) -> None:
        rows = self.selected()
        project = self.model.heading_at(self.tree.indexAt(point))
        if project is not None:
            menu = self.heading_menu(project)
            if menu.actions():
                menu.popup(self.tree.viewport().mapToGlobal(point))
        elif rows:
            self.menu(rows).popup(self.tree.viewport().mapToGlobal(point))

    def _activate(self, index: QModelIndex) -> None:
        row = self.model.row_at(index)
        if row is not None:
            self.opened.emit(row.path)

    def _forget_selected(self) -> None:
        rows = self.selected()
        if rows:
            self.forgetAsked.emit([row.path for row in rows])

    def _reshape(self, shape: Shape) -> None:
        self.tree.setRootIsDecorated(shape.grouped)
        self.model.reshape(shape)
        self.refreshed()

    def _open_new_groups(self, parent: QModelIndex, first: int, last: int) -> None:
        """A project that appears is shown open; one that a person closed stays closed."""
        if self.model.shape.grouped and not parent.isValid():
            for row in range(first, last + 1):
                self.tree.expand(self.model.index(row, 0))
