"""Shows Markdown rendered, at a quote. Fetches nothing: no image, style sheet or link. Used by the preview dock."""

from typing import Any

from PySide6.QtCore import QByteArray, QEvent, Qt, QTimer, QUrl, Signal
from PySide6.QtGui import QColor, QImage, QTextCursor, QTextDocument
from PySide6.QtWidgets import QTextBrowser, QTextEdit, QWidget

from assistant.api.views import PreviewView
from ui.i18n import tr
from ui.previews.quote import find_quote, shown_text, utf16
from ui.theme import colours

_FEATURES = QTextDocument.MarkdownFeature.MarkdownDialectGitHub | QTextDocument.MarkdownFeature.MarkdownNoHTML


class MarkdownView(QTextBrowser):
    """`linkClicked` carries the address of a link that a person clicked; whoever listens asks before opening it."""

    linkClicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setOpenLinks(False)
        self.setOpenExternalLinks(False)
        self.setAccessibleName(tr("Rendered text of the source"))
        self.document().setDocumentMargin(16)
        self.anchorClicked.connect(lambda url: self.linkClicked.emit(url.toString()))
        self._quote: QTextCursor | None = None
        self._share = 0.0
        self._settle = QTimer(self, interval=0, singleShot=True)
        self._settle.timeout.connect(self._go)  # once more when a pane that was hidden until now knows its size

    def loadResource(self, type: int, name: QUrl | str) -> Any:
        """Give a blank for whatever a text asks for: it is untrusted, and a fetch would tell that it is being read.

        Never None: Qt would then read a local file, or on Windows a network share, by itself.
        """
        if type == QTextDocument.ResourceType.ImageResource.value:
            blank = QImage(1, 1, QImage.Format.Format_ARGB32)
            blank.fill(Qt.GlobalColor.transparent)
            return blank
        return QByteArray(b" ")

    def marked(self) -> str:
        """Return the marked quote as it stands on the page, empty when it was not found there."""
        return self._quote.selectedText().replace("\u2029", "\n") if self._quote is not None else ""

    def show_view(self, view: PreviewView) -> None:
        """Render the text of `view` and go to its quote."""
        self.document().setMarkdown(shown_text(view.text), _FEATURES)
        page = self.document().toRawText().replace("\u2029", "\n").replace("\u2028", "\n")
        share = (view.line - view.first_line) / max(view.text.count("\n"), 1) if view.line else 0.0
        spot = self._find(page, shown_text(view.quote), round(share * page.count("\n")))
        self._quote = None
        self._share = share
        if spot is not None:
            self._quote = QTextCursor(self.document())
            self._quote.setPosition(utf16(page[: spot[0]]))
            self._quote.setPosition(utf16(page[: spot[1]]), QTextCursor.MoveMode.KeepAnchor)
        self._show_mark()
        self._go()
        self._settle.start()

    def _go(self) -> None:
        """Bring the quote a third below the top; without one, the part of the page where the cited line must be."""
        cursor = QTextCursor(self.document())
        if self._quote is not None:
            cursor.setPosition(self._quote.selectionStart())
        self.setTextCursor(cursor)
        bar = self.verticalScrollBar()
        if self._quote is not None:
            bar.setValue(bar.value() + self.cursorRect().top() - self.viewport().height() // 3)
        else:
            bar.setValue(round(self._share * bar.maximum()))

    def _find(self, page: str, quote: str, line: int) -> tuple[int, int] | None:
        """Look for the quote as written, then as it reads once its own marks are rendered away."""
        spot = find_quote(page, quote, line)
        if spot is None and quote.strip():
            plain = QTextDocument()
            plain.setMarkdown(quote, _FEATURES)
            spot = find_quote(page, plain.toRawText().replace("\u2029", "\n").replace("\u2028", "\n"), line)
        return spot

    def _show_mark(self) -> None:
        if self._quote is None:
            self.setExtraSelections([])
            return
        quote = QTextEdit.ExtraSelection()
        quote.cursor = self._quote  # pyright: ignore[reportAttributeAccessIssue]
        quote.format.setBackground(QColor(colours(self).mark))  # pyright: ignore[reportAttributeAccessIssue]
        self.setExtraSelections([quote])

    def changeEvent(self, e: QEvent) -> None:
        """Take the colours of another theme."""
        super().changeEvent(e)
        if e.type() == QEvent.Type.PaletteChange:
            self._show_mark()
