"""From granted paths to queued sources: walks, compares with what is known, estimates. Called by the service."""

from collections.abc import Callable, Collection, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import blake2b
from pathlib import Path

from assistant.domain.document import PENDING_STATES, Root, Source, SourceState
from assistant.domain.errors import PathRefusedError
from assistant.domain.upkeep import Estimate, SkippedFile
from assistant.ports.content import FileWalker, FoundFile
from assistant.ports.records import SourceStore

BYTES_PER_CHUNK = 650
"""Typical size of a chunk of prose or code; only for estimates."""
DISK_PER_CHUNK = 4600
"""Bytes on disk per chunk over records, text index and vectors; only for estimates."""
TEXT_BYTES_PER_S = 2_000_000
"""Rate at which files become searchable; only for estimates."""
EXAMPLES = 20
LEFT_OUT = "secrets"
"""In the place of a digest: the source was read, and is excluded for the secrets in it."""
_UNREAD = frozenset({SourceState.QUEUED, SourceState.READING, SourceState.NEEDS_UPDATE})


def source_id(path: str) -> str:
    """Return the id of the source at an absolute path."""
    return "src_" + blake2b(path.encode("utf-8", "surrogatepass"), digest_size=12).hexdigest()


@dataclass(frozen=True, slots=True)
class Move:
    """A file met at `target` whose content is that of `donor`, which stands at its own path no longer."""

    target: Source
    donor: Source


@dataclass(slots=True)
class Queued:
    """What became of paths: sources to read, what is excluded, what went offline, and how many need nothing.

    `missing` (by root) are remembered files that are not there though their folder is: Departures turns them into `moved`,
    `removed` or `gone`. `before` are the records of changed files as they were; `records` are those to be stored.
    """

    sources: list[Source] = field(default_factory=list[Source])
    excluded: list[Source] = field(default_factory=list[Source])
    gone: list[Source] = field(default_factory=list[Source])
    unchanged: int = 0
    missing: dict[str, list[Source]] = field(default_factory=dict[str, list[Source]])
    before: list[Source] = field(default_factory=list[Source])
    moved: list[Move] = field(default_factory=list[Move])
    removed: list[Source] = field(default_factory=list[Source])
    ghosts: list[str] = field(default_factory=list[str])
    records: list[Source] = field(default_factory=list[Source])

    def left_out(self) -> list[Source]:
        """Return what is excluded from now on, without what was so before and left nothing behind."""
        written = {source.id for source in self.records}
        return [source for source in self.excluded if source.chunks or source.id in written]

    def touched(self) -> set[str]:
        """Return the ids of sources whose reading or embedding must not go on while this is taken into memory.

        Those that went offline are not among them: nothing more can be read of them, but their texts can be embedded.
        """
        leaving = {source.id for source in (*self.left_out(), *self.removed)}
        return leaving | {source.id for move in self.moved for source in (move.target, move.donor)}


@dataclass(frozen=True, slots=True)
class Walked:
    """What a granted path holds; `vanished` says why it could not be walked though something of it is remembered."""

    path: str
    found: list[FoundFile]
    vanished: str = ""


