"""Finds cached vectors that nothing needs any more. Called by the service."""

from assistant.memory.embed import cache_keys
from assistant.memory.store import Stores
from assistant.ports.records import VectorCache

BATCH = 200
"""Sources whose texts are looked at together."""


async def unused(stores: Stores, cache: VectorCache) -> int:
    """Drop the vectors of texts that no passage holds, under any model; return how many.

    The texts are read once, in batches; of each stays a digest of 32 bytes.
    """
    needed: set[bytes] = set()
    ids = [source.id for source in await stores.sources.find()]
    for start in range(0, len(ids), BATCH):
        chunks = await stores.chunks.of_sources(ids[start : start + BATCH])
        needed.update(bytes.fromhex(key) for key in cache_keys(chunks))
    return await cache.keep((), needed)
