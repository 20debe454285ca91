"""Words of plain ASCII text, found by the loops of `bytes`: a sixth of the time that an expression takes.

Most text is plain, and its words are wanted by fingerprints, languages, token counts and the text index. Pure; other text
goes to the expressions of each of these.
"""

import string

ALPHANUMERIC = string.ascii_letters + string.digits
_DIGITS_AND_MARKS = bytes(48 if chr(code).isdigit() else 46 if chr(code) in ".,:" else 32 for code in range(128)) + bytes(128)


def all_but(letters: str) -> bytes:
    """Return the table that makes a blank of every ASCII character but these; for `plain_words`."""
    return bytes(code if chr(code) in letters else 32 for code in range(128)) + bytes(range(128, 256))


def plain_words(text: str, table: bytes) -> list[str]:
    """Return the longest runs of the characters that the table leaves, in order; the text must be ASCII."""
    return text.encode("ascii").translate(table).decode("ascii").split()


def has_number_with_marks(text: str) -> bool:
    """Tell whether a point, comma or colon stands between two digits of an ASCII text (3.14, 12:30)."""
    return b"0.0" in text.encode("ascii").translate(_DIGITS_AND_MARKS)
