"""What the core asks back, and what it offers instead of what it cannot do. Shown inside plan cards."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget

from assistant.api.views import Conflict, Question
from ui.deeds.parts import button, exact, label, row
from ui.i18n import told, tr, tr_n
from ui.i18n.visible import homely, visible
from ui.theme import GAP

FIRST_CONFLICTS = 8


class QuestionForm(QWidget):
    """One question: `answered` carries a choice's value or the text; `denied` drops the request."""

    answered = Signal(str)
    denied = Signal()

    def __init__(self, question: Question, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(label(question.text, "strong"))
        self.choices: list[QPushButton] = []
        self.field = QLineEdit()
        self.field.setAccessibleName(visible(question.text))
        self.field.returnPressed.connect(self._typed)
        never = button(tr("Never mind"), self.denied.emit, role="ghost")
        if question.choices:
            for value, text in question.choices:
                self.choices.append(button(visible(text), partial(self.answered.emit, value), role="choice"))
            column.addWidget(row([*self.choices, never]))
            return
        self.go = button(tr("Continue"), self._typed, role="primary")
        column.addWidget(self.field)
        column.addWidget(row([self.go, never]))

    def _typed(self) -> None:
        if self.field.text().strip():
            self.answered.emit(self.field.text().strip())


class Nearest(QWidget):
    """Requests that can be done, as chips; `chosen` carries one."""

    chosen = Signal(str)

    def __init__(self, examples: tuple[str, ...], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(GAP)
        column.addWidget(label(tr("These come nearest:"), "muted"))
        tip = tr("Puts this request into the ask box")
        self.chips = [button(visible(text), partial(self.chosen.emit, text), role="choice", tip=tip) for text in examples]
        column.addWidget(row(self.chips))


def conflict_lines(conflicts: tuple[Conflict, ...]) -> list[str]:
    """Return what stands in the way, a line each: path and reason; long lists are cut."""
    lines = [f"{homely(one.path)}: {visible(told(one.reason))}" for one in conflicts[:FIRST_CONFLICTS]]
    rest = len(conflicts) - FIRST_CONFLICTS
    return [*lines, *([tr_n("and %n more", rest)] if rest > 0 else [])]


def conflicts_list(conflicts: tuple[Conflict, ...]) -> QWidget:
    """Return what stands in the way, to read and to select."""
    return exact("\n".join(conflict_lines(conflicts)), tr("What stands in the way"))
