"""Judges an answer before it is shown: no claim without proof, no proof from outside the pack. Called by the conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.domain.answer import Citation, Claim
from assistant.domain.memory import ContextPack, Evidence


@dataclass(frozen=True, slots=True)
class Review:
    """What stood the test, renumbered from 1 in order of use, and a note for each thing that did not."""

    claims: tuple[Claim, ...]
    citations: tuple[Citation, ...]
    notes: tuple[str, ...]


def review(claims: Sequence[Claim], citations: Sequence[Citation], pack: ContextPack) -> Review:
    """Refuse citations whose place or quote the pack does not hold letter for letter, and drop claims left without any."""
    evidence = {item.chunk_id: item for item in pack.evidence}
    notes: list[str] = []
    sound: dict[int, Citation] = {}
    for citation in citations:
        fault = _fault(citation, evidence.get(citation.chunk_id))
        if fault:
            notes.append(f"citation {citation.n} refused: {fault}")
        else:
            sound[citation.n] = citation
    numbers: dict[int, int] = {}
    kept: list[Claim] = []
    for claim in claims:
        proofs = tuple(n for n in dict.fromkeys(claim.citations) if n in sound)
        if not proofs:
            notes.append(f"claim dropped, nothing proves it: {claim.text[:80]}")
            continue
        for n in proofs:
            numbers.setdefault(n, len(numbers) + 1)
        kept.append(claim.model_copy(update={"citations": tuple(numbers[n] for n in proofs)}))
    renumbered = tuple(sound[old].model_copy(update={"n": new}) for old, new in numbers.items())
    return Review(tuple(kept), renumbered, tuple(notes))


def _fault(citation: Citation, evidence: Evidence | None) -> str:
    """Return what is wrong with a citation, "" when nothing is."""
    if evidence is None:
        return "its place is not in the evidence"
    if citation.path != evidence.path or citation.hash != evidence.digest:
        return "it names another file than the evidence"
    if not citation.quote.strip() or citation.quote not in evidence.text:
        return "its quote is not in the evidence"
    return "" if _within(citation, evidence) else "its lines or page lie outside the evidence"


def _within(citation: Citation, evidence: Evidence) -> bool:
    span = evidence.span
    if citation.page is not None and not (span.unit == "page" and span.start <= citation.page <= span.end):
        return False
    if citation.line is None:
        return True
    first, last = (span.start, span.end) if span.unit == "line" else (span.line, span.line_end)
    return first <= citation.line <= (citation.line_end or citation.line) <= last
