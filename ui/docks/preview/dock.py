"""Shows a remembered source at a place; the shell calls `show_place` for citations, hits and events."""

import asyncio
from pathlib import PurePath

from PySide6.QtCore import Qt, QTimer, QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import QLabel, QStackedWidget, QVBoxLayout, QWidget

from assistant.api.views import Cite, PreviewView
from ui.actions import open_outside, reveal, runs_when_opened
from ui.bridge import Bridge, Failure
from ui.docks.base import DockBase
from ui.docks.preview.header import Header
from ui.i18n import told, tr
from ui.i18n.visible import visible
from ui.previews.code_view import CodeView
from ui.previews.markdown_view import MarkdownView
from ui.previews.picture_view import PictureView
from ui.theme import GAP, LARGE, SMALL
from ui.theme.notice import Notice

PATIENCE_MS = 150
"""A preview that comes sooner replaces the old one without a word in between."""
SHARPEST = 2400
"""Widest picture asked for, in pixels."""


def place_of(view: PreviewView) -> str:
    """Name the place shown: page and lines."""
    parts: list[str] = []
    if view.page and view.pages > 1:
        parts.append(tr("page {n}").format(n=view.page))
    if view.line:
        one = view.line_end <= view.line
        told = tr("line {n}") if one else tr("lines {n}–{last}")
        parts.append(told.format(n=view.line, last=view.line_end))
    return " · ".join(parts)


