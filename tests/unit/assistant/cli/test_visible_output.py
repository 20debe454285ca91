"""Nothing that a file or its name holds may steer a terminal or mislead the eye."""

import json
import re

from hypothesis import given
from hypothesis import strategies as st

from assistant.cli.visible import as_json, visible

ANYTHING = st.text(st.characters(codec=None, exclude_categories=()))
STEERING = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def test_escape_sequences_and_direction_overrides_become_marks() -> None:
    assert visible("a\x1b[31mred\u202egpj.exe\x9b") == "a␛[31mred⟨U+202E⟩gpj.exe⟨U+009B⟩"


def test_a_name_stays_on_its_line_and_a_text_keeps_its_lines() -> None:
    assert visible("one\ntwo") == "one␊two"
    assert visible("one\r\n\ttwo\r", lines=True) == "one\n\ttwo␍"


def test_joiners_stay_where_a_script_needs_them() -> None:
    assert visible("می\u200cخواهم") == "می\u200cخواهم"
    assert visible("pass\u200cword") == "pass⟨U+200C⟩word"


@given(ANYTHING)
def test_nothing_steering_is_left(text: str) -> None:
    assert not STEERING.search(visible(text, lines=True))


@given(ANYTHING)
def test_json_reads_back_letter_for_letter_and_can_be_written_as_utf_8(text: str) -> None:
    written = as_json({"quote": text})
    assert json.loads(written.encode("utf-8")) == {"quote": _joined(text)}
    assert not STEERING.search(written)


def _joined(text: str) -> str:
    """A high surrogate before a low one is one character to every reader of JSON."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "surrogatepass")
