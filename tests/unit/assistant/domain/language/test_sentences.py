"""Sentences in English and Russian, with all that looks like an end but is none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.language import sentences


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "text",
    [
        "Dr. Smith met Prof. Ivanov.",
        "The value is 3.14 and not 2.71.",
        "Open README.md or setup.py now.",
        "See https://example.org/a.b.c?d=e. then go on",
        "Version 1.2.3 replaces v1.1.",
        "Use a fork, e.g. Alpha or i.e. Beta.",
        "It lasts approx. 5 days.",
        "J. R. R. Tolkien wrote it.",
        "See No. 5 for more.",
        "Он живёт в г. Казань на ул. Ленина, д. 5, кв. 3.",
        "Это верно, т. е. Иван прав.",
        "Цена 5 руб. 20 коп. за штуку.",
        "А. С. Пушкин родился в 1799 году.",
        "См. рис. 3 и табл. 4 ниже.",
        "Это было в 2020 г. и позже.",
        "Section 2. Term of the lease",
        "3. Подключить насос",
        "Подождите... потом идите.",
        "«Кто там?» спросил он.",
    ],
)
def test_no_end_inside(text: str) -> None:
    assert cut(text) == [text]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It rains. We stay.", ["It rains.", "We stay."]),
        ("Is it? Yes! Good.", ["Is it?", "Yes!", "Good."]),
        ('He said "go." She went.', ['He said "go."', "She went."]),
        ("Стоит 100 руб. Потом ушёл.", ["Стоит 100 руб.", "Потом ушёл."]),
        ("Так и т.д. Конец.", ["Так и т.д.", "Конец."]),
        ("Так и т. д. Конец.", ["Так и т. д.", "Конец."]),
        ("Построен в 1999 г. Отремонтирован в 2005 г.", ["Построен в 1999 г.", "Отремонтирован в 2005 г."]),
        ("The answer is no. Then stop.", ["The answer is no.", "Then stop."]),
        ("Wait... Go on.", ["Wait...", "Go on."]),
        ("What?! Never.", ["What?!", "Never."]),
        ("Why.? Because.", ["Why.?", "Because."]),
        ("一。二。", ["一。", "二。"]),
        ("**Где датчик?** В ящике.", ["**Где датчик?**", "В ящике."]),
        ("one line\nwraps here\n\nnext part", ["one line\nwraps here", "next part"]),
        ("- one\n- two\n1. three\n2) four", ["- one", "- two", "1. three", "2) four"]),
        ("# Head\ntext", ["# Head", "text"]),
        ("| a | b |\n| 1 | 2 |\ntail", ["| a | b |", "| 1 | 2 |", "tail"]),
        ("From: me\nTo: you", ["From: me", "To: you"]),
        ("Section 1. Premises\nThe landlord lets\nthe floor.", ["Section 1. Premises", "The landlord lets\nthe floor."]),
        ("Ends here.\n(Aside) starts.", ["Ends here.", "(Aside) starts."]),
        ("Ends.\n   ", ["Ends."]),
        ("Ends. (", ["Ends.", "("]),
        ("  \n ", []),
        ("", []),
    ],
)
def test_ends_are_found(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


PIECES = st.sampled_from(
    ["Word", "слово", "г", "т", ".", "!", "…", "。", " ", "\n", "\r\n", "-", "1", "#", '"', "A", "»", "\x0c", "|", "No"]
)


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_only_blanks_lie_between_sentences(text: str) -> None:
    at = 0
    for start, end in sentences(text):
        assert at <= start < end <= len(text)
        assert not text[at:start].strip()
        assert text[start:end].strip() == text[start:end]
        at = end
    assert not text[at:].strip()
