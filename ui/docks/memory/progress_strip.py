"""Where indexing stands: counts, a bar for searchable and ready, time left, pause. Part of the memory dock."""

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from assistant.api.views import JobProgressed, Progress
from ui.i18n import tr, tr_n
from ui.i18n.amounts import duration, number
from ui.theme import GAP, SMALL, IconButton, colours

Standing = Progress | JobProgressed
_HEIGHT = 6


def shares(now: Standing) -> tuple[float, float]:
    """Return which parts are searchable and done, both 0..1; failed files are done, and a file in work counts by its passages."""
    if not now.files_total:
        return 0.0, 0.0
    whole = min(1.0, (now.files_done + now.files_failed) / now.files_total)
    searchable = max(whole, min(1.0, (now.files_searchable + now.files_failed) / now.files_total))
    embedded = now.chunks_embedded / now.chunks_total if now.chunks_total else 0.0
    return searchable, max(whole, min(1.0, searchable * embedded))


class _TwoShares(QWidget):
    """A bar with two lengths: pale for searchable, full for ready."""

    def __init__(self) -> None:
        super().__init__()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._shares = (0.0, 0.0)

    def sizeHint(self) -> QSize:
        return QSize(80, _HEIGHT)

    def show_shares(self, found: tuple[float, float]) -> None:
        self._shares = found
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        here = colours(self)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        pale = QColor(here.accent)
        pale.setAlpha(90)
        for share, tint in ((1.0, QColor(here.line)), (self._shares[0], pale), (self._shares[1], QColor(here.accent))):
            painter.setBrush(tint)
            painter.drawRoundedRect(QRectF(0, 0, self.width() * share, _HEIGHT), _HEIGHT / 2, _HEIGHT / 2)
        painter.end()


class ProgressStrip(QWidget):
    """`pauseAsked` carries what is wanted; hidden while there is nothing to do."""

    pauseAsked = Signal(bool)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._paused = False
        self.percent = QLabel()
        self.percent.setProperty("role", "strong")
        self.left = QLabel()
        self.left.setProperty("role", "muted")
        self.counts = QLabel()
        self.counts.setProperty("role", "muted")
        self.counts.setWordWrap(True)
        self.button = IconButton("pause", tr("Pause indexing"))
        self.button.clicked.connect(lambda: self.pauseAsked.emit(not self._paused))
        self._bar = _TwoShares()
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(self.percent)
        head.addWidget(self.left, 1)
        head.addWidget(self.button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SMALL, 0, SMALL, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(head)
        layout.addWidget(self._bar)
        layout.addWidget(self.counts)
        self.hide()

    def show_progress(self, now: Standing) -> None:
        """Show where indexing stands; a finished queue hides the strip."""
        active = now.active if isinstance(now, Progress) else now.files_done + now.files_failed < now.files_total
        self.setVisible(active)
        self._paused = now.paused
        searchable, done = shares(now)
        self._bar.show_shares((searchable, done))
        self.percent.setText(f"{int(done * 100)} %")
        self.left.setText(self._time_left(now))
        told = tr("{searchable} of {total} searchable, {ready} ready")
        total = number(now.files_total)
        text = told.format(searchable=number(now.files_searchable), total=total, ready=number(now.files_done))
        self.counts.setText(f"{text}, {tr_n('%n failed', now.files_failed)}" if now.files_failed else text)
        self._bar.setAccessibleName(f"{self.percent.text()} {self.counts.text()}")
        self.button.draw("play" if now.paused else "pause")
        self.button.name(tr("Resume indexing") if now.paused else tr("Pause indexing"))

    def _time_left(self, now: Standing) -> str:
        if now.paused:
            return tr("Paused")
        left = tr("about {time} left").format(time=duration(now.eta_s)) if now.eta_s is not None else tr("estimating…")
        return f"{left} · {tr('slower on battery')}" if now.slowed else left
