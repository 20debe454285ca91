"""Stores in plain dictionaries, exact and slow, that keep the same promises as the real ones. Used by every test of memory."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import PurePath
from typing import Literal

import numpy as np

from assistant.domain.document import Chunk, Root, Source, SourceState
from assistant.domain.memory import RecallRecord
from assistant.ports.records import Candidate, ChunkLine, ChunkMark, JournalEntry, JournalOp, Totals
from assistant.ports.stores import DensePoint, Filter, Scored, SparseQuery, SparseRow, Vector

EPOCH = datetime(2026, 1, 1, tzinfo=UTC)
AT = datetime(2026, 11, 22, 17, 30, 5, 123456, tzinfo=UTC)


@dataclass
class FakeRecords:
    """What the record stores share; also their DatabaseUpkeep. Set `complaints` to make the check fail."""

    sources: dict[str, Source] = field(default_factory=dict)
    chunks: dict[str, Chunk] = field(default_factory=dict)
    roots: dict[str, Root] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)
    scrubbed: int = 0
    closed: bool = False

    async def check(self, short: bool = False) -> list[str]:
        return list(self.complaints)

    async def scrub(self) -> None:
        self.scrubbed += 1

    async def close(self) -> None:
        self.closed = True


class FakeSources:
    """SourceStore."""

    def __init__(self, records: FakeRecords | None = None) -> None:
        self.records = records or FakeRecords()

    async def put(self, sources: Sequence[Source]) -> None:
        self.records.sources.update({source.id: source for source in sources})

    async def get(self, source_ids: Collection[str]) -> dict[str, Source]:
        return {key: self.records.sources[key] for key in source_ids if key in self.records.sources}

    async def find(self, under: str = "", states: Collection[SourceState] = ()) -> list[Source]:
        found = [
            source
            for source in self.records.sources.values()
            if (not under or PurePath(source.path).is_relative_to(under)) and (not states or source.state in states)
        ]
        return sorted(found, key=lambda source: (source.path, source.id))

    async def delete(self, source_ids: Collection[str]) -> None:
        gone = set(source_ids)
        for source_id in gone:
            self.records.sources.pop(source_id, None)
        for chunk in [chunk for chunk in self.records.chunks.values() if chunk.source_id in gone]:
            del self.records.chunks[chunk.id]

    async def roots(self) -> list[Root]:
        return sorted(self.records.roots.values(), key=lambda root: root.path)

    async def set_roots(self, add: Sequence[Root] = (), remove: Collection[str] = ()) -> None:
        for path in remove:
            self.records.roots.pop(path, None)
        self.records.roots.update({root.path: root for root in add})


class FakeChunks:
    """ChunkStore."""

    def __init__(self, records: FakeRecords | None = None) -> None:
        self.records = records or FakeRecords()

    async def replace(self, source: Source, chunks: Sequence[Chunk]) -> list[str]:
        self.records.sources[source.id] = source
        kept = {chunk.id for chunk in chunks}
        gone = [chunk.id for chunk in self.records.chunks.values() if chunk.source_id == source.id and chunk.id not in kept]
        for chunk_id in gone:
            del self.records.chunks[chunk_id]
        self.records.chunks.update({chunk.id: chunk for chunk in chunks})
        return gone

    async def replace_all(self, items: Sequence[tuple[Source, Sequence[Chunk]]]) -> list[str]:
        return [chunk_id for source, chunks in items for chunk_id in await self.replace(source, chunks)]

    async def get(self, chunk_ids: Collection[str]) -> dict[str, Chunk]:
        return {key: self.records.chunks[key] for key in chunk_ids if key in self.records.chunks}

    async def of_sources(self, source_ids: Collection[str]) -> list[Chunk]:
        found = [chunk for chunk in self.records.chunks.values() if chunk.source_id in set(source_ids)]
        return sorted(found, key=lambda chunk: (chunk.source_id, chunk.ordinal, chunk.id))

    async def ids(self, languages: Collection[str] | None = None) -> set[str]:
        return {chunk.id for chunk in self.records.chunks.values() if languages is None or chunk.language in languages}

    async def marks(self) -> list[ChunkMark]:
        return [ChunkMark(c.id, c.source_id, c.modality, c.language) for c in self.records.chunks.values()]

    async def lines(self, after: int, limit: int, texts: bool = False) -> list[ChunkLine]:
        page = list(enumerate(self.records.chunks.values(), 1))[after : after + limit]
        return [
            ChunkLine(
                place,
                *(c.id, c.source_id, c.modality, c.language, c.part, c.offset),
                *((c.digest, c.scope, c.text) if texts else ("", "", "")),
            )
            for place, c in page
        ]

    async def candidates(self, chunk_ids: Collection[str]) -> dict[str, Candidate]:
        found: dict[str, Candidate] = {}
        for c in (await self.get(chunk_ids)).values():
            if (s := self.records.sources.get(c.source_id)) is not None:
                size = len(c.text.encode())
                traits = (c.modality, c.language, c.digest, c.simhash, size, s.path, s.root, s.modified, s.quality)
                found[c.id] = Candidate(c.id, s.id, *traits)
        return found

    async def erase(self, source_ids: Collection[str]) -> list[str]:
        gone = [chunk.id for chunk in await self.of_sources(source_ids)]
        for chunk_id in gone:
            del self.records.chunks[chunk_id]
        return gone

    async def totals(self) -> Totals:
        sources, chunks = self.records.sources.values(), self.records.chunks.values()
        return Totals(
            sources=len(sources),
            chunks=len(chunks),
            by_state=dict(Counter(source.state.value for source in sources)),
            by_language=dict(Counter(chunk.language for chunk in chunks)),
        )


class FakeJournal:
    """Journal; every entry is dated EPOCH unless `now` is set."""

    def __init__(self) -> None:
        self.entries: list[JournalEntry] = []
        self.now = EPOCH

    async def begin(self, op: JournalOp, sources: Sequence[Source]) -> list[int]:
        first = len(self.entries) + 1
        self.entries += [
            JournalEntry(first + place, op, source.id, source.path, source.digest, self.now, False)
            for place, source in enumerate(sources)
        ]
        return list(range(first, first + len(sources)))

    async def finish(self, seqs: Collection[int]) -> None:
        self.entries = [replace(entry, done=True) if entry.seq in seqs else entry for entry in self.entries]

    async def pending(self) -> list[JournalEntry]:
        return [entry for entry in self.entries if not entry.done]

    async def read(self, after: int = 0, limit: int = 1000) -> list[JournalEntry]:
        return [entry for entry in self.entries if entry.seq > after][: max(0, limit)]

    async def redact(self, source_ids: Collection[str]) -> None:
        self.entries = [replace(entry, path="", digest="") if entry.source_id in source_ids else entry for entry in self.entries]


class FakeVectorCache:
    """VectorCache."""

    def __init__(self) -> None:
        self.vectors: dict[tuple[str, str], Vector] = {}

    async def get(self, model: str, digests: Collection[str]) -> dict[str, Vector]:
        return {digest: self.vectors[model, digest] for digest in digests if (model, digest) in self.vectors}

    async def put(self, model: str, vectors: Mapping[str, Vector]) -> None:
        self.vectors.update({(model, digest): np.array(vector, dtype=np.float32) for digest, vector in vectors.items()})

    async def count(self, digests: Collection[str]) -> int:
        return sum(digest in digests for _, digest in self.vectors)

    async def erase(self, digests: Collection[str]) -> None:
        self.vectors = {key: vector for key, vector in self.vectors.items() if key[1] not in digests}

    async def clear(self, model: str) -> None:
        self.vectors = {key: vector for key, vector in self.vectors.items() if key[0] != model}

    async def keep(self, models: Collection[str], digests: set[bytes]) -> int:
        before = len(self.vectors)
        kept = {key for key in self.vectors if (not models or key[0] in models) and bytes.fromhex(key[1]) in digests}
        self.vectors = {key: vector for key, vector in self.vectors.items() if key in kept}
        return before - len(self.vectors)


class FakeNotes:
    """Notes; outlives a restart with the room it belongs to."""

    def __init__(self) -> None:
        self.facts: dict[str, str] = {}

    async def get(self, name: str) -> str:
        return self.facts.get(name, "")

    async def put(self, name: str, value: str) -> None:
        self.facts[name] = value


class FakeRecallLog:
    """RecallLog; `paths` by source id stands for the records."""

    def __init__(self, paths: Mapping[str, str] | None = None) -> None:
        self.paths = dict(paths or {})
        self.lines: list[RecallRecord] = []
        self.shown: list[set[str]] = []

    async def note(
        self, origin: str, kind: Literal["recall", "ask"], query: str, source_ids: Collection[str], correlation: str = ""
    ) -> None:
        seq = len(self.lines) + 1
        line = RecallRecord(seq=seq, at=AT, origin=origin, kind=kind, query=query, paths=(), correlation=correlation)
        self.lines.append(line)
        self.shown.append(set(source_ids))

    async def read(self, before: int = 0, limit: int = 100) -> list[RecallRecord]:
        lines = [
            line.model_copy(update={"paths": tuple(sorted(self.paths[key] for key in shown if key in self.paths))})
            for line, shown in zip(self.lines, self.shown, strict=True)
            if not before or line.seq < before
        ]
        return lines[::-1][:limit]

    async def redact(self, source_ids: Collection[str]) -> None:
        for at, shown in enumerate(self.shown):
            if shown & set(source_ids):
                self.lines[at] = self.lines[at].model_copy(update={"query": ""})
                shown -= set(source_ids)

    async def count(self, source_ids: Collection[str]) -> int:
        return sum(bool(shown & set(source_ids)) for shown in self.shown)


class FakeDense:
    """DenseIndex, Optimisable and Rebuildable: exact cosines over all points."""

    def __init__(self) -> None:
        self.points: dict[str, DensePoint] = {}
        self.optimised = 0
        self.closed = False

    async def upsert(self, points: Sequence[DensePoint]) -> None:
        self.points.update({point.chunk_id: point for point in points})

    async def delete(self, chunk_ids: Collection[str]) -> None:
        for chunk_id in chunk_ids:
            self.points.pop(chunk_id, None)

    async def search(self, vector: Vector, k: int, where: Filter = Filter()) -> list[Scored]:  # noqa: B008  # frozen value
        scored = [
            Scored(point.chunk_id, float(np.clip(point.vector @ vector, -1.0, 1.0)))
            for point in self.points.values()
            if (not where.modality or point.modality in where.modality)
            and (not where.project or point.project == where.project)
            and (not where.languages or point.language in where.languages)
            and (where.sources is None or point.source_id in where.sources)
        ]
        return sorted(scored, key=lambda hit: -hit.score)[: max(0, k)]

    async def ids(self) -> set[str]:
        return set(self.points)

    async def commit(self) -> None:
        pass

    async def count(self) -> int:
        return len(self.points)

    async def vectors(self, chunk_ids: Collection[str]) -> dict[str, Vector]:
        return {key: self.points[key].vector for key in chunk_ids if key in self.points}

    async def optimise(self) -> bool:
        self.optimised += 1
        return False

    async def open(self) -> None:
        pass

    async def reset(self) -> None:
        self.points.clear()

    async def close(self) -> None:
        self.closed = True


class FakeSparse:
    """SparseIndex: counts the question's words in each row, with no stems; what is written shows after `commit`."""

    def __init__(self) -> None:
        self.rows: dict[str, SparseRow] = {}
        self.waiting: dict[str, SparseRow | None] = {}
        self.closed = False

    async def upsert(self, rows: Sequence[SparseRow]) -> None:
        self.waiting.update({row.chunk_id: row for row in rows})

    async def delete(self, chunk_ids: Collection[str]) -> None:
        self.waiting.update(dict.fromkeys(chunk_ids))

    async def search(self, query: SparseQuery, k: int) -> list[Scored]:
        counts = dict.fromkeys(_words(" ".join([query.text, *query.symbols, *query.paths, *query.phrases])), 1.0)
        for text, share in query.instead:
            counts |= {word: share for word in _words(text) if word not in counts}
        scored = [
            Scored(
                row.chunk_id,
                sum(counts.get(word, 0.0) for word in held) + sum(_together(phrase, row.body) for phrase in query.phrases),
                sum(counts[word] for word in counts.keys() & set(held)) / len(counts),
            )
            for row in self.rows.values()
            if counts and (held := _words(f"{row.body} {row.symbols} {row.path}")) and _allowed(row, query)
        ]
        return sorted((hit for hit in scored if hit.score > 0), key=lambda hit: -hit.score)[: max(0, k)]

    async def frequencies(self, words: Collection[str]) -> dict[str, int]:
        bodies = [set(_words(row.body)) for row in self.rows.values()]
        return {word: sum(set(_words(word)) <= body for body in bodies) if _words(word) else 0 for word in words}

    async def beginning(self, prefix: str) -> dict[str, int]:
        terms = Counter(term for row in self.rows.values() for term in set(_words(row.body)))
        return {term: count for term, count in terms.items() if term.startswith(prefix.lower())}

    async def count(self) -> int:
        return len(self.rows)

    async def ids(self) -> set[str]:
        return set(self.rows)

    async def commit(self) -> None:
        for chunk_id, row in self.waiting.items():
            if row is None:
                self.rows.pop(chunk_id, None)
            else:
                self.rows[chunk_id] = row
        self.waiting = {}

    async def close(self) -> None:
        await self.commit()
        self.closed = True


def _allowed(row: SparseRow, query: SparseQuery) -> bool:
    return (
        (not query.modality or row.modality in query.modality)
        and (not query.languages or row.language in query.languages)
        and (query.sources is None or row.source_id in query.sources)
        and not set(_words(" ".join(query.without))).intersection(_words(row.body))
    )


def _together(phrase: str, body: str) -> float:
    return 10.0 * (f" {' '.join(_words(phrase))} " in f" {' '.join(_words(body))} ")


def _words(text: str) -> list[str]:
    return "".join(letter if letter.isalnum() else " " for letter in text.lower().replace("ё", "е")).split()
