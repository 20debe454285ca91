"""Counts and hashes everything against everything: records, text rows, vectors, journal, spaces, confirmed answers.

Called by the service.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from assistant.domain.document import PENDING_STATES, Source, SourceState
from assistant.domain.errors import DamagedError
from assistant.domain.upkeep import Comparison, VerifyReport
from assistant.memory.store import Stores
from assistant.memory.upkeep.accounts import accounts
from assistant.memory.upkeep.census import Census, census
from assistant.memory.upkeep.contents import Looking, Tell, contents, unheard
from assistant.memory.upkeep.idset import Ids
from assistant.ports.content import Embedder
from assistant.ports.records import DatabaseUpkeep
from assistant.ports.spaces import ConfirmedStore
from assistant.ports.stores import DenseIndex
from assistant.ports.system import AuditLog

SHOWN = 5
BATCH = 1000
SINCE = 5000
"""Rows without a record up to which they are looked up once more."""


@dataclass(frozen=True, slots=True)
class Around:
    """What is verified besides the stores themselves: `beside` are the vector spaces that do not answer, by model."""

    upkeep: DatabaseUpkeep
    confirmed: ConfirmedStore | None
    audit: AuditLog | None
    beside: Mapping[str, DenseIndex]


async def verify(look: Looking, around: Around, full: bool = False, tell: Tell = unheard) -> VerifyReport:
    """Compare everything with everything; what is queued, or changes while it is looked at, is no disagreement.

    Vectors and words are compared for a sample, or (`full`) wholly; what was compared is told beside each count.
    """
    stores = look.stores
    seen = await census(stores, look.embedder)
    found = await contents(look, full, tell)
    told = await accounts(stores.journal, seen.sources)
    moving = await _moving(stores, seen.sources)
    pending = [entry for entry in await stores.journal.pending() if entry.source_id not in moving]
    complaints = await around.upkeep.check()
    quiet = _quiet(seen.sources, moving)
    totals = await stores.chunks.totals()
    torn = {name for name, source_id in found.torn.items() if source_id not in moving}
    all_bent = await stores.chunks.get(found.bent)
    bent = {name for name, chunk in all_bent.items() if chunk.source_id not in moving}
    all_unfound = await stores.chunks.get(found.unfound)
    unfound = {name for name, chunk in all_unfound.items() if chunk.source_id not in moving}
    comparisons = [
        *await _counts(stores, seen, moving),
        _extra("chunks without a source", seen.homeless().names(SHOWN), len(seen.homeless())),
        _paths("sources with another number of chunks", [s for s in seen.miscounted() if s.id in quiet]),
        _count("chunks in the database", totals.chunks, len(seen.records)) if not moving else None,
        _hashed("texts by their digests", found.texts, torn, ""),
        _hashed("vectors as they were computed", found.vectors, bent, _part(found.vectors, len(seen.dense))),
        _hashed("chunks found by their words", found.probed, unfound, f"a sample of {found.probed:,}"),
        _count("journal entries left open", 0, len(pending)),
        _paths("sources the journal does not know", [s for s in told.unknown if s.id in quiet]),
        _paths("forgotten sources still here", [s for s in told.forgotten if s.id in quiet]),
        *[await _beside(model, dense, seen.records) for model, dense in around.beside.items()],
        await _confirmed(around.confirmed, seen.sources),
        await _chained(around.audit),
        Comparison(
            name="database integrity",
            expected=0,
            found=len(complaints),
            agrees=not complaints,
            detail="; ".join(complaints[:SHOWN]),
        ),
        _paths("empty sources called ready", [s for s in _hollow(seen.sources) if s.id in quiet]),
    ]
    kept = tuple(one for one in comparisons if one is not None)
    wrong = tuple(f"{c.name}: expected {c.expected}, found {c.found}. {c.detail}".strip() for c in kept if not c.agrees)
    return VerifyReport(ok=not wrong, comparisons=kept, disagreements=wrong)


async def counted(stores: Stores, embedder: Embedder | None, vectors: int, most: int) -> tuple[Comparison, ...]:
    """Compare counts without hashing or the engine's integrity check; above `most` chunks, only what needs no list of ids."""
    totals = await stores.chunks.totals()
    declared = sum(source.chunks for source in await stores.sources.find())
    records = _count("chunks in the database", declared, totals.chunks)
    if totals.chunks > most:
        return (records, _extra("vectors without a record", [], max(0, vectors - totals.chunks)))
    return (records, *await _counts(stores, await census(stores, embedder), set()))


