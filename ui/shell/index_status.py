"""Where indexing stands: one line, a bar, Pause or Resume. Stands in the header."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QProgressBar, QVBoxLayout, QWidget

from assistant.api.views import JobProgressed, Progress
from ui.i18n import tr, tr_n
from ui.i18n.amounts import duration, number
from ui.theme import GAP, IconButton

Standing = Progress | JobProgressed


def active(now: Standing) -> bool:
    """Tell whether files or passages are still waiting."""
    if isinstance(now, Progress):
        return now.active
    return now.files_done + now.files_failed < now.files_total


def percent(now: Standing) -> int:
    """Return how much of all the work is done, 0..100: half for text, half for embedding."""
    text = now.files_searchable / now.files_total if now.files_total else 0.0
    dense = now.chunks_embedded / now.chunks_total if now.chunks_total else text
    return min(100, int(50 * text + 50 * dense))


def describe(now: Standing, text_only: bool) -> str:
    """Return one line on a running or paused job, with real numbers and an honest remaining time."""
    parts = [tr("Text {done}/{total}").format(done=number(now.files_searchable), total=number(now.files_total))]
    if now.chunks_total and not text_only:
        parts.append(tr("embedding {share} %").format(share=int(100 * now.chunks_embedded / now.chunks_total)))
    if now.files_failed:
        parts.append(tr_n("%n failed", now.files_failed))
    if now.paused:
        parts.insert(0, tr("Paused"))
    elif now.eta_s is not None:
        parts.append(tr("{time} left").format(time=duration(now.eta_s)))
    if now.slowed and not now.paused:
        parts.append(tr("slower on battery"))
    return " · ".join(parts)


class IndexStatus(QWidget):
    """`pauseAsked` carries True for pause and False for resume; hidden while there is nothing to do."""

    pauseAsked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.paused = False
        self.text_only = False
        self._now: Standing | None = None
        self.line = QLabel()
        self.line.setProperty("role", "muted")
        self.bar = QProgressBar()
        self.bar.setTextVisible(False)
        self.bar.setAccessibleName(tr("Indexing"))
        self.button = IconButton("pause", tr("Pause indexing"))
        self.button.clicked.connect(lambda: self.pauseAsked.emit(not self.paused))
        column = QVBoxLayout()
        column.setSpacing(3)
        column.addWidget(self.line)
        column.addWidget(self.bar)
        row = QHBoxLayout(self)
        row.setContentsMargins(GAP, 0, GAP, 0)
        row.addLayout(column)
        row.addWidget(self.button)
        self.hide()

    def show_progress(self, now: Standing) -> None:
        """Show where indexing stands."""
        self._now = now
        self.paused = now.paused
        self.line.setText(describe(now, self.text_only))
        self.bar.setValue(percent(now))
        self.bar.setAccessibleDescription(self.line.text())
        self.button.draw("play" if now.paused else "pause")
        self.button.name(tr("Resume indexing") if now.paused else tr("Pause indexing"))

    def set_text_only(self, text_only: bool) -> None:
        """Leave embedding out of the line when there is no model."""
        self.text_only = text_only
        if self._now is not None:
            self.show_progress(self._now)
