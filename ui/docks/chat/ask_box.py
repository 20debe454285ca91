"""The ask box: Enter asks or, in the other mode, has it done; Ctrl+Enter always has it done; Shift+Enter starts a new line."""

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QKeyEvent, QTextCursor
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from ui.docks.chat.request import reads_as_request
from ui.i18n import tr
from ui.theme import GAP, SMALL, IconButton, restyle

MOST_LINES = 5
MOST_CHARS = 4000


class AskBox(QFrame):
    """`asked` carries a question, `requested` something to do, trimmed and never empty; `stopped` ends the running answer.

    The button is Stop while an answer is made; something to do can be asked for all the same.
    """

    asked = Signal(str)
    requested = Signal(str)
    stopped = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "ask")
        self.busy = False
        self.ready = True
        self._eager = False  # Enter was pressed while the memory was still being opened
        self._eager_to_do = False
        self.edit = QPlainTextEdit(self)
        self.edit.setPlaceholderText(tr("Ask your memory…"))
        self.edit.setAccessibleName(tr("Question"))
        self.edit.setAccessibleDescription(tr("Enter asks, Ctrl+Enter has it done, Shift+Enter starts a new line."))
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
        left = QVBoxLayout()
        left.setSpacing(0)
        left.addWidget(self.edit)
        left.addLayout(self._modes())
        row.addLayout(left, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignBottom)
        self.setFocusProxy(self.edit)
        self._fit()

    def _modes(self) -> QHBoxLayout:
        self.mode_ask = QPushButton(tr("Ask"))
        self.mode_do = QPushButton(tr("Do"))
        self.mode_ask.setAccessibleDescription(tr("Enter asks your memory"))
        self.mode_do.setAccessibleDescription(tr("Enter plans what you write; nothing happens before you agree"))
        self._mode = QButtonGroup(self)
        row = QHBoxLayout()
        row.setSpacing(SMALL)
        for button in (self.mode_ask, self.mode_do):
            button.setCheckable(True)
            button.setProperty("role", "filter")
            button.setToolTip(button.accessibleDescription())
            self._mode.addButton(button)
            row.addWidget(button)
        self.mode_ask.setChecked(True)
        self._mode.buttonToggled.connect(lambda _button, _on: self._mode_changed())
        self.hint = QLabel()
        self.hint.setProperty("role", "muted")
        row.addSpacing(SMALL)
        row.addWidget(self.hint, 1)
        return row

    @property
    def doing(self) -> bool:
        """Tell whether Enter has it done rather than answered."""
        return self.mode_do.isChecked()

    def _mode_changed(self) -> None:
        self.set_ready(self.ready)
        self.edit.setFocus(Qt.FocusReason.OtherFocusReason)

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
            doing = self._eager_to_do
            QTimer.singleShot(0, self, lambda: self._send(doing))  # after whoever makes it ready is done
        self._eager = False
        waiting = tr("Say what should be done…") if self.doing else tr("Ask your memory…")
        self.edit.setPlaceholderText(waiting if ready else tr("Opening your memory…"))
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
            held = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
            enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
            if enter and held in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
                self._send(self.doing or held == Qt.KeyboardModifier.ControlModifier)
                return True
        elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
            restyle(self, active=event.type() == QEvent.Type.FocusIn)
        elif event.type() == QEvent.Type.Resize:
            self._fit()
        return super().eventFilter(watched, event)

    def _pressed(self) -> None:
        if self.busy:
            self.stopped.emit()
        else:
            self._send(self.doing)

    def _send(self, doing: bool) -> None:
        """Hand over what is typed; one question is answered at a time, and what is typed meanwhile stays."""
        text = self.text()[:MOST_CHARS]
        self._eager, self._eager_to_do = bool(text) and not self.ready, doing
        if text and self.ready and (doing or not self.busy):
            self.edit.clear()
            (self.requested if doing else self.asked).emit(text)

    def _changed(self) -> None:
        self.button.setEnabled(self.busy or (self.ready and bool(self.text())))
        request = not self.doing and reads_as_request(self.text())
        self.hint.setText(tr("Something to do? Ctrl+Enter") if request else "")
        self._fit()

    def _fit(self) -> None:
        lines = min(MOST_LINES, max(1, round(self.edit.document().size().height())))
        full = round(self.edit.document().size().height()) > MOST_LINES
        policy = Qt.ScrollBarPolicy.ScrollBarAsNeeded if full else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.edit.setVerticalScrollBarPolicy(policy)
        self.edit.setFixedHeight(self.edit.fontMetrics().lineSpacing() * lines + 20)
