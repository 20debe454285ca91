"""Counts records, text rows and vectors against each other. Called by the service."""

from collections import Counter
from dataclasses import dataclass

from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.domain.upkeep import Comparison, VerifyReport
from assistant.memory.embed import takes_part
from assistant.memory.store import Stores
from assistant.ports.content import Embedder
from assistant.ports.records import DatabaseUpkeep

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Census:
    """Chunk ids: recorded, expected and found in each index, and the sources of all that is recorded."""

    records: set[str]
    sparse: set[str]
    dense_expected: set[str]
    dense: set[str]
    sources: list[Source]
    source_of: dict[str, str]

    def miscounted(self) -> list[Source]:
        """Return the sources that declare another number of chunks than is recorded for them."""
        recorded = Counter(self.source_of.values())
        return [source for source in self.sources if source.chunks != recorded[source.id]]


async def census(stores: Stores, embedder: Embedder | None) -> Census:
    """Look into every store. Vectors are expected for embeddable chunks of sources that are not under way."""
    sources = await stores.sources.find()
    settled = {source.id for source in sources if source.state not in PENDING_STATES}
    marks = await stores.chunks.marks()
    expected: set[str] = set()
    if embedder is not None:
        expected = {mark.chunk_id for mark in marks if mark.source_id in settled and takes_part(mark, embedder)}
    source_of = {mark.chunk_id: mark.source_id for mark in marks}
    dense = await stores.dense.ids() if stores.dense else set[str]()
    return Census(set(source_of), await stores.sparse.ids(), expected, dense, sources, source_of)


async def verify(stores: Stores, embedder: Embedder | None, upkeep: DatabaseUpkeep) -> VerifyReport:
    """Compare everything with everything; work that is still queued is not a disagreement."""
    seen = await census(stores, embedder)
    busy = {source.id for source in seen.sources if source.state in PENDING_STATES}
    settled = {chunk_id for chunk_id in seen.records if seen.source_of[chunk_id] not in busy}
    totals = await stores.chunks.totals()
    pending = [entry for entry in await stores.journal.pending() if entry.source_id not in busy]
    complaints = await upkeep.check()
    sources = {source.id for source in seen.sources}
    homeless = {chunk_id for chunk_id, source_id in seen.source_of.items() if source_id not in sources}
    comparisons = (
        _sets("text rows for records", settled, seen.sparse),
        _extra("text rows without a record", seen.sparse - seen.records),
        _sets("vectors for records", seen.dense_expected, seen.dense),
        _extra("vectors without a record", seen.dense - seen.records),
        _extra("chunks without a source", homeless),
        _extra("sources with another number of chunks", {s.path for s in seen.miscounted() if s.id not in busy}),
        _count("chunks in the database", totals.chunks, len(seen.records)),
        _count("journal entries left open", 0, len(pending)),
        Comparison(
            name="database integrity",
            expected=0,
            found=len(complaints),
            agrees=not complaints,
            detail="; ".join(complaints[:SHOWN]),
        ),
        _extra("empty sources called ready", {source.path for source in _hollow(seen.sources)}),
    )
    wrong = tuple(f"{c.name}: expected {c.expected}, found {c.found}. {c.detail}".strip() for c in comparisons if not c.agrees)
    return VerifyReport(ok=not wrong, comparisons=comparisons, disagreements=wrong)


async def counted(stores: Stores, embedder: Embedder | None, vectors: int, most: int) -> tuple[Comparison, ...]:
    """Compare counts without the engine's integrity check; above `most` chunks, only those that need no list of ids."""
    totals = await stores.chunks.totals()
    declared = sum(source.chunks for source in await stores.sources.find())
    records = _count("chunks in the database", declared, totals.chunks)
    if totals.chunks > most:
        return (records, _extra_count("vectors without a record", vectors - totals.chunks))
    seen = await census(stores, embedder)
    busy = {source.id for source in seen.sources if source.state in PENDING_STATES}
    settled = {chunk_id for chunk_id in seen.records if seen.source_of[chunk_id] not in busy}
    return (
        records,
        _sets("text rows for records", settled, seen.sparse),
        _extra("text rows without a record", seen.sparse - seen.records),
        _sets("vectors for records", seen.dense_expected, seen.dense),
        _extra("vectors without a record", seen.dense - seen.records),
    )


def _extra_count(name: str, extra: int) -> Comparison:
    return Comparison(name=name, expected=0, found=max(0, extra), agrees=extra <= 0)


def _hollow(sources: list[Source]) -> list[Source]:
    return [source for source in sources if source.state is SourceState.READY and not source.chunks]


def _sets(name: str, expected: set[str], found: set[str]) -> Comparison:
    missing = sorted(expected - found)
    return Comparison(
        name=name,
        expected=len(expected),
        found=len(expected & found),
        agrees=not missing,
        detail=f"missing {', '.join(missing[:SHOWN])}" if missing else "",
    )


def _extra(name: str, extra: set[str]) -> Comparison:
    return Comparison(
        name=name,
        expected=0,
        found=len(extra),
        agrees=not extra,
        detail=", ".join(sorted(extra)[:SHOWN]),
    )


def _count(name: str, expected: int, found: int) -> Comparison:
    return Comparison(name=name, expected=expected, found=found, agrees=expected == found)
