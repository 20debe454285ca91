"""Reasons, errors and notes of the core, which speaks English, in the window's language: by templates, a sentence at a time.

`told` is used wherever the window shows such a text; the Catalogue answers it through Qt.
"""

import json
import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from pathlib import Path

from PySide6.QtCore import QCoreApplication

CORE = "mneme.core"
REMEMBERED = 4096
MOST_JOINED = 4
DEEPEST = 4
"""Texts hold texts: “Nothing to remember: archives are not opened.”"""
_SENTENCE = re.compile(r"(?<=[.!?]) (?=\S)")
_HOLE = re.compile(r"\{\}")


def told(text: str) -> str:
    """Return a text of the core in the window's language; one without a template stays as it is."""
    if not text or "\0" in text:  # Qt would end the text there
        return text
    return QCoreApplication.translate(CORE, text)


class Templates:
    """English templates with {} for what varies -> texts with {0}, {1} ... for the same; the most specific template wins."""

    def __init__(self, templates: Mapping[str, str]) -> None:
        self._plain = {text: other for text, other in templates.items() if "{}" not in text}
        holed = sorted((text for text in templates if "{}" in text), key=lambda text: len(_HOLE.sub("", text)), reverse=True)
        self._patterns = [(_pattern(text), templates[text]) for text in holed]
        self.translate: Callable[[str], str] = lru_cache(REMEMBERED)(self._translate)

    def _translate(self, text: str, depth: int = 0) -> str:
        if _SENTENCE.search(text):
            return self._sentences(text, depth)
        return self._plain.get(text) or self._list(text, depth) or self._whole(text, depth) or text

    def _whole(self, text: str, depth: int) -> str:
        """Translate what one template tells from end to end; "" when none does."""
        if text in self._plain:
            return self._plain[text]
        for pattern, other in self._patterns if depth < DEEPEST else ():
            found = pattern.fullmatch(text)
            if found:
                return other.format(*(self._translate(hole, depth + 1) for hole in found.groups()))
        return ""

    def _sentences(self, text: str, depth: int) -> str:
        """Translate sentence by sentence; a name may hold what looks like an end, so sentences join until a template fits."""
        pieces = _SENTENCE.split(text)
        done: list[str] = []
        while pieces:
            joined = (" ".join(pieces[:count]) for count in range(1, min(len(pieces), MOST_JOINED) + 1))
            fitting = ((count, other) for count, other in enumerate((self._whole(one, depth) for one in joined), 1) if other)
            count, other = next(fitting, (1, pieces[0]))
            done.append(other)
            pieces = pieces[count:]
        return " ".join(done)

    def _list(self, text: str, depth: int) -> str:
        """Translate the members of a list that are all known; "" when it is none."""
        members = [self._whole(part, depth) for part in text.split("; ")] if "; " in text else []
        return "; ".join(members) if all(members) else ""


def _pattern(template: str) -> "re.Pattern[str]":
    return re.compile("(.+?)".join(map(re.escape, template.split("{}"))), re.DOTALL)


def read_templates(folder: Path, language: str) -> Templates | None:
    """Read the templates of a language; None when it has none."""
    file = folder / f"{language}_core.json"
    return Templates(json.loads(file.read_text("utf-8"))) if file.exists() else None