class Discovery:
    """Finds files to remember."""

    def __init__(
        self, walker: FileWalker, sources: SourceStore, now: Callable[[], datetime], leaves_secrets_out: bool = False
    ) -> None:
        self._walker = walker
        self._sources = sources
        self._now = now
        self._leaves_out = leaves_secrets_out

    async def estimate(self, paths: Sequence[str], chunks_per_s: float) -> Estimate:
        """Count without reading any content; seconds follow from typical rates (`chunks_per_s` 0: no model)."""
        files = size = unchanged = skipped = 0
        examples: list[SkippedFile] = []
        seen: set[str] = set()
        for path in paths:
            walk = await self._walk(path)
            known = {source.path: source for source in await self._sources.find(walk.path)}
            for found in walk.found:
                if found.path in seen:
                    continue
                seen.add(found.path)
                if found.skip:
                    skipped += 1
                    if len(examples) < EXAMPLES:
                        examples.append(SkippedFile(path=found.path, reason=found.reason))
                elif self._unchanged(known.get(found.path), found):
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
        """Record granted roots and judge every file of theirs; nothing else is stored yet.

        What cannot be reached goes offline; raises PathRefusedError for a path that neither is there nor is
        remembered, before anything was changed. A root inside a path is judged by itself: it may be a drive that went.
        """
        walks = [await self._walk(path) for path in paths]
        held = await self._sources.roots()
        named = [walk.path for walk in walks if not walk.vanished]
        inner = _inside([root.path for root in held], [walk.path for walk in walks])
        for path in inner:
            with suppress(PathRefusedError):  # it is not there, and nothing of it is remembered
                walks.append(await self._walk(path))
        await self._sources.set_roots(add=_new_roots(named, held, self._now()))
        roots = await self._sources.roots()
        result = Queued()
        seen: set[str] = set()
        for walk in walks:
            apart = [path for path in inner if path != walk.path and is_within(path, walk.path)]
            walk.found[:] = [item for item in walk.found if item.path not in seen and not any_within(item.path, apart)]
            held_here = [source for source in await self._sources.find(walk.path) if not any_within(source.path, apart)]
            known = {source.path: source for source in held_here if source.path not in seen}
            seen |= {item.path for item in walk.found if not item.skip}
            seen |= known.keys()
            self.judge(walk, known, _root_of(walk.path, roots), result)
        return result

    def judge(self, walk: Walked, known: dict[str, Source], root: Root, result: Queued) -> None:
        """Compare what was met with what is known of the same places (which it empties), adding to `result`."""
        if not walk.vanished:
            result.records += self._met(walk, known, root, result)
        result.records += self._missed(walk, known, root, result)
        result.ghosts += [] if walk.vanished else _ghosts(known, result)

    async def _walk(self, path: str) -> Walked:
        try:
            found = await self._walker.walk(path)
        except PathRefusedError as error:
            place = _resolved(path)
            if not await self._sources.find(place):
                raise
            return Walked(place, [], error.what)
        return Walked(_resolved(path), found)

    def _met(self, walk: Walked, known: dict[str, Source], root: Root, result: Queued) -> list[Source]:
        """Judge the files of a walk, taking them out of `known`; return the records to store."""
        records: list[Source] = []
        for item in walk.found:
            old = known.pop(item.path, None)
            if item.skip == "unreadable" and old is not None and old.chunks:
                result.gone.append(self.offline(old, item.reason))
                records.append(result.gone[-1])
            elif item.skip:
                same = old is not None and _same(old, item) and old.state is SourceState.EXCLUDED and old.reason == item.reason
                result.excluded.append(old if old and same else self._record(old, item, root, SourceState.EXCLUDED))
                records += [] if same else result.excluded[-1:]
            elif self._unchanged(old, item):
                result.unchanged += 1
            else:
                back = (
                    old is not None and old.state is SourceState.OFFLINE and _same(old, item) and bool(old.digest and old.chunks)
                )
                state = SourceState.SEARCHABLE if back else SourceState.QUEUED  # what came back as it was needs no reading
                result.sources.append(self._record(old, item, root, state))
                records.append(result.sources[-1])
                result.before += [old] if old is not None and not back else []
        return records

    def _missed(self, walk: Walked, known: dict[str, Source], root: Root, result: Queued) -> list[Source]:
        """Judge remembered files that a walk did not meet; return the records to store."""
        skipped = {item.path: item for item in walk.found if item.skip}
        records: list[Source] = []
        for source in known.values():
            cover = next((skipped[str(above)] for above in Path(source.path).parents if str(above) in skipped), None)
            if cover is not None and cover.skip == "ignored":
                same = source.state is SourceState.EXCLUDED and source.reason == cover.reason
                result.excluded.append(source if same else self._moved(source, SourceState.EXCLUDED, cover.reason))
                records += [] if same else result.excluded[-1:]
            elif source.state is SourceState.EXCLUDED:
                continue
            elif cover is None and not walk.vanished:
                result.missing.setdefault(root.path, []).append(source)
            elif source.state is not SourceState.OFFLINE:
                result.gone.append(self.offline(source, cover.reason if cover else walk.vanished))
                records.append(result.gone[-1])
        return records

    def offline(self, source: Source, reason: str) -> Source:
        """Return the record of a source that cannot be reached; one whose last change was not read yet is read on return."""
        unread = {"modified": 0.0} if source.state in _UNREAD else {}
        return self._moved(source.model_copy(update=unread), SourceState.OFFLINE, reason)

    def _record(self, old: Source | None, item: FoundFile, root: Root, state: SourceState) -> Source:
        """Return the record of a file met; what is known of its content stays until it is read again."""
        place = {"root": root.path, "project": root.project, "size": item.size, "modified": item.modified}
        if old is not None:
            return self._moved(old.model_copy(update=place), state, item.reason)
        return Source(
            id=source_id(item.path),
            path=item.path,
            root=root.path,
            project=root.project,
            state=state,
            reason=item.reason,
            size=item.size,
            modified=item.modified,
            updated=self._now(),
        )

    def _unchanged(self, old: Source | None, item: FoundFile) -> bool:
        """Tell whether a file needs no reading; one left out for its secrets does once the settings no longer leave it out."""
        if old is not None and old.state is SourceState.EXCLUDED and old.digest == LEFT_OUT:
            return self._leaves_out and _same(old, item)
        return _unchanged(old, item)

    def _moved(self, source: Source, state: SourceState, reason: str) -> Source:
        return source.model_copy(update={"state": state, "reason": reason, "updated": self._now()})


