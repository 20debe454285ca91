"""From granted paths to queued sources: walks, compares with what is known, estimates. Called by the service."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from assistant.domain.document import PENDING_STATES, Root, Source, SourceState
from assistant.domain.upkeep import Estimate, SkippedFile
from assistant.ports.content import FileWalker, FoundFile
from assistant.ports.stores import SourceStore

BYTES_PER_CHUNK = 650
"""Typical size of a chunk of prose or code; only for estimates."""
DISK_PER_CHUNK = 4600
"""Bytes on disk per chunk over records, text index and vectors; only for estimates."""
TEXT_BYTES_PER_S = 2_000_000
"""Rate at which files become searchable; only for estimates."""
EXAMPLES = 20


def source_id(path: str) -> str:
    """Return the id of the source at an absolute path."""
    return "src_" + blake2b(path.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@dataclass(slots=True)
class Queued:
    """What became of granted paths: sources to read, and how many need nothing or are excluded."""

    sources: list[Source] = field(default_factory=list[Source])
    excluded: list[Source] = field(default_factory=list[Source])
    gone: list[Source] = field(default_factory=list[Source])
    unchanged: int = 0


class Discovery:
    """Finds files to remember."""

    def __init__(self, walker: FileWalker, sources: SourceStore, now: Callable[[], datetime]) -> None:
        self._walker = walker
        self._sources = sources
        self._now = now

    async def estimate(self, paths: Sequence[str], chunks_per_s: float) -> Estimate:
        """Count without reading any content; seconds follow from typical rates (`chunks_per_s` 0: no model)."""
        files = size = unchanged = skipped = 0
        examples: list[SkippedFile] = []
        seen: set[str] = set()
        for path in paths:
            known = {source.path: source for source in await self._sources.find(path)}
            for found in await self._walker.walk(path):
                if found.path in seen:
                    continue
                seen.add(found.path)
                if found.skip:
                    skipped += 1
                    if len(examples) < EXAMPLES:
                        examples.append(SkippedFile(path=found.path, reason=found.reason))
                elif _unchanged(known.get(found.path), found):
                    unchanged += 1
                else:
                    files += 1
                    size += found.size
        chunks = size / BYTES_PER_CHUNK
        searchable = 1.0 + files * 0.002 + size / TEXT_BYTES_PER_S
        return Estimate(
            paths=tuple(paths),
            files=files,
            bytes=size,
            unchanged=unchanged,
            skipped=skipped,
            skipped_examples=tuple(examples),
            seconds_searchable=searchable if files else 0.0,
            seconds_ready=(searchable + (chunks / chunks_per_s if chunks_per_s else 0.0)) if files else 0.0,
            disk_bytes=int(chunks * DISK_PER_CHUNK),
        )

    async def enqueue(self, paths: Sequence[str]) -> Queued:
        """Record granted roots and put every new or changed file in state queued."""
        result = Queued()
        walks = [(path, await self._walker.walk(path)) for path in paths]
        held = await self._sources.roots()
        await self._sources.set_roots(add=_new_roots(paths, held, self._now()))
        roots = await self._sources.roots()
        for path, found in walks:
            await self._take(path, found, roots, result)
        return result

    async def _take(self, path: str, found: list[FoundFile], roots: list[Root], result: Queued) -> None:
        known = {source.path: source for source in await self._sources.find(path)}
        root = _root_of(path, roots)
        queued: list[Source] = []
        excluded: list[Source] = []
        for item in found:
            old = known.pop(item.path, None)
            if item.skip:
                record = self._record(item, root, SourceState.EXCLUDED, item.reason)
                if old is None or old.chunks == 0:
                    excluded.append(record)
                else:
                    excluded.append(record.model_copy(update={"chunks": old.chunks}))
            elif _unchanged(old, item):
                result.unchanged += 1
            else:
                fresh = self._record(item, root, SourceState.QUEUED, "")
                if old is not None:
                    fresh = fresh.model_copy(update={"chunks": old.chunks, "digest": old.digest})
                queued.append(fresh)
        gone = [
            source.model_copy(update={"state": SourceState.OFFLINE, "reason": "the file is not there any more"})
            for source in known.values()
            if source.state is not SourceState.EXCLUDED and source.state is not SourceState.OFFLINE
        ]
        await self._sources.put([*queued, *excluded, *gone])
        result.sources += queued
        result.excluded += excluded
        result.gone += gone

    def _record(self, item: FoundFile, root: Root, state: SourceState, reason: str) -> Source:
        return Source(
            id=source_id(item.path),
            path=item.path,
            root=root.path,
            project=root.project,
            state=state,
            reason=reason,
            size=item.size,
            modified=item.modified,
            updated=self._now(),
        )


def _unchanged(old: Source | None, item: FoundFile) -> bool:
    """Tell whether a file needs no reading: same size and time, and already in memory or on its way."""
    if old is None or old.size != item.size or old.modified != item.modified:
        return False
    return old.state is SourceState.READY or old.state in PENDING_STATES


def _is_within(path: str, folder: str) -> bool:
    return Path(path) == Path(folder) or Path(folder) in Path(path).parents


def _root_of(path: str, roots: list[Root]) -> Root:
    return max((root for root in roots if _is_within(path, root.path)), key=lambda root: len(root.path))


def _new_roots(paths: Sequence[str], held: list[Root], now: datetime) -> list[Root]:
    """Return a root for each path that no held root covers; a file's project is its folder."""
    fresh: list[Root] = []
    for path in paths:
        if any(_is_within(path, root.path) for root in [*held, *fresh]):
            continue
        place = Path(path)
        fresh.append(Root(path=path, project=place.name if place.is_dir() else place.parent.name, added=now))
    return fresh
