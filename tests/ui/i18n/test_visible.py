"""What hides in a name is seen; what a script needs stays."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.i18n.visible import visible


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("report.md", "report.md"),
        ("отчёт.md", "отчёт.md"),
        ("cod\u202egpj.exe", "cod⟨U+202E⟩gpj.exe"),
        ("a\x00b", "a␀b"),
        ("a\nb\tc", "a␊b␉c"),
        ("a\x7fb", "a␡b"),
        ("pay\u200bpal", "pay⟨U+200B⟩pal"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("👩\u200d💻.txt", "👩\u200d💻.txt"),
        ("bad\udcff", "bad⟨U+DCFF⟩"),
    ],
)
def test_names(name: str, shown: str) -> None:
    assert visible(name) == shown


def test_a_text_keeps_its_lines_and_tabs() -> None:
    assert visible("a\n\tb\x1b[31m", lines=True) == "a\n\tb␛[31m"


@given(st.text())
def test_nothing_hidden_is_left(text: str) -> None:
    shown = visible(text)
    assert not any(unicodedata.category(char) in ("Cc", "Cs", "Zl", "Zp") for char in shown)
    assert not any(
        unicodedata.bidirectional(char) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI") for char in shown
    )
