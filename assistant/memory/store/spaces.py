"""One vector space as memory works with it, and all of them as writing and forgetting see them. Used in this room."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from assistant.domain.document import Chunk, Document
from assistant.domain.errors import DamagedError
from assistant.ports.content import Embedder, TokenCounter
from assistant.ports.spaces import VectorStore
from assistant.ports.stores import DenseIndex, DensePoint, Filter, Optimisable, Scored, Vector

EVERYTHING = Filter()


@dataclass(frozen=True, slots=True)
class VectorSpace:
    """A loaded model with its vectors, and how texts are measured and cut for it."""

    embedder: Embedder
    dense: VectorStore
    counter: TokenCounter
    cut: Callable[[Document, str], list[Chunk]]

    @property
    def model(self) -> str:
        """The model's id and revision."""
        return self.embedder.model


class AllSpaces:
    """The DenseIndex and Optimisable over every space: deletions go to all, the rest of writing to the one that answers.

    `answers` is None while no model is in use: then nothing is written. What lies beside opens when it is first needed.
    """

    def __init__(self, answers: DenseIndex | None, compact: Optimisable | None) -> None:
        self.answers = answers
        self.compact = compact
        self.beside: dict[str, VectorStore] = {}
        self._touched: set[str] = set()

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        """Add or replace points where it answers."""
        if self.answers is not None:
            await self.answers.upsert(points)

    async def delete(self, chunk_ids: Collection[str]) -> None:
        """Remove points everywhere; a damaged space beside the answering one is emptied, which removes them too."""
        if self.answers is not None:
            await self.answers.delete(chunk_ids)
        for model, dense in list(self.beside.items()) if chunk_ids else ():
            self._touched.add(model)
            try:
                await dense.delete(chunk_ids)
            except DamagedError:
                await dense.reset()

    async def search(self, vector: Vector, k: int, where: Filter = EVERYTHING) -> list[Scored]:
        """Search where it answers."""
        return await self.answers.search(vector, k, where) if self.answers is not None else []

    async def ids(self) -> set[str]:
        """Return every chunk id held anywhere: what was forgotten must be in none of the spaces."""
        found: set[str] = await self.answers.ids() if self.answers is not None else set()
        for dense in list(self.beside.values()):
            found |= await dense.ids()
        return found

    async def commit(self) -> None:
        """Make what was written and deleted survive a crash."""
        if self.answers is not None:
            await self.answers.commit()
        touched, self._touched = self._touched, set()
        for model in touched & self.beside.keys():
            await self.beside[model].commit()

    async def close(self) -> None:
        """Do nothing: a space is closed by whoever opened it."""

    async def count(self) -> int:
        """Count the points of all spaces."""
        return sum([await each.count() for each in self._optimisable()])

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        """Return vectors as they are held where it answers."""
        return await self.compact.vectors(chunk_ids) if self.compact is not None else {}

    async def optimise(self) -> bool:
        """Rewrite every space, so that what was deleted leaves the disk; return whether anything changed."""
        return any([await each.optimise() for each in self._optimisable()])

    def _optimisable(self) -> list[Optimisable]:
        return [*([self.compact] if self.compact is not None else []), *self.beside.values()]