def _same(old: Source, item: FoundFile) -> bool:
    return old.size == item.size and old.modified == item.modified


def _unchanged(old: Source | None, item: FoundFile) -> bool:
    """Tell whether a file needs no reading: same size and time, and in memory, on its way, or known to be unreadable."""
    if old is None or not _same(old, item):
        return False
    return old.state in (SourceState.READY, SourceState.FAILED) or old.state in PENDING_STATES


def _ghosts(missed: dict[str, Source], result: Queued) -> list[str]:
    """Return the ids of files that are not remembered, nor there any more for a rule to exclude."""
    excluded = {source.id for source in result.excluded}
    return [
        source.id
        for source in missed.values()
        if source.state is SourceState.EXCLUDED and not source.chunks and source.id not in excluded
    ]


def _resolved(path: str) -> str:
    """Return the path as walkers and records write it: absolute, links followed."""
    try:
        return str(Path(path).resolve())
    except (OSError, ValueError, RuntimeError):
        return path


def is_within(path: str, folder: str) -> bool:
    """Tell whether a path is a folder itself or lies below it."""
    return Path(path) == Path(folder) or Path(folder) in Path(path).parents


def any_within(path: str, folders: Collection[str]) -> bool:
    """Tell whether a path is one of these folders or lies below one."""
    return any(is_within(path, folder) for folder in folders)


def _inside(roots: Sequence[str], paths: Sequence[str]) -> list[str]:
    """Return the roots below these paths that are none of them."""
    return [root for root in roots if root not in paths and any_within(root, paths)]


def _root_of(path: str, roots: list[Root]) -> Root:
    return max((root for root in roots if is_within(path, root.path)), key=lambda root: len(root.path))


def _new_roots(paths: Sequence[str], held: list[Root], now: datetime) -> list[Root]:
    """Return a root for each path that no held root covers; a file's project is its folder."""
    fresh: list[Root] = []
    for path in paths:
        if any(is_within(path, root.path) for root in [*held, *fresh]):
            continue
        place = Path(path)
        fresh.append(Root(path=path, project=place.name if place.is_dir() else place.parent.name, added=now))
    return fresh
