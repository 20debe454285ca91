"""Lists what every store holds, compactly: 21 bytes for each chunk recorded. Used by verification and by replay."""

from array import array
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assistant.domain.document import PENDING_STATES, Source
from assistant.memory.embed import takes_part
from assistant.memory.store import Stores
from assistant.memory.upkeep.idset import Ids, key_of, keyed, spelt
from assistant.ports.content import Embedder
from assistant.ports.records import ChunkLine

PAGE = 5000


@dataclass(frozen=True, slots=True)
class Census:
    """Chunk ids recorded, and found in each index. `owners` and `embeddable` lie beside `records`: a chunk's source as its
    place in `sources` (of a source that is not there: -1 - its place in `strangers`), and whether the model embeds it.
    """

    records: Ids
    owners: NDArray[np.int32]
    embeddable: NDArray[np.bool_]
    sparse: Ids
    dense: Ids
    sources: list[Source]
    strangers: list[str]

    def recorded(self) -> NDArray[np.int64]:
        """Count the chunks of each source."""
        return np.bincount(self.owners[self.owners >= 0], minlength=len(self.sources))

    def miscounted(self) -> list[Source]:
        """Return the sources that declare another number of chunks than is recorded for them."""
        counts = self.recorded()
        return [source for source, count in zip(self.sources, counts, strict=True) if source.chunks != count]

    def settled(self, moving: set[str]) -> Ids:
        """Return the chunks whose sources are neither under way nor among `moving`."""
        return self.records.only(~self._of(self._busy(moving)))

    def due(self, moving: set[str]) -> Ids:
        """Return the chunks that must have a vector: embeddable, of sources that are there and not under way."""
        return self.records.only(self.embeddable & (self.owners >= 0) & ~self._of(self._busy(moving)))

    def homeless(self) -> Ids:
        """Return the chunks without a source."""
        return self.records.only(self.owners < 0)

    def owners_of(self, ids: Ids) -> set[str]:
        """Return the ids of the sources of recorded chunks."""
        places: list[int] = np.unique(self.owners[self.records.among(ids)]).tolist()
        return {self.sources[place].id if place >= 0 else self.strangers[-1 - place] for place in places}

    def _busy(self, moving: set[str]) -> NDArray[np.bool_]:
        busy = [source.state in PENDING_STATES or source.id in moving for source in self.sources]
        return np.array(busy, np.bool_)

    def _of(self, busy: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Spread what holds for sources over their chunks; chunks without a source are not busy."""
        if not len(busy):
            return np.zeros(len(self.owners), np.bool_)
        return np.where(self.owners >= 0, busy[np.maximum(self.owners, 0)], False)


async def census(stores: Stores, embedder: Embedder | None) -> Census:
    """Look into every store, one after the other, so that the lists of two never lie in memory together."""
    sources = await stores.sources.find()
    roll = _Roll({source.id: place for place, source in enumerate(sources)}, embedder)
    after = 0
    while lines := await stores.chunks.lines(after, PAGE):
        after = lines[-1].place
        for line in lines:
            roll.add(line)
    records, owners, embeddable = roll.sorted()
    sparse = await Ids.of(await stores.sparse.ids())
    dense = await Ids.of(await stores.dense.ids() if stores.dense else ())
    return Census(records, owners, embeddable, sparse, dense, sources, roll.strangers)


class _Roll:
    """Chunks as they are met."""

    def __init__(self, places: dict[str, int], embedder: Embedder | None) -> None:
        self._places = places
        self._embedder = embedder
        self._keys = bytearray()
        self._owners = array("i")
        self._embeddable = bytearray()
        self._known: dict[tuple[str, str], bool] = {}
        self._odd: dict[bytes, str] = {}
        self.strangers: list[str] = []

    def add(self, line: ChunkLine) -> None:
        key = key_of(line.chunk_id)
        self._keys += key
        if spelt(key) != line.chunk_id:
            self._odd[key] = line.chunk_id
        place = self._places.get(line.source_id)
        if place is None:
            self.strangers.append(line.source_id)
            place = self._places[line.source_id] = -len(self.strangers)
        self._owners.append(place)
        kind = (line.modality, line.language)
        if kind not in self._known:
            self._known[kind] = self._embedder is not None and takes_part(line, self._embedder)
        self._embeddable.append(self._known[kind])

    def sorted(self) -> tuple[Ids, NDArray[np.int32], NDArray[np.bool_]]:
        keys = keyed(self._keys)
        order = np.argsort(keys, kind="stable")
        owners = np.frombuffer(self._owners.tobytes(), np.int32)[order]
        return Ids(keys[order], self._odd), owners, np.frombuffer(bytes(self._embeddable), np.bool_)[order]
