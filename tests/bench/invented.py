"""Invents English prose of any length, the same for the same seed: a chain over the golden corpus's own words."""

import random
import re
from itertools import pairwise
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGLISH = ("adr", "handbook", "home", "manuals", "minutes", "ops", "contracts")
_WORD = re.compile(r"[A-Za-z][A-Za-z'-]*|\d+(?:\.\d+)?|[.,;:]")
_STOPS = {".", ";", ":", ","}
RARE_EVERY = 40
"""One word in so many is a name of its own, so that there are rare words to find, as in real text."""


class Prose:
    """A first-order chain: each word follows one that it follows somewhere in the corpus, so word frequencies are natural."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        found = [word for folder in ENGLISH for word in _words(ROOT / "golden" / "corpus" / folder)]
        self._next: dict[str, list[str]] = {}
        for word, following in pairwise(found):
            self._next.setdefault(word, []).append(following)
        self._starts = [word for word in self._next if word[0].isupper()]
        self._vocabulary = sorted({word.lower() for word in found if len(word) > 3})

    def words(self, count: int) -> list[str]:
        """Return this many words and marks."""
        choose, chance = self._random.choice, self._random.random
        word = choose(self._starts)
        made: list[str] = []
        for _ in range(count):
            made.append(self._name() if chance() * RARE_EVERY < 1 and word not in _STOPS else word)
            word = choose(self._next.get(word) or self._starts)
        return made

    def passage(self, count: int) -> str:
        """Return a paragraph of about this many words."""
        text = " ".join(self.words(count))
        return re.sub(r" ([.,;:])", r"\1", text).strip(" .,;:") + "."

    def document(self, words: int) -> str:
        """Return a Markdown file with headings, sections of one to four paragraphs of 30 to 160 words."""
        parts: list[str] = []
        left = words
        while left > 0:
            parts.append("## " + " ".join(self._random.choices(self._vocabulary, k=4)).capitalize())
            for _ in range(self._random.randint(1, 4)):
                length = self._random.randint(30, 160)
                parts.append(self.passage(length))
                left -= length
        return "\n\n".join(parts) + "\n"

    def question(self) -> str:
        """Return a question of three to nine words, common and rare ones mixed."""
        asked = [word for word in self.words(self._random.randint(3, 7)) if word not in _STOPS]
        return " ".join(["what", *asked, self._random.choice(self._vocabulary)]) + "?"

    def _name(self) -> str:
        return f"{self._random.choice(self._vocabulary)}{self._random.randint(1, 9999)}"


def _words(folder: Path) -> list[str]:
    files = sorted(path for path in folder.rglob("*") if path.suffix in {".md", ".txt"})
    return [word for path in files for word in _WORD.findall(path.read_text("utf-8"))]
