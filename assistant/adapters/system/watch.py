"""`SystemWatch`: the FolderWatch port over the system's notices (watchfiles). Built by `app`, used by the watching."""

import asyncio
import os
import sys
import threading
from collections.abc import Collection, Mapping
from concurrent.futures import Future
from pathlib import Path

from watchfiles._rust_notify import RustNotify, WatchfilesRustInternalError

from assistant.adapters.system.watch_places import MOST_FOLDERS, folders_below, scanned_because, worth_telling
from assistant.domain.errors import WatchError
from assistant.ports.system import Following

GATHER_MS = 200
"""Longest time over which notices are gathered."""
STEP_MS = 50
WAIT_MS = 60_000
MOST_PATHS = 5000
"""Above this many waiting paths a root is told as a whole."""
ADDED, DELETED = 1, 3
PER_FOLDER = sys.platform == "linux"
"""Where the system watches folders one by one we choose them; elsewhere it watches whole trees itself."""
FULL = "the system takes no more watches"

Request = tuple[frozenset[str], "Future[dict[str, Following]]"]


class SystemWatch:
    """One thread holds the notices of all roots; `own` are folders of Mneme itself. A new folder is followed with all in it."""

    def __init__(self, own: Collection[str] = ()) -> None:
        self._own = frozenset(own)
        self._roots: dict[str, set[str]] = {}
        self._notify: RustNotify | None = None
        self._lock = threading.Lock()
        self._requests: list[Request] = []
        self._wake = threading.Event()
        self._waiting: dict[str, set[str]] = {}
        self._failure: WatchError | None = None
        self._told = asyncio.Event()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._closed = False

    async def follow(self, roots: Collection[str]) -> Mapping[str, Following]:
        """See FolderWatch.follow."""
        self._loop = asyncio.get_running_loop()
        if self._thread is None or not self._thread.is_alive():
            self._thread = threading.Thread(target=self._run, name="watch", daemon=True)
            self._thread.start()
        answer: Future[dict[str, Following]] = Future()
        with self._lock:
            self._requests.append((frozenset(roots), answer))
        self._wake.set()
        return await asyncio.wrap_future(answer)

    async def changes(self) -> Mapping[str, Collection[str]]:
        """See FolderWatch.changes."""
        await self._told.wait()
        self._told.clear()
        with self._lock:
            failure, self._failure = self._failure, None
            waiting, self._waiting = self._waiting, {}
        if failure is not None:
            raise failure
        return waiting

    async def close(self) -> None:
        """See FolderWatch.close."""
        self._closed = True
        self._wake.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    # everything below runs on the thread

    def _run(self) -> None:
        while not self._closed:
            self._wake.clear()
            self._answer()
            if self._notify is None:
                if not self._closed and not self._requests:
                    self._wake.wait()
                continue
            try:
                got = self._notify.watch(GATHER_MS, STEP_MS, WAIT_MS, self._wake)
                if isinstance(got, set):
                    self._absorb(got)
            except Exception as error:  # whatever it was, the notices cannot be trusted any more: whoever listens scans
                self._notify = None
                self._tell(
                    {}, WatchError(f"Notices about changed files stopped: {error}.", kept="Nothing is lost: files are scanned.")
                )
        self._notify = None
        self._answer()

    def _answer(self) -> None:
        with self._lock:
            requests, self._requests = self._requests, []
        for roots, answer in requests:
            if self._closed:
                answer.cancel()
                continue
            try:
                answer.set_result(self._arm(roots))
            except Exception as error:
                self._notify = None
                answer.set_exception(WatchError(f"Changed files cannot be noticed: {error}."))

    def _arm(self, roots: frozenset[str]) -> dict[str, Following]:
        """Choose the folders of each root and watch them; a root too large for the system is left to scans."""
        result: dict[str, Following] = {}
        self._roots = {}
        for root in sorted(roots):
            folders, reason = self._places(root)
            if reason:
                result[root] = Following(False, reason)
            else:
                self._roots[root] = folders
                result[root] = Following(True)
        while not self._rebuild():
            largest = max(self._roots, key=lambda root: len(self._roots[root]))
            del self._roots[largest]
            result[largest] = Following(False, FULL, full=True)
        return result

    def _places(self, root: str) -> tuple[set[str], str]:
        place = Path(root)
        if not place.exists():
            return set(), "it is not there"
        if reason := scanned_because(root):
            return set(), reason
        if not place.is_dir():
            return ({str(place.parent)}, "") if PER_FOLDER else (set(), "it is a single file")
        folders = folders_below(root, self._own) if PER_FOLDER else {root}
        if not folders:
            return set(), "it cannot be read"
        return folders, f"it holds more than {MOST_FOLDERS} folders" if len(folders) > MOST_FOLDERS else ""

    def _rebuild(self) -> bool:
        """Watch all chosen folders, before letting go of the old watches; False when the system takes no more."""
        for _ in range(5):
            folders = sorted(set().union(*self._roots.values())) if self._roots else []
            if not folders:
                self._notify = None
                return True
            try:
                # Told to ignore denied permissions it would ignore a full table of watches as well.
                self._notify = RustNotify(folders, False, False, 0, not PER_FOLDER, False)
                return True
            except (FileNotFoundError, PermissionError, NotADirectoryError):
                self._prune()
            except (OSError, WatchfilesRustInternalError) as error:
                if "limit" not in str(error) and "os error 24" not in str(error) and "os error 28" not in str(error):
                    raise
                return False
        raise WatchError("The watched folders keep changing.")

    def _prune(self) -> None:
        for folders in self._roots.values():
            folders -= {folder for folder in folders if not os.access(folder, os.R_OK | os.X_OK)}

    def _absorb(self, got: set[tuple[int, str]]) -> None:
        """Tell what changed; follow folders that came, with whatever came in them before they were followed."""
        while True:
            if not (PER_FOLDER and self._restructure({path for kind, path in got if kind in (ADDED, DELETED)})):
                self._tell(self._by_root(got))
                return
            old = self._notify
            if not self._rebuild():
                self._tell({}, WatchError(f"Changed files cannot be noticed: {FULL}."))
                return
            late = old.watch(1, 1, 1, None) if old is not None else None
            self._tell(self._by_root(got))
            if not isinstance(late, set):
                # Folders made while the new watches were set up: list once more what came.
                late = set()
            got = late | {(ADDED, path) for kind, path in got if kind == ADDED and self._grown(path)}
            if not got:
                return

    def _grown(self, path: str) -> bool:
        return any(path in folders and not folders_below(path, self._own) <= folders for folders in self._roots.values())

    def _restructure(self, paths: set[str]) -> bool:
        """Bring the chosen folders in line with folders that came or went; tell whether anything changed."""
        changed = False
        for root, folders in self._roots.items():
            for path in paths:
                if not path.startswith(root.rstrip(os.sep) + os.sep):
                    continue
                gone = {folder for folder in folders if folder == path or folder.startswith(path + os.sep)}
                follows = (
                    worth_telling(path)
                    and Path(path).is_dir()
                    and not Path(path).is_symlink()
                    and str(Path(path).parent) in folders
                )
                come = folders_below(path, self._own) if follows else set[str]()
                folders.difference_update(gone)
                folders.update(come)
                changed = changed or bool(gone or come)
        return changed

    def _by_root(self, got: set[tuple[int, str]]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for _, path in got:
            for root in self._roots:
                if (path == root or path.startswith(root.rstrip(os.sep) + os.sep)) and worth_telling(path[len(root) :]):
                    found.setdefault(root, set()).add(path)
        return found

    def _tell(self, changes: Mapping[str, set[str]], failure: WatchError | None = None) -> None:
        if not changes and failure is None:
            return
        with self._lock:
            self._failure = failure or self._failure
            for root, paths in changes.items():
                waiting = self._waiting.setdefault(root, set())
                waiting |= paths
                if len(waiting) > MOST_PATHS:
                    self._waiting[root] = {root}
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._told.set)
