"""Colours a text document from tokens worked out on a thread of Qt's pool; lines are coloured as Qt lays them out."""

from PySide6.QtCore import QObject, QThreadPool, QTimer, Signal
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ui.previews.tokens import Run, TokenRole, runs_by_line
from ui.theme import Colours

BLOCKS_AT_A_TIME = 400
"""So many lines are coloured between two turns of the event loop."""


class _Messenger(QObject):
    """Carries tokens from the pool's thread; its own object, so that a job outliving the highlighter still finds it alive."""

    ready = Signal(int, object)


class Highlighter(QSyntaxHighlighter):
    """Call `colour` after the document got its text; `finished` is emitted when the last line has its colours."""

    finished = Signal()

    def __init__(self, document: QTextDocument, pool: QThreadPool | None = None) -> None:
        super().__init__(document)
        self._pool = pool or QThreadPool.globalInstance()
        self._runs: dict[int, tuple[Run, ...]] = {}
        self._formats: dict[TokenRole, QTextCharFormat] = {}
        self._messenger = _Messenger()
        self._messenger.ready.connect(self._take)
        self._number = 0
        self._next = 0
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._advance)

    def forget(self) -> None:
        """Drop the tokens of the text shown until now; call before the text changes."""
        self._timer.stop()
        self._number += 1
        self._runs = {}

    def colour(self, text: str, language: str, filename: str) -> None:
        """Start working out the tokens of `text`."""
        self.forget()
        messenger, number = self._messenger, self._number

        def work() -> None:
            messenger.ready.emit(number, runs_by_line(text, language, filename))

        self._pool.start(work)

    def dress(self, colours: Colours) -> None:
        """Use these colours from now on."""
        code = {**colours.code, "heading": colours.accent, "deleted": colours.bad, "inserted": colours.good}
        self._formats = {role: _format(role, code.get(role, colours.text)) for role in TokenRole.__args__}
        self._start()

    def _take(self, number: int, found: dict[int, tuple[Run, ...]]) -> None:
        if number == self._number:
            self._runs = found
            self._start()

    def _start(self) -> None:
        self._next = 0
        if self._runs:
            self._timer.start()
        else:
            self.finished.emit()

    def _advance(self) -> None:
        block = self.document().findBlockByNumber(self._next)
        for _ in range(BLOCKS_AT_A_TIME):
            if not block.isValid():
                self.finished.emit()
                return
            if block.blockNumber() in self._runs:
                self.rehighlightBlock(block)
            block = block.next()
            self._next += 1
        self._timer.start()

    def highlightBlock(self, text: str) -> None:
        """Colour one line; Qt calls this for lines as they change."""
        for run in self._runs.get(self.currentBlock().blockNumber(), ()):
            self.setFormat(run.start, run.length, self._formats.get(run.role, QTextCharFormat()))


def _format(role: TokenRole, colour: str) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(QColor(colour))
    if role == "comment":
        made.setFontItalic(True)
    if role in ("heading", "keyword"):
        made.setFontWeight(QFont.Weight.DemiBold)
    return made
