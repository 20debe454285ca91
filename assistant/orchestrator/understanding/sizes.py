"""Reads sizes of files out of a clause: larger than, smaller than, in bytes. Pure; used by the selection."""

import re
from typing import NamedTuple


class Sizes(NamedTuple):
    """Bounds in bytes; None is open."""

    larger: int | None = None
    smaller: int | None = None


_POWERS = (
    (r"b|bytes?|байт\w*|б", 0),
    (r"k|kb|kib|kilobytes?|кб|килобайт\w*|кбайт\w*", 1),
    (r"m|mb|mib|megabytes?|megs?|мб|мегабайт\w*|мбайт\w*|мег\w?", 2),
    (r"g|gb|gib|gigabytes?|gigs?|гб|гигабайт\w*|гбайт\w*|гиг\w?", 3),
    (r"t|tb|tib|terabytes?|тб|терабайт\w*", 4),
)
_SIZE = rf"(?P<number>\d+(?:[.,]\d+)?|a|one|половины|пол)?\s*(?P<unit>{'|'.join(pattern for pattern, _ in _POWERS)})(?!\w)"
_LARGER = re.compile(
    rf"(?:(?<!\w)(?P<not>not |не |no )?(?:larger|bigger|greater|more|heavier|over|above|exceeding|"
    rf"at least|upwards of|from|больше|более|крупнее"
    rf"|тяжелее|свыше|от|размером (?:больше|более|свыше|от)|весят больше|превыша\w+)(?: than| чем)?|>)\s*{_SIZE}"
)
_SMALLER = re.compile(
    rf"(?:(?<!\w)(?P<not>not |не |no )?(?:smaller|less|under|below|at most|up to|меньше|менее|мельче|"
    rf"легче|до|размером (?:до|меньше|менее))(?: than| чем)?|<)"
    rf"\s*{_SIZE}"
)


def sizes_of(text: str) -> Sizes:
    """Return the bounds that a plain clause names; units are decimal, those with an i binary."""
    return read_sizes(text)[0]


def read_sizes(text: str) -> tuple[Sizes, str]:
    """Return the bounds that a plain text names, and the text without them, of equal length."""
    larger, smaller = _LARGER.search(text), _SMALLER.search(text)
    low, high = _bytes(larger), _bytes(smaller)
    if larger and larger["not"]:
        low, high = None, low
    if smaller and smaller["not"]:
        low, high = high, None
    for match in filter(None, (larger, smaller)):
        text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return Sizes(low, high), text


def _bytes(match: re.Match[str] | None) -> int | None:
    if match is None:
        return None
    written = match["number"] or "1"
    number = float(written.replace(",", ".")) if written[0].isdigit() else 0.5 if written.startswith("пол") else 1.0
    power = next(n for pattern, n in _POWERS if re.fullmatch(pattern, match["unit"]))
    return int(min(number * (1024 if match["unit"].endswith("ib") else 1000) ** power, 2**62))
