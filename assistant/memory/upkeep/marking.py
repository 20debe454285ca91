"""Marks secrets in passages that were remembered before their marks existed, or by an older scan. Called by the orchestrator."""

import asyncio
from collections.abc import Sequence

from assistant.domain.document import Chunk, Source
from assistant.domain.sensitive import SECRETS, scan
from assistant.memory.store import Stores


async def marked_again(stores: Stores, source_ids: Sequence[str]) -> list[Source]:
    """Scan what is remembered of these sources without marks, and mark it; return the sources that hold secrets.

    Nothing else may write these sources meanwhile.
    """
    sources = await stores.sources.get(source_ids)
    held = await stores.chunks.of_sources(list(sources))
    fresh = await asyncio.to_thread(_scanned, held)
    changed = {chunk.source_id for chunk, old in zip(fresh, held, strict=True) if chunk is not old}
    for source_id in changed:
        await stores.chunks.replace(sources[source_id], [chunk for chunk in fresh if chunk.source_id == source_id])
    secretive = {chunk.source_id for chunk in fresh if any(mark.kind in SECRETS for mark in chunk.sensitive)}
    return [sources[source_id] for source_id in sorted(secretive)]


def _scanned(chunks: Sequence[Chunk]) -> list[Chunk]:
    """Return the chunks with marks; those that have marks keep them: they were seen with the text around them."""
    found = [() if chunk.sensitive else tuple(scan(chunk.text)) for chunk in chunks]
    return [chunk.model_copy(update={"sensitive": marks}) if marks else chunk for chunk, marks in zip(chunks, found, strict=True)]
