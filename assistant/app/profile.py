"""Which engines hold a memory: the file engines.json in its folder. Read and written by `app` alone.

The settings choose for a new memory; from then on the file counts, and `mneme migrate` changes it. Indexes are projections
of the records, so that a lost or unreadable file costs at most rebuilding them.
"""

import os
from pathlib import Path

from pydantic import ValidationError

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import guarded
from assistant.config.schema import DenseEngine, EngineChoice, SparseEngine
from assistant.domain.base import Value
from assistant.domain.errors import ConfigError

STORE = "list of engines"
REMEDY = "Nothing is lost: delete engines.json in the memory's folder and start again."

FILE = "engines.json"
RECORDS = "records.db"

DENSE_PLACES: dict[DenseEngine, str] = {"edge": "vectors", "qdrant": "qdrant", "usearch": "usearch"}
"""The folder of each dense engine in the memory, one folder for each model below it."""

SEALED = "sealed"
"""The folder of the vectors of an encrypted memory, one folder for each model below it."""

SPARSE_PLACES: dict[SparseEngine, str] = {"tantivy": "text", "fts5": "words"}
"""The folder of each text engine in the memory."""


class Profile(Value):
    """The engines that hold a memory.

    `asked` is what the settings said when that was decided: only a later change of theirs is worth a word. `discard` names
    engines whose files are left over from a migration, finished or not; they are removed at the next start.
    """

    version: int = 1
    dense: DenseEngine
    sparse: SparseEngine
    asked: EngineChoice
    discard_dense: tuple[DenseEngine, ...] = ()
    discard_sparse: tuple[SparseEngine, ...] = ()

    def disagreement(self, choice: EngineChoice) -> list[ConfigError]:
        """Tell when the settings were changed since and ask for other engines than these, and what is left on a server."""
        told: list[ConfigError] = []
        if choice != self.asked and (choice.dense, choice.sparse) != (self.dense, self.sparse):
            told.append(
                ConfigError(
                    f"The settings ask for the engines {choice.dense} and {choice.sparse}; "
                    f"this memory is kept in {self.dense} and {self.sparse}.",
                    kept="It goes on with those.",
                    remedy="`mneme migrate` moves it to what the settings ask for.",
                )
            )
        if "qdrant" in self.discard_dense:
            told.append(
                ConfigError(
                    "Vectors of this memory are left on the Qdrant server, since it could not be reached when they moved.",
                    kept="They are used no more.",
                    remedy=f"`mneme migrate --dense {self.dense}` removes them once the server can be reached.",
                )
            )
        return told


def read_profile(folder: Path, choice: EngineChoice) -> Profile:
    """Return the engines of the memory in `folder`; of an older or a new one what is there, then what the settings say."""
    try:
        return Profile.model_validate_json((folder / FILE).read_bytes())
    except (FileNotFoundError, ValidationError):
        pass
    dense, sparse = choice.dense, choice.sparse
    if (folder / RECORDS).exists():
        kept_dense: list[DenseEngine] = [engine for engine, place in DENSE_PLACES.items() if (folder / place).exists()]
        kept_sparse: list[SparseEngine] = [engine for engine, place in SPARSE_PLACES.items() if (folder / place).exists()]
        dense = kept_dense[0] if len(kept_dense) == 1 else dense
        sparse = kept_sparse[0] if len(kept_sparse) == 1 else sparse
    return Profile(dense=dense, sparse=sparse, asked=choice)


def write_profile(folder: Path, profile: Profile) -> None:
    """Replace the file in one step that survives a power cut. Raises StorageError."""
    partial = folder / f"{FILE}.part"
    with guarded(STORE, REMEDY):
        with partial.open("w", encoding="utf-8") as file:
            file.write(profile.model_dump_json(indent=1))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(folder / FILE)
        sync_folder(folder)
