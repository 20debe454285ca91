"""What ranking needs of every chunk, held in memory: a question reads no rows for its candidates. Used by `sqlite_records`.

66 bytes a chunk and some 300 a source. What is not held, or was written to since, is read from the database: this only
ever saves work. Filled by `app` beside everything else, once there are questions.
"""

import asyncio
import re
from collections.abc import Collection, Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from assistant.adapters.store.sqlite_database import Connection, Database
from assistant.domain.document import Modality
from assistant.ports.records import Candidate

MOST = 2_000_000
"""Chunks that are held; those behind them are read from the database."""

PAGE = 1_000
"""Rows taken from the database at a time. Few, and with a small cache of pages: what they took would stay with the process."""

CACHE_KB = 1024

QUESTIONS = 3
"""Questions that read the database before anything is held: whoever asks once is not worth a second of the processor."""

OF_A_QUESTION = 2
"""Times that a question asks for its candidates: once for each index."""

SHARE = 10
"""Everything is read again when so many rows were missed that this many times them is all there are."""

_ID = re.compile("mi_[0-9a-f]{32}")
_DIGEST = re.compile("[0-9a-f]{64}")
_ROW = np.dtype([("digest", "V32"), ("simhash", "i8"), ("source", "i4"), ("size", "i4"), ("kind", "u2")])
_SOURCES = "SELECT id, path, root, modified, quality FROM sources"
_CHUNKS = (
    "SELECT id, source_id, modality, language, digest, simhash, octet_length(text) FROM chunks INDEXED BY chunks_traits "
    "WHERE id > ? ORDER BY id LIMIT ?"
)


class _Source(NamedTuple):
    """What ranking needs of a source."""

    source_id: str
    path: str
    root: str
    modified: float
    quality: float


@dataclass(frozen=True, slots=True)
class _Held:
    """Sorted keys of chunks (16 bytes each) with a row for each; `sources` are None once they were written to."""

    keys: NDArray[np.bytes_]
    rows: NDArray[np.void]
    kinds: list[tuple[Modality, str]]
    sources: list[_Source | None]
    places: dict[str, int]
    generation: int


@dataclass(slots=True)
class Traits:
    """The traits of chunks by id; `wanted` is set when it is worth filling them (again) by `hold`."""

    database: Database
    wanted: asyncio.Event = field(default_factory=asyncio.Event)
    _held: _Held | None = None
    _missed: int = 0
    _asked: int = 0
    _written: set[str] | None = None

    def known(self, chunk_ids: Collection[str]) -> dict[str, Candidate]:
        """Return those that are held as the database has them."""
        held = self._held
        if held is None or held.generation != self.database.generation:
            self._asked += 1
            if self._asked >= QUESTIONS * OF_A_QUESTION:
                self.wanted.set()
            return {}
        found = _found(held, [chunk_id for chunk_id in chunk_ids if _ID.fullmatch(chunk_id)])
        self._missed += len(chunk_ids) - len(found)
        if self._missed * SHARE > len(held.keys):
            self.wanted.set()
        return found

    async def hold(self) -> None:
        """Read everything on a thread of its own and hold it from then on. Raises StorageError."""
        self._written = set()
        generation = self.database.generation
        try:
            await self.database.open()
            held = await self.database.aside(lambda connection: _read(connection, generation))
            for source_id in self._written:  # while it was read: before or after, nobody knows
                _drop(held, source_id)
            self._held, self._missed, self._asked = held, 0, 0
            self.wanted.clear()  # those who asked meanwhile wanted this
        finally:
            self._written = None

    @contextmanager
    def writing(self, source_ids: Iterable[str]) -> Generator[None]:
        """Say that these sources, or chunks of theirs, are written to; nothing of them is held from then on."""
        written = list(source_ids)
        self._changed(written)
        try:
            yield
        finally:
            self._changed(written)

    def _changed(self, source_ids: Collection[str]) -> None:
        for source_id in source_ids:
            if self._held is not None:
                _drop(self._held, source_id)
            if self._written is not None:
                self._written.add(source_id)


def _drop(held: _Held, source_id: str) -> None:
    place = held.places.get(source_id)
    if place is not None:
        held.sources[place] = None


def _found(held: _Held, chunk_ids: list[str]) -> dict[str, Candidate]:
    if not chunk_ids or not len(held.keys):
        return {}
    keys = _keys(chunk_ids)
    at = held.keys.searchsorted(keys)
    at[at == len(held.keys)] = 0
    same = held.keys[at] == keys
    found: dict[str, Candidate] = {}
    rows: list[tuple[bytes, int, int, int, int]] = held.rows[at].tolist()
    for chunk_id, there, (digest, simhash, place, size, kind) in zip(chunk_ids, same.tolist(), rows, strict=True):
        source = held.sources[place]
        if there and source is not None:
            modality, language = held.kinds[kind]
            found[chunk_id] = Candidate(chunk_id, source.source_id, modality, language, digest.hex(), simhash, size, *source[1:])
    return found


def _keys(chunk_ids: Iterable[str]) -> NDArray[np.bytes_]:
    return np.frombuffer(bytes.fromhex("".join(chunk_id[3:] for chunk_id in chunk_ids)), dtype="S16")


def _read(connection: Connection, generation: int) -> _Held:
    """Read every source and chunk in the order of ids; what is spelt in another way is left to the database."""
    connection.rows(f"PRAGMA cache_size = -{CACHE_KB}")
    connection.rows("BEGIN")
    sources: list[_Source | None] = [_Source(*row) for row in connection.rows(_SOURCES)]
    places = {source.source_id: place for place, source in enumerate(sources) if source is not None}
    kinds: dict[tuple[Modality, str], int] = {}
    keys: list[NDArray[np.bytes_]] = []
    rows: list[NDArray[np.void]] = []
    after, count = "", 0
    while count < MOST and (page := connection.rows(_CHUNKS, (after, PAGE))):
        after = page[-1][0]
        spelt = [row for row in page if row[1] in places and _ID.fullmatch(row[0]) and _DIGEST.fullmatch(row[4])]
        count += len(spelt)
        keys.append(_keys(row[0] for row in spelt))
        rows.append(np.array([_packed(row, places, kinds) for row in spelt], dtype=_ROW))
    connection.rows("ROLLBACK")
    return _Held(
        np.concatenate(keys) if keys else np.empty(0, "S16"),
        np.concatenate(rows) if rows else np.empty(0, _ROW),
        list(kinds),
        sources,
        places,
        generation,
    )


def _packed(
    row: tuple[Any, ...], places: dict[str, int], kinds: dict[tuple[Modality, str], int]
) -> tuple[bytes, int, int, int, int]:
    _, source_id, modality, language, digest, simhash, size = row
    return bytes.fromhex(digest), simhash, places[source_id], size, kinds.setdefault((modality, language), len(kinds))
