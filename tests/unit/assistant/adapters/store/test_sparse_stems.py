"""The stems of the SQLite text index are those of Tantivy's analyser: both engines find the same."""

import re
from pathlib import Path
from typing import Any

import pytest
import tantivy as untyped

from assistant.adapters.store.sparse_stems import analysed, stems
from assistant.adapters.store.sparse_text import LONGEST, sound, words

tantivy: Any = untyped
CORPUS = Path(__file__).resolve().parents[5] / "golden" / "corpus"
KNOWN = re.compile("[\u0021-\u017f\u0400-\u04ff]+")


@pytest.fixture(scope="module")
def analyser() -> Any:
    filters = tantivy.Filter
    built = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.whitespace()).filter(filters.remove_long(LONGEST * 4))
    for step in (filters.lowercase(), filters.ascii_fold(), filters.stemmer("russian"), filters.stemmer("english")):
        built = built.filter(step)
    return built.build()


def test_words_of_a_corpus_have_the_same_stems(analyser: Any) -> None:
    texts = [path.read_text("utf-8", "replace") for path in sorted(CORPUS.rglob("*")) if path.is_file()]
    found = {word for text in texts for word in words(sound(text)) if KNOWN.fullmatch(word)}
    apart = {word for word in found if list(stems(word)) != analyser.analyze(word)}
    # Tantivy's English stemmer is of a later edition: "evening" and "interval" stay whole there.
    assert len(found) > 2000 and len(apart) / len(found) < 0.002


def test_latin_letters_lose_their_marks_alike(analyser: Any) -> None:
    letters = [chr(code) for code in range(0xC0, 0x180) if chr(code).isalpha()]
    for letter in letters:
        for word in words(f"a{letter}b"):
            assert list(stems(word)) == analyser.analyze(word), word


@pytest.mark.parametrize("word", ["x" * LONGEST, "ж" * LONGEST, "東" * LONGEST, "𝒳" * LONGEST, "İstanbul", "straße"])
def test_odd_words_too(analyser: Any, word: str) -> None:
    for part in words(word):
        assert list(stems(part)) == analyser.analyze(part)


def test_a_text_is_analysed_in_order() -> None:
    assert analysed("Running schedulers, планировщики \ud800 parseConfig") == [
        *("run", "schedul", "планировщик", "parseconfig", "pars", "config"),
    ]
    assert not [stem for stem in analysed('"quotes" (and) other* signs: here^2') if re.search(r"[^\w.]", stem)]
