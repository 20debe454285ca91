"""Forgetting a stretch of time: two days, and the list of what would be forgotten before anything happens. Part of the dock."""

from collections.abc import Sequence
from datetime import date, datetime
from pathlib import PurePath

from PySide6.QtCore import QDate, QDateTime, QEvent, QLocale, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import (
    QAbstractItemView,
    QDateEdit,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QListView,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from assistant.api.views import Dated
from ui.i18n import tr, tr_n
from ui.i18n.visible import plain_tip, visible
from ui.theme import SMALL, IconButton
from ui.theme.escape import is_escape

SETTLE_MS = 250
"""A date that is being typed is waited for."""
LISTED = 2000
"""So many files are listed; the others are counted."""


class TimeSpan(QWidget):
    """`wanted` asks for what falls into a stretch of time (two datetimes of the person's own zone, the end not in it).

    `forgetAsked` carries the paths that are listed, `closed` tells that a person is done. Esc is the harmless answer.
    """

    wanted = Signal(object, object)
    forgetAsked = Signal(list)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._found: list[Dated] = []
        self._waiting = False
        heading = QLabel(tr("Forget a stretch of time"))
        heading.setProperty("role", "strong")
        close = IconButton("close", tr("Back to the sources"))
        close.clicked.connect(self.closed)
        self.since, self.until = _day(tr("From")), _day(tr("Until, the whole day"))
        form = QFormLayout()
        form.setSpacing(SMALL)
        form.addRow(tr("From"), self.since)
        form.addRow(tr("Until"), self.until)
        self.count = QLabel()
        self.count.setWordWrap(True)
        self.count.setTextFormat(Qt.TextFormat.PlainText)
        self._lines = QStandardItemModel(self)
        self.list = QListView()
        self.list.setModel(self._lines)
        self.list.setUniformItemSizes(True)
        self.list.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setAccessibleName(tr("What would be forgotten"))
        kept = QLabel(tr("The files themselves stay where they are."))
        kept.setProperty("role", "muted")
        kept.setWordWrap(True)
        self.forget = QPushButton(tr("Forget"))
        self.keep = QPushButton(tr("Keep"))
        for button in (self.forget, self.keep):
            button.setAutoDefault(True)  # Enter presses it, as Space does
        self.forget.clicked.connect(self._forget)
        self.keep.clicked.connect(self.closed)
        head, foot = QHBoxLayout(), QHBoxLayout()
        head.addWidget(heading, 1)
        head.addWidget(close)
        foot.addStretch(1)
        foot.addWidget(self.forget)
        foot.addWidget(self.keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(head)
        layout.addLayout(form)
        layout.addWidget(self.count)
        layout.addWidget(self.list, 1)
        layout.addWidget(kept)
        layout.addLayout(foot)
        self._settle = QTimer(self, interval=SETTLE_MS, singleShot=True)
        self._settle.timeout.connect(self._ask)
        for field in (self.since, self.until):
            field.dateChanged.connect(self._changed)
        self._show([], "")

    def open(self, today: date) -> None:
        """Begin with today and put the keyboard into the first date."""
        for field in (self.since, self.until):
            field.setDate(QDate(today.year, today.month, today.day))
        self.since.setFocus(Qt.FocusReason.OtherFocusReason)
        self._changed()

    def show_found(self, found: Sequence[Dated]) -> None:
        """List what falls into the time; an answer about dates that were changed since does not count."""
        if not self._waiting:
            return
        if not found:
            self._show([], tr("Nothing was remembered and no remembered file was changed in that time."))
            return
        files = tr_n("%n files", len(found))
        passages = tr_n("%n passages", sum(one.chunks for one in found))
        self._show(found, tr("Forget {files} with {chunks}?").format(files=files, chunks=passages))

    def show_failure(self, text: str) -> None:
        """Say why nothing is listed."""
        if self._waiting:
            self._show([], text)

    def _changed(self) -> None:
        """Nothing can be forgotten by a list that belongs to other dates."""
        self._waiting = False
        if self.since.date() > self.until.date():
            self._settle.stop()
            self._show([], tr("The first day is after the last one."))
            return
        self._show([], tr("Looking…"))
        self._settle.start()

    def _ask(self) -> None:
        self._waiting = True
        self.wanted.emit(_midnight(self.since.date()), _midnight(self.until.date().addDays(1)))

    def _show(self, found: Sequence[Dated], text: str) -> None:
        self._found = list(found)
        self._lines.clear()
        for one in found[:LISTED]:
            item = QStandardItem(_line(one))
            item.setToolTip(plain_tip(f"{visible(one.path)}\n{_why(one)}"))
            self._lines.appendRow(item)
        if len(found) > LISTED:
            self._lines.appendRow(QStandardItem(tr_n("and %n more", len(found) - LISTED)))
        self.list.setVisible(bool(found))
        self.count.setText(text)
        self.forget.setEnabled(bool(found))
        self.forget.setAccessibleDescription(text)

    def _forget(self) -> None:
        self.forgetAsked.emit([one.path for one in self._found])

    def event(self, arg__1: QEvent) -> bool:
        """Claim Esc before the window's shortcut gets it."""
        if is_escape(arg__1):
            arg__1.accept()
            return True
        return super().event(arg__1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Esc goes back to the sources."""
        if event.key() == Qt.Key.Key_Escape:
            self.closed.emit()
        else:
            super().keyPressEvent(event)


def _day(name: str) -> QDateEdit:
    field = QDateEdit()
    field.setCalendarPopup(True)
    field.setAccessibleName(name)
    return field


def _midnight(day: QDate) -> datetime:
    return datetime(day.year(), day.month(), day.day()).astimezone()


def _moment(at: datetime) -> str:
    """Return day, year and time: a stretch of time may be years long."""
    return QLocale().toString(QDateTime.fromSecsSinceEpoch(int(at.timestamp())), QLocale.FormatType.ShortFormat)


def _why(one: Dated) -> str:
    """Say why a file falls into the time."""
    told = [tr("remembered {at}").format(at=_moment(one.remembered))] if one.remembered else []
    told += [tr("changed {at}").format(at=_moment(one.changed))] if one.changed else []
    return ", ".join(told)


def _line(one: Dated) -> str:
    return f"{visible(PurePath(one.path).name)} · {_why(one)} · {visible(str(PurePath(one.path).parent))}"
