"""What a question becomes: its language, its words, and the names and files in it as signals."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.memory import RecallQuery
from assistant.memory.recall.query import parse
from assistant.orchestrator.intent import analyse
from assistant.orchestrator.planner import RECALL, plan
from assistant.orchestrator.wording import Wording


@pytest.mark.parametrize(
    ("question", "symbols", "files"),
    [
        ("What does parseConfig do?", ("parseConfig",), ()),
        ("Where is retry_limit set?", ("retry_limit",), ()),
        ("How does `push` wrap?", ("push",), ()),
        ("Who calls Parser::next() now?", ("Parser::next",), ()),
        ("What is in notes/todo.md?", (), ("notes/todo.md",)),
        ("What does gateway.toml say of max_age?", ("max_age",), ("gateway.toml",)),
        ("When does the lease end?", (), ()),
        ("Когда кончается аренда?", (), ()),
        ("Is 3.5 kg enough?", (), ()),
    ],
)
def test_names_and_files_become_signals(question: str, symbols: tuple[str, ...], files: tuple[str, ...]) -> None:
    signals = analyse(question).query.signals
    assert (signals.code_symbols, signals.file_hints) == (symbols, files)


@pytest.mark.parametrize(
    ("question", "language"), [("When?", "en"), ("Когда?", "ru"), ("Что делает parseConfig?", "ru"), ("", "en")]
)
def test_the_language_of_the_answer_is_that_of_the_question(question: str, language: str) -> None:
    assert analyse(question).language == language


@given(st.text(max_size=200))
def test_any_text_is_a_question(text: str) -> None:
    intent = analyse(text)
    assert intent.question == intent.query.text == text.strip()


def test_recall_is_an_ordinary_read_only_step() -> None:
    made = plan(analyse("When?"), "turn_1", "cli")
    assert (made.origin, [step.tool for step in made.steps]) == ("cli", [RECALL])
    assert RecallQuery.model_validate(made.steps[0].arguments) == analyse("When?").query


def test_sentences_about_an_answer_are_in_its_language() -> None:
    english, russian = Wording("en"), Wording("ru")
    assert english.abstained(True) != english.abstained(False)
    assert russian.abstained(True) != english.abstained(True)
    assert "/d/a.md" in english.changed("/d/a.md")
    assert "/d/a.md" in russian.changed("/d/a.md")
    note = "text search only: no model is installed"
    assert english.note(note) == note
    assert russian.note(note) != note
    assert russian.note("something new") == "something new"


def test_what_is_said_of_a_part_of_the_question_is_in_its_language_too() -> None:
    asked = parse(
        '"lamp in the fog" lang:klingon -before:2026 modality:smell after:soon path:**/', datetime(2026, 1, 1, tzinfo=UTC)
    )
    held_nowhere = "“lamp in the fog” stands nowhere letter for letter; what follows only resembles it"
    for note in (*asked.notes, held_nowhere):
        told = Wording("ru").note(note)
        assert told.startswith("«")
        assert not set(["was", "searched"]) & set(told.split())
    assert len(asked.notes) == 5
