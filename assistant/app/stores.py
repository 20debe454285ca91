"""The factory of stores: one function for each kind chooses the adapter that the profile names. Called by `engines`."""

import asyncio
import re
import shutil
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from assistant.adapters.store.edge_child import Optimiser
from assistant.adapters.store.edge_dense import EdgeDense
from assistant.adapters.store.failures import guarded
from assistant.adapters.store.fts_sparse import FtsSparse
from assistant.adapters.store.qdrant_dense import QdrantDense
from assistant.adapters.store.sealed_dense import SealedDense
from assistant.adapters.store.sqlite_database import Database
from assistant.adapters.store.tantivy_sparse import TantivySparse
from assistant.adapters.store.usearch_dense import UsearchDense
from assistant.app.aside import set_aside
from assistant.app.profile import DENSE_PLACES, FILE, RECORDS, SEALED, SPARSE_PLACES, Profile, read_profile, write_profile
from assistant.config.schema import DenseEngine, Settings, SparseEngine
from assistant.domain.errors import DamagedError, MnemeError, StorageError
from assistant.domain.secret import Secret
from assistant.ports.stores import DenseIndex, Optimisable, Rebuildable, SparseIndex
from assistant.vault import MemoryKey


class SparseStore(SparseIndex, Rebuildable, Protocol):
    """A text index as the factory gives it."""


class DenseStore(DenseIndex, Optimisable, Rebuildable, Protocol):
    """A vector index as the factory gives it."""


@dataclass(frozen=True, slots=True)
class Ground:
    """What every store of a memory is opened with; with a `key` all of them keep what they hold encrypted.

    `server_key` is the API key of the Qdrant server, where one is used.
    """

    folder: Path
    settings: Settings
    key: MemoryKey | None = None
    server_key: Secret | None = None


@dataclass(frozen=True, slots=True)
class Space:
    """The vectors of one model: `model` is its id and revision."""

    model: str
    dimensions: int

    @property
    def name(self) -> str:
        """The model as the name of a folder or collection."""
        return re.sub(r"[^\w.-]", "_", self.model)


def record_database(ground: Ground) -> Database:
    """Return the record database, not opened yet; raises DamagedError for records cut down to nothing."""
    _refuse_emptied(ground.folder)
    return Database(ground.folder / RECORDS, key=ground.key.derive(RECORDS) if ground.key else None)


def sparse_store(ground: Ground, engine: SparseEngine) -> SparseStore:
    """Return the text index of this engine, not opened yet."""
    place = sparse_place(ground, engine)
    match engine:
        case "tantivy":
            return TantivySparse(place)
        case "fts5":
            return FtsSparse(place, ground.key.derive("words.db") if ground.key else None)


def dense_store(ground: Ground, engine: DenseEngine, space: Space) -> DenseStore:
    """Return the vector index of this engine for one model, not opened yet; several models lie side by side.

    An encrypted memory has an engine of its own: the others keep vectors in the clear.
    """
    if ground.key is not None:
        return SealedDense(ground.folder / SEALED / space.name, space.dimensions, ground.key.derive("vectors"), space.model)
    place = dense_place(ground, engine, space)
    match engine:
        case "edge":
            optimiser = Optimiser(more=(str(ground.settings.index.graph_chunks),))
            return EdgeDense(place, space.dimensions, ground.settings.index.dense_batch, space.model, optimiser)
        case "usearch":
            return UsearchDense(place, space.dimensions, model=space.model)
        case "qdrant":
            secret = ground.server_key.reveal().decode() if ground.server_key else None
            return QdrantDense(ground.settings.qdrant, place.parent, space.dimensions, space.model, secret)


def sparse_place(ground: Ground, engine: SparseEngine) -> Path:
    """Return the folder of the text index."""
    return ground.folder / SPARSE_PLACES[engine]


def dense_place(ground: Ground, engine: DenseEngine, space: Space) -> Path:
    """Return the folder of the vectors of one model."""
    return ground.folder / DENSE_PLACES[engine] / space.name


async def sound(index: Rebuildable, place: Path, ground: Ground, at: datetime) -> list[MnemeError]:
    """Open an index; one that is damaged or of another layout is set aside and starts empty. Return what was wrong."""
    try:
        await index.open()
    except DamagedError as error:
        with guarded("index", "Give yourself the right to write to the memory's folder."):
            await asyncio.to_thread(set_aside, place, ground.folder, at)
        await index.reset()
        return [DamagedError(error.what, kept="Nothing is lost.", remedy="It is set aside and rebuilt from the records.")]
    return []


def settled_profile(ground: Ground) -> Profile:
    """Return the engines that hold this memory, after removing what an ended migration left of others.

    On a disk that refuses it all stays as it is, for the next start. An encrypted memory knows one engine of each kind.
    """
    if ground.key is not None:
        return Profile(dense=ground.settings.engines.dense, sparse="fts5", asked=ground.settings.engines)
    profile = read_profile(ground.folder, ground.settings.engines)
    try:
        # Collections on a server are removed by the next `mneme migrate`: no start waits for a network.
        remote: tuple[DenseEngine, ...] = ("qdrant",) if "qdrant" in profile.discard_dense else ()
        for engine in profile.discard_dense:
            if engine not in remote:
                discard_dense(ground, engine)
        for engine in profile.discard_sparse:
            discard_sparse(ground, engine)
        settled = profile.model_copy(update={"discard_dense": remote, "discard_sparse": ()})
        if settled != profile or not (ground.folder / FILE).exists():
            write_profile(ground.folder, settled)
    except StorageError:
        return profile
    return settled


def discard_dense(ground: Ground, engine: DenseEngine) -> None:
    """Remove the vectors of every model that this engine keeps; the index must not be open. Raises StorageError."""
    _remove(ground.folder / DENSE_PLACES[engine], "vector index")


def discard_sparse(ground: Ground, engine: SparseEngine) -> None:
    """Remove the text index that this engine keeps; it must not be open. Raises StorageError."""
    _remove(ground.folder / SPARSE_PLACES[engine], "text index")


def _remove(place: Path, store: str) -> None:
    with guarded(store, "Close Mneme, delete its folder in the memory and start again."):
        if place.is_dir():
            shutil.rmtree(place)
        else:
            place.unlink(missing_ok=True)


def _refuse_emptied(folder: Path) -> None:
    """Raise StorageError for records cut down to nothing: as an empty memory they would cost the indexes too."""
    records = folder / RECORDS
    indexed = any((folder / place).exists() for place in SPARSE_PLACES.values())
    if records.is_file() and records.stat().st_size == 0 and indexed:
        raise DamagedError(
            f"The record database {records} is empty, though there is a text index beside it: it was cut off.",
            kept="Nothing was changed.",
            remedy="Put back a copy from your backup, or move the file away and add your folders again: they are untouched.",
        )
