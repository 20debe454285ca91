"""The quote is found where it stands, nearest to the cited line."""

from hypothesis import given
from hypothesis import strategies as st

from ui.previews.quote import find_quote, shown_text, utf16


def test_the_nearest_of_several() -> None:
    text = "one\ntwo\none\nthree\none\n"
    assert find_quote(text, "one", 0) == (0, 3)
    assert find_quote(text, "one", 2) == (8, 11)
    assert find_quote(text, "one", 4) == (18, 21)


def test_letter_for_letter_wins_over_white_space() -> None:
    text = "a  b\n\na b\n"
    assert find_quote(text, "a b", 0) == (6, 9)
    assert find_quote("x a \n b y", "a b") == (2, 7)


def test_what_is_not_there_is_not_found() -> None:
    assert find_quote("text", "other") is None
    assert find_quote("text", "  ") is None


@given(st.text(max_size=50), st.text(min_size=1, max_size=20), st.text(max_size=50))
def test_a_quote_of_the_text_is_always_found(before: str, quote: str, after: str) -> None:
    text = shown_text(before + quote + after)
    wanted = shown_text(quote)
    if shown_text(before) + wanted + shown_text(after) != text:
        return  # the parts met in a line break or a joiner
    spot = find_quote(text, wanted)
    assert (spot is None) == (not wanted.strip())
    assert spot is None or text[spot[0] : spot[1]] == wanted.strip()


def test_positions_are_counted_as_qt_counts() -> None:
    assert utf16("a😀b") == 4
