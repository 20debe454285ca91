"""What remembered files hold, without a question: passages spread over each of them. Called by the service."""

from collections.abc import Iterator, Mapping, Sequence

from assistant.domain.document import Chunk, Source
from assistant.domain.memory import ContextPack, Evidence
from assistant.memory.recall.packing import evidence_of
from assistant.memory.store import Stores

SOURCES_PER_LOOK = 8
"""Sources whose chunks are loaded at a time."""


async def excerpts(stores: Stores, source_ids: Sequence[str], each: int, *, secrets: bool = False) -> ContextPack:
    """Return at most `each` passages of every remembered source in the order asked for, as they stand in it.

    The first one is always there, the rest spread evenly. Secrets are marked as withheld unless `secrets` are allowed.
    """
    found: list[Evidence] = []
    tokens = 0
    for start in range(0, len(source_ids), SOURCES_PER_LOOK):
        batch = source_ids[start : start + SOURCES_PER_LOOK]
        sources = await stores.sources.get(batch)
        chunks = await stores.chunks.of_sources(list(sources))
        for source, chunk in _spread(batch, sources, chunks, each):
            found.append(evidence_of(chunk, source, len(found) + 1, secrets=secrets))
            tokens += chunk.tokens
    return ContextPack(query="", evidence=tuple(found), tokens=tokens, budget=tokens)


def _spread(
    order: Sequence[str], sources: Mapping[str, Source], chunks: Sequence[Chunk], each: int
) -> Iterator[tuple[Source, Chunk]]:
    by_source: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        by_source.setdefault(chunk.source_id, []).append(chunk)
    for one in order:
        mine = by_source.get(one, [])
        for n in range(min(each, len(mine))):
            yield sources[one], mine[n * len(mine) // min(each, len(mine))]
