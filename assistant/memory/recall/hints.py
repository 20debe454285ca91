"""Tells which files a person hinted at, by globs or fragments of their paths. Pure; called by the retriever."""

import re
from collections.abc import Callable, Sequence
from pathlib import PurePath

from assistant.domain.document import Source
from assistant.domain.language import composed
from assistant.ports.records import Candidate

_PIECE = re.compile(r"\*\*/|\*\*|\*|\?")
_GLOBS = {"**/": "(?:.*/)?", "**": ".*", "*": "[^/]*", "?": "[^/]"}


def hinted(hints: Sequence[str]) -> Callable[[Source | Candidate], bool]:
    """Return a test of sources against the hints, in any letter case.

    A hint names a file or folder at any depth below the root it was remembered under: `*.py`, `src/**`, `notes/todo.md`,
    `docs`. An absolute one is held against the whole path. Letters with marks are the same whether composed or not.
    """
    patterns = [_pattern(hint) for hint in hints if hint.strip(" /\\*?")]
    whole = [pattern for pattern, absolute in patterns if absolute]
    below = [pattern for pattern, absolute in patterns if not absolute]

    def test(source: Source | Candidate) -> bool:
        path = _slashes(source.path)
        root = _slashes(source.root).rstrip("/")
        inner = path.removeprefix(root + "/") if path != root else path.rpartition("/")[2]
        return any(p.fullmatch(path) for p in whole) or any(p.fullmatch(inner) for p in below)

    return test


def _pattern(hint: str) -> tuple[re.Pattern[str], bool]:
    text = _slashes(hint.strip()).rstrip("/")
    absolute = PurePath(hint.strip()).is_absolute()
    text = text if absolute else text.removeprefix("./").lstrip("/")
    out, at = "", 0
    for piece in _PIECE.finditer(text):
        out += re.escape(text[at : piece.start()]) + _GLOBS[piece.group()]
        at = piece.end()
    out += re.escape(text[at:])
    return re.compile(("" if absolute else "(?:.*/)?") + out + "(?:/.*)?", re.IGNORECASE | re.DOTALL), absolute


def _slashes(path: str) -> str:
    return composed(path).replace("\\", "/")
