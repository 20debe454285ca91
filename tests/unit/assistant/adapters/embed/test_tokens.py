"""Counting tokens by remembered words gives what the tokenizer itself gives."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from assistant.adapters.embed import ModelTokens, tokens
from assistant.app.environment import environment
from assistant.models import read_catalogue

ODD = ["[MASK]", "[UNK", "e\u0301", "\u200d", "©2020", "x²", "½", "日本語", "\x00", "\x0b", "\u2028", "ﬁ", "İstanbul", "№5", "😀"]
WORDS = [
    "naïve",
    "Ёлка",
    "й",
    "—",
    "don’t",
    "a_b.c(d)",
    "Straße",
    "x" * 120,
    "supercalifragilistic",
    "\xa0",
    "…",
    "ŉ",
    "0x1F",
    "\t",
]


@pytest.fixture(scope="module")
def both(model_dir: Path) -> tuple[ModelTokens, Tokenizer]:
    manifest = read_catalogue(environment().resources / "models")["all-MiniLM-L6-v2"]
    plain = Tokenizer.from_file(str(model_dir / "tokenizer.json"))
    plain.no_truncation()
    plain.no_padding()
    return ModelTokens(manifest, model_dir), plain


@settings(deadline=None)
@given(
    pieces=st.lists(st.one_of(st.sampled_from(ODD + WORDS), st.text(max_size=12)), max_size=30), glue=st.sampled_from(["", " "])
)
def test_counts_are_the_tokenizers_own(both: tuple[ModelTokens, Tokenizer], pieces: list[str], glue: str) -> None:
    counter, plain = both
    text = glue.join(pieces)
    asked = [text, *pieces, text.lower()]
    assert counter.count(asked) == [len(plain.encode(one, add_special_tokens=False)) for one in asked]


def test_every_plain_letter_and_mark_counts_as_the_tokenizer_has_it(both: tuple[ModelTokens, Tokenizer]) -> None:
    counter, plain = both
    letters = [chr(code) for code in range(0x20, 0x2100)]
    asked = [form for letter in letters for form in (f"a{letter}b", f"a {letter}", f"{letter}{letter}")]
    assert counter.count(asked) == [len(found) for found in plain.encode_batch(asked, add_special_tokens=False)]


def test_remembering_starts_anew_when_there_is_too_much(
    both: tuple[ModelTokens, Tokenizer], monkeypatch: pytest.MonkeyPatch
) -> None:
    counter, plain = both
    monkeypatch.setattr(tokens, "MOST_WORDS", 3)
    for text in ("one two three four five", "six seven", "one two unbelievable"):
        assert counter.count([text]) == [len(plain.encode(text, add_special_tokens=False))]
