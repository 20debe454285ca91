"""A question's terms, names, kinds and the word that says what is asked for."""

import pytest

from assistant.orchestrator.answering.question import read_question


def test_names_numbers_and_identifiers_weigh_more_and_filler_less() -> None:
    asked = read_question("What does IngestWindow.admit return for Orchard and 42 things?")
    weights = {term.stem: term.weight for term in asked.terms}
    assert weights["ingestwindow"] == weights["admit"] == weights["orchard"] == weights["42"] == 1.6
    assert weights["return"] == 1.0
    assert weights["thing"] == 0.4


def test_a_name_said_again_in_small_letters_keeps_its_weight() -> None:
    (term,) = read_question("Is Orchard an orchard?").terms
    assert term.entity
    (other,) = read_question("orchard of Orchard").terms
    assert other.entity


def test_a_question_of_stop_words_keeps_them() -> None:
    assert [term.stem for term in read_question("Who are you?").terms] == ["who", "are", "you"]
    assert read_question("?!").terms == ()


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("How many days?", {"number"}),
        ("Сколько стоит лифт?", {"number"}),
        ("When does it end?", {"date"}),
        ("Когда и где собираются?", {"date", "place"}),
        ("Кому сообщать о потере?", {"person"}),
        ("Почему он сломался?", {"reason"}),
        ("Does it rain?", set[str]()),
    ],
)
def test_kinds(text: str, kinds: set[str]) -> None:
    assert read_question(text).kinds == kinds


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("Which courier company carries it?", ["courier", "compani"]),
        ("What brand of oven is it?", ["brand"]),
        ("What is the password?", []),
        ("Сколько посетителей пришло?", ["посетител", "пришл"]),
        ("Where is it?", []),
    ],
)
def test_focus(text: str, focus: list[str]) -> None:
    asked = read_question(text)
    assert [asked.terms[at].stem for at in asked.focus] == focus


def test_signs_of_the_kind_asked_for() -> None:
    asked = read_question("How many days, and who decides?")
    assert asked.answered_in_kind("It takes five days.") == 0.5
    assert asked.answered_in_kind("It takes five days, says Marta.") == 1.0
    assert read_question("Does it rain?").answered_in_kind("Yes.") == 0.5
