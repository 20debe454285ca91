"""Line numbers agree with counting breaks by hand."""

import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.lines import count_breaks, line_of, line_range, line_starts

TEXTS = st.lists(st.sampled_from(["a", "я", "\n", "\r", "\r\n", " ", "\u2028", "\x0b"]), max_size=40).map("".join)


@given(TEXTS)
def test_every_visible_character_lies_on_the_line_counted_by_hand(text: str) -> None:
    starts = line_starts(text)
    for at, char in enumerate(text):
        if char not in "\r\n":
            assert line_of(starts, at) == 1 + len(re.findall(r"\r\n?|\n", text[:at]))


@given(TEXTS)
def test_starts_rise_and_stay_inside(text: str) -> None:
    starts = line_starts(text)
    assert starts[0] == 0
    assert starts == sorted(set(starts))
    assert all(start < len(text) for start in starts[1:])
    assert len(starts) in {count_breaks(text), count_breaks(text) + 1}


def test_a_break_at_the_end_opens_no_line() -> None:
    assert line_starts("one\n") == [0]
    assert line_starts("") == [0]
    assert line_starts("\n") == [0]


def test_a_range_ends_on_the_line_of_its_last_character() -> None:
    starts = line_starts("one\r\ntwo\rthree\n")
    assert line_range(starts, 0, 3) == (1, 1)
    assert line_range(starts, 0, 6) == (1, 2)
    assert line_range(starts, 9, 14) == (3, 3)
    assert line_range(starts, 5, 5) == (2, 2)
