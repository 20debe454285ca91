"""Opens vector spaces: one object for the vectors of each model, and the models that fill and ask them. Used by `engines`."""

import shutil
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import cast

from assistant.adapters.embed import FastembedText, ModelTokens
from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.failures import guarded as translated
from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.app.counting import ForeignWordCounter
from assistant.app.lifecycle import Alarm, Guarded
from assistant.app.stores import DenseStore, Ground, Space, dense_place, dense_store, sound
from assistant.config.schema import DenseEngine, Settings
from assistant.domain.document import Chunk, Document
from assistant.domain.errors import MnemeError, ModelError, UnreachableError
from assistant.domain.language import Identifier
from assistant.domain.models import ModelManifest
from assistant.memory.ingest.chunkers import chunk_document
from assistant.memory.store import VectorSpace
from assistant.memory.store.outage import Distant, Outage
from assistant.memory.store.sturdy import IndexName, Sturdy
from assistant.ports.content import TokenCounter
from assistant.ports.system import Clock


@dataclass(frozen=True, slots=True)
class InstalledModel:
    """A model whose files are in place."""

    manifest: ModelManifest
    folder: Path

    @property
    def name(self) -> str:
        """The name of its space: id and revision."""
        return f"{self.manifest.id}@{self.manifest.revision}"


Installed = Callable[[str], InstalledModel | None]
"""Finds an installed model by its id; raises ModelError for an id that the catalogue does not know."""


class SpaceOpener:
    """The SpaceFactory over the engine of the profile. `guarded` is told which vectors answer."""

    def __init__(
        self,
        ground: Ground,
        engine: DenseEngine,
        installed: Installed,
        executor: Executor,
        clock: Clock,
        alarm: Alarm,
        guarded: dict[IndexName, Guarded],
        outage: Outage,
    ) -> None:
        self._ground = ground
        self._engine: DenseEngine = engine
        self._installed = installed
        self._executor = executor
        self._clock = clock
        self._alarm = alarm
        self._guarded = guarded
        self._outage = outage
        self._indexes: dict[str, DenseStore] = {}
        self._identifier = Identifier()
        self._stack = AsyncExitStack()

    async def close(self) -> None:
        """Close all vectors and models; safe to call twice."""
        indexes, self._indexes = self._indexes, {}
        for dense in indexes.values():
            self._stack.push_async_callback(dense.close)
        await self._stack.aclose()

    def name(self, model_id: str) -> tuple[str, int]:
        """Return id and revision of an installed model, and its dimensions; raises ModelError."""
        model = self._found(model_id)
        return model.name, model.manifest.dimensions

    def index(self, model: str, dimensions: int) -> DenseStore:
        """Return the vectors of a space; they open on first use."""
        if model not in self._indexes:
            self._indexes[model] = self._borne(dense_store(self._ground, self._engine, Space(model, dimensions)))
        return self._indexes[model]

    async def load(self, model_id: str) -> VectorSpace:
        """Load an installed model and open its vectors, emptied when damaged; raises ModelError and StorageError."""
        space, _ = await self.opened(self._found(model_id))
        return space

    async def opened(self, model: InstalledModel) -> tuple[VectorSpace, list[MnemeError]]:
        """Load a model and open its vectors; return also what was wrong with them. Raises ModelError and StorageError."""
        manifest, settings = model.manifest, self._ground.settings
        counter: TokenCounter = ModelTokens(manifest, model.folder)
        embedder = await FastembedText.open(manifest, model.folder, self._executor, settings.embedding.threads)
        self._stack.push_async_callback(embedder.close)
        if not manifest.knows("ru"):
            counter = ForeignWordCounter(counter)
        dense = self.index(model.name, manifest.dimensions)
        mended: list[MnemeError] = []
        with suppress(UnreachableError):  # whoever follows the outage tells it
            mended = await sound(dense, self._place(model.name, manifest.dimensions), self._ground, self._clock.now())
        cut = partial(cut_document, counter=counter, settings=settings, identifier=self._identifier)
        return VectorSpace(embedder, dense, counter, cut), mended

    def answering(self, space: VectorSpace) -> VectorSpace:
        """Return the space as it answers: damage to it is reported once, and then borne."""
        place = self._place(space.model, space.embedder.dimensions)
        plain = self.index(space.model, space.embedder.dimensions)
        self._guarded["vectors"] = Guarded(Sturdy(plain, "vectors", self._alarm), place)
        return replace(space, dense=cast(DenseStore, self._guarded["vectors"].index))

    async def discard(self, model: str, dimensions: int) -> None:
        """Close the vectors of a space and delete their files; raises StorageError."""
        dense = self.index(model, dimensions)
        await dense.reset()
        del self._indexes[model]
        await dense.close()
        place = self._place(model, dimensions)
        with translated("vector index", "Close Mneme, delete its folder in the memory and start again."):
            if place.exists():
                shutil.rmtree(place)

    def _borne(self, store: DenseStore) -> DenseStore:
        """Let memory go on while vectors on a server or in holes of a full disk cannot be had."""
        match store:
            case QdrantDense():
                return cast(DenseStore, Distant(store, self._outage, store.count))
            case EdgeDense():
                return cast(DenseStore, Distant(store, self._outage, store.roomy))
            case _:
                return store

    def _place(self, model: str, dimensions: int) -> Path:
        return dense_place(self._ground, self._engine, Space(model, dimensions))

    def _found(self, model_id: str) -> InstalledModel:
        model = self._installed(model_id)
        if model is None:
            raise ModelError(
                f"{model_id} is not installed.",
                kept="Nothing was changed.",
                remedy=f"Install it first: mneme models install {model_id}.",
            )
        return model


def cut_document(
    document: Document, source_id: str, *, counter: TokenCounter, settings: Settings, identifier: Identifier
) -> list[Chunk]:
    """Cut a document into chunks measured by `counter`."""
    return chunk_document(document, source_id, counter, settings.chunking, identifier.identify)
