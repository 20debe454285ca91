"""Marks find a forgotten text again in whatever cut it comes back, and nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from assistant.domain.forgotten import WINDOW, stretches, windows

KEY = b"k" * 32
WORDS = st.lists(st.text("abcdefгдежз", min_size=1, max_size=6), min_size=1, max_size=40)
GAPS = st.sampled_from([" ", "\n", ",  ", " — ", "\r\n"])


@given(WORDS, WORDS, WORDS, st.data())
def test_a_text_is_found_between_new_neighbours_and_in_other_white_space(
    before: list[str], held: list[str], after: list[str], data: st.DataObject
) -> None:
    marks = windows(" ".join(held), KEY)
    head, tail = " ".join(before) + " | ", " | " + " ".join(after)
    again = held[0] + "".join(data.draw(GAPS) + word.upper() for word in held[1:])
    found = stretches(head + again + tail, marks, KEY)
    assert any(start <= len(head) and end >= len(head) + len(again) for start, end in found)


@given(WORDS, WORDS)
def test_a_text_without_a_window_of_it_is_left_alone(held: list[str], other: list[str]) -> None:
    size = min(WINDOW, len(held))
    runs = {tuple(held[at : at + size]) for at in range(len(held) - size + 1)}
    text = " ".join(other)
    shared = any(tuple(other[at : at + size]) in runs for at in range(len(other) - size + 1))
    assert bool(stretches(text, windows(" ".join(held), KEY), KEY)) == shared


def test_marks_say_nothing_of_the_text_and_differ_by_key() -> None:
    marks = windows("the treasure lies here", KEY)
    assert not any("treasure" in mark for mark in marks)
    assert marks.isdisjoint(windows("the treasure lies here", b"other" * 6))
    assert windows("--- !!", KEY) == set()
    assert stretches("--- !!", marks, KEY) == []
