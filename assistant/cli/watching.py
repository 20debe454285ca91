"""Waits until indexing has finished and shows how far it is. Used by `add` and `demo`."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TaskProgressColumn, TextColumn
from rich.progress import Progress as Bars

from assistant.api.contract import Assistant
from assistant.api.views import Progress, SourceView
from assistant.cli.output import duration
from assistant.domain.document import PENDING_STATES, SourceState
from assistant.domain.errors import StorageError

POLL_S = 0.15
STALLED_S = 15.0
"""How long sources may wait without anything being done before that is called a failure."""


class ProgressBars:
    """Two bars on a terminal, nothing elsewhere: files that can be found, passages that have their vectors."""

    def __init__(self, console: Console) -> None:
        self._bars = Bars(
            TextColumn("{task.description}"),
            BarColumn(bar_width=24),
            MofNCompleteColumn(),
            TaskProgressColumn(),
            TextColumn("{task.fields[left]}"),
            console=console,
            transient=True,
        )
        self._files = self._bars.add_task("searchable", total=None, left="")
        self._passages = self._bars.add_task("embedded  ", total=None, left="")
        self._shown = console.is_terminal

    def running(self) -> AbstractContextManager[object]:
        """Show the bars while the context lasts."""
        return self._bars if self._shown else nullcontext()

    def show(self, now: Progress) -> None:
        """Move the bars."""
        found = now.files_searchable + now.files_failed
        left = "paused" if now.paused else f"{duration(now.eta_s)} left" if now.eta_s is not None else ""
        self._bars.update(self._files, total=now.files_total or None, completed=found)
        self._bars.update(self._passages, total=now.chunks_total or None, completed=now.chunks_embedded, left=left)


class Bar:
    """One bar on a terminal, nothing elsewhere."""

    def __init__(self, console: Console, name: str) -> None:
        columns = (TextColumn("{task.description}"), BarColumn(bar_width=24), MofNCompleteColumn(), TaskProgressColumn())
        self._bars = Bars(*columns, console=console, transient=True)
        self._task = self._bars.add_task(name, total=None)
        self._shown = console.is_terminal

    def running(self) -> AbstractContextManager[object]:
        """Show the bar while the context lasts."""
        return self._bars if self._shown else nullcontext()

    def show(self, done: int, total: int) -> None:
        """Move the bar."""
        self._bars.update(self._task, total=total or None, completed=done)


async def finished(assistant: Assistant, paths: Sequence[str], console: Console) -> list[SourceView]:
    """Wait until everything at or below `paths` has a final state; return those sources, ordered by path.

    Raises StorageError when indexing is paused (by a person in the window, or because the disk refuses) or stands still.
    """
    bars = ProgressBars(console)
    moved = time.monotonic()
    with bars.running():
        while True:
            now = await assistant.progress()
            bars.show(now)
            if now.paused:
                raise _stopped(f"Indexing is paused; {now.files_total - now.files_done - now.files_failed} files wait.")
            if now.active:
                moved = time.monotonic()
            else:  # an earlier run's files may wait for the replay that begins with each start
                sources = await listed(assistant, paths)
                pending = (SourceState.QUEUED,) if now.away else PENDING_STATES  # vectors follow when they can be had
                waiting = sum(source.state in pending for source in sources)
                if not waiting:
                    return sources
                if time.monotonic() - moved > STALLED_S:
                    raise _stopped(f"Indexing stands still; {waiting} files wait.")
            await asyncio.sleep(POLL_S)


async def listed(assistant: Assistant, paths: Sequence[str]) -> list[SourceView]:
    """Return the sources at or below any of `paths`, each once, ordered by path."""
    found: dict[str, SourceView] = {}
    for path in paths:
        found |= {source.path: source for source in (await assistant.status(path)).sources}
    return [found[path] for path in sorted(found)]


def _stopped(what: str) -> StorageError:
    return StorageError(
        what,
        kept="What was read is kept.",
        remedy="`mneme resume` lets it go on; where it stops again `mneme doctor` tells why.",
    )
