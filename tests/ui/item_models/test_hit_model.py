"""Hits: heading, score parts, near-duplicates, and which words are printed strong."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from assistant.api.views import Cite, Hit, RecallResult, ScoreParts
from ui.item_models.emphasis import matched_words
from ui.item_models.hits import HitModel, hit_heading, place_text


def hit(**more: object) -> Hit:
    facts: dict[str, object] = {
        "id": "1",
        "score": 0.71,
        "snippet": "the parser reads",
        "cite": Cite(path="/src/parser.py", line=4, line_end=9),
        "parts": ScoreParts(dense=0.8, sparse=0.5, recency=0.25, source_quality=1.0),
        "modality": "code",
        "scope": "class Parser > def parse",
        "group": "g",
        **more,
    }
    return Hit.model_validate(facts)


@pytest.mark.parametrize(
    ("text", "query", "words"),
    [
        ("The brokers were slow", "message broker", ["brokers"]),
        ("Планировщик отправляет сообщения", "сообщение планировщику", ["Планировщик", "сообщения"]),
        ("def parse_line(text): parseLine()", "parse", ["parse_line", "parseLine"]),
        ("a cat sat", "category", []),
        ("the mother of the house", "why the house", ["house"]),
        ("nothing here", "", []),
    ],
)
def test_words_that_answer_to_the_query(text: str, query: str, words: list[str]) -> None:
    assert [text[start:end] for start, end in matched_words(text, query)] == words


def test_a_hit_tells_file_place_scope_and_the_parts_of_its_score(app: QApplication) -> None:
    model = HitModel()
    model.show(
        RecallResult(
            items=(hit(also=(Cite(path="/b"),)), hit(parts=ScoreParts(dense=None, sparse=0.5, recency=0, source_quality=1))),
            took_ms=1,
        ),
        "parser",
    )
    assert hit_heading(hit()) == "parser.py · lines 4–9 · class Parser > def parse"
    tip = str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert [part in tip for part in ("/src/parser.py", "0.710", "0.80", "0.50", "0.25", "1.00")] == [True] * 6
    assert "off" in str(model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "near-duplicate" in str(model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))


def test_a_hit_with_secrets_says_which_in_its_tooltip_and_aloud(app: QApplication) -> None:
    model = HitModel()
    marked = hit(sensitive=("password", "phone", "key"))
    model.show(RecallResult(items=(marked, hit(sensitive=("phone",))), took_ms=1), "parser")
    assert "Holds secrets: a key, a password" in str(model.index(0, 0).data(Qt.ItemDataRole.ToolTipRole))
    assert "holds secrets" in str(model.index(0, 0).data(Qt.ItemDataRole.AccessibleTextRole))
    assert "secrets" not in str(model.index(1, 0).data(Qt.ItemDataRole.ToolTipRole))


@pytest.mark.parametrize(
    ("cite", "place"),
    [
        (Cite(path="/a"), ""),
        (Cite(path="/a", page=3), "page 3"),
        (Cite(path="/a", line=3, line_end=3), "line 3"),
        (Cite(path="/a", page=2, line=3, line_end=4), "page 2 · lines 3–4"),
        (Cite(path="/a", cell="7"), "cell 7"),
    ],
)
def test_places(app: QApplication, cite: Cite, place: str) -> None:
    assert place_text(cite) == place
