"""A sentence of an answer with its [n] chips behind the last word. Plain text only: nothing in it is ever taken for HTML."""

from collections.abc import Callable
from textwrap import dedent

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QToolButton, QWidget

from assistant.api.views import Citation, Claim
from ui.docks.chat.places import spoken, tip
from ui.i18n import tr
from ui.i18n.visible import plain_tip, visible
from ui.previews.fit_text import FitText
from ui.theme import SMALL, mono

CHIP_HEIGHT = 19


class Chip(QToolButton):
    """The number of a citation; disabled until the citation itself has arrived."""

    def __init__(self, n: int, opened: Callable[[Citation], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.n = n
        self.citation: Citation | None = None
        self.setText(str(n))
        self.setProperty("role", "chip")
        self.setAccessibleName(tr("Source {n}").format(n=n))
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setFixedHeight(CHIP_HEIGHT)
        self.setEnabled(False)
        self._opened = opened
        self.clicked.connect(self._open)

    def tell(self, citation: Citation) -> None:
        """Give the chip what it points at."""
        self.citation = citation
        self.setAccessibleName(spoken(citation))
        self.setAccessibleDescription(tip(citation))
        self.setToolTip(plain_tip(tip(citation)))
        self.setEnabled(True)

    def _open(self) -> None:
        if self.citation is not None:
            self._opened(self.citation)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Let Enter do what Space does."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.click()
            return
        super().keyPressEvent(event)


def reads_as_code(text: str) -> bool:
    """Tell whether indentation carries meaning here: several lines, some of them indented."""
    lines = text.split("\n")
    return len(lines) > 1 and any(line.startswith(("  ", "\t")) for line in lines)


class ClaimText(FitText):
    """A claim and its chips; `opened` is called with the citation of a chip that was pressed."""

    def __init__(self, claim: Claim, opened: Callable[[Citation], object], parent: QWidget | None = None) -> None:
        self.chips: list[Chip] = []
        code = reads_as_code(claim.text)
        super().__init__(visible(dedent(claim.text).strip("\n") if code else claim.text, lines=True), parent)
        self.claim = claim
        if code:
            self.setProperty("role", "code")
            self.setFont(mono())
        self.setAccessibleName(self.toPlainText())
        self.chips = [Chip(n, opened, self.viewport()) for n in claim.citations]

    def tell(self, citations: dict[int, Citation]) -> None:
        """Give every chip its citation."""
        for chip in self.chips:
            if chip.n in citations:
                chip.tell(citations[chip.n])

    def tail(self) -> int:
        """Place the chips behind the last word, or below it when the line is full."""
        end = QTextCursor(self.document())
        end.movePosition(QTextCursor.MoveOperation.End)
        rect = self.cursorRect(end)
        x, y, more = rect.right() + SMALL + 2, rect.top() + (rect.height() - CHIP_HEIGHT) // 2 + 1, 0
        for chip in self.chips:
            width = max(CHIP_HEIGHT + 3, chip.sizeHint().width())
            if x + width > self.viewport().width() and x > 0:
                x, y = 0, y + CHIP_HEIGHT + SMALL
                more += CHIP_HEIGHT + SMALL
            chip.setFixedWidth(width)
            chip.move(x, y)
            x += width + SMALL
        return more
