"""What the core says in English is Russian in the Russian window: every reason and error that can be met there has a template."""

import ast
import builtins
import json
import re
import string
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication

from ui.i18n import Catalogue, told
from ui.i18n.catalogue import FOLDER
from ui.i18n.core_texts import Templates, read_templates

ROOT = Path(__file__).resolve().parents[2]

NOT_MET = (
    "assistant/cli/",  # the command line speaks English
    "assistant/eval/",  # run from the command line only
    "assistant/app/gateway.py",  # what a command line hears through the window
    "assistant/app/protocol.py",
    "assistant/app/remote.py",
    "assistant/api/doctor.py",  # `mneme doctor`; the window has no such page
    "assistant/orchestrator/critic.py",  # its notes are counted in the log, never shown
    "assistant/orchestrator/acting/reflecting.py",  # what it writes is in the language of the request
    "assistant/adapters/embed/bert_onnx.py",  # models are installed from the command line only
    "assistant/adapters/embed/convert.py",
    "assistant/adapters/system/fetch.py",
    "assistant/adapters/system/hub_files.py",
    "assistant/adapters/system/pip_wheel.py",
    "assistant/adapters/system/verified.py",
    "assistant/models/manager.py",
    "assistant/models/place.py",
)
PYTHONS_OWN = {name for name in dir(builtins) if name.endswith("Error")}
SAID = {"what", "kept", "remedy", "reason", "text"}
"""Keywords whose value a person reads."""


def templates_of(node: ast.expr | None) -> list[str]:
    """Return the texts an expression can make, with {} for what varies; nothing when it is no text."""
    match node:
        case ast.Constant(value=str(text)):
            return [text]
        case ast.JoinedStr(values=values):
            return ["".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in values)]
        case ast.IfExp(body=one, orelse=other):
            return [*templates_of(one), *templates_of(other)]
        case ast.BoolOp(values=values):
            return [text for value in values for text in templates_of(value)]
        case _:
            return []


def said(node: ast.AST) -> Iterator[str]:
    """Yield what a node says to a person: errors, reasons for skipping, warnings, notes, remedies."""
    if (
        isinstance(node, ast.Assign)
        and isinstance(node.targets[0], ast.Name)
        and node.targets[0].id in ("REMEDY", "STORE", "why", "nothing")
    ):
        yield from templates_of(node.value)
    if not isinstance(node, ast.Call):
        return
    function = node.func
    name = function.id if isinstance(function, ast.Name) else function.attr if isinstance(function, ast.Attribute) else ""
    first = node.args[:1]
    if name.endswith("Error") and name not in PYTHONS_OWN:
        for value in [*first, *(word.value for word in node.keywords if word.arg in SAID)]:
            yield from templates_of(value)
    elif name in ("Skip", "FoundFile") or (name == "fromkeys" and len(node.args) == 2):
        yield from templates_of(node.args[-1])
    elif name in ("Warned", "Verdict", "Conflict"):
        for word in node.keywords:
            yield from templates_of(word.value) if word.arg in SAID else ()
    elif name == "append" and isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        yield from templates_of(first[0]) if function.value.id in ("notes", "warnings") else ()
    elif name == "mark" and len(node.args) == 3:
        yield from templates_of(node.args[2])
    elif name in ("clash", "_refused"):
        yield from (text for value in node.args[-1:] for text in templates_of(value))


TELLS = "assistant/orchestrator/acting/"
"""Where reasons are put together in more ways than calls show: every sentence there is read by a person."""
_SENTENCE = re.compile(r"[“{A-Z].* .*\.", re.DOTALL)


def sentences(tree: ast.Module) -> Iterator[str]:
    """Yield every sentence of a module but its docstrings and asserts."""
    left_out = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assert):
            left_out |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.JoinedStr):
            left_out |= {id(part) for part in node.values}
        if isinstance(node, ast.Constant | ast.JoinedStr) and id(node) not in left_out:
            yield from (text for text in templates_of(node) if _SENTENCE.fullmatch(text))


def core_texts() -> Iterator[tuple[str, str]]:
    for path in sorted((ROOT / "assistant").rglob("*.py")):
        where = path.relative_to(ROOT).as_posix()
        if not where.startswith(NOT_MET):
            tree = ast.parse(path.read_text("utf-8"))
            for node in ast.walk(tree):
                yield from ((text, where) for text in said(node))
            if where.startswith(TELLS):
                yield from ((text, where) for text in sentences(tree))


@pytest.fixture(scope="module")
def russian() -> Templates:
    found = read_templates(FOLDER, "ru")
    assert found is not None
    return found


def test_everything_the_window_can_be_told_has_a_russian_template():
    known = set(json.loads((FOLDER / "ru_core.json").read_text("utf-8")))
    texts = dict(core_texts())
    assert len(texts) > 100, "the collector finds the texts"
    assert (
        sorted(f"{where}: {text}" for text, where in texts.items() if re.search("[a-z]{2}", text) and not fits(text, known)) == []
    )


def fits(text: str, known: set[str]) -> bool:
    """Tell whether a template is there for a text, by itself or with the varying end that the walker completes."""
    return text in known or f"{{}} {text}." in known


def test_policy_reasons_are_translated(russian: Templates):
    reasons = re.findall(r'^reason = "(.*)"$', (ROOT / "configs" / "policy.toml").read_text("utf-8"), re.MULTILINE)
    assert reasons
    assert [reason for reason in reasons if russian.translate(reason) == reason] == []


def test_no_translation_loses_a_place_or_names_one_that_is_not_there():
    for text, other in json.loads((FOLDER / "ru_core.json").read_text("utf-8")).items():
        named = {int(field) for _, field, _, _ in string.Formatter().parse(other) if field is not None}
        assert named <= set(range(text.count("{}"))), text
        assert re.search("[а-я]", other, re.IGNORECASE), text


@pytest.mark.parametrize(
    ("english", "expected"),
    [
        ("empty", "пустой файл"),
        ("binary file (.pkl)", "двоичный файл (.pkl)"),
        ("ignored folder: node_modules", "пропускаемая папка: node_modules"),
        ("Nothing to remember: archives are not opened.", "Запоминать нечего: архивы не открываются."),
        (
            "/home/anna/My. Notes cannot be found: No such file or directory.",
            "/home/anna/My. Notes: не найдено (нет такого файла или папки).",
        ),
        (
            "The file is protected by a password. Save a copy without a password and add that copy.",
            "Файл защищён паролем. Сохраните копию без пароля и добавьте её.",
        ),
        (
            "Indexing is paused. The disk is full: the text index could not be written. Everything written before is kept.",
            "Чтение приостановлено. Диск полон, записать не удалось: текстовый указатель. Всё записанное раньше сохранено.",
        ),
        (
            "no text on page 2 (scanned?); no text on page 3 (scanned?)",
            "нет текста на странице 2 (скан?); нет текста на странице 3 (скан?)",
        ),
        ("what nobody has foreseen; not at all. Never.", "what nobody has foreseen; not at all. Never."),
        ("braces {0} {} in a name cannot be found: x.", "braces {0} {} in a name: не найдено (x)."),
    ],
)
def test_texts_are_put_together_from_templates(russian: Templates, english: str, expected: str):
    assert russian.translate(english) == expected


def test_the_window_tells_them_in_its_language(app: QCoreApplication):
    catalogue = Catalogue("ru")
    app.installTranslator(catalogue)
    try:
        assert told("The file is gone.") == "Файла больше нет."
        assert told("\0 and more") == "\0 and more"
    finally:
        app.removeTranslator(catalogue)
    assert told("The file is gone.") == "The file is gone."
