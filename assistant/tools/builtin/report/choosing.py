"""Chooses what a report quotes of evidence: whole sentences that say much, first lines of code and tables. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.language import sentences, words
from assistant.domain.lines import line_starts
from assistant.domain.memory import Evidence
from assistant.domain.quoting import is_code

_LONGEST = 500
_LEAST_WORDS = 3
_CODE_LINES = 4
_ASKED = 3.0
"""How much more a word of the subject counts than one that is as rare."""
_CLOSE = 0.5
"""Cosine from which a passage counts as about the subject though it has none of its words."""
_NAMES_ONLY = re.compile(r"\s*(?:#{1,6}(?:\s|$)|[-=*_|:\s`~]+$|```|~~~)")


@dataclass(frozen=True, slots=True)
class Quote:
    """A stretch of evidence to be quoted: `evidence.text[start:end]`."""

    evidence: Evidence
    start: int
    end: int
    code: bool = False

    @property
    def text(self) -> str:
        """The words, letter for letter."""
        return self.evidence.text[self.start : self.end]

    @property
    def plain(self) -> str:
        """The words with all blanks between them alike."""
        return " ".join(self.text.split())

    @property
    def stems(self) -> frozenset[str]:
        """The stems of its words that mean something."""
        return frozenset(word.stem for word in words(self.text) if not word.stop)


def quotable(evidence: Evidence) -> list[Quote]:
    """Return all that can be quoted of a passage; nothing that touches a withheld secret can."""
    if is_code(evidence) or evidence.path.lower().endswith((".csv", ".tsv")):
        found = _first_lines(evidence)
    else:
        spans = sentences(evidence.text)
        whole = [Quote(evidence, a, b) for a, b in spans if b - a <= _LONGEST and not _names_only(evidence, a, b)]
        found = [one for one in whole if len(words(one.text)) >= _LEAST_WORDS] or whole
    return [one for one in found if not any(a < one.end and b > one.start for _, a, b in evidence.withheld)]


def rarity(found: Iterable[Quote]) -> Mapping[str, float]:
    """Return how much each stem tells: the logarithm of how few of the quotes have it."""
    sets = [one.stems for one in found]
    counts = Counter(stem for stems in sets for stem in stems)
    return {stem: math.log(1 + len(sets) / count) for stem, count in counts.items()}


def choose(found: Sequence[Quote], rare: Mapping[str, float], most: int, asked: frozenset[str] = frozenset()) -> list[Quote]:
    """Return at most `most` quotes in the order they came, none twice.

    Without a subject the first is always one of them; with one (`asked`, stems) all have a word of it, or stand in a
    passage that is close to it.
    """
    if asked:
        found = [one for one in found if one.stems & asked] or [one for one in found if (one.evidence.dense or 0.0) >= _CLOSE]
    first = {one.plain: n for n, one in reversed(list(enumerate(found)))}
    order = sorted(first.values(), key=lambda n: (n > 0 or bool(asked), -_worth(found[n], rare, asked), n))
    return [found[n] for n in sorted(order[:most])]


def _worth(quote: Quote, rare: Mapping[str, float], asked: frozenset[str]) -> float:
    stems = quote.stems
    told = sum(sorted(rare.get(stem, 0.0) * (_ASKED if stem in asked else 1.0) for stem in stems))
    return told / math.sqrt(max(_LEAST_WORDS, len(stems)))


def _names_only(evidence: Evidence, start: int, end: int) -> bool:
    """Tell whether a sentence is a heading, a rule or a fence."""
    text = evidence.text[start:end]
    return bool(_NAMES_ONLY.match(text)) or (start == 0 and bool(evidence.scope) and evidence.scope.endswith(text))


def _first_lines(evidence: Evidence) -> list[Quote]:
    """Return the first lines of code or of a table as one quote."""
    text = evidence.text
    edges = [*line_starts(text), len(text)][: _CODE_LINES + 1]
    start = len(text) - len(text.lstrip())
    end = len(text[: edges[-1]].rstrip())
    return [Quote(evidence, start, min(end, start + _LONGEST), code=True)] if end > start else []
