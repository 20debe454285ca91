"""The list of facts with its filters; beside it the card of the run that a line tells of, to undo, redo and look at."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import QModelIndex, QStandardPaths, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QFileDialog,
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListView,
    QPushButton,
    QScrollArea,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assistant.api.views import Cite, Event, MemoryRecalled, Preview, RecallRecord, Run, RunEnded
from ui.bridge import Bridge
from ui.deeds import Desk, PlanCard
from ui.docks.base import DockBase
from ui.i18n import tr
from ui.i18n.visible import homely
from ui.item_models.draw_line import LineDelegate
from ui.item_models.timeline import Kind, TimelineModel, kind_label
from ui.item_models.timeline_export import as_json, as_markdown
from ui.theme import GAP, SMALL, IconButton
from ui.theme.flow import FlowLayout
from ui.theme.notice import Notice

EARLIER = 200
"""Look-ups from before the window opened that are listed."""
NARROW = 620
"""A dock narrower than this (device-independent pixels) has the card below the list."""


class TimelineDock(DockBase):
    """Fed by the bus; a click on a line about a file emits `openPlace`. With a desk, lines about runs show their cards."""

    def __init__(self, desk: Desk | None = None, parent: QWidget | None = None) -> None:
        super().__init__("timeline", tr("Timeline"), parent)
        self.desk = desk
        self.card: PlanCard | None = None
        self._bridge: Bridge | None = None
        self.model = TimelineModel(self)
        self.opened = datetime.now(UTC)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(LineDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setMouseTracking(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setAccessibleName(tr("Timeline"))
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.selectionModel().currentChanged.connect(self._show_run)
        self.empty = QLabel(tr("Nothing has happened yet."))
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.area = QScrollArea()
        self.area.setWidgetResizable(True)
        self.area.setFrameShape(QFrame.Shape.NoFrame)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.area.hide()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.list)
        self.both = QSplitter()
        self.both.setChildrenCollapsible(False)
        self.both.addWidget(self.pages)
        self.both.addWidget(self.area)
        self.both.setStretchFactor(0, 3)
        self.both.setStretchFactor(1, 2)
        self.notice = Notice()
        self.chips: dict[Kind, QPushButton] = {}
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GAP, SMALL, GAP, GAP)
        layout.setSpacing(SMALL + 2)
        layout.addLayout(self._top())
        layout.addWidget(self.notice)
        layout.addWidget(self.both, 1)
        body.setFocusProxy(self.list)
        self.setWidget(body)
        self.chips[Kind.ALL].setChecked(True)

    def _top(self) -> QHBoxLayout:
        self._choice = QButtonGroup(self)
        chips = FlowLayout(spacing=SMALL)
        for kind in Kind:
            chip = QPushButton(kind_label(kind))
            chip.setCheckable(True)
            chip.setProperty("role", "filter")
            chip.toggled.connect(lambda on: self.narrow() if on else None)
            self._choice.addButton(chip)
            self.chips[kind] = chip
            chips.addWidget(chip)
        self.field = QLineEdit()
        self.field.setPlaceholderText(tr("Search the timeline"))
        self.field.setAccessibleName(tr("Search the timeline"))
        self.field.setClearButtonEnabled(True)
        self.field.setMaximumWidth(240)
        self.field.textChanged.connect(lambda _: self.narrow())
        self.export_button = IconButton("export", tr("Keep what is listed as a file…"))
        self.export_button.clicked.connect(self._choose_file)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addLayout(chips, 3)
        row.addWidget(self.field, 2, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self.export_button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def attach(self, bridge: Bridge) -> None:
        """Listen to the bus; below what it tells stands what was looked up and done before."""
        self._bridge = bridge
        self.opened = datetime.now(UTC)
        bridge.happened.connect(self.add)
        bridge.run(self._before(bridge), self._look_back)

    async def _before(self, bridge: Bridge) -> list[Event]:
        looked_up = await bridge.assistant.upkeep.recalls(limit=EARLIER)
        runs = await self.desk.core.history.runs() if self.desk is not None else []
        return sorted([*map(_recalled, looked_up), *map(_ended, runs)], key=lambda event: event.at)

    def _look_back(self, events: list[Event]) -> None:
        # What happened while the list was on its way is here already.
        since = self.opened
        self.model.begin_with([event for event in events if event.at < since])
        self._show_page()

    def add(self, event: Event) -> None:
        """Write a fact down. Who reads further down stays there; who is at the top sees it arrive."""
        bar = self.list.verticalScrollBar()
        at_top = bar.value() == bar.minimum()
        before = self.model.rowCount()
        self.model.add(event)
        grown = self.model.rowCount() - before
        if at_top:
            self.list.scrollToTop()
        elif grown > 0:
            bar.setValue(bar.value() + grown * self.list.sizeHintForRow(0))
        self._show_page()

    def narrow(self) -> None:
        """Show the facts of the chosen kind that hold the words of the search field."""
        kind = next((kind for kind, chip in self.chips.items() if chip.isChecked()), Kind.ALL)
        self.model.narrow(kind, self.field.text())
        self._show_run(self.list.currentIndex())
        self._show_page()

    def _show_page(self) -> None:
        page = self.list if self.model.rowCount() else self.empty
        self.export_button.setEnabled(self.model.rowCount() > 0)
        if self.pages.currentWidget() is not page:
            self.pages.setCurrentWidget(page)

    def _open(self, index: QModelIndex) -> None:
        entry = self.model.line(index)
        if entry is not None and entry.path:
            self.openPlace.emit(Cite(path=entry.path), "")

    # what was done

    def _show_run(self, index: QModelIndex, _before: QModelIndex | None = None) -> None:
        """Show the card of the run or plan that a line tells of; any other line puts the card away."""
        entry = self.model.line(index)
        if self.desk is None or self._bridge is None or entry is None or not (entry.run or entry.plan):
            self.area.hide()
            return
        known = self.desk.ledger.run(entry.run) if entry.run else self.desk.ledger.plan(entry.plan)
        if known is not None:
            self._show_card(PlanCard(known, self.desk, brief=known.phase == "ended"))
        elif entry.run:
            self._bridge.run(self.desk.core.history.run(entry.run), self._take_run)
        else:
            self.area.hide()

    def _take_run(self, found: tuple[Run, Preview]) -> None:
        if self.desk is not None:
            self._show_card(PlanCard(self.desk.of_run(found[0]), self.desk, brief=True))

    def _show_card(self, card: PlanCard) -> None:
        self.card = card
        card.suggested.connect(lambda request: self.desk.suggested.emit(request) if self.desk else None)
        holder = QWidget()
        holder.setProperty("role", "page")
        column = QVBoxLayout(holder)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(card, 0, Qt.AlignmentFlag.AlignTop)
        self.area.setWidget(holder)
        self.area.show()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the card beside the list, or below it where there is no room."""
        super().resizeEvent(event)
        wanted = Qt.Orientation.Vertical if self.width() < NARROW else Qt.Orientation.Horizontal
        if self.both.orientation() != wanted:
            self.both.setOrientation(wanted)

    # export

    def _choose_file(self) -> None:
        dialog = QFileDialog(self, tr("Keep the timeline as a file"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["JSON (*.json)", "Markdown (*.md)"])
        dialog.setDirectory(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation))
        dialog.selectFile(f"mneme-{datetime.now().astimezone():%Y-%m-%d}.json")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.filterSelected.connect(lambda chosen: dialog.setDefaultSuffix("md" if "md" in chosen else "json"))
        dialog.fileSelected.connect(self.export)
        dialog.open()

    def export(self, path: str) -> None:
        """Write what is listed to a file that a person chose: Markdown for .md, else JSON."""
        lines = self.model.shown()
        text = as_markdown(lines) if path.lower().endswith(".md") else as_json(lines)
        if self._bridge is not None:
            work = asyncio.to_thread(Path(path).write_text, text, "utf-8")
            done = tr("Kept as {path}.").format(path=homely(path))
            problem = tr("{path} could not be written. Choose another place.").format(path=homely(path))
            self._bridge.run(
                work, lambda _: self.notice.say(done, "info", [(tr("Close"), None)]), lambda _: self._unwritten(problem)
            )

    def _unwritten(self, problem: str) -> None:
        self.notice.say(problem, "error", [(tr("Close"), None)])


def _recalled(line: RecallRecord) -> Event:
    return MemoryRecalled(
        id=f"recalled {line.seq}",
        at=line.at,
        correlation=line.correlation,
        origin=line.origin,
        kind=line.kind,
        query=line.query,
        sources=len(line.paths),
    )


def _ended(run: Run) -> Event:
    return RunEnded(
        id=f"run {run.id}",
        at=run.ended or run.began,
        run_id=run.id,
        plan_id=run.plan.id,
        request=run.plan.request,
        state=run.state,
        total=run.total,
        standing=run.standing,
        reason=run.reason,
    )
