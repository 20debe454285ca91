"""How text becomes words: what is split, what stays whole, what is dropped."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.adapters.store.sparse_text import LONGEST, STOP_WORDS, asked, fold, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain words", ["plain", "words"]),
        ("parseConfig", ["parseConfig", "parse", "Config"]),
        ("parse_config", ["parse_config", "parse", "config"]),
        ("HTTPServer", ["HTTPServer", "HTTP", "Server"]),
        ("ERR_42", ["ERR_42", "ERR", "42"]),
        ("utf8", ["utf8", "utf", "8"]),
        ("v2.3", ["v2.3", "v2", "v", "2", "3"]),
        ("a.bC", ["a.bC", "a", "bC", "b", "C"]),
        ("__init__", ["__init__", "init"]),
        ("конфигПарсера", ["конфигПарсера", "конфиг", "Парсера"]),
        ("Word WORD", ["Word", "WORD"]),
        ("42", ["42"]),
        ("end. Next", ["end", "Next"]),
        ("don't-stop", ["don", "t", "stop"]),
        ("___", ["___"]),
        ("", []),
        ("…—«»", []),
        ("Ёлка", ["Елка"]),
        ("東京", ["東京", "東", "京"]),
    ],
)
def test_compounds_are_kept_whole_and_split(text: str, expected: list[str]) -> None:
    assert words(text) == expected


def test_data_is_no_word_but_its_parts_may_be() -> None:
    assert words("x" * (LONGEST + 1)) == []
    assert words("good_" + "x" * (LONGEST + 1)) == ["good"]
    assert words("ab." * 100_000) == []


def test_folding_leaves_one_spelling() -> None:
    assert fold("Ёё за\u0301мок со\u00adгласие ﬁn e\u0301 и\u0306") == "Ее замок согласие fin é й"


def test_stop_words_are_dropped_unless_nothing_is_left() -> None:
    assert asked("what is the scheduler") == ["scheduler"]
    assert asked("что такое планировщик") == ["такое", "планировщик"]
    assert asked("to be or not") == ["to", "be", "or", "not"]
    assert all(word == word.lower() and fold(word) == word for word in STOP_WORDS)


@given(st.text())
def test_any_text_gives_words_that_fit(text: str) -> None:
    found = words(text)
    assert all(found)
    assert all(len(word) <= LONGEST and not any(letter.isspace() for letter in word) for word in found)
    assert words(text) == found


@given(st.lists(st.from_regex(r"[a-z]{1,8}", fullmatch=True), min_size=1, max_size=5))
def test_an_identifier_gives_the_words_it_was_made_of(parts: list[str]) -> None:
    snake = "_".join(parts)
    assert set(parts) <= set(words(snake))
    assert snake in words(snake)


@given(st.lists(st.sampled_from(["a", "v2", "_", ".", "..", " ", "-", "\n", "Bc"]), max_size=20).map("".join))
def test_plain_text_gives_the_words_of_the_same_text_beside_another_letter(text: str) -> None:
    assert [*words(text), "ж"] == words(f"{text} ж")
