"""Joins search, progress and the list of sources, and asks the core. The shell docks it."""

import asyncio
import time
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import PurePath

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from assistant.api.views import (
    ChangesNoticed,
    Cite,
    Event,
    Hit,
    IngestFailed,
    IngestFinished,
    IngestStarted,
    RecallQuery,
    RootChanged,
    SourceChanged,
    SourceForgotten,
    SourceRemembered,
    SourceState,
    Status,
)
from ui.actions import reveal
from ui.bridge import Bridge, Failure
from ui.docks.base import DockBase
from ui.docks.memory.forgetting import Forgetting
from ui.docks.memory.hits_pane import HitsPane
from ui.docks.memory.progress_strip import ProgressStrip
from ui.docks.memory.search_field import SearchField
from ui.docks.memory.sources_pane import SourcesPane
from ui.docks.memory.time_span import TimeSpan
from ui.i18n import tr, tr_n
from ui.i18n.amounts import size
from ui.item_models.sources import Change
from ui.theme import GAP
from ui.theme.notice import Notice

SOONEST_MS = 700
"""At least this long between two listings, and ten times what the last one took: the list must not slow the indexing down."""
TYPING_MS = 300


def change_of(event: Event) -> Change | None:
    """Return the new state that an event tells; None for events that need a fresh listing."""
    match event:
        case SourceChanged(path=path, state=state, reason=reason, chunks=chunks, at=at) if state in set(SourceState):
            return Change(path, SourceState(state), reason, at, chunks or None)
        case SourceRemembered(path=path, chunks=chunks, at=at):
            return Change(path, SourceState.READY, "", at, chunks)
        case IngestFailed(path=path, reason=reason, at=at):
            return Change(path, SourceState.FAILED, reason, at, 0)
        case _:
            return None


