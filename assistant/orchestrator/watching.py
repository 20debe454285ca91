"""Follows watched roots: what changes on disk is taken into memory and queued. Started and stopped by `app`."""

import asyncio
import logging
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import PurePath

from assistant.config.schema import Watch
from assistant.domain.document import Root
from assistant.domain.errors import MnemeError, WatchError
from assistant.domain.events import ChangesNoticed, RootChanged, SourceChanged, Warned
from assistant.domain.upkeep import WatchedRoot
from assistant.memory.service import Memory
from assistant.orchestrator.scheduler import Priority, Scheduler
from assistant.orchestrator.settling import Settling
from assistant.ports.content import FileWalker, Presence
from assistant.ports.system import Clock, EventSink, FolderWatch, Following, IdSource, TaskHandle, TaskRunner

log = logging.getLogger(__name__)

JUDGES_ITS_FOLDER = frozenset({".gitignore", "pyvenv.cfg"})
"""Files that decide about everything beside and below them."""
LOCK = "index.lock"
LOCK_S = 30.0
"""A Git operation that takes longer than this is not waited for: its lock may have been left behind."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 60.0
AWAY = "it is not there, or Mneme may not open it"


@dataclass(slots=True)
class _Seen:
    """What is known of a watched root: how it stood at the last check, how it is followed, when all of it was looked at."""

    presence: Presence
    following: Following | None = None
    scanned: float = float("-inf")


class Watching:
    """Notices while indexing is paused as well; reading what was noticed is the scheduler's. A failure is followed by a scan."""

    def __init__(
        self,
        memory: Memory,
        walker: FileWalker,
        scheduler: Scheduler,
        watch: FolderWatch,
        settings: Watch,
        machine: tuple[TaskRunner, EventSink, Clock, IdSource],
    ) -> None:
        self._memory = memory
        self._walker = walker
        self._scheduler = scheduler
        self._watch = watch
        self._settings = settings
        self._tasks, self._events, self._clock, self._ids = machine
        self._settling = Settling(settings.quiet_ms / 1000)
        self._seen: dict[str, _Seen] = {}
        self._locks: dict[str, float] = {}
        self._warned: set[str] = set()
        self._anew = False
        self._stirred = asyncio.Event()
        self._noted = asyncio.Event()
        self._handle: TaskHandle | None = None

    @property
    def running(self) -> bool:
        """Tell whether this process follows the watched roots."""
        return self._handle is not None

    def start(self) -> None:
        """Begin with a scan of all watched roots; calling it again does nothing."""
        if self._handle is None:
            self._handle = self._tasks.keep("watching", self._run)

    async def stop(self) -> None:
        """Stop noticing; what is missed is found by the scan at the next start."""
        if self._handle is not None:
            self._handle.cancel()
            await self._handle.wait()
            self._handle = None
        await self._watch.close()

    def refresh(self) -> None:
        """Look at the list of roots soon: it may have changed."""
        self._stirred.set()

    async def roots(self) -> list[WatchedRoot]:
        """List all granted roots with how they stand."""
        roots = await self._memory.noticing.roots()
        return [self._told(root, await self._walker.presence(root.path)) for root in roots]

    def _told(self, root: Root, presence: Presence) -> WatchedRoot:
        seen = self._seen.get(root.path) if root.watched else None
        following = seen.following if seen and presence.there else None
        reason = following.reason if following else "" if presence.there else AWAY
        by = "" if following is None else "notices" if following.notices else "scans"
        return WatchedRoot(
            path=root.path, project=root.project, watched=root.watched, online=presence.there, by=by, reason=reason
        )

    async def _run(self) -> None:
        pause = FIRST_PAUSE_S
        while True:
            began = self._clock.monotonic()
            try:
                async with asyncio.TaskGroup() as group:
                    for work in (self._listen, self._take_forever, self._tend):
                        group.create_task(work())
            except* Exception as failures:
                self._excuse(failures.exceptions[0])
            if self._clock.monotonic() - began > LONGEST_PAUSE_S:
                pause = FIRST_PAUSE_S
            await asyncio.sleep(pause)
            pause = min(LONGEST_PAUSE_S, pause * 2)
            self._seen.clear()  # every root is looked at wholly: nothing that was missed stays missed

    def _excuse(self, error: Exception) -> None:
        log.warning("watching starts anew", exc_info=error)
        if isinstance(error, MnemeError) and not isinstance(error, WatchError):
            self._warn(error.code, f"Changes on disk wait to be taken in. {error}")

    async def _listen(self) -> None:
        while True:
            for root, paths in (await self._watch.changes()).items():
                for path in paths:
                    self._note(root, path)

    def _note(self, root: str, path: str) -> None:
        now = self._clock.monotonic()
        place = PurePath(path)
        if ".git" in place.parts[len(PurePath(root).parts) :]:
            if place.name == LOCK:
                self._locks.setdefault(str(place.parent.parent), now)
            return
        if path == root:
            self._anew = True  # the folder may be another one under the same name: notices would come from the old one
            self._stirred.set()
        self._settling.note(root, str(place.parent) if place.name in JUDGES_ITS_FOLDER and path != root else path, now)
        self._noted.set()

    async def _tend(self) -> None:
        """Keep the followed roots those that are watched and there; look at what went, came, or is to be scanned."""
        while True:
            self._stirred.clear()
            await self._check()
            await self._within(self._stirred, self._settings.check_seconds)

    async def _check(self) -> None:
        roots = {root.path: root for root in await self._memory.noticing.roots() if root.watched}
        presences = dict(zip(roots, await asyncio.gather(*map(self._walker.presence, roots)), strict=True))
        changed = self._anew or roots.keys() != self._seen.keys()
        for path in self._seen.keys() - roots.keys():
            del self._seen[path]
        for path, presence in presences.items():
            before = self._seen.get(path)
            if before is None or before.presence != presence:
                came = before is not None and before.presence.there != presence.there
                self._seen[path] = _Seen(presence)
                changed = True
                if came:
                    self._publish_root(path, presence.there, "" if presence.there else AWAY)
        if changed:
            self._anew = False
            await self._follow([path for path, presence in presences.items() if presence.there])
        now = self._clock.monotonic()
        for path, seen in self._seen.items():
            scans = seen.following is None or not seen.following.notices
            every = self._settings.scan_seconds if scans else self._settings.rescan_minutes * 60
            if now - seen.scanned >= every:
                seen.scanned = now
                self._settling.note(path, path, now)
                self._noted.set()

    async def _follow(self, paths: Collection[str]) -> None:
        """Follow these roots before they are looked at, so that nothing slips in between."""
        try:
            following = await self._watch.follow(paths)
        except WatchError as error:
            following = {path: Following(False, str(error)) for path in paths}
        for path, how in following.items():
            seen = self._seen[path]
            if how.full and path not in self._warned:
                self._warned.add(path)
                self._warn_full(path)
            seen.following = how
            seen.scanned = float("-inf")

    async def _take_forever(self) -> None:
        while True:
            self._noted.clear()
            due = self._settling.due(self._clock.monotonic())
            held = await self._held_by_git(due)
            if due:
                try:
                    await self._take(due)
                except MnemeError:
                    for root in due:
                        self._settling.note(root, root, self._clock.monotonic())
                    raise
            soon = self._settling.next_due()
            if soon is not None or held:
                left = 0.3 if soon is None else max(0.01, soon - self._clock.monotonic())
                await self._within(self._noted, left)
            else:
                await self._noted.wait()

    async def _held_by_git(self, due: dict[str, set[str]]) -> bool:
        """Put back what lies in a repository whose Git operation is under way."""
        now = self._clock.monotonic()
        for repository, since in list(self._locks.items()):
            lock = str(PurePath(repository, ".git", LOCK))
            if now - since > LOCK_S or await self._walker.stat(lock) is None:
                del self._locks[repository]
                continue
            for root, paths in due.items():
                inside = {path for path in paths if PurePath(path).is_relative_to(repository)}
                paths.difference_update(inside)
                for path in inside:
                    self._settling.note(root, path, now)
        for root in [root for root, paths in due.items() if not paths]:
            del due[root]
        return bool(self._locks)

    async def _take(self, due: dict[str, set[str]]) -> None:
        """Look, then write with the scheduler's hands off what is concerned, then queue."""
        seen = await self._memory.notice(due)
        async with self._scheduler.hands_off(seen):
            todo = await self._memory.noticing.take(seen)
        self._scheduler.submit(todo, Priority.WATCH)
        for source in (*seen.gone, *seen.left_out()):
            self._events.publish(
                SourceChanged(
                    id=self._ids.new("ev"),
                    at=self._clock.now(),
                    source_id=source.id,
                    path=source.path,
                    state=source.state.value,
                    reason=source.reason,
                    chunks=source.chunks,
                )
            )
        donors = {move.donor.id for move in seen.moved}
        removed = sum(source.id not in donors for source in seen.removed)
        if seen.sources or seen.moved or removed or seen.gone:
            self._events.publish(
                ChangesNoticed(
                    id=self._ids.new("ev"),
                    at=self._clock.now(),
                    roots=tuple(sorted(due)),
                    changed=len(seen.sources),
                    moved=len(seen.moved),
                    removed=removed,
                    offline=len(seen.gone),
                )
            )
        for root, paths in due.items():
            if root in paths:
                await self._memory.noticing.stand(root)

    async def watch(self, path: str) -> Root:
        """Follow the root at or around `path` from now on; raises NotRememberedError."""
        return await self._set(path, True)

    async def unwatch(self, path: str) -> Root:
        """Follow a root no longer; what is remembered of it stays. Raises NotRememberedError."""
        return await self._set(path, False)

    async def _set(self, path: str, watched: bool) -> Root:
        root = await self._memory.noticing.watch(path, watched)
        self._seen.pop(root.path, None)
        self._anew = True
        self.refresh()
        return root

    async def _within(self, event: asyncio.Event, seconds: float) -> None:
        try:
            async with asyncio.timeout(seconds):
                await event.wait()
        except TimeoutError:
            return

    def _publish_root(self, path: str, online: bool, reason: str) -> None:
        self._events.publish(RootChanged(id=self._ids.new("ev"), at=self._clock.now(), path=path, online=online, reason=reason))

    def _warn_full(self, path: str) -> None:
        self._warn(
            "watch_limit",
            f"{path} holds more folders than the system lets Mneme watch. It is scanned from time to time instead. "
            "Raise fs.inotify.max_user_watches and max_user_instances to have changes noticed at once.",
        )

    def _warn(self, code: str, text: str) -> None:
        self._events.publish(Warned(id=self._ids.new("ev"), at=self._clock.now(), level="warning", code=code, text=text))
