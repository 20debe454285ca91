"""A snippet is a piece of the text, letter for letter, that shows why it was found."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.language import stem, stems
from assistant.memory.recall.snippet import LENGTH, snippet

FILLER = "lorem ipsum dolor sit amet consectetur " * 20


@given(st.text(max_size=1000), st.frozensets(st.text(max_size=5), max_size=5))
def test_any_text_gives_a_piece_of_itself(text: str, asked: frozenset[str]) -> None:
    cut = snippet(text, asked)
    assert cut in text
    assert len(cut) <= LENGTH


@given(st.lists(st.sampled_from(["harbour", "lamp", "word", "and", "ёлка", "x" * 30]), min_size=1, max_size=120))
def test_some_asked_word_is_shown_wherever_there_is_one(words: list[str]) -> None:
    text = " ".join(words)
    asked = frozenset({stem("harbour"), stem("lamp")})
    assert bool(asked & set(stems(snippet(text, asked)))) == bool(asked & set(stems(text)))


def test_the_place_with_most_different_words_is_shown_with_all_of_them() -> None:
    text = FILLER + "lamp lamp lamp. " + FILLER + "the harbour " + "so far " * 28 + "lamps. " + FILLER
    cut = snippet(text, frozenset({stem("harbour"), stem("lamps")}))
    assert "harbour" in cut
    assert "lamps" in cut


def test_some_words_before_the_match_are_shown() -> None:
    cut = snippet(FILLER + "before the harbour " + FILLER, frozenset({stem("harbour")}))
    assert "before the harbour" in cut
    assert not cut.startswith("harbour")


def test_without_a_match_it_is_the_beginning_and_short_texts_stay_whole() -> None:
    assert FILLER.startswith(snippet(FILLER, frozenset({"nowhere"})))
    assert snippet("  short text\n", frozenset()) == "short text"
    assert snippet("x" * 1000, frozenset()) == "x" * LENGTH
