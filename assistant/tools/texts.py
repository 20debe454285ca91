"""Bytes of text files to text and back, letter for letter, encoding and line ends kept. Pure; used by text commands."""

import codecs
import re
from typing import NamedTuple

MOST_TEXT = 8 * 1024 * 1024
"""Bytes of the largest file whose text is looked through or changed."""

_MARKS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_CYRILLIC = ("cp1251", "koi8-r", "cp866")
_FREQUENT = frozenset("оеаинтсрвлкмдпу")
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x0b\x1b\x08\x1a"))
_LINES = re.compile(r"[^\r\n]*(?:\r\n|\n|\r)|[^\r\n]+")
_LETTERS = re.compile("[а-яё]", re.IGNORECASE)


class Text(NamedTuple):
    """A file's text with line ends as they stand, its codec, and the byte-order mark it began with."""

    text: str
    codec: str
    mark: bytes = b""

    @property
    def eol(self) -> str:
        """The line end that the text uses; that of its first line."""
        found = re.search(r"\r\n|\n|\r", self.text)
        return found.group() if found else "\n"

    def bytes_of(self, text: str) -> bytes:
        """Return another text as the file would hold it; raises UnicodeEncodeError for letters that its codec lacks."""
        return self.mark + text.encode(self.codec)


def decoded(content: bytes) -> Text | None:
    """Return the text of a file in UTF-8, UTF-16 with a mark, or a Russian code page; None for what is none, or not surely."""
    for mark, codec in _MARKS:
        if content.startswith(mark):
            return _exactly(content, codec, mark)
    if content.translate(None, _CONTROLS) != content:
        return None
    return _exactly(content, "utf-8", b"") or _russian(content)


def fitting_eol(text: str, eol: str) -> str:
    """Return a text with its line ends as another text has them."""
    return re.sub(r"\r\n|\n|\r", lambda _: eol, text)


def lines_of(text: str, *, ends: bool = False) -> list[str]:
    """Return the lines of a text as editors count them, with their ends where asked; nothing is a line behind the last end."""
    found = _LINES.findall(text)
    return found if ends else [line.rstrip("\r\n") for line in found]


def _exactly(content: bytes, codec: str, mark: bytes) -> Text | None:
    """Decode only what encodes back to the same bytes."""
    try:
        text = content[len(mark) :].decode(codec)
    except UnicodeDecodeError:
        return None
    return Text(text, codec, mark) if "\0" not in text and mark + text.encode(codec) == content else None


def _russian(content: bytes) -> Text | None:
    """The code page that gives the most frequent Russian letters in small; None when none gives Russian."""
    high = bytes(byte for byte in content[:65_536] if byte > 127)
    best: tuple[float, str] = (0.0, "")
    for codec in _CYRILLIC:
        letters = high.decode(codec, "replace")
        share = sum(letter in _FREQUENT for letter in letters) / max(1, len(letters))
        best = max(best, (share, codec))
    share, codec = best
    if share < 0.5 or len(_LETTERS.findall(high.decode(codec, "replace"))) < 0.8 * len(high):
        return None
    return _exactly(content, codec, b"")
