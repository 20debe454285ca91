"""Words, stems and identifiers in both languages."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.language import STOP_WORDS, normalise, stem, stems, words


def test_stems_join_the_forms_of_a_word() -> None:
    assert stem("планировщиками") == stem("Планировщик")
    assert stem("running") == stem("runs")
    assert stem("ёлки") == stem("елка")


def test_numbers_stay_whole() -> None:
    assert stems("at 12:30 for 3.14, then 1,926") == ["at", "12:30", "for", "3.14", "then", "1,926"]


def test_identifiers_are_split_and_kept_whole() -> None:
    found = [word.stem for word in words("getHTTPResponse from_file", identifiers=True)]
    assert found == ["gethttprespons", "get", "http", "respons", "from", "file"]
    assert [word.stem for word in words("getHTTPResponse")] == ["gethttprespons"]


def test_stop_words_are_marked_in_both_languages() -> None:
    assert [word.stop for word in words("The pump и насос")] == [True, False, True, False]
    assert normalise("Ещё") in STOP_WORDS


@given(st.text())
def test_every_word_stands_where_it_says(text: str) -> None:
    end = 0
    for word in words(text):
        assert end <= word.start < word.end <= len(text)
        assert word.stem == stem(text[word.start : word.end])
        end = word.end