class PreviewDock(DockBase):
    """One source at a time; a later request replaces an earlier one that is still being prepared."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("preview", tr("Preview"), parent)
        self._bridge: Bridge | None = None
        self._task: asyncio.Task[None] | None = None
        self._view: PreviewView | None = None
        self._asked: tuple[Cite, str] | None = None
        self.header = Header()
        self.notice = Notice()
        self.text = CodeView()
        self.markdown = MarkdownView()
        self.picture = PictureView()
        self.message = QLabel()
        self.message.setTextFormat(Qt.TextFormat.PlainText)
        self.message.setWordWrap(True)
        self.message.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.message.setProperty("role", "muted")
        self.message.setMargin(LARGE)
        self.pages = QStackedWidget()
        for page in (self.message, self.text, self.markdown, self.picture):
            self.pages.addWidget(page)
        body = QWidget()
        layout = QVBoxLayout(body)
        layout.setContentsMargins(SMALL, 0, SMALL, SMALL)
        layout.setSpacing(GAP)
        layout.addWidget(self.header)
        layout.addWidget(self.notice)
        layout.addWidget(self.pages, 1)
        self.setWidget(body)
        self._waiting = QTimer(self, interval=PATIENCE_MS, singleShot=True)
        self._waiting.timeout.connect(self._say_loading)
        self.header.turned.connect(self._turn)
        self.header.zoomed.connect(self._zoom)
        self.header.sourceToggled.connect(self._toggle)
        self.header.revealAsked.connect(self._reveal)
        self.header.openAsked.connect(self._open)
        self.markdown.linkClicked.connect(self._link)
        self.picture.zoomed.connect(lambda percent: self.header.percent.setText(f"{percent} %"))
        self.clear()

    def attach(self, bridge: Bridge) -> None:
        """Learn whom to ask."""
        self._bridge = bridge

    def shown(self) -> PreviewView | None:
        """Return what is shown now."""
        return self._view

    def clear(self) -> None:
        """Show nothing, and say what would be shown here."""
        self._view = None
        self.header.clear()
        self.notice.hide()
        self._say(tr("Click a citation, a hit or a source to see it here at its place."))

    def show_place(self, cite: Cite, quote: str = "") -> None:
        """Open a source at a place and mark the quote."""
        if self._bridge is None:
            return
        if self._task is not None:
            self._task.cancel()
        self._asked = (cite, quote)
        self._waiting.start()
        room = max(self.picture.width(), 600) * self.devicePixelRatioF()
        coro = self._bridge.assistant.preview(cite, quote, min(round(room * 1.5), SHARPEST))
        self._task = self._bridge.run(coro, self._show, self._fail)

    def _say(self, text: str) -> None:
        self.message.setText(text)
        self.pages.setCurrentWidget(self.message)

    def _say_loading(self) -> None:
        if self._asked is not None:
            self.notice.hide()
            self.header.opening(PurePath(self._asked[0].path).name)
            self._say(tr("Opening…"))

    def _fail(self, failure: Failure) -> None:
        self._waiting.stop()
        self._view = None
        self.notice.hide()
        if self._asked is not None:
            self.header.opening(PurePath(self._asked[0].path).name)
        told = (failure.what, failure.kept, failure.remedy)
        self._say("\n\n".join(visible(part, lines=True) for part in told if part))

    def _show(self, view: PreviewView) -> None:
        self._waiting.stop()
        self._view = view
        self.header.show_view(view, place_of(view))
        self._show_note(view)
        match view.kind:
            case "text" | "code":
                self.pages.setCurrentWidget(self.text)
                self.text.show_view(view)
            case "markdown":
                self._show_markdown(view, as_source=bool(view.line))
            case "page" | "image":
                self.pages.setCurrentWidget(self.picture)
                if not self.picture.show_view(view):
                    self._say(tr("This picture cannot be shown."))
            case "none":
                self.notice.hide()
                self._say(visible(told(view.note), lines=True) or tr("There is no preview for this kind of file."))

    def _show_note(self, view: PreviewView) -> None:
        if view.note == "source changed":
            text = tr("The source changed since it was read: the place may have moved. Mneme will read it again.")
            self.notice.say(text, "warning")
        elif view.note:
            self.notice.say(visible(told(view.note), lines=True), "warning")
        elif view.extracted:
            self.notice.say(tr("This is the text that was read from the file; its layout is not shown."))
        else:
            self.notice.hide()

    def _show_markdown(self, view: PreviewView, *, as_source: bool) -> None:
        """A citation names lines, so it is shown as written; without one the page is rendered."""
        self.header.as_source.blockSignals(True)
        self.header.as_source.setChecked(as_source)
        self.header.as_source.blockSignals(False)
        page = self.text if as_source else self.markdown
        self.pages.setCurrentWidget(page)
        page.show_view(view)

    def _toggle(self, as_source: bool) -> None:
        if self._view is not None and self._view.kind == "markdown":
            self._show_markdown(self._view, as_source=as_source)

    def _turn(self, by: int) -> None:
        if self._view is not None and self._asked is not None:
            asked, quote = self._asked
            self.show_place(Cite(path=asked.path, page=self._view.page + by), quote)

    def _zoom(self, factor: float) -> None:
        if factor:
            self.picture.zoom(factor)
        else:
            self.picture.fit_width()

    def _reveal(self) -> None:
        if self._view is not None:
            reveal(self._view.path, self)

    def _open(self) -> None:
        """Open the file outside; what may run when opened is asked about first."""
        if self._view is None:
            return
        path = self._view.path
        if runs_when_opened(path):
            told = tr("{path} may be run as a program when it is opened. Open it all the same?").format(path=visible(path))
            choices = ((tr("Open"), lambda: open_outside(path)), (tr("Cancel"), None))
            self.notice.say(told, "warning", choices, focus=True)
        elif not open_outside(path):
            self.notice.say(tr("The system has no program for this file."), "warning")

    def _link(self, address: str) -> None:
        """A link leaves the machine: show where it leads and ask."""
        url = QUrl(address)
        if url.scheme() not in ("http", "https", "mailto"):
            self.notice.say(tr("This link is not opened from here: {address}").format(address=visible(address)), "warning")
            return
        told = tr("Open this link in the browser? {address}").format(address=visible(url.toString()))
        self.notice.say(told, "info", ((tr("Open"), lambda: QDesktopServices.openUrl(url)), (tr("Cancel"), None)), focus=True)