async def _counts(stores: Stores, seen: Census, moving: set[str]) -> list[Comparison]:
    return [
        _sets("text rows for records", seen.settled(moving), seen.sparse),
        await _strays("text rows without a record", stores, seen.sparse.minus(seen.records)),
        _sets("vectors for records", seen.due(moving), seen.dense),
        await _strays("vectors without a record", stores, seen.dense.minus(seen.records)),
    ]


async def _moving(stores: Stores, before: Sequence[Source]) -> set[str]:
    """Return the sources that are under way, or became something else since they were listed."""
    moving = {source.id for source in await stores.sources.find(states=tuple(PENDING_STATES))}
    for start in range(0, len(before), BATCH):  # never two lists of all sources at once
        part = before[start : start + BATCH]
        now = await stores.sources.get([source.id for source in part])
        moving |= {source.id for source in part if now.get(source.id) != source}
    return moving


def _quiet(sources: Sequence[Source], moving: set[str]) -> set[str]:
    return {source.id for source in sources} - moving


async def _strays(name: str, stores: Stores, extra: Ids) -> Comparison:
    """Count rows without a record; one that was recorded since is none."""
    since = await stores.chunks.get(extra.names()) if len(extra) <= SINCE else {}
    left = [stray for stray in extra.names(SINCE) if stray not in since]
    return _extra(name, left[:SHOWN], len(extra) - len(since))


async def _beside(model: str, dense: DenseIndex, records: Ids) -> Comparison:
    name = f"vectors of {model} without a record"
    try:
        extra = (await Ids.of(await dense.ids())).minus(records)
    except DamagedError as error:
        return Comparison(name=name, expected=0, found=1, agrees=False, detail=error.what)
    return _extra(name, extra.names(SHOWN), len(extra))


async def _confirmed(store: ConfirmedStore | None, sources: Sequence[Source]) -> Comparison | None:
    if store is None:
        return None
    known = {source.id for source in sources}
    lost = [case.question for case in await store.all() if not any(place.source_id in known for place in case.places)]
    return _extra("confirmed answers without a source", lost[:SHOWN], len(lost))


async def _chained(audit: AuditLog | None) -> Comparison | None:
    """Check the chain of the record of verdicts: a line that is not as it was written is told by its number."""
    if audit is None:
        return None
    lines, broken = await audit.count(), await audit.check()
    detail = f"lines changed or gone: {', '.join(map(str, broken[:SHOWN]))}" if broken else ""
    return Comparison(name="audit", expected=lines, found=max(0, lines - len(broken)), agrees=not broken, detail=detail)


def _hollow(sources: Sequence[Source]) -> list[Source]:
    return [source for source in sources if source.state is SourceState.READY and not source.chunks]


def _part(compared: int, held: int) -> str:
    return f"a sample of {held:,}; all with --full" if compared < held else ""


def _hashed(name: str, looked_at: int, wrong: Collection[str], how: str) -> Comparison:
    detail = ", ".join(sorted(wrong)[:SHOWN]) if wrong else how
    return Comparison(name=name, expected=looked_at, found=looked_at - len(wrong), agrees=not wrong, detail=detail)


def _sets(name: str, expected: Ids, found: Ids) -> Comparison:
    missing = expected.minus(found)
    return Comparison(
        name=name,
        expected=len(expected),
        found=len(expected) - len(missing),
        agrees=not len(missing),
        detail=f"missing {', '.join(missing.names(SHOWN))}" if len(missing) else "",
    )


def _paths(name: str, wrong: Sequence[Source]) -> Comparison:
    return _extra(name, sorted(source.path for source in wrong)[:SHOWN], len(wrong))


def _extra(name: str, shown: Sequence[str], count: int) -> Comparison:
    return Comparison(name=name, expected=0, found=count, agrees=not count, detail=", ".join(shown))


def _count(name: str, expected: int, found: int) -> Comparison:
    return Comparison(name=name, expected=expected, found=found, agrees=expected == found)
