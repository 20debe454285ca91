"""The folder of the vector index: the live shard, its model, who holds it. Used by `edge_dense`, `usearch_dense`.

A pointer file names the live shard and is replaced in one step, so that a crash at any point leaves one good shard.
"""

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any, cast
from uuid import uuid4

from assistant.adapters.store.failures import damaged, require_room
from assistant.adapters.store.held_folder import HeldFolder
from assistant.domain.errors import StorageError

STORE = "vector index"
REMEDY = (
    "Nothing is lost: close Mneme, delete the folder `vectors` in its memory and start again; they are rebuilt from the records."
)

POINTER = "live.json"
ERASED = "erased"
SHARD = "shard-"
COPY_BYTES = 1 << 20


class EdgeFolder(HeldFolder):
    """A folder of shards of which one is live. Raises InUseError and StorageError."""

    def __init__(self, path: Path, dimensions: int, model: str, remedy: str = REMEDY) -> None:
        super().__init__(path, STORE)
        self._remedy = remedy
        self._dimensions = dimensions
        self._model = model

    def live(self) -> Path | None:
        """Return the live shard, None in a new folder. Raises StorageError for another model's vectors and for damage."""
        try:
            text = (self._path / POINTER).read_bytes()
        except FileNotFoundError:
            return None
        try:
            found = cast(dict[str, Any], json.loads(text))
            name, dimensions, model = str(found["shard"]), int(found["dimensions"]), str(found["model"])
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(STORE, f"{POINTER}: {error}", self._remedy) from error
        if (dimensions, model) != (self._dimensions, self._model):
            asked = f"the {self._dimensions}-dimensional ones of “{self._model}”"
            raise StorageError(
                f"The vector index holds {dimensions}-dimensional vectors of “{model}”, not {asked}.",
                kept="Nothing was changed.",
                remedy="Switch the model back, or let the vectors be made again.",
            )
        shard = self._path / name
        if not name.startswith(SHARD) or Path(name).name != name or not shard.is_dir():
            raise damaged(STORE, f"{name} is missing", self._remedy)
        return shard

    def spare(self) -> Path:
        """Return the path of a shard that does not exist yet."""
        return self._path / f"{SHARD}{uuid4().hex[:12]}"

    def point_at(self, shard: Path) -> None:
        """Make a shard the live one, in one step that survives a power cut."""
        state = {"shard": shard.name, "dimensions": self._dimensions, "model": self._model}
        partial = self._path / f"{POINTER}.part"
        with partial.open("w", encoding="utf-8") as file:
            json.dump(state, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path / POINTER)
        sync_folder(self._path)

    def require_room(self, size: int) -> None:
        """Raise CrampedError unless so many bytes are free where the shards lie."""
        require_room(self._path, size, STORE)

    def erased(self) -> bool:
        """Tell whether points were deleted whose bytes may still be on disk."""
        return (self._path / ERASED).exists()

    def mark_erased(self, waiting: bool) -> None:
        """Remember over restarts that deleted points wait for the next optimisation, or that none does."""
        mark = self._path / ERASED
        if waiting:
            mark.touch()
        else:
            mark.unlink(missing_ok=True)

    def tidy(self, live: Path) -> None:
        """Remove what a crash left behind: every shard but the live one."""
        for other in self._path.glob(f"{SHARD}*"):
            if other != live:
                shutil.rmtree(other, ignore_errors=True)
        (self._path / f"{POINTER}.part").unlink(missing_ok=True)

    def empty(self) -> None:
        """Remove all shards, the pointer first, so that a crash half-way leaves a new folder."""
        (self._path / POINTER).unlink(missing_ok=True)
        for shard in self._path.glob(f"{SHARD}*"):
            shutil.rmtree(shard)


def copy_with_holes(source: str, target: str) -> str:
    """Copy a file without writing out its holes: the engine's files are mostly holes, and a copy shall not fill the disk."""
    if not hasattr(os, "SEEK_DATA"):
        return str(shutil.copyfile(source, target))
    with Path(source).open("rb", buffering=0) as old, Path(target).open("wb", buffering=0) as new:
        size = os.fstat(old.fileno()).st_size
        new.truncate(size)
        at = 0
        while at < size:
            try:
                at = os.lseek(old.fileno(), at, os.SEEK_DATA)
            except OSError as error:
                if error.errno != errno.ENXIO:  # nothing but holes up to the end
                    raise
                break
            end = os.lseek(old.fileno(), at, os.SEEK_HOLE)
            old.seek(at)
            new.seek(at)
            while at < end:
                at += new.write(old.read(min(COPY_BYTES, end - at)))
    return target


def sync_folder(path: Path) -> None:
    """Make renames inside a folder survive a power cut; Windows does so by itself and cannot open folders."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
