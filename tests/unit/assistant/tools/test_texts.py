"""Texts come out of bytes and go back to the same bytes, or are none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.tools.texts import decoded, fitting_eol, lines_of

RUSSIAN = "Съешь же ещё этих мягких французских булок, да выпей чаю."


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "cp1251", "koi8-r", "cp866"])
def test_known_encodings(codec: str):
    content = RUSSIAN.encode(codec)
    text = decoded(content)
    assert text is not None
    assert text.text == RUSSIAN
    assert text.bytes_of(text.text) == content


@pytest.mark.parametrize(
    "content",
    [
        b"a\0b",
        b"\x01\x02",
        b"\xff\xfe\x00\x00a\0\0\0",
        "Grüße aus Köln".encode("latin-1"),
        b"\xef\xbb\xbf\xff",
        bytes(range(128, 256)),
    ],
)
def test_what_is_no_text_or_not_surely(content: bytes):
    assert decoded(content) is None


@given(st.binary(max_size=60))
def test_bytes_come_back(content: bytes):
    text = decoded(content)
    assert text is None or text.bytes_of(text.text) == content


def test_lines():
    text = decoded(b"a\r\nb\nc\rd")
    assert text is not None
    assert text.eol == "\r\n"
    assert lines_of(text.text) == ["a", "b", "c", "d"]
    assert "".join(lines_of(text.text, ends=True)) == text.text
    assert lines_of("a\u2028b\n\n") == ["a\u2028b", ""]
    assert fitting_eol("a\nb\r\nc", "\r\n") == "a\r\nb\r\nc"
    empty = decoded(b"")
    assert empty is not None
    assert empty.eol == "\n"
