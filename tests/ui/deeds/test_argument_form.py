"""The form over arguments: a field for each kind of value, only what changed is handed over."""

import pytest
from PySide6.QtWidgets import QApplication, QCheckBox, QDoubleSpinBox, QLineEdit, QPlainTextEdit, QSpinBox

from ui.deeds.arguments import ArgumentForm

VALUES = {
    "deep": True,
    "start": 1,
    "share": 0.5,
    "folder": "/p",
    "content": "one\ntwo",
    "paths": ["/a", "/b"],
    "filled": {"from": "s1", "take": "table"},
}


@pytest.fixture
def form(app: QApplication) -> ArgumentForm:
    return ArgumentForm(dict(VALUES))


def test_every_kind_of_value_has_its_field_and_its_name(form: ArgumentForm) -> None:
    kinds = (QCheckBox, QSpinBox, QDoubleSpinBox, QLineEdit, QPlainTextEdit, QPlainTextEdit, QLineEdit)
    assert [type(field) for field in form.fields.values()] == list(kinds)
    assert [field.accessibleName() for field in form.fields.values()] == list(VALUES)
    assert form.first() is form.fields["deep"]


def test_only_what_changed_is_saved(form: ArgumentForm) -> None:
    saved: list[dict[str, object]] = []
    closed: list[bool] = []
    form.saved.connect(saved.append)
    form.closed.connect(lambda: closed.append(True))
    form.save.click()
    assert (saved, closed) == ([], [True]), "nothing changed: nothing is planned anew"
    form.fields["deep"].setChecked(False)
    form.fields["start"].setValue(7)
    form.fields["paths"].setPlainText("/a\n/c\n")
    form.fields["filled"].setText('{"from": "s2", "take": "text"}')
    form.save.click()
    assert saved == [{"deep": False, "start": 7, "paths": ["/a", "/c"], "filled": {"from": "s2", "take": "text"}}]


def test_what_is_no_json_is_said(form: ArgumentForm) -> None:
    saved: list[dict[str, object]] = []
    form.saved.connect(saved.append)
    form.fields["filled"].setText("{")
    form.save.click()
    assert saved == []
    assert form.problem.text() == "filled is not valid JSON."
