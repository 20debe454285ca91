"""Packs evidence for an answer within a strict token budget. Pure; called by the service."""

from collections.abc import Mapping, Sequence

from assistant.domain.document import Chunk, Source
from assistant.domain.memory import ContextPack, Evidence, Hit
from assistant.domain.sensitive import SECRETS

PER_SOURCE = 4
"""Most passages from one source, so that one long file cannot crowd out the rest."""


def pack(
    query: str,
    hits: Sequence[Hit],
    chunks: Mapping[str, Chunk],
    sources: Mapping[str, Source],
    budget: int,
    notes: tuple[str, ...] = (),
    *,
    secrets: bool = False,
) -> ContextPack:
    """Take hits in order while their chunks fit the budget (tokens); what does not fit is passed over, never cut.

    Secrets in them are marked as withheld unless `secrets` were asked for.
    """
    evidence: list[Evidence] = []
    taken: dict[str, int] = {}
    spent = 0
    for hit in hits:
        chunk = chunks[hit.id]
        source = sources[chunk.source_id]
        if spent + chunk.tokens > budget or taken.get(source.id, 0) >= PER_SOURCE:
            continue
        spent += chunk.tokens
        taken[source.id] = taken.get(source.id, 0) + 1
        evidence.append(evidence_of(chunk, source, len(evidence) + 1, hit, secrets=secrets))
    return ContextPack(query=query, evidence=tuple(evidence), tokens=spent, budget=budget, notes=notes)


def evidence_of(chunk: Chunk, source: Source, n: int, hit: Hit | None = None, *, secrets: bool = False) -> Evidence:
    """Return a chunk as the n-th evidence, with the scores of the hit that led to it; secrets are withheld as above."""
    return Evidence(
        n=n,
        chunk_id=chunk.id,
        source_id=source.id,
        path=source.path,
        span=chunk.span,
        part=chunk.part,
        offset=chunk.offset,
        text=chunk.text,
        scope=chunk.scope,
        language=chunk.language,
        digest=source.digest,
        score=hit.score if hit else 0.0,
        dense=hit.parts.dense if hit else None,
        sparse=hit.parts.sparse if hit else 0.0,
        sensitive=hit.sensitive if hit else tuple(dict.fromkeys(mark.kind for mark in chunk.sensitive)),
        withheld=() if secrets else tuple(mark for mark in chunk.sensitive if mark.kind in SECRETS),
    )
