"""Turns a person's words into an intent: the recall query with its signals. Pure; called by the conversation."""

import re

from assistant.domain.language import named
from assistant.domain.memory import RecallQuery, Signals
from assistant.domain.plan import Intent

_CYRILLIC = re.compile("[\u0400-\u04ff]")
CANDIDATES = 40
"""Hits from which the evidence is packed."""


def analyse(question: str, *, secrets: bool = False) -> Intent:
    """Return the intent of a question; names in code style and file names in it become signals."""
    text = question.strip()
    symbols, files = named(text)
    query = RecallQuery(text=text, signals=Signals(code_symbols=symbols, file_hints=files), k=CANDIDATES, secrets=secrets)
    return Intent(question=text, language=language_of(text), query=query)


def language_of(text: str) -> str:
    """Name the language Mneme answers a text in: ru where it holds a Cyrillic letter, else en."""
    return "ru" if _CYRILLIC.search(text) else "en"