class MemoryDock(DockBase):
    """Emits `openPlace` for hits and sources."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("memory", tr("Memory"), parent)
        self._bridge: Bridge | None = None
        self._searching: asyncio.Task[None] | None = None
        self._looking: asyncio.Task[None] | None = None
        self._listing = False
        self._again = False
        self.search = SearchField()
        self.search.setPlaceholderText(tr("Search memory"))
        self.search.setAccessibleName(tr("Search memory"))
        self.search.setClearButtonEnabled(True)
        self.progress = ProgressStrip()
        self.notice = Notice()
        self.forgetting = Forgetting(self.notice)
        self.sources = SourcesPane()
        self.hits = HitsPane()
        self.pages = QStackedWidget()
        self.pages.addWidget(self.sources)
        self.pages.addWidget(self.hits)
        self.span = TimeSpan()
        self.pages.addWidget(self.span)
        self.totals = QLabel()
        self.totals.setProperty("role", "muted")
        self.totals.setWordWrap(True)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(GAP, GAP, GAP, GAP)
        layout.setSpacing(GAP)
        for widget in (self.search, self.progress, self.notice):
            layout.addWidget(widget)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.totals)
        self.setWidget(body)
        self._typing = QTimer(self, interval=TYPING_MS, singleShot=True)
        self._later = QTimer(self, interval=SOONEST_MS, singleShot=True)
        self._connect()

    def _connect(self) -> None:
        self._typing.timeout.connect(self._search)
        self._later.timeout.connect(self.refresh)
        self.search.textChanged.connect(lambda _: self._typing.start())
        self.search.returnPressed.connect(self._search)
        self.hits.closed.connect(self.search.clear)
        self.hits.opened.connect(self.openPlace)
        self.hits.forgetAsked.connect(self._forget_passages)
        self.hits.secretsAsked.connect(lambda: self._search(secrets=True))
        self.sources.opened.connect(lambda path: self.openPlace.emit(Cite(path=path), ""))
        self.sources.revealed.connect(lambda path: reveal(path, self))
        self.sources.retried.connect(self._retry)
        self.sources.forgetAsked.connect(self.ask_to_forget)
        self.sources.watchAsked.connect(self._watch)
        self.progress.pauseAsked.connect(self._pause)
        self.sources.filter.forgetAsked.connect(self._open_span)
        self.span.wanted.connect(self._look_within)
        self.span.forgetAsked.connect(self._forget_span)
        self.span.closed.connect(self._close_span)

    def attach(self, bridge: Bridge) -> None:
        """List what is remembered and follow its changes."""
        self._bridge = bridge
        bridge.sourcesChanged.connect(self._take)
        bridge.progressed.connect(self.progress.show_progress)
        bridge.happened.connect(self._happened)
        self.refresh()

    def focus_search(self) -> None:
        """Put the keyboard into the search field."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # listing

    def refresh(self) -> None:
        """Ask for all sources anew; one listing at a time."""
        if self._bridge is None:
            return
        if self._listing:
            self._again = True
            return
        self._listing = True
        began = time.monotonic()
        self._bridge.run(self._bridge.assistant.watching.watched(), self.sources.model.show_roots)
        self._bridge.run(
            self._bridge.assistant.status(),
            lambda status: self._show(status, began),
            lambda failure: self._listed(began, f"{failure.what} {failure.remedy}"),
        )

    def _show(self, status: Status, began: float) -> None:
        self.sources.model.show(status.sources)
        self.sources.refreshed()
        self.progress.show_progress(status.progress)
        totals = status.totals
        parts = [tr_n("%n files", totals.sources)]
        if totals.chunks:
            parts.append(tr_n("%n passages", totals.chunks))
        parts.append(size(totals.disk_bytes))
        if status.text_search_only:
            parts.append(tr("text search only: no model is installed"))
        self.totals.setText(" · ".join(parts))
        self.totals.setVisible(bool(totals.sources) or status.text_search_only)
        self._listed(began)

    def _listed(self, began: float, failure: str = "") -> None:
        self._listing = False
        self._later.setInterval(max(SOONEST_MS, round((time.monotonic() - began) * 10_000)))
        if failure:
            self.notice.say(failure, "error", ((tr("Try again"), self.refresh),))
        elif self._again:
            self._again = False
            self._later.start()

    def _take(self, events: Sequence[Event]) -> None:
        """Change the rows that events name; anything else is seen at the next listing."""
        changes = [change for change in map(change_of, events) if change is not None]
        known = self.sources.model.patch(changes)
        self.sources.refreshed()
        if (not known or len(changes) < len(events)) and not self._later.isActive():
            self._later.start()

    def _happened(self, event: Event) -> None:
        if (
            isinstance(event, IngestStarted | IngestFinished | SourceForgotten | ChangesNoticed | RootChanged)
            and not self._later.isActive()
        ):
            self._later.start()

    # searching

    def _search(self, secrets: bool = False) -> None:
        self._typing.stop()
        if self._searching is not None:
            self._searching.cancel()
            self._searching = None
        text = self.search.text().strip()
        if not text or self._bridge is None:
            self.pages.setCurrentWidget(self.sources)
            return
        self.hits.searching()
        self._searching = self._bridge.run(
            self._bridge.assistant.recall(RecallQuery(text=text, secrets=secrets), "window"),
            lambda result: self._found(lambda: self.hits.show_result(result, text, secrets)),
            lambda failure: self._found(lambda: self.hits.show_failure(failure)),
        )

    def _found(self, show: Callable[[], None]) -> None:
        self._searching = None
        show()
        self.pages.setCurrentWidget(self.hits)

    # acting

    def _pause(self, paused: bool) -> None:
        if self._bridge is not None:
            self._bridge.run(self._bridge.assistant.pause(paused))

    def _retry(self, paths: list[str]) -> None:
        """Read the same files again, failed or changed; what comes of it is seen in the list."""
        if self._bridge is not None:
            bridge = self._bridge

            async def again() -> None:
                for path in paths:
                    await bridge.assistant.upkeep.retry(path)
                await bridge.assistant.ingest(paths, "window")

            bridge.run(again(), None, self._failed)

    def _watch(self, path: str, watched: bool) -> None:
        """Follow a root, or follow it no longer, and show it."""
        if self._bridge is not None:
            doors = self._bridge.assistant.watching
            self._bridge.run(doors.watch(path) if watched else doors.unwatch(path), lambda _: self.refresh(), self._failed)

    def _failed(self, failure: Failure) -> None:
        self.notice.say(f"{failure.what} {failure.remedy}", "error", ((tr("Close"), None),))

    def _forget_passages(self, hits: list[Hit]) -> None:
        """Ask whether the passages of these hits shall be forgotten; afterwards the search is made again."""
        if self._bridge is not None and hits:
            self.forgetting.ask_passages(self._bridge, hits, self._search)

    def _open_span(self) -> None:
        self.pages.setCurrentWidget(self.span)
        self.span.open(datetime.now().astimezone().date())

    def _close_span(self) -> None:
        self.pages.setCurrentWidget(self.sources)
        self.sources.filter.forget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _look_within(self, since: datetime, until: datetime) -> None:
        if self._looking is not None:
            self._looking.cancel()
        if self._bridge is not None:
            within = self._bridge.assistant.forgetting.within(since, until)
            self._looking = self._bridge.run(within, self.span.show_found, lambda failure: self.span.show_failure(failure.what))

    def _forget_span(self, paths: list[str]) -> None:
        if self._bridge is not None:
            self._close_span()
            self.forgetting.go_on(self._bridge, paths, self.refresh)

    def ask_to_forget(self, paths: list[str]) -> None:
        """Ask in the dock whether these files, or all below a folder, shall be forgotten."""
        if self._bridge is None:
            return
        affected = [view for view in self.sources.model.views() if _below(view.path, paths)]
        self.forgetting.ask(self._bridge, paths, len(affected), sum(view.chunks for view in affected))


def _below(path: str, roots: Sequence[str]) -> bool:
    return any(path == root or PurePath(path).is_relative_to(root) for root in roots)
