"""What a search in memory found. Part of the memory dock."""

from PySide6.QtCore import QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QLabel, QListView, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import SECRETS, RecallResult
from ui.bridge import Failure
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import visible
from ui.item_models.draw_hit import HitDelegate
from ui.item_models.hits import HitModel
from ui.theme import SMALL, IconButton


class HitsPane(QWidget):
    """`opened` carries a Cite and the snippet, `closed` tells that a person is done with the hits.

    `forgetAsked` carries a list of hits whose passages shall be forgotten, `secretsAsked` asks for what is hidden in them.
    """

    opened = Signal(object, str)
    closed = Signal()
    forgetAsked = Signal(object)
    secretsAsked = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.model = HitModel(self)
        self.heading = QLabel()
        self.heading.setProperty("role", "strong")
        self.notes = QLabel()
        self.notes.setProperty("role", "muted")
        self.notes.setTextFormat(Qt.TextFormat.PlainText)
        self.notes.setWordWrap(True)
        self.secrets = QPushButton(tr("Show secrets"))
        self.secrets.setToolTip(tr("Keys, passwords, cards and documents are hidden in these hits."))
        self.secrets.clicked.connect(self.secretsAsked)
        self.secrets.hide()
        close = IconButton("close", tr("Back to the sources"))
        close.clicked.connect(self.closed)
        self.list = QListView()
        self.list.setModel(self.model)
        self.list.setItemDelegate(HitDelegate(self.list))
        self.list.setUniformItemSizes(True)
        self.list.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setMouseTracking(True)
        self.list.setAccessibleName(tr("Hits"))
        self.list.clicked.connect(self._open)
        self.list.activated.connect(self._open)
        self.list.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        one = QAction(tr("Forget this passage…"), self.list)
        one.setShortcut(QKeySequence.StandardKey.Delete)
        one.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        one.triggered.connect(self._forget_current)
        every = QAction(tr("Forget all passages listed…"), self.list)
        every.triggered.connect(lambda: self.forgetAsked.emit(self.model.hits()))
        self.list.addActions([one, every])
        head = QHBoxLayout()
        head.addWidget(self.heading, 1)
        head.addWidget(self.secrets)
        head.addWidget(close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SMALL)
        layout.addLayout(head)
        layout.addWidget(self.notes)
        layout.addWidget(self.list, 1)

    def searching(self) -> None:
        """Say that a search runs; the hits of the one before stay until it ends."""
        self.heading.setText(tr("Searching…"))

    def show_result(self, result: RecallResult, query: str, secrets: bool = False) -> None:
        """List the hits; `secrets` tells that nothing is hidden in them."""
        self.model.show(result, query)
        self.secrets.setVisible(not secrets and any(set(hit.sensitive) & SECRETS for hit in result.items))
        found = tr_n("%n hits", len(result.items))
        self.heading.setText(tr("{hits} in {took} ms").format(hits=found, took=round(result.took_ms)))
        notes = [visible(told(note), lines=True) for note in result.notes]
        if not result.items:
            self.heading.setText(tr("Nothing found"))
            notes.insert(
                0,
                tr("No remembered passage matches. Try other words; the list of sources names the files that are not ready yet."),
            )
        self.notes.setText("\n".join(notes))
        self.notes.setVisible(bool(notes))
        self.list.setVisible(bool(result.items))
        self.list.scrollToTop()

    def show_failure(self, failure: Failure) -> None:
        """Say why there are no hits."""
        self.heading.setText(tr("The search failed"))
        self.notes.setText(" ".join(part for part in (failure.what, failure.kept, failure.remedy) if part))
        self.notes.show()
        self.list.hide()

    def _forget_current(self) -> None:
        hit = self.model.hit(self.list.currentIndex())
        if hit is not None:
            self.forgetAsked.emit([hit])

    def _open(self, index: QModelIndex) -> None:
        hit = self.model.hit(index)
        if hit is not None:
            self.opened.emit(hit.cite, hit.snippet)
