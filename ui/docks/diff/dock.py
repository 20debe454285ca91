"""Joins the list of changed files, the file in full and the simulation, and asks the core for lines as they are looked at."""

import asyncio
from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QLabel, QListView, QSplitter, QStackedWidget, QVBoxLayout, QWidget

from assistant.api.views import Change, ChangeKind, FileDiff, PlanEdit, Preview, Run
from ui.bridge import Bridge, Failure
from ui.deeds import Deed, Desk
from ui.docks.base import DockBase
from ui.docks.diff.bar import DiffBar
from ui.docks.diff.file_pane import FilePane
from ui.docks.diff.simulation_pane import SimulationPane
from ui.i18n import tr
from ui.i18n.visible import homely, visible
from ui.item_models.changes import ChangesModel, rows_of, rows_of_diffs
from ui.item_models.draw_change import ChangeDelegate
from ui.theme import GAP, SMALL

WITH_LINES = (ChangeKind.CREATE, ChangeKind.WRITE)
LIST_WIDTH = 300
NARROW = 620
"""A dock narrower than this (device-independent pixels) has the file below the list, not beside it."""


class DiffDock(DockBase):
    """Shows a plan, a run, or a git working tree; only a plan that waits can be changed here."""

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__("diff", tr("Changes"), parent)
        self.desk = desk
        self._bridge: Bridge | None = None
        self._asking: asyncio.Task[None] | None = None
        self._of = ""
        self._digest = ""
        self._changes: Sequence[Change] = ()
        self._lines: dict[str, FileDiff] = {}
        self._wanted = ""
        self._folder = ""
        self.bar = DiffBar()
        self.model = ChangesModel(self)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(ChangeDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Changed files"))
        self.list.selectionModel().currentChanged.connect(self._show_file)
        self.file = FilePane()
        self.simulation = SimulationPane()
        self.files = QSplitter()
        self.files.setChildrenCollapsible(False)
        self.files.addWidget(self.list)
        self.files.addWidget(self.file)
        self.files.setSizes([LIST_WIDTH, 3 * LIST_WIDTH])
        self.files.setStretchFactor(1, 1)
        self.empty = QLabel(tr("Nothing to show yet: no plan changes anything."))
        self.empty.setProperty("role", "muted")
        self.empty.setWordWrap(True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        for page in (self.empty, self.files, self.simulation):
            self.pages.addWidget(page)
        body = QWidget()
        column = QVBoxLayout(body)
        column.setContentsMargins(GAP, SMALL, GAP, GAP)
        column.setSpacing(SMALL + 2)
        column.addWidget(self.bar)
        column.addWidget(self.pages, 1)
        body.setFocusProxy(self.list)
        self.setWidget(body)
        self._connect()

    def _connect(self) -> None:
        self.bar.narrowed.connect(self._narrow)
        self.bar.treeAsked.connect(self._show_page)
        self.bar.gitAsked.connect(self._choose_repository)
        self.bar.againAsked.connect(self._again)
        self.file.toggled.connect(self._toggle)
        self.file.skipped.connect(self._skip)
        self.simulation.opened.connect(self._open)
        self.desk.changed.connect(self._changed)

    def attach(self, bridge: Bridge) -> None:
        """Begin to ask; nothing is loaded before something is shown."""
        self._bridge = bridge

    # what is shown

    def show_changes(self, of: str, path: str) -> None:
        """Show what a plan or a run changes, by its id; "" is what is on show, else the newest plan that changes something."""
        if not of and not self._of:
            newest = next((deed for deed in reversed(self.desk.ledger.deeds) if deed.proposal and deed.proposal.preview), None)
            of = newest.id if newest else ""
        self._wanted = path
        deed = self._deed(of) if of else None
        if deed is not None and deed.proposal is not None and deed.proposal.preview is not None:
            self._take(of, deed.proposal.preview, deed.request)
        elif of and self._bridge is not None:
            self._bridge.run(self.desk.core.history.run(of), self._take_run, self._failed)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def _deed(self, of: str) -> Deed | None:
        return self.desk.ledger.plan(of) or self.desk.ledger.run(of)

    def _take_run(self, found: tuple[Run, Preview]) -> None:
        self._take(found[0].id, found[1], found[0].plan.request)

    def _take(self, of: str, preview: Preview, request: str) -> None:
        """Show a preview; the file that was looked at stays on show where it is still there."""
        row = self.model.row(self.list.currentIndex())
        wanted = self._wanted or (row.path if row is not None and of == self._of else "")
        self._of, self._digest, self._changes, self._lines = of, preview.digest, preview.changes, {}
        self._folder = ""
        self.bar.say(visible(request))
        self.model.show(rows_of(preview.changes, self._left_out()))
        self._listed(wanted)

    def _listed(self, wanted: str) -> None:
        self.bar.count(self.model.counts(), tree=bool(self._changes))
        self._show_page()
        place = self.model.find(wanted) if wanted else self.model.index(0, 0)
        self._wanted = ""
        self.list.setCurrentIndex(place if place.isValid() else self.model.index(0, 0))
        self._show_file(self.list.currentIndex())
        self.list.scrollTo(self.list.currentIndex())

    def _changed(self, deed: Deed) -> None:
        """Follow the plan on show when it is previewed again, or can no longer be changed."""
        if not self._of or self._deed(self._of) is not deed or self._folder:
            return
        preview = deed.proposal.preview if deed.proposal is not None else None
        if preview is not None and preview.digest != self._digest:
            self._take(self._of, preview, deed.request)
        elif self.file.editable != self._editable():
            self._show_file(self.list.currentIndex())

    def _editable(self) -> bool:
        deed = self._deed(self._of) if self._of and not self._folder else None
        return deed is not None and deed.phase == "proposed" and not deed.busy

    def _left_out(self) -> dict[str, tuple[int, ...]]:
        deed = self._deed(self._of) if self._of else None
        return {path: out for view in deed.steps for path, out in view.left_out.items()} if deed is not None else {}

    def _show_page(self) -> None:
        if not self.model.rows:
            self.pages.setCurrentWidget(self.empty)
        elif self.bar.tree.isChecked():
            self.simulation.show_changes(self._changes)
            self.pages.setCurrentWidget(self.simulation)
        else:
            self.pages.setCurrentWidget(self.files)

    def _narrow(self, kinds: tuple[ChangeKind, ...], text: str) -> None:
        row = self.model.row(self.list.currentIndex())
        self.model.narrow(kinds, text)
        place = self.model.find(row.path) if row is not None else QModelIndex()
        self.list.setCurrentIndex(place if place.isValid() else self.model.index(0, 0))

    def _open(self, path: str) -> None:
        place = self.model.find(path)
        if place.isValid():
            self.bar.files.setChecked(True)
            self.list.setCurrentIndex(place)
            self.list.scrollTo(place)

    # one file

    def _show_file(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        if self._asking is not None:
            self._asking.cancel()
            self._asking = None
        row = self.model.row(index)
        if row is None or self.file.row != row or self.file.diff is None:
            self.file.show_row(row, editable=self._editable())
        known = self._lines.get(row.path) if row is not None else None
        if row is None or (row.kind not in WITH_LINES and known is None):
            return
        if known is not None:
            self.file.show_row(row, editable=self._editable())
            self.file.show_diff(known, self._left_out().get(row.path, ()))
        elif self._bridge is not None and self._of:
            work = self.desk.core.acting.diff(self._of, row.path)
            self._asking = self._bridge.run(work, lambda diff: self._show_lines(row.path, diff), self._no_lines)

    def _show_lines(self, path: str, diff: FileDiff) -> None:
        self._asking = None
        self._lines[path] = diff
        row = self.model.row(self.list.currentIndex())
        if row is not None and row.path == path:
            self.file.show_diff(diff, () if self._folder else self._left_out().get(path, ()))

    def _no_lines(self, failure: Failure) -> None:
        self._asking = None
        self.file.say(" ".join(filter(None, (failure.what, failure.remedy))))

    def _toggle(self, hunk: int) -> None:
        """Take a hunk, or leave it out: the plan is previewed again."""
        deed, row = self._deed(self._of), self.file.row
        if deed is None or row is None or hunk < 0 or not self._editable():
            return
        out = set(self._left_out().get(row.path, ())) ^ {hunk}
        self.desk.edit(deed, PlanEdit(left_out={row.path: tuple(sorted(out))}))

    def _skip(self) -> None:
        deed, row = self._deed(self._of), self.file.row
        if deed is not None and row is not None and self._editable():
            self.desk.edit(deed, PlanEdit(skip=(row.path,)))

    # the git working tree

    def _choose_repository(self) -> None:
        dialog = QFileDialog(self, tr("A folder in a git repository"))
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self.show_worktree)
        dialog.open()

    def show_worktree(self, folder: str) -> None:
        """Show what differs in the git repository that holds this folder."""
        if self._bridge is not None:
            self._bridge.run(self.desk.core.history.worktree(folder), lambda found: self._take_tree(folder, found), self._failed)

    def _take_tree(self, folder: str, found: list[FileDiff]) -> None:
        self._of, self._digest, self._changes, self._folder = "", "", (), folder
        self._lines = {one.path: one for one in found}
        self.bar.say(tr("Working tree: {path}").format(path=homely(folder)), again=True)
        self.empty.setText(tr("Nothing differs in this working tree."))
        self.model.show(rows_of_diffs(found))
        self.bar.files.setChecked(True)
        self._listed("")

    def _again(self) -> None:
        if self._folder:
            self.show_worktree(self._folder)

    def _failed(self, failure: Failure) -> None:
        if self._bridge is not None:
            self._bridge.failed.emit(failure)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the file beside the list, or below it where there is no room."""
        super().resizeEvent(event)
        wanted = Qt.Orientation.Vertical if self.width() < NARROW else Qt.Orientation.Horizontal
        if self.files.orientation() != wanted:
            self.files.setOrientation(wanted)
