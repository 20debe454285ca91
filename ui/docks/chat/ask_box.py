"""The ask box: Enter asks, Shift+Enter starts a new line, the button becomes Stop while an answer is made."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import QFrame, QHBoxLayout, QPlainTextEdit, QSizePolicy, QWidget

from ui.i18n import tr
from ui.theme import GAP, IconButton, restyle

MOST_LINES = 5
MOST_CHARS = 4000


class AskBox(QFrame):
    """`asked` carries the question, trimmed and never empty; `stopped` asks to end the running answer."""

    asked = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "ask")
        self.busy = False
        self.ready = True
        self._eager = False  # Enter was pressed while the memory was still being opened
        self.edit = QPlainTextEdit(self)
        self.edit.setPlaceholderText(tr("Ask your memory…"))
        self.edit.setAccessibleName(tr("Question"))
        self.edit.setAccessibleDescription(tr("Enter asks, Shift+Enter starts a new line."))
        self.edit.setTabChangesFocus(True)
        self.edit.setAcceptDrops(False)  # files dropped here are for the window to remember
        self.edit.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.edit.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.edit.textChanged.connect(self._changed)
        self.edit.installEventFilter(self)
        self.button = IconButton("send", tr("Ask"), role="primary")
        self.button.setFixedSize(QSize(36, 36))
        self.button.setEnabled(False)
        self.button.clicked.connect(self._pressed)
        row = QHBoxLayout(self)
        row.setContentsMargins(14, GAP, GAP, GAP)
        row.addWidget(self.edit, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.setFocusProxy(self.edit)
        self._fit()

    def text(self) -> str:
        """Return the question as typed, trimmed."""
        return self.edit.toPlainText().strip()

    def suggest(self, text: str) -> None:
        """Fill in a question; an ellipsis in it is selected, to be typed over."""
        self.edit.setPlainText(text)
        cursor = self.edit.textCursor()
        gap = text.find("…")
        cursor.setPosition(gap if gap >= 0 else len(text))
        cursor.setPosition(gap + 1 if gap >= 0 else len(text), QTextCursor.MoveMode.KeepAnchor)
        self.edit.setTextCursor(cursor)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

    def set_ready(self, ready: bool) -> None:
        """Let questions through, or keep what is typed until the memory is open."""
        self.ready = ready
        if ready and self._eager:
            QTimer.singleShot(0, self, self._pressed)  # after whoever makes it ready is done
        self._eager = False
        self.edit.setPlaceholderText(tr("Ask your memory…") if ready else tr("Opening your memory…"))
        self.edit.viewport().update()  # Qt paints a new placeholder only where the cursor blinks
        self._changed()

    def set_busy(self, busy: bool) -> None:
        """Turn the button into Stop, or back into Ask."""
        self.busy = busy
        self.button.draw("stop" if busy else "send")
        self.button.name(tr("Stop") if busy else tr("Ask"))
        self._changed()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take Enter from the editor, and show the frame active while it has the focus."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            plain = not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            if plain and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                if not self.busy:
                    self._pressed()
                return True
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            restyle(self, active=event.type() == QEvent.Type.FocusIn)
        elif event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _pressed(self) -> None:
        if self.busy:
            self.stopped.emit()
            return
        question = self.text()[:MOST_CHARS]
        self._eager = bool(question) and not self.ready
        if question and self.ready:
            self.edit.clear()
            self.asked.emit(question)

    def _changed(self) -> None:
        self.button.setEnabled(self.busy or (self.ready and bool(self.text())))
        self._fit()

    def _fit(self) -> None:
        lines = min(MOST_LINES, max(1, round(self.edit.document().size().height())))
        full = round(self.edit.document().size().height()) > MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.edit.setVerticalScrollBarPolicy(policy)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * lines + 20)
