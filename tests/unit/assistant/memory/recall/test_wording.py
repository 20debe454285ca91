"""How a question is written: keywords, sentences and numbers, in both languages, and nothing out of bounds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.memory.recall.wording import KEYWORDS, NUMBERS, wording


@pytest.mark.parametrize("question", ["retention policy", "политика хранения", "ENOSPC", "Haltbarkeit Daten"])
def test_keywords_name_what_the_text_will_say(question: str) -> None:
    assert wording(question) == pytest.approx(KEYWORDS)


@pytest.mark.parametrize("question", ["How do I get out of the office when it rains?", "что это за документ и где он", "", "?!"])
def test_in_a_sentence_and_without_a_word_both_count_the_same(question: str) -> None:
    assert wording(question) == 1.0


def test_fewer_stop_words_are_nearer_to_keywords() -> None:
    assert KEYWORDS > wording("dump and load palmtop databases quickly") > 1.0


def test_numbers_long_enough_to_be_names_outweigh_the_sentence_around_them() -> None:
    bare, named, asked = (wording(question) for question in ("#1035820", "bug #1035820", "what fixed #1035820?"))
    assert pytest.approx(bare) == KEYWORDS * NUMBERS
    assert bare > named > asked > KEYWORDS
    assert wording("why does -22 // 10 return -3?") == wording("why does it return so?")


@given(st.text())
def test_text_search_counts_for_no_less_than_evenly_and_never_for_all(question: str) -> None:
    assert 1.0 <= wording(question) <= KEYWORDS * NUMBERS + 1e-9


@given(st.lists(st.sampled_from(["the", "of", "что", "policy", "хранения", "2024"]), min_size=1))
def test_one_more_stop_word_never_leans_further_to_text_search(spoken: list[str]) -> None:
    assert wording(" ".join([*spoken, "the"])) <= wording(" ".join(spoken)) + 1e-9
