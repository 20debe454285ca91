"""A form over the arguments of a step, made from their values. Used by the plan dock."""

import json
from collections.abc import Callable
from typing import cast

from pydantic import JsonValue
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QFormLayout, QLineEdit, QPlainTextEdit, QSpinBox, QVBoxLayout, QWidget

from ui.deeds.parts import button, label, row
from ui.i18n import tr
from ui.i18n.visible import visible
from ui.theme import GAP

LONG = 80
LINES_HIGH = 5
LARGEST = 2**31 - 1
Read = Callable[[], JsonValue]


class ArgumentForm(QWidget):
    """`saved` carries the changed values by name; `closed` leaves all as it was. What is no JSON is said below its field."""

    saved = Signal(dict)
    closed = Signal()

    def __init__(self, arguments: dict[str, JsonValue], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._before = arguments
        self.fields: dict[str, QWidget] = {}
        self._reads: dict[str, Read] = {}
        form = QFormLayout()
        form.setRowWrapPolicy(QFormLayout.RowWrapPolicy.WrapLongRows)
        form.setSpacing(GAP)
        for name, value in arguments.items():
            field, read = _field(value)
            field.setAccessibleName(visible(name))
            self.fields[name], self._reads[name] = field, read
            form.addRow(label(name, "muted", wrap=False), field)
        self.problem = label("", "alarm")
        self.problem.hide()
        self.save = button(tr("Preview again"), self._save, role="primary", tip=tr("Plans anew with these values"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(form)
        column.addWidget(self.problem)
        column.addWidget(row([self.save, button(tr("Cancel"), self.closed.emit)]))

    def first(self) -> QWidget | None:
        """Return the first field, None when there is none."""
        return next(iter(self.fields.values()), None)

    def _save(self) -> None:
        changed: dict[str, JsonValue] = {}
        for name, read in self._reads.items():
            try:
                value = read()
            except ValueError:
                self.problem.setText(tr("{name} is not valid JSON.").format(name=visible(name)))
                self.problem.show()
                self.fields[name].setFocus()
                return
            if value != self._before[name]:
                changed[name] = value
        if changed:
            self.saved.emit(changed)
        else:
            self.closed.emit()


def _field(value: JsonValue) -> tuple[QWidget, Read]:
    """Return a field for a value, and how it is read again."""
    if isinstance(value, bool):
        check = QCheckBox()
        check.setChecked(value)
        return check, check.isChecked
    if isinstance(value, int) and abs(value) <= LARGEST:
        whole = QSpinBox()
        whole.setRange(-LARGEST, LARGEST)
        whole.setValue(value)
        return whole, whole.value
    if isinstance(value, float):
        decimal = QDoubleSpinBox()
        decimal.setRange(-LARGEST, LARGEST)
        decimal.setDecimals(3)
        decimal.setValue(value)
        return decimal, decimal.value
    if isinstance(value, str) and "\n" not in value and len(value) <= LONG * 4:
        line = QLineEdit(value)
        line.setCursorPosition(0)
        return line, line.text
    if isinstance(value, str):
        return _lines(value)
    if isinstance(value, list) and all(isinstance(one, str) and "\n" not in one for one in value):
        rows, read = _lines("\n".join(cast("list[str]", value)))
        return rows, lambda: [one for one in str(read()).split("\n") if one]
    raw = QLineEdit(json.dumps(value, ensure_ascii=False))
    return raw, lambda: cast("JsonValue", json.loads(raw.text()))


def _lines(text: str) -> tuple[QPlainTextEdit, Read]:
    edit = QPlainTextEdit(text)
    edit.setTabChangesFocus(True)
    edit.setFixedHeight(edit.fontMetrics().lineSpacing() * min(LINES_HIGH, text.count("\n") + 2) + 2 * GAP)
    return edit, edit.toPlainText
