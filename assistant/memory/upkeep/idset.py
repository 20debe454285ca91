"""Sets of chunk ids as sorted arrays of 16 bytes each: a million take 16 MB, not 150. Used by the census."""

import asyncio
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

PREFIX = "mi_"
KEY = 16
ID_CHARS = len(PREFIX) + 2 * KEY
PART = 20_000
"""Ids packed between two turns of the loop (5 ms)."""

Keys = NDArray[np.bytes_]


def key_of(chunk_id: str) -> bytes:
    """Return the 16 bytes that an id stands for; of what is no chunk id a digest."""
    if len(chunk_id) == ID_CHARS and chunk_id.startswith(PREFIX):
        try:
            return bytes.fromhex(chunk_id[len(PREFIX) :])
        except ValueError:
            pass
    return blake2b(chunk_id.encode("utf-8", "surrogatepass"), digest_size=KEY).digest()


@dataclass(frozen=True, slots=True)
class Ids:
    """Distinct ids; `keys` is sorted. `odd` spells those that are no chunk ids."""

    keys: Keys
    odd: dict[bytes, str] = field(default_factory=dict[bytes, str])

    @classmethod
    async def of(cls, ids: Collection[str]) -> "Ids":
        """Pack ids, letting others have their turn meanwhile."""
        packed, odd, count = bytearray(), dict[bytes, str](), 0
        for count, chunk_id in enumerate(ids, 1):
            key = key_of(chunk_id)
            packed += key
            if len(chunk_id) != ID_CHARS or spelt(key) != chunk_id:
                odd[key] = chunk_id
            if count % PART == 0:
                await asyncio.sleep(0)
        return cls(await asyncio.to_thread(np.unique, keyed(packed)), odd)

    def __len__(self) -> int:
        return len(self.keys)

    def among(self, other: "Ids") -> NDArray[np.bool_]:
        """Tell for each id in order whether it is in `other`."""
        if not len(other) or not len(self):
            return np.zeros(len(self), np.bool_)
        at = np.searchsorted(other.keys, self.keys)
        at[at == len(other)] = 0
        return other.keys[at] == self.keys

    def minus(self, other: "Ids") -> "Ids":
        """Return the ids that are not in `other`."""
        return Ids(self.keys[~self.among(other)], self.odd)

    def only(self, mask: NDArray[np.bool_]) -> "Ids":
        """Return those ids for which the mask holds, in order."""
        return Ids(self.keys[mask], self.odd)

    def names(self, most: int | None = None) -> list[str]:
        """Return the ids (the first few of them) as they are spelt."""
        # The array's own items lose their trailing zeros.
        keys: Iterable[bytes] = (bytes(key).ljust(KEY, b"\0") for key in self.keys[:most])
        return [self.odd.get(key) or spelt(key) for key in keys]


def keyed(packed: bytes | bytearray) -> Keys:
    """Return keys that lie one behind the other as an array."""
    return np.frombuffer(bytes(packed), dtype=f"S{KEY}")


def spelt(key: bytes) -> str:
    """Return the chunk id of 16 bytes."""
    return PREFIX + key.hex()
