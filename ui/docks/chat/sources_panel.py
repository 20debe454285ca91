"""The Sources panel below an answer: a list that folds, one row per citation."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QGuiApplication, QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QMenu, QSizePolicy, QVBoxLayout, QWidget

from assistant.api.views import Citation
from ui.docks.chat.places import file_name, place, quoted, spoken, state_text, tip
from ui.i18n import tr, tr_n
from ui.i18n.visible import plain_tip, visible
from ui.item_models.secrets import secrets_tip
from ui.theme import GAP, SMALL, IconButton

QUOTE_CHARS = 220


class SourceRow(QFrame):
    """One citation: [n] file · place, quote, state. Click or Enter opens it, the menu key offers more."""

    opened = Signal(object)
    revealed = Signal(str)

    def __init__(self, citation: Citation, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.citation = citation
        self.setProperty("role", "source")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setAccessibleName(spoken(citation))
        self.setAccessibleDescription(tip(citation))
        self.setToolTip(plain_tip(tip(citation)))
        head = QHBoxLayout()
        head.setSpacing(GAP)
        head.addWidget(_label(f"[{citation.n}]", "strong"))
        head.addWidget(_label(file_name(citation), "strong"))
        head.addWidget(_label(place(citation), "muted"))
        self.badge = _label(state_text(citation), "badge")
        self.badge.setVisible(bool(self.badge.text()))
        self.badge.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head.addWidget(self.badge)
        self.secrets = _label(tr("holds secrets"), "badge")
        told = secrets_tip(citation.sensitive)
        self.secrets.setToolTip(plain_tip(told))
        self.secrets.setAccessibleName(told)
        self.secrets.setVisible(bool(told))
        self.secrets.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        head.addWidget(self.secrets)
        head.addStretch(1)
        reveal = IconButton("folder", tr("Show in folder"))
        reveal.clicked.connect(self._reveal)
        head.addWidget(reveal)
        quote = _label(_shortened(citation.quote), "muted")
        quote.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 6, 6, GAP)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(quote)

    def _reveal(self) -> None:
        self.revealed.emit(self.citation.path)

    def _open(self) -> None:
        self.opened.emit(self.citation)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Open on a plain click."""
        if event.button() == Qt.MouseButton.LeftButton and self.rect().contains(event.position().toPoint()):
            self._open()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Open on Enter and Space."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            self._open()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with a source."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        for text, act in (
            (tr("Open at the place"), self._open),
            (tr("Show in folder"), self._reveal),
            (tr("Copy quote"), lambda: QGuiApplication.clipboard().setText(self.citation.quote)),
            (tr("Copy path"), lambda: QGuiApplication.clipboard().setText(self.citation.path)),
        ):
            action = QAction(text, menu)
            action.triggered.connect(act)
            menu.addAction(action)
        menu.popup(event.globalPos())


class SourcesPanel(QWidget):
    """A header that folds the rows below it."""

    opened = Signal(object)
    revealed = Signal(str)

    def __init__(self, title: str, citations: tuple[Citation, ...], unfolded: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.header = IconButton("chevron-right", title, text=title, role="inline")
        self.header.setCheckable(True)
        self.header.setToolTip("")
        self.header.toggled.connect(self._fold)
        self.body = QWidget(self)
        rows = QVBoxLayout(self.body)
        rows.setContentsMargins(0, SMALL, 0, 0)
        rows.setSpacing(SMALL)
        self.rows = [SourceRow(one, self.body) for one in citations]
        for row in self.rows:
            row.opened.connect(self.opened)
            row.revealed.connect(self.revealed)
            rows.addWidget(row)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.header, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.body)
        self.header.setChecked(unfolded)
        self._fold(unfolded)

    @staticmethod
    def titled(count: int) -> str:
        """Return the title for so many sources."""
        return tr_n("Sources (%n)", count)

    def _fold(self, unfolded: bool) -> None:
        self.body.setVisible(unfolded)
        self.header.draw("chevron-down" if unfolded else "chevron-right")


def _label(text: str, role: str) -> QLabel:
    label = QLabel()
    label.setTextFormat(Qt.TextFormat.PlainText)  # before the text: Qt would guess otherwise
    label.setText(text)
    label.setProperty("role", role)
    label.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
    return label


def _shortened(quote: str) -> str:
    words = " ".join(quote.split())
    cut = words if len(words) <= QUOTE_CHARS else words[:QUOTE_CHARS].rstrip() + "…"
    return quoted(visible(cut))
