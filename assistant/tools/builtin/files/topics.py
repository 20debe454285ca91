"""Which topic a file belongs to, by words in its name and text and by memory; without topics the files' own words make some.

Used by files.sort.
"""

import asyncio
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from assistant.domain.change import Entry
from assistant.domain.errors import MnemeError
from assistant.domain.language import Word, words
from assistant.domain.memory import RecallQuery, Signals
from assistant.domain.tool import Taint
from assistant.tools.builtin.files.naming import plain
from assistant.tools.builtin.reading import text_of
from assistant.tools.command import Sight
from assistant.tools.names import joined, name_of, split
from assistant.tools.taints import from_files

_MOST_READ = 256 * 1024
_HEAD = 20_000
"""Characters of a file's beginning that are looked at."""
_IN_NAME = 5
"""What a word in a file's name counts, against one in its text."""
_RECALLED = 60
_BUDGET = 6000
_SHORTEST = 4
_BATCH = 50
_WEIGHT_RECALLED = 3.0
_MOST_GROUPS = 40
_MOST_WORDS = 30


class _Words(NamedTuple):
    """Weights of a file's word stems, and how each is written most often."""

    weights: Counter[str]
    written: Mapping[str, str]


Places = dict[str, tuple[str, str]]
"""Folder name and reason by path."""


async def by_topic(
    entries: Sequence[Entry], topics: Sequence[str], folder: str, sight: Sight
) -> tuple[Places, tuple[Taint, ...]]:
    """Return where files belong that belong anywhere, and the taints of names made from contents."""
    known: dict[str, _Words] = {}
    for n, entry in enumerate(entries):
        if n % _BATCH == 0:
            sight.tell(n, len(entries), "")
            await asyncio.sleep(0)
        known[entry.path] = _words(name_of(entry.path), (await text_of(entry, sight, _MOST_READ) or "")[:_HEAD])
    if topics:
        return _by_named(known, topics, await _recalled(topics, folder, sight), sight), ()
    places = await _by_own(known, sight)
    return places, from_files("by", ((path, name) for path, (name, _) in places.items()))


def _words(name: str, text: str) -> _Words:
    weights: Counter[str] = Counter()
    written: dict[str, Counter[str]] = {}
    for source, weight in ((split(name)[0], _IN_NAME), (text, 1)):
        for word in words(source, identifiers=True):
            if _telling(word):
                weights[word.stem] += weight
                written.setdefault(word.stem, Counter())[source[word.start : word.end].lower()] += 1
    return _Words(weights, {stem: forms.most_common(1)[0][0] for stem, forms in written.items()})


def _telling(word: Word) -> bool:
    return not word.stop and word.end - word.start >= _SHORTEST and word.stem.isalpha()


async def _recalled(topics: Sequence[str], folder: str, sight: Sight) -> dict[str, dict[str, float]]:
    """Return by path how well memory thinks a file fits each topic, 0 to 1; nothing where memory cannot be asked."""
    found: dict[str, dict[str, float]] = {}
    for topic in topics:
        query = RecallQuery(text=topic, signals=Signals(file_hints=(joined(folder, "**"),)), k=_RECALLED)
        try:
            pack = await sight.memory.gather(query, _BUDGET)
        except MnemeError:
            continue
        for evidence in pack.evidence:
            scores = found.setdefault(evidence.path, {})
            scores[topic] = max(scores.get(topic, 0.0), evidence.score)
    return found


def _by_named(
    known: Mapping[str, _Words], topics: Sequence[str], recalled: Mapping[str, Mapping[str, float]], sight: Sight
) -> Places:
    """Give each file the topic whose words it has most, memory's word counted in."""
    stems = {topic: {word.stem for word in words(topic) if not word.stop} for topic in topics}
    places: Places = {}
    for path, found in known.items():
        counted = {topic: sum(found.weights[stem] for stem in stems[topic]) for topic in topics}
        remembered = recalled.get(path, {})
        score = {topic: counted[topic] + _WEIGHT_RECALLED * remembered.get(topic, 0.0) for topic in topics}
        best = max(topics, key=lambda topic: score[topic])
        name = plain(best)
        if score[best] <= 0 or not name:
            continue
        why = (
            sight.say(f"“{best}” in its name or text: {counted[best]}", f"«{best}» в имени или тексте: {counted[best]}")
            if counted[best]
            else sight.say(f"memory finds it under “{best}”", f"память находит его по слову «{best}»")
        )
        places[path] = (name, why)
    return places


async def _by_own(known: Mapping[str, _Words], sight: Sight) -> Places:
    """Group files by telling words that several share but not most; the word that groups most goes first."""
    shared = Counter(stem for found in known.values() for stem in found.weights)
    most = max(2, len(known) * 6 // 10)
    telling = {stem for stem, count in shared.items() if 2 <= count <= most}
    left = {path: _shares(found, telling) for path, found in known.items()}
    places: Places = {}
    for _ in range(_MOST_GROUPS):
        await asyncio.sleep(0)
        weights = defaultdict[str, float](float)
        for shares in left.values():
            for stem, share in shares.items():
                weights[stem] += share
        stem = max(weights, key=lambda one: (weights[one], one), default="")
        group = [path for path, shares in left.items() if stem in shares]
        if len(group) < 2:
            break
        forms = Counter(known[path].written[stem] for path in group)
        name = plain(forms.most_common(1)[0][0].capitalize())
        for path in group:
            del left[path]
            places[path] = (name, sight.say(f"shares the word “{name}” with others", f"общее с другими слово «{name}»"))
    return places


def _shares(found: _Words, telling: set[str]) -> dict[str, float]:
    """Return how a file's weight divides among its most telling words."""
    own = [(stem, weight) for stem, weight in found.weights.most_common() if stem in telling][:_MOST_WORDS]
    total = sum(weight for _, weight in own)
    return {stem: weight / total for stem, weight in own}
