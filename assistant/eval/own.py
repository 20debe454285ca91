"""The person's own golden set: questions whose answers they called right. Used by the façade and by the gate of new models."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.answer import Citation
from assistant.domain.document import Chunk
from assistant.domain.errors import NotRememberedError
from assistant.domain.memory import Cite, Hit, cite_at
from assistant.domain.spaces import ConfirmedCase, ConfirmedPlace
from assistant.eval.metrics import mean, ndcg, percentile, reciprocal_rank
from assistant.eval.metrics import recall as recall_at
from assistant.eval.workbench import Looked
from assistant.memory.ingest.discovery import source_id
from assistant.memory.recall import RetrieverName
from assistant.memory.service import Memory
from assistant.memory.store import VectorSpace
from assistant.orchestrator.intent import analyse
from assistant.ports.spaces import ConfirmedStore
from assistant.ports.system import Clock, IdSource

DEPTH = 20
RELEVANT = "answer"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What recall found for one confirmed question: each hit RELEVANT or not, best first, in `took_ms`."""

    case: ConfirmedCase
    ranked: tuple[str, ...]
    took_ms: float


class OwnSet:
    """Confirmed questions, asked again of the real memory."""

    def __init__(self, confirmed: ConfirmedStore, memory: Memory, clock: Clock, ids: IdSource) -> None:
        self._confirmed = confirmed
        self._memory = memory
        self._clock = clock
        self._ids = ids

    async def confirm(self, question: str, citations: Sequence[Citation]) -> ConfirmedCase:
        """Keep that these citations answer the question; a question confirmed before is replaced.

        Raises NotRememberedError when no cited file is in memory.
        """
        held = await self._memory.engines.stores.sources.get({source_id(one.path) for one in citations})
        places = tuple(
            ConfirmedPlace(
                source_id=source_id(one.path),
                **one.model_dump(include={"path", "quote", "line", "line_end", "page", "cell"}),
            )
            for one in citations
            if source_id(one.path) in held and one.quote.strip()
        )
        if not places:
            raise NotRememberedError(
                "No source of this answer is in memory.", kept="Nothing was kept.", remedy="Ask again and confirm that answer."
            )
        words = " ".join(question.split())
        known = [case.id for case in await self._confirmed.all() if case.question.casefold() == words.casefold()]
        case = ConfirmedCase(
            id=known[0] if known else self._ids.new("case"),
            question=words,
            language=analyse(words).language,
            at=self._clock.now(),
            places=places,
        )
        await self._confirmed.put(case)
        return case

    async def cases(self) -> list[ConfirmedCase]:
        """Return what was confirmed, oldest first."""
        return await self._confirmed.all()

    async def withdraw(self, case_id: str) -> None:
        """Forget that an answer was right; an unknown id is ignored."""
        await self._confirmed.delete([case_id])

    async def outcomes(self, use: RetrieverName = "hybrid", space: VectorSpace | None = None) -> list[Outcome]:
        """Ask every question whose quote still stands somewhere in memory; `space` asks another one than the one that answers."""
        found: list[Outcome] = []
        for case in await self._confirmed.all():
            right = await self._right(case)
            if not right:
                continue
            query = analyse(case.question).query.model_copy(update={"k": DEPTH})
            result = await self._memory.recall(query, use, space)
            ranked = tuple(RELEVANT if _is_right(hit, right) else f"other {rank}" for rank, hit in enumerate(result.items))
            found.append(Outcome(case, ranked, result.took_ms))
        return found

    async def hits(self, k: int) -> list[Looked]:
        """Return the first `k` hits of each question that can be asked, and which of them are right."""
        found: list[Looked] = []
        for case in await self._confirmed.all():
            if right := await self._right(case):
                query = analyse(case.question).query.model_copy(update={"k": k})
                result = await self._memory.recall(query)
                found.append(Looked(query.text, result, [_is_right(hit, right) for hit in result.items]))
        return found

    async def figures(self, use: RetrieverName = "hybrid", space: VectorSpace | None = None) -> dict[str, float]:
        """Return recall@20, ndcg@10, mrr@10 and times over the confirmed questions; only `questions` when none can be asked."""
        return figures(await self.outcomes(use, space))

    async def _right(self, case: ConfirmedCase) -> list[Cite]:
        """Return the places of the chunks that hold a confirmed quote now, wherever the file's edits moved it."""
        chunks = await self._memory.engines.stores.chunks.of_sources([place.source_id for place in case.places])
        by_source: dict[str, list[Chunk]] = {}
        for chunk in chunks:
            by_source.setdefault(chunk.source_id, []).append(chunk)
        return [
            cite_at(place.path, chunk.span)
            for place in case.places
            for chunk in by_source.get(place.source_id, ())
            if _holds(chunk, place)
        ]


def figures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Return the measures over these outcomes; any one right passage is enough for a question."""
    if not outcomes:
        return {"questions": 0.0}
    wanted: Mapping[str, float] = {RELEVANT: 1.0}
    took = [one.took_ms for one in outcomes]
    return {
        "recall@20": round(mean([recall_at(one.ranked, wanted, DEPTH) for one in outcomes]), 4),
        "ndcg@10": round(mean([ndcg(one.ranked, wanted, 10) for one in outcomes]), 4),
        "mrr@10": round(mean([reciprocal_rank(one.ranked, wanted, 10) for one in outcomes]), 4),
        "query_p50_ms": round(percentile(took, 0.5), 2),
        "query_p95_ms": round(percentile(took, 0.95), 2),
        "questions": float(len(outcomes)),
    }


def _holds(chunk: Chunk, place: ConfirmedPlace) -> bool:
    """Tell whether a chunk holds the quote, or the part of it that a cut left there."""
    quote, text = "".join(place.quote.split()), "".join(chunk.text.split())
    return quote in text or (len(text) > 20 and text in quote) or _straddles(quote, text)


def _straddles(quote: str, text: str) -> bool:
    """Tell whether at least half of the quote begins or ends this text: it was cut in two."""
    half = max(20, len(quote) // 2)
    return len(quote) >= half and (text.endswith(quote[:half]) or text.startswith(quote[-half:]))


def _is_right(hit: Hit, right: list[Cite]) -> bool:
    return any(cite in right for cite in (hit.cite, *hit.also))
