"""Measures how well each passage meets a question, as a table of numbers. Used by `extract`, which weighs them."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from pathlib import PurePath

import numpy as np
from numpy.typing import NDArray

from assistant.domain.language import words
from assistant.domain.memory import Evidence
from assistant.orchestrator.answering.passages import Passage
from assistant.orchestrator.answering.question import Question, Term

Array = NDArray[np.float64]

_ALIKE = 0.8
_FOREIGN = 0.35
_SHORT = 25


@dataclass(frozen=True, slots=True)
class Features:
    """One value for each passage (arrays of equal length), each in 0..1 unless said otherwise.

    own, near, chunk: weighted shares of the question's terms in the passage, also beside it, also in its whole evidence
    with scope and path. cosine: similarity of meaning in -1..1, None without a model. kind: holds what is asked for.
    rank: the evidence's score over the best one's. heading, question, short: 1 where the passage is one.
    `held[t, p]` tells how far passage p holds term t, `reached[t, p]` how far its evidence does; `weights[t]` is the
    weight of term t.
    """

    own: Array
    near: Array
    chunk: Array
    cosine: Array | None
    kind: Array
    rank: Array
    heading: Array
    question: Array
    short: Array
    held: Array
    reached: Array
    weights: Array


def measure(question: Question, found: Sequence[Passage], cosines: Sequence[float | None] | None) -> Features:
    """Return the features of passages (at least one), in their order.

    `cosines` has one value for each; None where the model does not know the passage's language, and words stand in.
    """
    texts = [passage.text for passage in found]
    stems = [{word.stem for word in words(text, identifiers=True)} for text in texts]
    around = _surroundings(found)
    vocabulary = sorted({stem for group in (*stems, *around.values()) for stem in group})
    alike = [{stem: value for stem in vocabulary if (value := likeness(term.stem, stem)) > 0} for term in question.terms]
    held = np.array([[_best(likes, group) for group in stems] for likes in alike]).reshape(len(alike), len(found))
    outer = {key: [_best(likes, group) for likes in alike] for key, group in around.items()}
    outside = np.array([outer[passage.evidence.chunk_id] for passage in found]).reshape(len(found), len(alike)).T
    beside, reached = held.copy(), np.maximum(held, 0.9 * outside)
    asks = np.array([text.rstrip("*_\"'»” ").endswith("?") for text in texts], dtype=np.float64)
    for at, passage in enumerate(found):
        for other in range(max(0, at - 1), min(len(found), at + 2)):
            if found[other].evidence is passage.evidence and other != at:
                share = 0.9 if other < at and (asks[other] or found[other].heading) else 0.6
                beside[:, at] = np.maximum(beside[:, at], share * held[:, other])
        same = [other for other in range(len(found)) if found[other].evidence is passage.evidence]
        reached[:, at] = np.maximum(reached[:, at], held[:, same].max(axis=1))
    beside = np.maximum(beside, 0.6 * outside)
    weights = _weights(question.terms, held, vocabulary)
    total = max(1e-9, float(weights.sum()))
    best = max(passage.evidence.score for passage in found) or 1.0
    near = weights @ beside / total
    return Features(
        own=weights @ held / total,
        near=near,
        chunk=weights @ reached / total,
        cosine=_meaning(cosines, near),
        kind=np.array([question.answered_in_kind(text) for text in texts]),
        rank=np.array([max(0.0, passage.evidence.score / best) for passage in found]),
        heading=np.array([passage.heading for passage in found], dtype=np.float64),
        question=asks,
        short=np.array([len(text) < _SHORT for text in texts], dtype=np.float64),
        held=held,
        reached=reached,
        weights=weights,
    )


def _meaning(cosines: Sequence[float | None] | None, near: Array) -> Array | None:
    if cosines is None or all(value is None for value in cosines):
        return None
    return np.array([0.2 + 0.5 * near[at] if value is None else value for at, value in enumerate(cosines)])


def likeness(first: str, second: str) -> float:
    """Return 1 for equal stems, 0.8 for stems of one family (a long common beginning), else 0."""
    if first == second:
        return 1.0
    shorter, longer = sorted((len(first), len(second)))
    if shorter < 4 or first[:4] != second[:4]:
        return 0.0
    common = next((at for at, (a, b) in enumerate(zip(first, second, strict=False)) if a != b), shorter)
    return _ALIKE if (common >= 5 and common >= 0.7 * longer) or (common == shorter and longer - shorter <= 3) else 0.0


def _best(likes: dict[str, float], group: set[str]) -> float:
    return max((value for stem, value in likes.items() if stem in group), default=0.0)


def _surroundings(found: Sequence[Passage]) -> dict[str, set[str]]:
    """Return the stems of each evidence's scope and of its path below the folder, by chunk id."""
    around: dict[str, set[str]] = {}
    for passage in found:
        evidence = passage.evidence
        if evidence.chunk_id not in around:
            around[evidence.chunk_id] = {word.stem for word in words(_names(evidence), identifiers=True)}
    return around


def _names(evidence: Evidence) -> str:
    return " ".join((evidence.scope, *PurePath(evidence.path).parts[-2:]))


def _weights(terms: Sequence[Term], held: Array, vocabulary: Sequence[str]) -> Array:
    """Weigh terms by their own weight and rarity; words of a script the evidence does not use can hardly be met."""
    count = held.shape[1]
    scripts = {any("\u0400" <= char <= "\u04ff" for char in stem) for stem in vocabulary}
    values: list[float] = []
    for row, term in enumerate(terms):
        frequency = float(held[row].sum())
        rarity = log((count + 1) / (frequency + 0.5)) / log((count + 1) / 0.5)
        foreign = term.cyrillic not in scripts
        values.append(term.weight * (0.25 + 0.75 * max(0.0, rarity)) * (_FOREIGN if foreign else 1.0))
    return np.array(values)
