"""One rule says what hides in a text, for the window and the command line."""

import pytest

from assistant.cli.visible import visible as on_a_terminal
from assistant.domain.visible import visible
from ui.i18n.visible import visible as in_the_window


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text, Текст, 文", "plain text, Текст, 文"),
        ("\x1b[31mred", "␛[31mred"),
        ("invoice\u202egpj.exe", "invoice⟨U+202E⟩gpj.exe"),
        ("pass\u200bword", "pass⟨U+200B⟩word"),
        ("a\u200db", "a⟨U+200D⟩b"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("del\x7f", "del␡"),
        ("half \ud800", "half ⟨U+D800⟩"),
    ],
)
def test_what_hides_is_marked_everywhere_alike(text: str, shown: str) -> None:
    assert visible(text) == on_a_terminal(text) == in_the_window(text) == shown


def test_lines_of_a_text_stay_lines_and_those_of_a_name_are_marked() -> None:
    assert visible("a\tb\nc", lines=True) == "a\tb\nc"
    assert visible("a\tb\nc") == "a␉b␊c"
    assert visible("a\r\nb", lines=True) == "a␍\nb"
    assert on_a_terminal("a\r\nb", lines=True) == "a\nb", "a terminal would go back to the start of the line"
