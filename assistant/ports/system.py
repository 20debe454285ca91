"""Protocols for the machine around Mneme: clock, ids, events, tasks, audit. Used by every room."""

from collections.abc import Coroutine
from datetime import datetime
from typing import Any, Protocol

from assistant.domain.events import Event
from assistant.domain.plan import Action, Verdict


class Clock(Protocol):
    """Time."""

    def now(self) -> datetime:
        """Return the wall-clock time in UTC."""
        ...

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        ...


class IdSource(Protocol):
    """New identifiers."""

    def new(self, prefix: str) -> str:
        """Return `prefix` + "_" + a sortable unique id."""
        ...


class EventSink(Protocol):
    """Where facts are published; never blocks and never raises."""

    def publish(self, event: Event) -> None:
        """Hand the fact to all subscribers. May be called from the loop's thread only."""
        ...


class TaskHandle(Protocol):
    """A supervised background task."""

    def cancel(self) -> None:
        """Ask the task to stop."""
        ...

    async def wait(self) -> None:
        """Wait until the task has ended, however it ended."""
        ...


class TaskRunner(Protocol):
    """The one place where background tasks are started; failures are logged and reported as events."""

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> TaskHandle:
        """Run a coroutine in the background."""
        ...


class AuditSink(Protocol):
    """An append-only record of verdicts."""

    async def record(self, action: Action, verdict: Verdict, at: datetime) -> None:
        """Write one line; raises StorageError."""
        ...
