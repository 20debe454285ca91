"""Tombstones in memory."""

from collections.abc import Collection, Sequence

from assistant.domain.forgotten import StoneKind, Tombstone
from tests.fakes.stores import FakeVectorCache


class FakeTombstones:
    """Tombstones; `held` by source, kind and mark."""

    def __init__(self, cache: FakeVectorCache) -> None:
        self._cache = cache
        self._key = b"k" * 32
        self.held: dict[tuple[str, str, str], Tombstone] = {}

    async def key(self) -> bytes:
        return self._key

    async def take_key(self, key: bytes) -> None:
        if key != self._key:
            self.held = {}
        self._key = key

    async def bury(self, stones: Sequence[Tombstone]) -> None:
        for stone in stones:
            self.held.setdefault((stone.source_id, stone.kind, stone.mark), stone)

    async def standing(self, kinds: Collection[StoneKind], source_ids: Collection[str] | None = None) -> list[Tombstone]:
        found = [key for key, s in self.held.items() if s.kind in kinds and (source_ids is None or s.source_id in source_ids)]
        return [self.held[key] for key in sorted(found)]

    async def lift(self, source_ids: Collection[str], kinds: Collection[StoneKind]) -> None:
        self.held = {k: s for k, s in self.held.items() if s.source_id not in source_ids or s.kind not in kinds}

    async def carry(self, source_id: str, target_id: str) -> None:
        await self.bury(
            [
                s.model_copy(update={"source_id": target_id})
                for s in self.held.values()
                if s.source_id == source_id and s.kind == "words"
            ]
        )

    async def cached(self) -> set[str]:
        return {digest for _, digest in self._cache.vectors}
