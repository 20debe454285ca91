"""Shows text or code with line numbers, the cited lines and the quote marked. Used by the preview dock; read-only."""

from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QColor, QPainter, QTextCursor, QTextFormat
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit, QWidget

from assistant.api.views import PreviewView
from ui.i18n import tr
from ui.previews.highlight import Highlighter
from ui.previews.numbered import NumberedPage
from ui.previews.quote import find_quote, line_starts, shown_text, utf16
from ui.theme import GAP, SMALL, Colours, colours


class CodeView(NumberedPage):
    """A read-only page of text; `marked` tells which lines of the file (1-based, inclusive) and which text are marked."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(tr("Text of the source"), parent)
        self.highlighter = Highlighter(self.document())
        self._first = 1
        self._lines = (0, 0)
        self._quote: QTextCursor | None = None
        self._settle = QTimer(self, interval=0, singleShot=True)
        self._settle.timeout.connect(self._go)  # once more when a pane that was hidden until now knows its size
        self.blockCountChanged.connect(self.fit_gutter)
        self.fit_gutter()
        self.dress()

    def marked(self) -> tuple[int, int, str]:
        """Return first and last marked line, as numbered in the file (0, 0 for none), and the marked quote."""
        quote = self._quote.selectedText().replace("\u2029", "\n") if self._quote is not None else ""
        return self._lines[0], self._lines[1], quote

    def show_view(self, view: PreviewView) -> None:
        """Show the text of `view` and go to its place."""
        text = shown_text(view.text)
        prose = view.kind != "code"
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.WidgetWidth if prose else QPlainTextEdit.LineWrapMode.NoWrap)
        self.highlighter.forget()
        self.setPlainText(text)
        self._first = view.first_line
        self.fit_gutter()
        self._mark(text, view)
        if view.kind in ("code", "markdown"):
            language = "markdown" if view.kind == "markdown" else view.language
            self.highlighter.colour(text, language, view.path.rsplit("/", 1)[-1])

    def _mark(self, text: str, view: PreviewView) -> None:
        """Mark the quote where it stands nearest to the cited line; the cited lines where it cannot be found."""
        start = max(view.line - view.first_line, 0)
        spot = find_quote(text, shown_text(view.quote), start)
        self._quote = None
        self._lines = (view.line, max(view.line_end, view.line)) if view.line else (0, 0)
        if spot is not None:
            begin, end = spot
            self._quote = QTextCursor(self.document())
            self._quote.setPosition(utf16(text[:begin]))
            self._quote.setPosition(utf16(text[:end]), QTextCursor.MoveMode.KeepAnchor)
            if not view.line:
                starts = line_starts(text[:end])
                first = len(line_starts(text[:begin])) - 1
                self._lines = (view.first_line + first, view.first_line + len(starts) - 1)
        self._show_marks()
        self._go()
        self._settle.start()

    def _show_marks(self) -> None:
        here = colours(self)
        made: list[QTextEdit.ExtraSelection] = []
        for number in range(self._lines[0], self._lines[1] + 1 if self._lines[0] else 0):
            block = self.document().findBlockByNumber(number - self._first)
            if not block.isValid():
                break
            line = QTextEdit.ExtraSelection()
            line.cursor = QTextCursor(block)  # pyright: ignore[reportAttributeAccessIssue]
            line.format.setBackground(QColor(here.accent_soft))  # pyright: ignore[reportAttributeAccessIssue]
            line.format.setProperty(QTextFormat.Property.FullWidthSelection, True)  # pyright: ignore[reportAttributeAccessIssue]
            made.append(line)
        if self._quote is not None:
            quote = QTextEdit.ExtraSelection()
            quote.cursor = self._quote  # pyright: ignore[reportAttributeAccessIssue]
            quote.format.setBackground(QColor(here.mark))  # pyright: ignore[reportAttributeAccessIssue]
            made.append(quote)
        self.setExtraSelections(made)
        self._gutter.update()

    def _go(self) -> None:
        """Bring the place into view, a third from the top where there is room."""
        cursor = QTextCursor(self.document())
        if self._quote is not None:
            cursor.setPosition(self._quote.selectionStart())
        elif self._lines[0]:
            cursor = QTextCursor(self.document().findBlockByNumber(self._lines[0] - self._first))
        self.setTextCursor(cursor)
        if self._lines[0] or self._quote is not None:
            self.centerCursor()
            self.horizontalScrollBar().setValue(0)
            self.ensureCursorVisible()

    # the gutter

    def gutter_width(self) -> int:
        """Return the width that the largest line number needs, in pixels."""
        digits = max(2, len(str(self._first + self.blockCount())))
        return self.fontMetrics().horizontalAdvance("9") * digits + GAP + SMALL

    def paint_beside(self, painter: QPainter, number: int, line: QRect, here: Colours) -> None:
        """Write the number of a line beside the first of its rows; marked ones stand out."""
        shown = self._first + number
        marked = self._lines[0] and self._lines[0] <= shown <= self._lines[1]
        if marked:
            painter.fillRect(QRect(0, line.top(), SMALL - 1, line.height()), QColor(here.accent))
        painter.setPen(QColor(here.accent if marked else here.muted))
        place = QRect(0, line.top(), line.width() - SMALL, self.fontMetrics().lineSpacing())
        painter.drawText(place, Qt.AlignmentFlag.AlignRight, str(shown))

    def dress(self) -> None:
        """Take the colours of the theme as it is now, marks and words of a language included."""
        super().dress()
        self.highlighter.dress(colours(self))
        self._show_marks()
