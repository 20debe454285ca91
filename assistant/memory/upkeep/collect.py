"""Finds cached vectors that nothing needs any more. Called by the service."""

from collections.abc import Collection

from assistant.memory.embed import cache_keys
from assistant.memory.store import Stores
from assistant.ports.records import VectorCache

PAGE = 1000
"""Chunks whose texts are looked at together."""


async def unused(stores: Stores, cache: VectorCache, models: Collection[str]) -> int:
    """Drop the vectors of texts that no passage holds, and of any but these models (none named: no model's); return how many.

    The texts are read once, in pages; of each stays a digest of 32 bytes.
    """
    needed: set[bytes] = set()
    after = 0
    while lines := await stores.chunks.lines(after, PAGE, texts=True):
        after = lines[-1].place
        needed.update(bytes.fromhex(key) for key in cache_keys(lines))
    return await cache.keep(models, needed)
