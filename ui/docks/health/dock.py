"""Joins the cards of health and asks the core. The shell docks it."""

from functools import partial
from typing import Any, Literal

from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QButtonGroup, QFrame, QHBoxLayout, QPushButton, QScrollArea, QVBoxLayout, QWidget

from assistant.api.views import Cite, Event, GoldenRunEnded, Health, IngestFinished, SourceForgotten
from ui.bridge import Bridge, Failure
from ui.docks.base import DockBase
from ui.docks.health.figures import Drift, IndexTimes, SearchTimes, Throughput
from ui.docks.health.files import FilesCard
from ui.docks.health.golden import GoldenCard
from ui.docks.health.standing import BudgetsCard, CountsCard, PoolsCard, VerdictCard
from ui.docks.health.tuning import TuningCard
from ui.i18n import tr
from ui.theme import GAP, SMALL, IconButton
from ui.theme.notice import Notice

LOOK_MS = 30_000
SOON_MS = 1000
Width = Literal["minutes", "hours", "days"]


class HealthDock(DockBase):
    """Looks only while it is seen; emits `openPlace` for failed files."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("health", tr("Memory health"), parent)
        self._bridge: Bridge | None = None
        self._looking = self._again = False
        self.width_of_points: Width = "hours"
        self.notice = Notice()
        self.verdict, self.counts, self.budgets, self.pools = VerdictCard(), CountsCard(), BudgetsCard(), PoolsCard()
        self.files, self.golden, self.tuning = FilesCard(), GoldenCard(), TuningCard()
        self.searches, self.indexing, self.throughput, self.drift = SearchTimes(), IndexTimes(), Throughput(), Drift()
        self.cards: tuple[Any, ...] = (
            *(self.verdict, self.files, self.searches, self.indexing, self.throughput, self.golden, self.tuning),
            *(self.drift, self.counts, self.budgets, self.pools),
        )
        page = QWidget()
        page.setProperty("role", "page")
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, SMALL, 0)
        column.setSpacing(GAP)
        for card in self.cards:
            column.addWidget(card)
        column.addStretch(1)
        self.pages = QScrollArea()
        self.pages.setWidget(page)
        self.pages.setWidgetResizable(True)
        self.pages.setFrameShape(QFrame.Shape.NoFrame)
        self.pages.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GAP, SMALL, GAP, GAP)
        layout.setSpacing(GAP)
        layout.addLayout(self._spans())
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        body.setFocusProxy(self.spans[self.width_of_points])
        self.setWidget(body)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._soon = QTimer(self, interval=SOON_MS, singleShot=True)
        self._connect()

    def _spans(self) -> QHBoxLayout:
        self.spans: dict[Width, QPushButton] = {}
        self._choice = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        names: dict[Width, str] = {"minutes": tr("6 hours"), "hours": tr("7 days"), "days": tr("a year")}
        for width, name in names.items():
            chip = QPushButton(name)
            chip.setCheckable(True)
            chip.setChecked(width == self.width_of_points)
            chip.setProperty("role", "filter")
            chip.setAccessibleName(tr("Show {span}").format(span=name))
            chip.clicked.connect(partial(self.span, width))
            self._choice.addButton(chip)
            self.spans[width] = chip
            row.addWidget(chip)
        row.addStretch(1)
        self.refresh_button = IconButton("retry", tr("Look again"))
        self.refresh_button.clicked.connect(self.refresh)
        row.addWidget(self.refresh_button)
        return row

    def _connect(self) -> None:
        self._timer.timeout.connect(self._if_seen)
        self._soon.timeout.connect(self._if_seen)
        self.files.retried.connect(self._retry)
        self.files.opened.connect(lambda path: self.openPlace.emit(Cite(path=path), ""))
        self.golden.runAsked.connect(self.run_golden)
        self.tuning.lookAsked.connect(self._tune)
        self.tuning.applyAsked.connect(lambda: self._act("apply_tuning"))
        self.tuning.resetAsked.connect(lambda: self._act("reset_tuning"))

    def attach(self, bridge: Bridge) -> None:
        """Look now if anybody sees it, and again whenever something changed."""
        self._bridge = bridge
        bridge.happened.connect(self._happened)
        self._timer.start()
        self._if_seen()

    def showEvent(self, event: QShowEvent) -> None:
        """Look as soon as it is seen."""
        super().showEvent(event)
        self.refresh()

    def span(self, width: Width, _pressed: bool = True) -> None:
        """Show another stretch of time."""
        self.width_of_points = width
        self.refresh()

    def refresh(self) -> None:
        """Ask for everything anew; one question at a time."""
        if self._bridge is None:
            return
        if self._looking:
            self._again = True
            return
        self._looking = True
        self._bridge.run(self._bridge.assistant.upkeep.health(self.width_of_points), self._show, self._unseen)

    def _show(self, found: Health) -> None:
        for card in self.cards:
            card.show_health(found)
        self._looked()

    def _unseen(self, failure: Failure) -> None:
        self.notice.say(f"{failure.what} {failure.remedy}", "error", ((tr("Try again"), self.refresh),))
        self._looked()

    def _looked(self) -> None:
        self._looking = False
        if self._again:
            self._again = False
            self.refresh()

    def _if_seen(self) -> None:
        if self.isVisible():
            self.refresh()

    def _happened(self, event: Event) -> None:
        if isinstance(event, IngestFinished | SourceForgotten | GoldenRunEnded):
            self._soon.start()

    def _failed(self, failure: Failure) -> None:
        self.golden.busy(False)
        self.tuning.busy(False)
        self.notice.say(f"{failure.what} {failure.kept} {failure.remedy}".strip(), "error", ((tr("Close"), None),))

    # acting

    def run_golden(self) -> None:
        """Run the golden sets now."""
        if self._bridge is not None:
            self.golden.busy(True)
            self._bridge.run(self._bridge.assistant.quality.run(), lambda _: self.refresh(), self._failed)

    def _tune(self) -> None:
        if self._bridge is not None:
            self.tuning.busy(True)
            self._bridge.run(self._bridge.assistant.quality.tune(dry_run=True), self.tuning.show_record, self._failed)

    def _act(self, name: Literal["apply_tuning", "reset_tuning"]) -> None:
        if self._bridge is not None:
            quality = self._bridge.assistant.quality
            work = quality.apply_tuning() if name == "apply_tuning" else quality.reset_tuning()
            self._bridge.run(work, lambda _: self.refresh(), self._failed)

    def _retry(self, path: str) -> None:
        if self._bridge is not None:
            self._bridge.run(self._bridge.assistant.upkeep.retry(path), lambda _: self._soon.start(), self._failed)
