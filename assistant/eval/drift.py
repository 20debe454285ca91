"""Looks at what questions have in common, away from the questions themselves: only sums leave here. Called by `eval.rounds`."""

import re
from collections.abc import Collection, Sequence

import numpy as np

from assistant.domain.errors import MnemeError
from assistant.domain.health import DriftPoint, Questions, Stretch
from assistant.domain.language import words
from assistant.memory.recall.searching import query_language
from assistant.memory.service import Memory

_LATIN = re.compile("[a-z]", re.IGNORECASE)
TOGETHER = 5
"""Question vectors summed up at least: the sum of one would be that question."""


async def looked_at(memory: Memory, questions: Sequence[str]) -> Questions:
    """Return the languages of these questions, how many hold a word that memory does not know, and the sum of their vectors."""
    if not questions:
        return Questions()
    languages: dict[str, int] = {}
    for text in questions:
        name = query_language(text) or ("latin" if _LATIN.search(text) else "other")
        languages[name] = languages.get(name, 0) + 1
    spoken = [{text[word.start : word.end] for word in words(text) if not word.stop} for text in questions]
    known = await memory.engines.stores.sparse.frequencies(set[str]().union(*spoken))
    unknown = sum(any(not known.get(word, 0) for word in said) for said in spoken)
    summed = await _summed(memory, questions)
    return summed.model_copy(update={"languages": languages, "unknown": unknown, "looked_at": len(questions)})


async def _summed(memory: Memory, questions: Collection[str]) -> Questions:
    embedder = memory.engines.embedder
    if embedder is None:
        return Questions()
    asked = [text for text in questions if embedder.knows(query_language(text))]
    if len(set(asked)) < TOGETHER:
        return Questions()
    try:
        vectors = [await embedder.embed_query(text) for text in asked]
    except MnemeError:  # the drift of a minute is not worth a warning
        return Questions()
    total = np.sum(np.stack(vectors), axis=0)
    return Questions(model=embedder.model, embedded=len(asked), centroid=tuple(round(float(x), 4) for x in total))


def drift(weeks: Sequence[Stretch]) -> tuple[DriftPoint, ...]:
    """Return what the questions of each week had in common, and how far their mean moved since the week before."""
    points: list[DriftPoint] = []
    before: Questions | None = None
    for week in weeks:
        seen = week.measured.questions
        if not seen.asked:
            continue
        named = sum(seen.languages.values())
        searches = seen.asked - seen.answers
        points.append(
            DriftPoint(
                at=week.at,
                asked=seen.asked,
                abstained=_share(seen.abstained, seen.answers),
                empty=_share(seen.empty, searches),
                unknown=_share(seen.unknown, seen.looked_at),
                similarity=_share(seen.similarity, seen.similar),
                languages={name: round(count / named, 4) for name, count in sorted(seen.languages.items())},
                shift=_shift(before, seen) if before is not None else None,
            )
        )
        before = seen
    return tuple(points)


def _share(part: float, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


def _shift(before: Questions, after: Questions) -> float | None:
    if not (before.embedded and after.embedded) or before.model != after.model:
        return None
    one, other = np.asarray(before.centroid), np.asarray(after.centroid)
    lengths = float(np.linalg.norm(one) * np.linalg.norm(other))
    return round(1.0 - float(one @ other) / lengths, 4) if one.shape == other.shape and lengths else None
