"""What happened, the newest on top: indexing, questions, verdicts of the policy, warnings. The shell docks it."""

from datetime import UTC, datetime

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QLabel,
    QListView,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from assistant.api.views import Cite, Event, MemoryRecalled, RecallRecord
from ui.bridge import Bridge
from ui.docks.base import DockBase
from ui.i18n import tr
from ui.item_models.draw_line import LineDelegate
from ui.item_models.timeline import Kind, TimelineModel, kind_label
from ui.theme import GAP, SMALL
from ui.theme.flow import FlowLayout

EARLIER = 200
"""Look-ups from before the window opened that are listed."""


class TimelineDock(DockBase):
    """Fed by the bus; a click on a line about a file emits `openPlace`."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("timeline", tr("Timeline"), parent)
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
        self.empty = QLabel(tr("Nothing has happened yet."))
        self.empty.setProperty("role", "muted")
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.empty)
        self.pages.addWidget(self.list)
        self.chips: dict[Kind, QPushButton] = {}
        self._choice = QButtonGroup(self)
        row = FlowLayout(spacing=SMALL)
        for kind in Kind:
            chip = QPushButton(kind_label(kind))
            chip.setCheckable(True)
            chip.setProperty("role", "filter")
            chip.toggled.connect(lambda on, kind=kind: self.narrow(kind) if on else None)
            self._choice.addButton(chip)
            self.chips[kind] = chip
            row.addWidget(chip)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GAP, SMALL, GAP, GAP)
        layout.setSpacing(SMALL + 2)
        layout.addLayout(row)
        layout.addWidget(self.pages, 1)
        self.setWidget(body)
        self.chips[Kind.ALL].setChecked(True)

    def attach(self, bridge: Bridge) -> None:
        """Listen to the bus; below what it tells stands what was looked up before."""
        self.opened = datetime.now(UTC)
        bridge.happened.connect(self.add)
        bridge.run(bridge.assistant.upkeep.recalls(limit=EARLIER), self._look_back)

    def _look_back(self, lines: list[RecallRecord]) -> None:
        # What was looked up while the list was on its way is here already.
        since = self.opened
        self.model.begin_with([_recalled(line) for line in reversed(lines) if line.at < since])
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

    def narrow(self, kind: Kind) -> None:
        """Show one kind of facts only."""
        self.model.narrow(kind)
        self._show_page()

    def _show_page(self) -> None:
        page = self.list if self.model.rowCount() else self.empty
        if self.pages.currentWidget() is not page:
            self.pages.setCurrentWidget(page)

    def _open(self, index: QModelIndex) -> None:
        entry = self.model.line(index)
        if entry is not None and entry.path:
            self.openPlace.emit(Cite(path=entry.path), "")


def _recalled(line: RecallRecord) -> MemoryRecalled:
    return MemoryRecalled(
        id=f"recalled {line.seq}",
        at=line.at,
        correlation=line.correlation,
        origin=line.origin,
        kind=line.kind,
        query=line.query,
        sources=len(line.paths),
    )
