"""A second look at the best candidates by a reranking model, where their order is in doubt. Called by the retriever."""

from collections.abc import Callable, Mapping

from assistant.config.schema import Rerank
from assistant.domain.document import Chunk
from assistant.memory.recall.exact import Ranked
from assistant.ports.content import Reranker

AT_ONCE = 8
"""Passages read between two looks at the clock."""


class Second:
    """The reranking model with its limits; `monotonic` gives seconds."""

    def __init__(self, reranker: Reranker, settings: Rerank, monotonic: Callable[[], float]) -> None:
        self._reranker = reranker
        self._settings = settings
        self._monotonic = monotonic

    def wanted(self, ranked: Ranked, language: str) -> bool:
        """Tell whether it is to be asked: not where the best hit leads by the margin, nor in a foreign language."""
        doubtful = len(ranked) > 1 and ranked[0][1] - ranked[1][1] < self._settings.margin
        return doubtful and self._reranker.knows(language)

    def head(self, ranked: Ranked) -> list[str]:
        """Return the ids of the candidates that it may read."""
        return [chunk_id for chunk_id, _, _ in ranked[: self._settings.candidates]]

    async def order(self, question: str, ranked: Ranked, chunks: Mapping[str, Chunk]) -> Ranked:
        """Return the candidates with the best in a new order, as many as could be read in time. Raises ModelError.

        Those are ordered by the mean of the model's verdict and the first score, each scaled over what was read. Scores
        stay with the places, so that they fall; what was not read keeps its place.
        """
        head = [row for row in ranked[: self._settings.candidates] if row[0] in chunks]
        until = self._monotonic() + self._settings.budget_ms / 1000
        verdicts: list[float] = []
        while len(verdicts) < len(head) and (not verdicts or self._monotonic() < until):
            part = head[len(verdicts) : len(verdicts) + AT_ONCE]
            verdicts += await self._reranker.relevance(question, [chunks[chunk_id].text for chunk_id, _, _ in part])
        read = head[: len(verdicts)]
        first = _scaled([score for _, score, _ in read])
        opinion = [verdict + before for verdict, before in zip(_scaled(verdicts), first, strict=True)]
        order = sorted(range(len(read)), key=lambda at: -opinion[at])
        moved = {read[place][0]: (read[at][0], read[place][1], read[at][2]) for place, at in enumerate(order)}
        return [moved.get(row[0], row) for row in ranked]


def _scaled(values: list[float]) -> list[float]:
    low, high = min(values, default=0.0), max(values, default=0.0)
    return [(value - low) / (high - low) if high > low else 0.5 for value in values]
