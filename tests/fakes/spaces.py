"""Vector spaces in dictionaries: registry, confirmed questions, and a factory of spaces over fake models."""

from collections.abc import Collection, Sequence

from assistant.domain.document import Chunk, Document
from assistant.domain.errors import ModelError
from assistant.domain.spaces import ConfirmedCase, SpaceRecord
from assistant.memory.store import VectorSpace
from tests.fakes.embedder import FakeEmbedder
from tests.fakes.memory import cut
from tests.fakes.stores import FakeDense, FakeRecords


class FakeRegistry:
    """SpaceRegistry."""

    def __init__(self) -> None:
        self.records: dict[str, SpaceRecord] = {}

    async def all(self) -> list[SpaceRecord]:
        return [self.records[model] for model in sorted(self.records)]

    async def put(self, record: SpaceRecord) -> None:
        if record.state == "active":
            for model, other in self.records.items():
                if other.state == "active" and model != record.model:
                    self.records[model] = other.model_copy(update={"state": "kept"})
        self.records[record.model] = record

    async def delete(self, model: str) -> None:
        self.records.pop(model, None)


class FakeConfirmed:
    """ConfirmedStore; looks at the sources of `records` whenever it is asked."""

    def __init__(self, records: FakeRecords) -> None:
        self.records = records
        self.cases: dict[str, ConfirmedCase] = {}

    async def put(self, case: ConfirmedCase) -> None:
        self.cases[case.id] = case

    async def all(self) -> list[ConfirmedCase]:
        for name, case in list(self.cases.items()):
            held = tuple(place for place in case.places if place.source_id in self.records.sources)
            self.cases[name] = case.model_copy(update={"places": held})
            if not held:
                del self.cases[name]
        return sorted(self.cases.values(), key=lambda case: (case.at, case.id))

    async def delete(self, case_ids: Collection[str]) -> None:
        for name in case_ids:
            self.cases.pop(name, None)

    async def of_sources(self, source_ids: Sequence[str]) -> list[str]:
        return [case.id for case in await self.all() if any(place.source_id in source_ids for place in case.places)]


class CharCounter:
    """A TokenCounter of words, with a limit."""

    def __init__(self, limit: int) -> None:
        self.limit = limit

    def count(self, texts: Sequence[str]) -> list[int]:
        return [len(text.split()) for text in texts]

    def offsets(self, text: str) -> list[tuple[int, int]]:
        return [(0, len(text))]


class FakeFactory:
    """SpaceFactory over fake models: `models` maps an id to its embedder; spaces outlive a restart as `indexes`."""

    def __init__(self, models: dict[str, FakeEmbedder], limit: int = 1000) -> None:
        self.models = models
        self.limit = limit
        self.indexes: dict[str, FakeDense] = {}

    def name(self, model_id: str) -> tuple[str, int]:
        if model_id not in self.models:
            raise ModelError(f"{model_id} is not installed.")
        return self.models[model_id].model, self.models[model_id].dimensions

    def index(self, model: str, dimensions: int) -> FakeDense:
        return self.indexes.setdefault(model, FakeDense())

    async def load(self, model_id: str) -> VectorSpace:
        model, dimensions = self.name(model_id)
        return VectorSpace(self.models[model_id], self.index(model, dimensions), CharCounter(self.limit), self.cut)

    def answering(self, space: VectorSpace) -> VectorSpace:
        return space

    async def discard(self, model: str, dimensions: int) -> None:
        self.indexes.pop(model, None)

    def cut(self, document: Document, source_id: str) -> list[Chunk]:
        """Cut as the room's own pipeline does."""
        return cut(document, source_id)
