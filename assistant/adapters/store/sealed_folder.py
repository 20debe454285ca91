"""The files of the sealed vector index: segments of encrypted frames and a manifest. Used by `sealed_dense` on one thread.

A frame is AES-256-GCM over one batch, bound to its segment and its place in it; the manifest, encrypted too, says how much
of which segment counts and is replaced in one step. So nothing can be read, moved, cut or changed without being noticed,
and what a crash left behind the counted part is not there.
"""

import json
import os
import secrets
import struct
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, cast

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import damaged
from assistant.adapters.store.held_folder import HeldFolder
from assistant.domain.errors import StorageError
from assistant.domain.secret import Secret

STORE = "sealed vector index"
REMEDY = "Nothing is lost: close Mneme, delete the folder `sealed` in its memory and start again; it is rebuilt from the records."

MANIFEST = "manifest"
SEGMENT = "segment-"
NONCE_BYTES = 12
SEGMENT_BYTES = 256 * 2**20
"""Size above which the next batch goes into a new segment."""
LENGTH = struct.Struct("<I")


class SealedFolder(HeldFolder):
    """One folder of one model's vectors. Raises StorageError, DamagedError and InUseError."""

    def __init__(self, path: Path, key: Secret, dimensions: int, model: str) -> None:
        from cryptography.hazmat.primitives.ciphers.aead import AESGCM

        super().__init__(path, STORE)
        self._box = AESGCM(key.reveal())
        self._about = {"model": model, "dimensions": dimensions}
        self._segments: list[tuple[str, int]] = []
        self.rows = 0
        """Rows written since the last compaction, by the manifest."""

    def open(self) -> None:
        """Read the manifest and remove what it does not know. Raises DamagedError."""
        self._segments, self.rows = [], 0
        try:
            sealed = (self._path / MANIFEST).read_bytes()
        except FileNotFoundError:
            if any(self._path.glob(f"{SEGMENT}*")):
                self.empty()  # written before the first manifest: nobody was told that it is kept
            return
        try:
            found = cast(dict[str, Any], json.loads(self._unsealed(sealed, MANIFEST)))
            about, self.rows = found["about"], int(found["rows"])
            segments = [(str(name), int(length)) for name, length in found["segments"]]
        except (ValueError, KeyError, TypeError) as error:
            raise damaged(STORE, "its manifest", REMEDY) from error
        if about != self._about:
            raise StorageError(
                f"The vector index holds {about['dimensions']}-dimensional vectors of “{about['model']}”.",
                kept="Nothing was changed.",
                remedy="Switch the model back, or let the vectors be made again.",
            )
        self._segments = segments
        self._tidy()

    def frames(self) -> Iterator[bytes]:
        """Yield every batch in the order it was written. Raises DamagedError."""
        for name, length in self._segments:
            try:
                with (self._path / name).open("rb") as file:
                    yield from self._read(file.read, name, length)
            except FileNotFoundError as error:
                raise damaged(STORE, f"{name} is missing", REMEDY) from error

    def append(self, batches: Iterable[bytes], rows: int) -> None:
        """Write batches and make them count; a failure leaves what counted before."""
        segments = list(self._segments)
        if not segments or segments[-1][1] >= SEGMENT_BYTES:
            segments.append((f"{SEGMENT}{secrets.token_hex(8)}", 0))
        name, start = segments[-1]
        segments[-1] = (name, self._write(name, start, batches))
        self._point_at(segments, self.rows + rows)

    def replace(self, batches: Iterable[bytes], rows: int) -> None:
        """Write everything anew and let only that count; the old segments are removed."""
        name = f"{SEGMENT}{secrets.token_hex(8)}"
        try:
            length = self._write(name, 0, batches)
        except OSError:
            (self._path / name).unlink(missing_ok=True)
            raise
        self._point_at([(name, length)], rows)
        self._tidy()

    def empty(self) -> None:
        """Remove everything, the manifest first, so that a crash half-way leaves a new folder."""
        (self._path / MANIFEST).unlink(missing_ok=True)
        self._segments, self.rows = [], 0
        self._tidy()

    def _read(self, read: Any, name: str, length: int) -> Iterator[bytes]:
        place = 0
        while place < length:
            head = read(LENGTH.size)
            size = LENGTH.unpack(head)[0] if len(head) == LENGTH.size else 0
            if not NONCE_BYTES < size <= length - place - LENGTH.size:
                raise damaged(STORE, f"{name} at {place}", REMEDY)
            try:
                yield self._unsealed(read(size), f"{name} {place}")
            except ValueError as error:
                raise damaged(STORE, f"{name} at {place}", REMEDY) from error
            place += LENGTH.size + size

    def _write(self, name: str, start: int, batches: Iterable[bytes]) -> int:
        """Write batches behind `start`, where what an earlier failure left is overwritten; return the new length."""
        place = start
        with (self._path / name).open("r+b" if start else "wb") as file:
            file.seek(start)
            file.truncate()
            for batch in batches:
                sealed = self._sealed(batch, f"{name} {place}")
                file.write(LENGTH.pack(len(sealed)))
                file.write(sealed)
                place += LENGTH.size + len(sealed)
            file.flush()
            os.fsync(file.fileno())
        return place

    def _point_at(self, segments: list[tuple[str, int]], rows: int) -> None:
        content = json.dumps({"about": self._about, "segments": segments, "rows": rows}).encode()
        partial = self._path / f"{MANIFEST}.part"
        with partial.open("wb") as file:
            file.write(self._sealed(content, MANIFEST))
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._path / MANIFEST)
        sync_folder(self._path)
        self._segments, self.rows = segments, rows

    def _tidy(self) -> None:
        counted = {name for name, _ in self._segments}
        for file in self._path.glob(f"{SEGMENT}*"):
            if file.name not in counted:
                file.unlink(missing_ok=True)
        (self._path / f"{MANIFEST}.part").unlink(missing_ok=True)

    def _sealed(self, content: bytes, place: str) -> bytes:
        nonce = secrets.token_bytes(NONCE_BYTES)
        return nonce + self._box.encrypt(nonce, content, self._bound(place))

    def _unsealed(self, sealed: bytes, place: str) -> bytes:
        """Return what was sealed at this place; raises ValueError for anything else."""
        from cryptography.exceptions import InvalidTag

        try:
            return self._box.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], self._bound(place))
        except InvalidTag as error:
            raise ValueError("not sealed here") from error

    def _bound(self, place: str) -> bytes:
        # The manifest says itself which model it is for, so that another model's is named instead of called damaged.
        return json.dumps([place] if place == MANIFEST else [place, self._about]).encode()
