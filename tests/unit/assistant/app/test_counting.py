"""Counting where a model's tokenizer does not fit: words, and for a model without Russian words of Cyrillic text."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from assistant.app.counting import ForeignWordCounter, WordCounter


class Letters:
    """A tokenizer that makes a token of each character."""

    limit = 17

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text) for text in texts]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [(at, at + 1) for at in range(len(text))]


@given(st.text())
def test_as_many_words_are_counted_as_have_a_place(text: str) -> None:
    counter = WordCounter()
    places = counter.offsets(text)
    assert counter.count([text]) == [len(places)]
    assert all(text[start:end].strip() for start, end in places)
    assert places == sorted(places)


def test_cyrillic_is_counted_in_words_and_the_rest_as_the_model_does() -> None:
    counter = ForeignWordCounter(Letters())
    assert counter.count(["Ржаной хлеб, тесто", "rye", "", "хлеб bread tea"]) == [4, 3, 0, 14]
    assert counter.offsets("Ржаной хлеб") == [(0, 6), (7, 11)]
    assert counter.offsets("rye") == [(0, 1), (1, 2), (2, 3)]
    assert counter.limit == 17
