"""The languages: every text of the window has a Russian one, with the same places to fill; counts take the right form."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QTranslator

from ui.i18n import Catalogue, tr, tr_n
from ui.i18n.catalogue import FOLDER, plural

ROOT = Path(__file__).resolve().parents[2]


def literals() -> Iterator[tuple[str, str, str]]:
    """Yield (function, text, where) of every tr and tr_n call of ui."""
    for path in sorted((ROOT / "ui").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name) or node.func.id not in ("tr", "tr_n"):
                continue
            where = f"{path.relative_to(ROOT)}:{node.lineno}"
            first = node.args[0]
            texts = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
            for text in texts:
                value = text.value if isinstance(text, ast.Constant) else None
                yield node.func.id, value if isinstance(value, str) else "", where


def catalogue(language: str) -> dict[str, str | list[str]]:
    found: dict[str, str | list[str]] = {}
    for path in sorted((FOLDER / language).glob("*.json")):
        found.update(json.loads(path.read_text("utf-8")))
    return found


def test_every_text_is_a_literal_with_a_russian_one():
    russian = catalogue("ru")
    missing = [f"{where}: {text!r}" for kind, text, where in literals() if not _fits(kind, russian.get(text))]
    assert missing == []


def test_every_count_has_its_english_forms():
    english = catalogue("en")
    assert [where for kind, text, where in literals() if kind == "tr_n" and len(english.get(text, ())) != 2] == []


def test_no_translation_is_left_over_or_loses_a_place_to_fill():
    used = {text for _, text, _ in literals()}
    for language in ("en", "ru"):
        for text, translated in catalogue(language).items():
            assert text in used, text
            for form in [translated] if isinstance(translated, str) else translated:
                assert sorted(re.findall(r"\{\w+\}|%n", form)) == sorted(re.findall(r"\{\w+\}|%n", text)), text


def _fits(kind: str, translated: str | list[str] | None) -> bool:
    return isinstance(translated, str) if kind == "tr" else isinstance(translated, list) and len(translated) == 3


@pytest.mark.parametrize(
    ("n", "form"), [(1, 0), (21, 0), (101, 0), (2, 1), (4, 1), (23, 1), (0, 2), (5, 2), (11, 2), (12, 2), (14, 2), (111, 2)]
)
def test_russian_forms_by_count(n: int, form: int):
    assert plural("ru", n) == form


def test_the_window_speaks_the_installed_language(app: QCoreApplication):
    russian: QTranslator = Catalogue("ru")
    app.installTranslator(russian)
    try:
        assert tr("Ask") == "Спросить"
        assert [tr_n("Sources (%n)", n) for n in (1, 3)] == ["Источники (1)", "Источники (3)"]
        assert tr("not in any catalogue") == "not in any catalogue"
    finally:
        app.removeTranslator(russian)
    assert tr("Ask") == "Ask"
