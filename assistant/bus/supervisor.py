"""The only place in the core that starts tasks: names them, reports failures, cancels them at the end. Built by `app`."""

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

from assistant.domain.events import Warned
from assistant.ports.system import Clock, EventSink, IdSource

log = logging.getLogger(__name__)


class _Handle:
    """A TaskHandle over an asyncio task."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def cancel(self) -> None:
        self._task.cancel()

    async def wait(self) -> None:
        await asyncio.wait([self._task])


class Supervisor:
    """A TaskRunner that keeps a strong reference to every task until it has ended."""

    def __init__(self, events: EventSink, clock: Clock, ids: IdSource) -> None:
        self._events = events
        self._clock = clock
        self._ids = ids
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> _Handle:
        """Run a coroutine in the background; a failure is logged and published, never lost."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return _Handle(task)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        log.error("the task %s failed", task.get_name(), exc_info=error)
        self._events.publish(
            Warned(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                level="error",
                code="task",
                text=f"Background work “{task.get_name()}” stopped: {error}",
            )
        )

    async def close(self, seconds: float) -> None:
        """Cancel what still runs and wait for it, at most `seconds`."""
        tasks = set(self._tasks)
        for task in tasks:
            task.cancel()
        if tasks:
            await asyncio.wait(tasks, timeout=seconds)
