"""Files that could not be read, with their reasons and another try; folders out of reach. A card of the health dock."""

from pathlib import PurePath

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import FailedFile, Health
from ui.docks.health.card import Card, muted, plain
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import visible
from ui.theme import GAP, SMALL, IconButton

SHOWN = 12


class FilesCard(Card):
    """`retried` carries the path of a file to read again, "" for all; `opened` that of a file to look at."""

    retried = Signal(str)
    opened = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Files that need you"), tr("Every file was read, and every folder is within reach."), parent)
        self.all = QPushButton(tr("Retry all"))
        self.all.setAutoDefault(True)
        self.all.clicked.connect(lambda: self.retried.emit(""))
        self.head.addWidget(self.all)
        self.rows: list[QWidget] = []

    def show_health(self, found: Health) -> None:
        """Show the first of them."""
        focused = next((row.objectName() for row in self.rows if row.isAncestorOf(self.focusWidget() or self)), "")
        for row in self.rows:
            row.deleteLater()
        self.rows = [self._row(file) for file in found.failed[:SHOWN]]
        more = found.failed_files - len(self.rows)
        if more > 0:
            self.rows.append(muted(tr_n("and %n more files; the memory panel lists them all", more)))
        for root in found.offline:
            self.rows.append(muted(tr("Out of reach: {path}. Nothing of it is forgotten.").format(path=visible(root.path))))
        for row in self.rows:
            self.body.addWidget(row)
            if focused and row.objectName() == focused:
                row.setFocus()
        self.all.setVisible(len(found.failed) > 1)
        self.filled(bool(self.rows))

    def _row(self, file: FailedFile) -> QWidget:
        row = QWidget()
        row.setObjectName(file.path)
        name = plain(QLabel(visible(PurePath(file.path).name)))
        name.setToolTip(visible(file.path))
        reason = muted(visible(told(file.reason)))
        texts = QVBoxLayout()
        texts.setSpacing(0)
        texts.addWidget(name)
        texts.addWidget(reason)
        again = IconButton("retry", tr("Read {name} again").format(name=visible(PurePath(file.path).name)))
        again.clicked.connect(lambda: self.retried.emit(file.path))
        look = IconButton("preview", tr("Show {name} in the preview").format(name=visible(PurePath(file.path).name)))
        look.clicked.connect(lambda: self.opened.emit(file.path))
        layout = QHBoxLayout(row)
        layout.setContentsMargins(0, SMALL, 0, SMALL)
        layout.setSpacing(GAP)
        layout.addLayout(texts, 1)
        layout.addWidget(look)
        layout.addWidget(again)
        row.setFocusProxy(again)
        return row
