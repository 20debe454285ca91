"""The append-only file of what was written since the last base: frames with checksums, and a mark of what is committed.

Used by `usearch_shard`. A torn end that was never committed is cut off; a broken frame before the mark is damage.
"""

import json
import os
import struct
from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO, cast

import numpy as np
import xxhash

from assistant.adapters.store.edge_folder import sync_folder
from assistant.adapters.store.failures import damaged
from assistant.ports.stores import Vector

LOG = "log"
MARK = "log.json"

_FRAME = struct.Struct("<IIQ")
"""Bytes of the header, bytes of the vectors, and the checksum of both."""

_MOST = 1 << 30
"""A frame that claims to be larger than this is no frame."""

Frame = tuple[dict[str, Any], Vector]


class Log:
    """The open log of one shard. Raises DamagedError and OSError."""

    def __init__(self, folder: Path, store: str, remedy: str) -> None:
        self._folder = folder
        self._store = store
        self._remedy = remedy
        self._file: BinaryIO | None = None
        self._end = 0
        self._marked = 0

    @property
    def size(self) -> int:
        """Bytes written so far."""
        return self._end

    def create(self) -> None:
        """Start an empty log, on disk when this returns."""
        self._file = (self._folder / LOG).open("w+b", buffering=0)
        self._mark(0)

    def open(self, dimensions: int) -> Iterator[Frame]:
        """Open the log and yield every whole frame in order; what follows the last is cut off when all are read."""
        self._marked = self._committed()
        try:
            file = self._file = (self._folder / LOG).open("r+b", buffering=0)
        except FileNotFoundError as error:
            raise self._damage("it is missing") from error
        while (frame := self._read(file, dimensions)) is not None:
            yield frame
        if self._end < self._marked:
            raise self._damage(f"broken at byte {self._end} of {self._marked}")
        file.truncate(self._end)

    def append(self, head: dict[str, Any], vectors: Vector | None = None) -> None:
        """Add a frame; on a full disk nothing of it counts."""
        assert self._file is not None, "an open log"
        told = json.dumps(head, separators=(",", ":")).encode("ascii")
        data = b"" if vectors is None else np.ascontiguousarray(vectors, dtype="<f4").tobytes()
        frame = memoryview(_FRAME.pack(len(told), len(data), _digest(told, data)) + told + data)
        self._file.seek(self._end)
        length = len(frame)
        while frame:
            frame = frame[self._file.write(frame) :]
        self._end += length

    def commit(self) -> None:
        """Make every frame so far survive a power cut."""
        assert self._file is not None, "an open log"
        if self._end != self._marked:
            # What a failed write left behind the last whole frame.
            self._file.truncate(self._end)
            os.fsync(self._file.fileno())
            self._mark(self._end)

    def close(self) -> None:
        """Release the file; what was not committed may be lost."""
        file, self._file = self._file, None
        if file is not None:
            file.close()

    def _read(self, file: BinaryIO, dimensions: int) -> Frame | None:
        """Return the frame at the end of what is known to be sound, None when there is none."""
        file.seek(self._end)
        start = _whole(file, _FRAME.size)
        if start is None:
            return None
        told_size, data_size, digest = cast(tuple[int, int, int], _FRAME.unpack(start))
        if told_size + data_size > _MOST:
            return None
        body = _whole(file, told_size + data_size)
        if body is None:
            return None
        told, data = body[:told_size], body[told_size:]
        if _digest(told, data) != digest:
            return None
        try:
            head = cast(dict[str, Any], json.loads(told))
            vectors = np.frombuffer(data, dtype="<f4").reshape(-1, dimensions)
        except ValueError as error:
            raise self._damage(str(error)) from error
        self._end += len(start) + len(body)
        return head, vectors

    def _committed(self) -> int:
        try:
            return int(json.loads((self._folder / MARK).read_bytes())["length"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            if isinstance(error, OSError) and not isinstance(error, FileNotFoundError):
                raise
            raise self._damage(f"{MARK}: {error}") from error

    def _mark(self, length: int) -> None:
        partial = self._folder / f"{MARK}.part"
        with partial.open("w", encoding="ascii") as file:
            json.dump({"length": length}, file)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(self._folder / MARK)
        sync_folder(self._folder)
        self._marked = length

    def _damage(self, detail: str) -> Exception:
        return damaged(self._store, f"{LOG}: {detail}", self._remedy)


def _whole(file: BinaryIO, size: int) -> bytes | None:
    """Read exactly this many bytes, or None."""
    parts: list[bytes] = []
    while size and (part := file.read(size)):
        parts.append(part)
        size -= len(part)
    return None if size else b"".join(parts)


def _digest(told: bytes, data: bytes) -> int:
    state = xxhash.xxh3_64()
    # The lengths too, so that a run of zeros is no valid empty frame.
    state.update(struct.pack("<II", len(told), len(data)))
    state.update(told)
    state.update(data)
    return state.intdigest()
