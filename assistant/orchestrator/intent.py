"""Turns a person's words into an intent: the recall query with its signals. Pure; called by the conversation."""

import re

from assistant.domain.memory import RecallQuery, Signals
from assistant.domain.plan import Intent

_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_FILE = re.compile(r"(?<![\w/.])(?:[\w.-]+/)*[\w-]+\.[A-Za-z][A-Za-z0-9]{0,5}(?![\w.])")
_NAME = re.compile(r"(?<![\w.])(?:[A-Za-z]\w*(?:(?:\.|::)[A-Za-z_]\w*)+|\w*[a-z0-9][A-Z]\w*|\w*[A-Za-z0-9]_\w+)(?:\(\))?")
_CYRILLIC = re.compile("[\u0400-\u04ff]")
CANDIDATES = 40
"""Hits from which the evidence is packed."""


def analyse(question: str) -> Intent:
    """Return the intent of a question; names in code style and file names in it become signals."""
    text = question.strip()
    files = tuple(dict.fromkeys(_FILE.findall(text)))
    quoted = _QUOTED.findall(text)
    names = [name.removesuffix("()") for name in (*quoted, *_NAME.findall(_FILE.sub(" ", text)))]
    symbols = tuple(dict.fromkeys(name for name in names if name not in files))
    query = RecallQuery(text=text, signals=Signals(code_symbols=symbols, file_hints=files), k=CANDIDATES)
    return Intent(question=text, language="ru" if _CYRILLIC.search(text) else "en", query=query)
