"""Languages are named where the evidence suffices, and the model loads only when it must."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.language import Identifier, identify_by_script
from assistant.domain.language.identify import load_classifier

ENGLISH = (
    "The lease begins in September and runs for five years. It is prolonged by two years at a time unless one of the "
    "parties gives notice in writing to the other."
)
FRENCH = (
    "Le renard brun saute par-dessus le chien paresseux et rentre à la maison pour réfléchir longuement avant de dormir. "
    "Il ne sait pas encore ce que demain apportera."
)
CODE = "def parse(self, text):\n    return self.bar[text] + 1\nfor x in range(10): print(x)\nimport os, sys\n" * 4


class Fixed:
    """A model with one answer that counts how often it was asked."""

    def __init__(self, code: str, probability: float) -> None:
        self.answer = (code, probability)
        self.asked = 0

    def classify(self, text: str) -> tuple[str, float]:
        self.asked += 1
        return self.answer


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Планировщик задач распределяет работу между потоками", "ru"),
        ("Планировщик задач", "ru"),
        ("Работа между потоками", "ru"),
        ("Планувальник розподіляє роботу між потоками", "uk"),
        ("Планіроўшчык размяркоўвае працу, каб ўсё ішло ўдала", "be"),
        ("Планировчикът разпределя работата между нишките и следи опашките", "bg"),
        ("Његов љубимац је ћутао", "sr"),
        ("тест " * 40, ""),
        ("дом " * 40 + "и для дома", "ru"),
        ("Объект из трёх въездов для подъезда".replace("ё", "е"), "ru"),
        (ENGLISH, "en"),
        (FRENCH, ""),
        ("short text", ""),
        ("привет world of many latin words here", ""),
        (CODE, ""),
        ("x = 1; y = 2; z = x + y; " * 20, ""),
        ("", ""),
    ],
)
def test_script_and_common_words_settle_most(text: str, language: str) -> None:
    assert identify_by_script(text) == language


def test_the_model_is_asked_only_for_other_prose_and_loaded_once() -> None:
    model = Fixed("fr", 0.99)
    loads: list[int] = []

    def load() -> Fixed:
        loads.append(1)
        return model

    identifier = Identifier(load)
    assert identifier.identify("") == ""
    for text in (ENGLISH, "short", CODE, "Планировщик задач распределяет работу"):
        identifier.identify(text)
    assert not loads
    assert identifier.identify(FRENCH) == "fr"
    assert identifier.identify(FRENCH) == "fr"
    assert (len(loads), model.asked) == (1, 2)


@pytest.mark.parametrize("answer", [("fr", 0.5), ("zxx", 0.99)])
def test_an_unsure_model_is_not_believed(answer: tuple[str, float]) -> None:
    assert Identifier(lambda: Fixed(*answer)).identify(FRENCH) == ""


def test_the_real_model_knows_french() -> None:
    assert Identifier(load_classifier).identify(FRENCH) == "fr"


@given(st.one_of(st.text(), st.text("abcdef the and", min_size=200)))
def test_any_text_is_taken(text: str) -> None:
    assert identify_by_script(text) in {"", "ru", "uk", "be", "bg", "sr", "en"}
    assert Identifier(lambda: Fixed("fr", 0.99)).identify(text) in {"", "fr", "ru", "uk", "be", "bg", "sr", "en"}
