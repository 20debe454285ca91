"""Protocol of what is kept of forgotten things: enough to prove that they are gone, nothing to read. Used by memory."""

from collections.abc import Collection, Sequence
from typing import Protocol

from assistant.domain.forgotten import StoneKind, Tombstone


class Tombstones(Protocol):
    """Keyed digests of what was forgotten."""

    async def key(self) -> bytes:
        """Return the key of this memory's digests, made when it is first asked for."""
        ...

    async def take_key(self, key: bytes) -> None:
        """Use this key from now on and remove every stone of another: records were replaced by older ones."""
        ...

    async def bury(self, stones: Sequence[Tombstone]) -> None:
        """Set stones, on disk when this returns; those that stand already stay."""
        ...

    async def standing(self, kinds: Collection[StoneKind], source_ids: Collection[str] | None = None) -> list[Tombstone]:
        """Return stones of these kinds (of these sources), ordered by source, kind and mark."""
        ...

    async def lift(self, source_ids: Collection[str], kinds: Collection[StoneKind]) -> None:
        """Take stones away: what they stand for may be remembered again."""
        ...

    async def carry(self, source_id: str, target_id: str) -> None:
        """Set the stones of words of one source for another as well: the file was moved there."""
        ...

    async def cached(self) -> set[str]:
        """Return the keys under which vectors are cached, of any model: where forgotten text might linger."""
        ...
