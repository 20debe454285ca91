"""Colours a text document in slices between two turns of the event loop. Used by the text preview."""

from collections.abc import Iterator
from itertools import chain
from time import monotonic
from typing import get_args

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QColor, QFont, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from ui.previews.tokens import Run, TokenRole, runs_by_line
from ui.theme import Colours

SLICE_S = 0.006
"""So long one slice takes at most, give or take one line."""


class Highlighter(QSyntaxHighlighter):
    """Call `colour` after the document got its text; `finished` is emitted when the last line has its colours.

    Works in slices on the window's own thread: a thread of Python's would take the same time from it, and could collect
    dead widgets, which Qt forbids outside the main thread.
    """

    finished = Signal()

    def __init__(self, document: QTextDocument) -> None:
        super().__init__(document)
        self._runs: dict[int, tuple[Run, ...]] = {}
        self._formats: dict[TokenRole, QTextCharFormat] = {}
        self._rest: Iterator[tuple[int, tuple[Run, ...]]] = iter(())
        self._timer = QTimer(self, interval=0, singleShot=True)
        self._timer.timeout.connect(self._advance)

    def forget(self) -> None:
        """Drop the tokens of the text shown until now; call before the text changes."""
        self._timer.stop()
        self._rest = iter(())
        self._runs = {}

    def colour(self, text: str, language: str, filename: str) -> None:
        """Start colouring the document, which shows `text`."""
        self.forget()
        self._rest = runs_by_line(text, language, filename)
        self._timer.start()

    def dress(self, colours: Colours) -> None:
        """Use these colours from now on."""
        code = {**colours.code, "heading": colours.accent, "deleted": colours.bad, "inserted": colours.good}
        self._formats = {role: _format(role, code.get(role, colours.text)) for role in get_args(TokenRole)}
        if self._runs:
            self._rest = chain(list(self._runs.items()), self._rest)
            self._timer.start()

    def _advance(self) -> None:
        until = monotonic() + SLICE_S
        for line, runs in self._rest:
            self._runs[line] = runs
            self.rehighlightBlock(self.document().findBlockByNumber(line))
            if monotonic() > until:
                self._timer.start()
                return
        self.finished.emit()

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
