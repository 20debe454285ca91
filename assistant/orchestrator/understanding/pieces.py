"""Sets apart what is meant letter for letter in a request: quotes, paths, patterns. Pure; used by the clauses.

No rule ever reads what stands in a piece, so that a quote or a file's name is never taken for a command.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from assistant.orchestrator.understanding.verbs import COMMANDS

PieceKind = Literal["quote", "path", "glob", "pattern", "link"]
MASK = "\ufffc"
"""Stands in the plain text for every letter of a piece."""

_QUOTES = re.compile(
    r"«([^»\n]{0,4000})»|“([^”\n]{0,4000})”|„([^“”\n]{0,4000})[“”]|\"([^\"\n]{0,4000})\"|`([^`\n]{0,4000})`"
    r"|(?<![^\s(\[:,;=])['‘](?=\S)([^'‘’\n]{1,4000})['’](?!\w)"
)
_LINK = re.compile(r"\b(?:https?|ftp)://\S+|\bwww\.\S+|[\w.+-]+@[\w-]+\.[\w.-]+")
_PATTERN = re.compile(r"(?<![\w{])[\w.()#+-]*\{[^{}\n]{1,40}\}(?:[^\s,;{}]*(?:\{[^{}\n]{1,40}\})?)*")
_PATH = re.compile(
    r"(?<![\w/\\.~])(?:(?:~|\.{1,2})?/[^\s,;:\"«»]*|~(?![\w/])|[A-Za-z]:[/\\][^\s,;:\"«»]*|\\\\[^\s,;:\"«»]+"
    r"|[\w.@-]+(?:/[\w.@*?-]+)+/?)"
)
_GLOB = re.compile(r"(?<![\w*])[\w.-]*\*[\w.*-]*")
_FILE = re.compile(r"(?<![\w.])(?:[\w-][\w.+-]*\.[A-Za-z][A-Za-z0-9]{0,7}|\.[a-z][\w-]*(?:\.\w+)*|\w*_\w*)(?![\w])")
_LEADING = "in|from|of|to|into|inside|within|under|across|из|в|во|с|со|внутри|к"
"""Words behind which the name of a folder at hand is that folder."""
_BETWEEN = rf"(?:\s*,\s*|\s*,?\s+(?=and|и))(?:(?:and|и)\s+)?(?:(?:{_LEADING})\s+)?"
"""What stands between two folders of a row."""
_PLACE_WORD = (
    r"(?i:downloads|desktop|documents|pictures|music|videos|загрузк\w+|загрузок|документ\w+|изображени\w+|рабоч\w+ стол\w*)"
)
_CAPITAL_PLACE = r"(?:my )?(?:Downloads|Desktop|Documents|Pictures|Music|Videos)"
_ABBREVIATED = frozenset({"e.g", "i.e", "a.m", "p.m", "etc", "vs"})
_EITHER = re.compile(r"(?:and/or|и/или|he/she|yes/no|да/нет|read/write|on/off|\d{1,4}/\d{1,2}/\d{1,4})", re.IGNORECASE)
_TRAILING = ".,;:!?)]}>…"


# Endings of files as people name them, without the point.
ENDINGS = (
    "pdf|docx?|xlsx?|pptx?|odt|ods|odp|rtf|txt|md|markdown|rst|csv|tsv|json|xml|ya?ml|toml|ini|cfg|conf|html?|css|js|ts|py|rs|java|cpp"
    "|hpp|sql|sh|bat|epub|fb2|mobi|djvu|jpe?g|png|gif|webp|heic|bmp|tiff?|svg|psd|mp3|flac|wav|ogg|m4a|mp4|mkv|avi|mov|webm|zip|tar"
    "|gz|tgz|rar|7z|iso|dmg|exe|msi|deb|rpm|apk|torrent|tmp|temp|bak|log|part|crdownload|ipynb|eml|tex|dwg|dxf|stl|parquet|lock|pyc"
)


class Piece(NamedTuple):
    """What stands at `start`..`end` of a text, quotation marks included, and its value without them."""

    kind: PieceKind
    value: str
    start: int
    end: int


def pieces(text: str, names: Iterable[str] = ()) -> list[Piece]:
    """Return the pieces in order.

    `names` stand in the folder at hand: files with blanks in their names, and folders, told by a slash at their end.
    """
    found: list[Piece] = []
    rest = text
    for match in _QUOTES.finditer(text):
        value = next((group for group in match.groups() if group is not None), "")
        if value.strip():
            found.append(Piece("quote", value, *match.span()))
    rest = _without(rest, found)
    folders = [re.escape(name[:-1]) for name in names if name.endswith("/") and len(name) > 2]
    if folders:
        named = rf"(?P<name>{'|'.join(sorted(folders, key=len, reverse=True))})(?:/|(?![\w./-]))"
        led = re.compile(rf"(?<!\w)(?:{_LEADING})\s+{named}")
        found += [Piece("path", match["name"], match.start("name"), match.end()) for match in led.finditer(rest)]
        rest = _without(rest, found)
    for name in [name for name in names if not name.endswith("/")]:
        # A name at the very beginning would take the place of the request's own verb.
        at = rest.find(name, 1)
        if at > 0 and rest[at - 1].isspace() and not rest[at + len(name) : at + len(name) + 1].isalnum():
            found.append(Piece("path", name, at, at + len(name)))
    rest = _without(rest, found)
    for kind, pattern in _KINDS:
        new = [piece for match in pattern.finditer(rest) if (piece := _piece(kind, match))]
        found += new
        rest = _without(rest, new)
    if folders:
        found += _in_rows(rest, [name[:-1] for name in names if name.endswith("/") and len(name) > 2])
    return sorted(found, key=lambda piece: piece.start)


def _in_rows(rest: str, folders: Sequence[str]) -> list[Piece]:
    """Return the folders at hand that follow others in a row ("in ~/a and shots"); a word that may be a verb is none."""
    verbs = [pattern for language in COMMANDS.values() for pattern in language.values()]
    names = [name for name in folders if not any(pattern.fullmatch(name.lower()) for pattern in verbs)]
    if not names:
        return []
    named = rf"(?P<name>{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?:/|(?![\w./-]))"
    row = re.compile(
        rf"(?:(?<!\w)(?:{_LEADING})\s+(?:\w+\s+){{0,3}}?|(?={MASK}|{_CAPITAL_PLACE}))(?:(?:(?:my|the)\s+)?(?:{MASK}+|{_PLACE_WORD}){_BETWEEN})+(?:(?:my|the)\s+)?"
        + named
    )
    ahead = re.compile(rf"(?<=\s){named}{_BETWEEN}(?={MASK}|{_CAPITAL_PLACE})")
    found = list[Piece]()
    while match := row.search(rest) or ahead.search(rest, 1):
        start, end = match.span("name")
        found.append(Piece("path", match["name"], start, end + rest.startswith("/", end)))
        rest = _without(rest, found[-1:])
    return found


def plain(text: str, found: Sequence[Piece]) -> str:
    """Return the text as rules read it, letter by letter as long as the text: in lower case, ё as е, pieces masked."""
    lowered = "".join(low if len(low := letter.lower()) == 1 else letter for letter in text).replace("ё", "е")
    return _without(lowered.replace("’", "'"), found)


_KINDS: tuple[tuple[PieceKind, re.Pattern[str]], ...] = (
    ("link", _LINK),
    ("pattern", _PATTERN),
    ("path", _PATH),
    ("glob", _GLOB),
    ("path", _FILE),
)


def _piece(kind: PieceKind, match: re.Match[str]) -> Piece | None:
    value = match.group()
    if kind != "pattern":
        value = value.rstrip(_TRAILING)
    if kind == "path" and re.fullmatch(rf"\.(?:{ENDINGS})", value):
        return Piece("glob", f"*{value}", match.start(), match.start() + len(value))
    if value.strip("*_") == "" or value.casefold() in _ABBREVIATED or _EITHER.fullmatch(value):
        return None
    return Piece(kind, value, match.start(), match.start() + len(value))


def _without(text: str, found: Iterable[Piece]) -> str:
    for piece in found:
        text = text[: piece.start] + MASK * (piece.end - piece.start) + text[piece.end :]
    return text
