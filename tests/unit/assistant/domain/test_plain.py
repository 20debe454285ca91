"""Words of plain text are those that the expressions find, which serve for all other text."""

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.language import stems
from assistant.domain.language.words import stem
from assistant.domain.plain import ALPHANUMERIC, all_but, has_number_with_marks, plain_words

ASCII = st.text(st.characters(max_codepoint=127))
NUMBERS = st.lists(st.sampled_from(["3.14", "12:30", "1,926", "v2.5", "a", "_", ".", " ", "9", "-"]), max_size=12).map("".join)


@given(ASCII)
def test_words_are_runs_of_the_letters_that_stay(text: str) -> None:
    assert plain_words(text, all_but(ALPHANUMERIC)) == re.findall("[A-Za-z0-9]+", text)
    assert plain_words(text, all_but("_.x")) == re.findall("[_.x]+", text)


@given(ASCII | NUMBERS)
def test_marks_within_numbers_are_seen(text: str) -> None:
    assert has_number_with_marks(text) == (re.search(r"\d[.,:]\d", text) is not None)


@given(ASCII | NUMBERS)
def test_stems_of_plain_text_are_those_of_the_same_text_beside_another_letter(text: str) -> None:
    assert [*stems(text), stem("ж")] == stems(f"{text} ж")
