"""Finds the commands that come nearest to a request: those that may be used here, by likeness to their guides, looked at twice.

The Tool Context Builder of the specification (5.3). Used by the understanding of requests.
"""

import math
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.domain.errors import MnemeError
from assistant.domain.language import normalise, words
from assistant.domain.tool import CommandSpec
from assistant.tools.registry import Registry
from assistant.tools.usage import phrases

Embed = Callable[[Sequence[str]], Awaitable[NDArray[np.float32]]]
"""Texts to vectors of length one."""
_WORDS = 0.7
"""How much common words count against common runs of three letters, which forgive slips."""
_DENSE = 0.65
"""How much the model counts against words, where it knows the language."""
_TAG = 0.06
_MOST_TAGS = 2
_NOT_FOR = 0.1
_LIKE = 0.5
"""Likeness to what a command is not for, from which it counts."""


class Near(NamedTuple):
    """A command, how near it is (0 to 1), its title, and how it is called in one line."""

    command: str
    score: float
    title: str
    usage: str


class _Text(NamedTuple):
    stems: frozenset[str]
    runs: Counter[str]


@dataclass(slots=True)
class Guides:
    """`allowed` tells by policy and surroundings whether a command may be used at all, `has` whether a program is there.

    `embed` is asked in languages that it `knows`; vectors of guides are kept.
    """

    registry: Registry
    platform: str
    allowed: Callable[[str, CommandSpec], bool] = lambda name, spec: True
    has: Callable[[str], bool] = lambda program: True
    embed: Embed | None = None
    knows: Callable[[str], bool] = lambda language: False
    _vectors: dict[str, tuple[list[str], NDArray[np.float32]]] = field(
        default_factory=dict[str, tuple[list[str], NDArray[np.float32]]]
    )
    _texts: dict[str, list[tuple[str, _Text]]] = field(default_factory=dict[str, list[tuple[str, _Text]]])

    async def best(self, text: str, language: str, n: int) -> list[Near]:
        """Return up to `n` commands, nearest first; those of which nothing is near are left out."""
        usable = self._usable()
        worded = self._by_words(text, language, usable)
        dense = await self._by_model(text, language)
        similar = {name: _DENSE * dense[name] + (1 - _DENSE) * worded[name] if name in dense else worded[name] for name in usable}
        first = sorted(similar, key=lambda name: -similar[name])[: 3 * n]
        stems = {word.stem for word in words(text) if not word.stop}
        final = {name: similar[name] + _second_look(usable[name], stems) for name in first if similar[name] > 0}
        ranked = sorted(final, key=lambda name: -final[name])[:n]
        return [_near(name, usable[name], min(1.0, max(0.0, final[name])), language) for name in ranked]

    def _usable(self) -> dict[str, CommandSpec]:
        return {
            name: spec
            for name, spec in self.registry.all().items()
            if self.platform in spec.guide.platforms
            and all(map(self.has, self.registry.requires(name)))
            and self.allowed(name, spec)
        }

    def _by_words(self, text: str, language: str, usable: Mapping[str, CommandSpec]) -> dict[str, float]:
        """Return for each command how much its nearest phrase has in common with a text."""
        known = self._texts.get(language)
        if known is None:
            everything = self.registry.all().items()
            known = [(name, _taken(phrase)) for name, spec in everything for phrase in phrases(spec.guide, language)]
            self._texts[language] = known
        counts = Counter(stem for _, one in known for stem in one.stems)
        weights = {stem: math.log(1 + len(known) / count) for stem, count in counts.items()}
        rare = math.log(1 + len(known))
        asked = _taken(text)
        scores = dict.fromkeys(usable, 0.0)
        for name, one in known:
            if name in scores:
                score = _WORDS * _common(asked.stems, one.stems, weights, rare) + (1 - _WORDS) * _alike(asked.runs, one.runs)
                scores[name] = max(scores[name], score)
        return scores

    async def _by_model(self, text: str, language: str) -> dict[str, float]:
        """Return for each command the cosine of its nearest phrase; nothing where the model cannot tell."""
        if self.embed is None or not self.knows(language):
            return {}
        try:
            if language not in self._vectors:
                pairs = [(name, one) for name, spec in self.registry.all().items() for one in phrases(spec.guide, language)]
                self._vectors[language] = ([name for name, _ in pairs], await self.embed([one for _, one in pairs]))
            names, vectors = self._vectors[language]
            cosines = vectors @ (await self.embed([text]))[0]
        except MnemeError:
            return {}
        scores: dict[str, float] = {}
        for name, cosine in zip(names, cosines.tolist(), strict=True):
            scores[name] = max(scores.get(name, 0.0), cosine)
        return scores


def _second_look(spec: CommandSpec, stems: set[str]) -> float:
    """Return what tags add, and what the request has in common with things the command is not for takes away."""
    tags = {word.stem for tag in spec.guide.tags for word in words(tag)}
    less = any(len(stems & _taken(one).stems) >= _LIKE * len(_taken(one).stems) > 0 for one in spec.guide.not_for)
    return _TAG * min(_MOST_TAGS, len(stems & tags)) - (_NOT_FOR if less else 0.0)


def _near(name: str, spec: CommandSpec, score: float, language: str) -> Near:
    guide = spec.guide
    summary = guide.summary.get(language) or guide.summary["en"]
    return Near(name, score, guide.title.get(language) or guide.title["en"], f"{name}({guide.arguments_brief}): {summary}")


def _taken(text: str) -> _Text:
    found = [word for word in words(text, identifiers=True) if not word.stop]
    plain = f" {' '.join(normalise(text[word.start : word.end]) for word in found)} "
    return _Text(frozenset(word.stem for word in found), Counter(plain[n : n + 3] for n in range(len(plain) - 2)))


def _common(one: frozenset[str], other: frozenset[str], weights: Mapping[str, float], rare: float) -> float:
    """Return the cosine of two sets of words, rare words weighing more."""
    both = sum(weights.get(stem, rare) ** 2 for stem in one & other)
    return both / math.sqrt(_norm(one, weights, rare) * _norm(other, weights, rare)) if both else 0.0


def _norm(stems: frozenset[str], weights: Mapping[str, float], rare: float) -> float:
    return sum(weights.get(stem, rare) ** 2 for stem in stems)


def _alike(one: Counter[str], other: Counter[str]) -> float:
    both = sum(min(count, other[run]) for run, count in one.items())
    return both / math.sqrt(one.total() * other.total()) if both else 0.0
