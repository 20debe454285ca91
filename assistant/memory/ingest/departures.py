"""Tells what became of remembered files that are not where they were: moved, deleted, or out of reach. Called by noticing."""

from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from assistant.domain.document import Chunk, Root, Source, SourceState, chunk_id
from assistant.domain.errors import ReadError
from assistant.memory.ingest.discovery import Discovery, Move, Queued
from assistant.ports.content import FileWalker
from assistant.ports.records import SourceStore

MANY = 20
"""Up to this many files may go at once without doubt about it; above, no more than half of a root's may."""
EMPTY = "the folder is empty all of a sudden"
OTHER_DRIVE = "another drive stands in its place"
HELD = "most of the folder's files went at once; they are kept until they come back or you forget them"


class Departures:
    """Judges what is missing. Whatever may be a drive that went, rather than files that did, goes offline and loses nothing."""

    def __init__(self, walker: FileWalker, sources: SourceStore, discovery: Discovery) -> None:
        self._walker = walker
        self._sources = sources
        self._discovery = discovery

    async def settle(self, result: Queued, roots: Sequence[Root]) -> None:
        """Turn what is missing into moved, removed or gone; moved files leave the list of what is to be read."""
        missing = [source for sources in result.missing.values() for source in sources]
        result.moved = await self._moves(result.sources, [*missing, *result.before])
        targets = {move.target.id for move in result.moved}
        result.sources = [source for source in result.sources if source.id not in targets]
        donors = {move.donor.id for move in result.moved}
        by_path = {root.path: root for root in roots}
        for path, sources in result.missing.items():
            result.removed += [source for source in sources if source.id in donors]
            await self._leave(by_path[path], [source for source in sources if source.id not in donors], result)

    async def _moves(self, arrivals: Sequence[Source], donors: Sequence[Source]) -> list[Move]:
        """Match what was met with what is not in its place any more, by content; only files of a donor's size are looked into."""
        by_kind: dict[tuple[int, str], dict[str, list[Source]]] = defaultdict(lambda: defaultdict(list))
        for donor in donors:
            if donor.chunks and donor.digest:
                by_kind[_kind(donor)][donor.digest].append(donor)
        found: list[Move] = []
        for arrival in arrivals:
            likely = by_kind.get(_kind(arrival), {})
            if not any(donor.id != arrival.id for same in likely.values() for donor in same):
                continue
            if arrival.state is not SourceState.QUEUED:
                continue
            try:
                digest = await self._walker.digest(arrival.path)
            except ReadError:
                continue
            donor = next((donor for donor in likely.get(digest, ()) if donor.id != arrival.id), None)
            if donor is not None and digest != arrival.digest:
                found.append(Move(arrival, donor))
        return found

    async def _leave(self, root: Root, missing: Sequence[Source], result: Queued) -> None:
        """Remove the missing files of a root, unless it looks as if the root were not really there."""
        missing = [source for source in missing if source.reason != HELD]
        reason = await self._doubt(root, missing) if missing else ""
        if not reason:
            result.removed += missing
            return
        gone = [self._discovery.offline(source, reason) for source in missing if source.state is not SourceState.OFFLINE]
        result.gone += gone
        result.records += gone

    async def _doubt(self, root: Root, missing: Sequence[Source]) -> str:
        # Asked after the walk: a drive that went while it was walked shows now.
        presence = await self._walker.presence(root.path)
        if not presence.there:
            return f"{root.path} cannot be read"
        if presence.empty:
            return EMPTY
        elsewhere = bool(root.device and presence.device and root.device != presence.device)
        if not elsewhere and len(missing) <= MANY:
            return ""
        known = [source for source in await self._sources.find(root.path) if source.state is not SourceState.EXCLUDED]
        if elsewhere and len(missing) >= len(known):
            return OTHER_DRIVE
        return HELD if len(missing) > MANY and len(missing) * 2 > len(known) else ""


def _kind(source: Source) -> tuple[int, str]:
    """Return what two files must share to be the same one at another place: their size, and what their names end in."""
    return source.size, Path(source.path).suffix.lower()


def rekeyed(chunk: Chunk, source_id: str) -> Chunk:
    """Return the chunk as reading the same content at another place gives it."""
    return chunk.model_copy(update={"id": chunk_id(source_id, chunk.part, chunk.offset, chunk.digest), "source_id": source_id})
