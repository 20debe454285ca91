"""Answers from the evidence alone: chooses the passages that answer and binds each to its citation. Used by the room's door."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from assistant.config.schema import Answering
from assistant.domain.answer import Citation, Claim
from assistant.domain.language import Word, words
from assistant.domain.memory import ContextPack, Evidence
from assistant.domain.quoting import cite
from assistant.orchestrator.answering.features import Array, measure
from assistant.orchestrator.answering.passages import Passage, passages
from assistant.orchestrator.answering.question import read_question
from assistant.orchestrator.answering.scoring import rate, support

_PER_EVIDENCE = 2
_WORTH = 0.8
_LONGEST = 320
_SCANT = 32
_SAME = 0.75
_NEAREST = 3
_LEANS_BACK = re.compile(
    r"\W*(?:it|this|that|these|those|they|he|she|then|so|but|both|он|она|оно|они|это|этот|эта|эти|тогда|поэтому|но|так|её|его|их)\b",
    re.IGNORECASE,
)
_MARKER = re.compile(r"^\s*(?:[-*+•–>]\s+|#{1,6}\s+|\d{1,3}(?:\.\d{1,3})*[.)]\s+)?")
_ITEM = re.compile(r"[-*+•–>|#]|\d{1,3}(?:\.\d{1,3})*[.)]\s|\*\*")
_PARAGRAPH = re.compile(r"(?:\r\n|\r|\n)[^\S\r\n]*(?:\r\n|\r|\n)")


@dataclass(frozen=True, slots=True)
class Extraction:
    """What the evidence says: claims in order of relevance, their citations, and the places nearest to the question.

    `support` (0..1) tells how surely the evidence answers; `abstained` when it is too little, and then there are no claims.
    """

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    nearest: tuple[Citation, ...]
    support: float
    abstained: bool


@dataclass(slots=True)
class _Draft:
    """A claim in the making: a stretch of one evidence, and equal stretches of others."""

    evidence: Evidence
    start: int
    end: int
    code: bool
    twins: list[tuple[Evidence, int, int]] = field(default_factory=list[tuple[Evidence, int, int]])


def extract(
    question: str,
    pack: ContextPack,
    settings: Answering,
    found: Sequence[Passage] | None = None,
    cosines: Sequence[float | None] | None = None,
) -> Extraction:
    """Choose at most `settings.max_claims` claims from the evidence.

    `found` are `passages(pack)` and `cosines` the similarity of the question to each of their texts, when a model is
    there; None for one whose language the model does not know. Nothing is claimed that is not quoted letter for letter.
    """
    found = passages(pack) if found is None else found
    if not found:
        return Extraction((), (), (), 0.0, True)
    asked = read_question(question)
    features = measure(asked, found, cosines)
    scores = rate(features)
    certainty = support(asked, pack, features, scores)
    order = [int(at) for at in np.argsort(-scores, kind="stable")]
    if certainty < settings.min_support:
        return Extraction((), (), _nearest(found, order), certainty, True)
    drafts = _choose(found, order, scores, features.question, settings.max_claims)
    claims: list[Claim] = []
    citations: list[Citation] = []
    for draft in drafts:
        numbers: list[int] = []
        for evidence, start, end in [(draft.evidence, draft.start, draft.end), *draft.twins]:
            citations.append(cite(evidence, start, end, len(citations) + 1))
            numbers.append(len(citations))
        claims.append(Claim(text=_wording(draft), citations=tuple(numbers)))
    return Extraction(tuple(claims), tuple(citations), _nearest(found, order), certainty, not claims)


def _choose(found: Sequence[Passage], order: Sequence[int], scores: Array, asks: Array, most: int) -> list[_Draft]:
    drafts: list[_Draft] = []
    taken: dict[str, int] = {}
    floor = max(0.0, float(scores.max())) * _WORTH
    for at in order:
        passage = found[at]
        if scores[at] < floor and drafts:
            break
        if passage.heading and not passage.code:
            continue
        start, end = _extent(found, at, bool(asks[at]))
        if any(_absorbs(draft, passage, start, end) for draft in drafts):
            continue
        key = passage.evidence.chunk_id
        if len(drafts) < most and taken.get(key, 0) < _PER_EVIDENCE:
            taken[key] = taken.get(key, 0) + 1
            drafts.append(_Draft(passage.evidence, start, end, passage.code))
    return drafts


def _extent(found: Sequence[Passage], at: int, asks: bool) -> tuple[int, int]:
    """Widen a passage to its neighbours where it says too little alone: a question, a scrap, a back reference."""
    passage = found[at]
    start, end = passage.start, passage.end
    if passage.code:
        return start, end
    before, after = found[at - 1] if at else None, found[at + 1] if at + 1 < len(found) else None
    if after and _joins(passage, after) and (asks or end - start < _SCANT) and after.end - start <= _LONGEST:
        end = after.end
    if before and not before.heading and _joins(before, passage) and _LEANS_BACK.match(passage.text):
        start = before.start if end - before.start <= _LONGEST else start
    return start, end


def _joins(first: Passage, second: Passage) -> bool:
    """Tell whether two passages follow each other within a paragraph."""
    if first.evidence is not second.evidence or first.code or second.heading:
        return False
    return _flows(first.evidence.text, first.end, second.start)


def _flows(text: str, end: int, start: int) -> bool:
    """Tell whether only blanks within a paragraph lie between two places, and no list item begins at the second."""
    gap = text[end:start]
    return not gap.strip() and not _PARAGRAPH.search(gap) and not _ITEM.match(text, start)


def _absorbs(draft: _Draft, passage: Passage, start: int, end: int) -> bool:
    """Give a passage to a claim that already says it, or that it continues; return whether it was taken in."""
    text = draft.evidence.text
    if draft.evidence is passage.evidence:
        if start >= draft.start and end <= draft.end:
            return True
        low, high = min(start, draft.start), max(end, draft.end)
        meets = _flows(text, min(end, draft.end), max(start, draft.start))
        if meets and not draft.code and not draft.twins and high - low <= _LONGEST:
            draft.start, draft.end = low, high
            return True
    said, says = (_sense(stretch, draft.code) for stretch in (text[draft.start : draft.end], passage.evidence.text[start:end]))
    if _resemblance(said, says) < _SAME:
        return False
    if f" {said} " not in f" {says} ":  # a word more or less in the middle may turn the sense: that proves nothing
        return f" {says} " in f" {said} "
    if all(evidence is not passage.evidence for evidence, _, _ in [(draft.evidence, 0, 0), *draft.twins]):
        draft.twins.append((passage.evidence, start, end))
    return True


def _sense(text: str, code: bool) -> str:
    """Return what must be equal for two stretches to say the same: stems and signs of numbers; of code every mark."""
    if code:
        return " ".join(text.split())
    return " ".join(_signed(text, word) for word in words(text))


def _signed(text: str, word: Word) -> str:
    sign = text[max(0, word.start - 1) : word.start]
    return sign + word.stem if sign and sign in "+-−<>≤≥" and word.stem[0].isdigit() else word.stem


def _resemblance(first: str, second: str) -> float:
    """Return the share of common stems in all stems of two texts."""
    one, other = set(first.split()), set(second.split())
    return len(one & other) / max(1, len(one | other))


def _nearest(found: Sequence[Passage], order: Sequence[int]) -> tuple[Citation, ...]:
    shown: dict[str, Passage] = {}
    for at in order:
        if not found[at].heading:
            shown.setdefault(found[at].evidence.chunk_id, found[at])
        if len(shown) == _NEAREST:
            break
    return tuple(cite(passage.evidence, passage.start, passage.end, n) for n, passage in enumerate(shown.values(), 1))


def _wording(draft: _Draft) -> str:
    """Return the quote as a sentence to read: wrapped lines joined, list and emphasis marks taken off; code as it stands."""
    quote = draft.evidence.text[draft.start : draft.end]
    if draft.code:
        return quote
    return " ".join(_MARKER.sub("", quote).replace("**", "").split())
