"""The estimate before anything is read: how much, how long, what is skipped and why; Remember or Cancel."""

import asyncio
from pathlib import PurePath

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QProgressBar, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import Estimate, Ticket
from ui.bridge import Bridge, Failure
from ui.i18n import told, tr, tr_n
from ui.i18n.amounts import duration, size
from ui.i18n.visible import visible
from ui.theme import GAP, MARGIN

NAMED = 3


class EstimateSheet(QFrame):
    """Non-modal; `remembered` carries the Ticket after a person chose Remember, `closed` says that the sheet is gone."""

    remembered = Signal(object)
    closed = Signal()

    def __init__(self, bridge: Bridge, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "sheet")
        self.setAccessibleName(tr("What remembering would take"))
        self.paths: tuple[str, ...] = ()
        self._bridge = bridge
        self._task: asyncio.Task[None] | None = None
        self.title = _label("heading")
        self.figures = _label("")
        self.times = _label("muted")
        self.skipped = _label("muted")
        self.bar = QProgressBar()
        self.bar.setRange(0, 0)
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Counting…"))
        self.remember = QPushButton(tr("Remember"))
        self.remember.setProperty("role", "primary")
        self.remember.setAutoDefault(True)
        self.remember.clicked.connect(self._remember)
        self.cancel = QPushButton(tr("Cancel"))
        self.cancel.setAutoDefault(True)
        self.cancel.clicked.connect(self.dismiss)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addStretch(1)
        row.addWidget(self.cancel)
        row.addWidget(self.remember)
        column = QVBoxLayout(self)
        column.setContentsMargins(MARGIN + 2, MARGIN - 2, MARGIN + 2, MARGIN - 2)
        column.setSpacing(GAP - 2)
        for widget in (self.title, self.bar, self.figures, self.times, self.skipped):
            column.addWidget(widget)
        column.addSpacing(GAP)
        column.addLayout(row)
        self.hide()

    def offer(self, paths: tuple[str, ...]) -> None:
        """Estimate these paths, together with those a sheet still open was asked about."""
        merged = dict.fromkeys((*(self.paths if not self.isHidden() else ()), *paths))
        self.paths = tuple(merged)
        self._cancel_task()
        self.title.setText(tr("Counting files…"))
        self._show_texts(_named(self.paths), "", "")
        self.bar.show()
        self.remember.setEnabled(False)
        self.show()
        self.cancel.setFocus(Qt.FocusReason.OtherFocusReason)
        self._task = self._bridge.run(self._bridge.assistant.estimate(self.paths), then=self._estimated, fail=self._failed)

    def dismiss(self) -> None:
        """Close without remembering anything."""
        self._cancel_task()
        self.paths = ()
        self.hide()
        self.closed.emit()

    def _cancel_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            self._task = None

    def _show_texts(self, figures: str, times: str, skipped: str) -> None:
        for label, text in ((self.figures, figures), (self.times, times), (self.skipped, skipped)):
            label.setText(text)
            label.setVisible(bool(text))

    def _estimated(self, found: Estimate) -> None:
        self._task = None
        self.bar.hide()
        new = found.files - found.unchanged
        self.title.setText(tr("Remember {name}?").format(name=_named(self.paths)))
        figures = [tr_n("%n files", found.files), size(found.bytes)]
        if found.unchanged:
            figures.append(tr_n("%n unchanged", found.unchanged))
        if found.skipped:
            figures.append(tr_n("%n skipped", found.skipped))
        times = tr("Searchable in about {soon}, fully ready in about {later}. Takes about {disk} on disk.").format(
            soon=duration(found.seconds_searchable), later=duration(found.seconds_ready), disk=size(found.disk_bytes)
        )
        if new <= 0:
            times = tr("There is nothing new to read here.")
        reasons = "\n".join(
            f"• {visible(_short(one.path, self.paths))}: {visible(told(one.reason))}" for one in found.skipped_examples[:NAMED]
        )
        skipped = tr("Skipped, for example:") + "\n" + reasons if reasons else ""
        self._show_texts(" · ".join(figures), times, skipped)
        self.remember.setEnabled(new > 0)
        (self.remember if new > 0 else self.cancel).setFocus(Qt.FocusReason.OtherFocusReason)

    def _failed(self, failure: Failure) -> None:
        self._task = None
        self.bar.hide()
        self.title.setText(tr("This cannot be remembered"))
        self._show_texts(visible(failure.what), visible(failure.kept), visible(failure.remedy))
        self.remember.setEnabled(False)

    def _remember(self) -> None:
        self.remember.setEnabled(False)
        self._task = self._bridge.run(self._bridge.assistant.ingest(self.paths, "window"), then=self._accepted, fail=self._failed)

    def _accepted(self, ticket: Ticket) -> None:
        self._task = None
        self.dismiss()
        self.remembered.emit(ticket)


def _label(role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setProperty("role", role)
    return label


def _short(path: str, roots: tuple[str, ...]) -> str:
    """Return a path as seen from the folder that holds what was dropped."""
    for root in roots:
        if PurePath(path).is_relative_to(PurePath(root).parent):
            return str(PurePath(path).relative_to(PurePath(root).parent))
    return path


def _named(paths: tuple[str, ...]) -> str:
    names = [visible(path.rstrip("/\\").replace("\\", "/").rsplit("/", 1)[-1] or path) for path in paths]
    shown = ", ".join(names[:NAMED])
    return shown if len(names) <= NAMED else tr("{names} and {more} more").format(names=shown, more=len(names) - NAMED)
