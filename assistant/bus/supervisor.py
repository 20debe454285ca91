"""The only place in the core that starts tasks: names them, starts them again, reports failures, cancels them. Built by `app`."""

import asyncio
import logging
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from assistant.bus.actor import Actor
from assistant.domain.events import ActorRestarted, Warned
from assistant.domain.upkeep import ActorFigures
from assistant.ports.system import Clock, EventSink, IdSource

log = logging.getLogger(__name__)

HOUR_S = 3600.0
MOST_RESTARTS = 8
"""Failures in an hour after which a component stays stopped."""
FIRST_PAUSE_S, LONGEST_PAUSE_S = 0.1, 30.0


class _Handle:
    """A TaskHandle over an asyncio task."""

    def __init__(self, task: asyncio.Task[None]) -> None:
        self._task = task

    def cancel(self) -> None:
        self._task.cancel()

    async def wait(self) -> None:
        await asyncio.wait([self._task])


@dataclass(slots=True)
class _Kept:
    """A component that is started again when it fails: the times of its failures within the hour, and how many there were."""

    name: str
    actor: Actor[Any] | None = None
    failures: deque[float] = field(default_factory=deque[float])
    restarts: int = 0
    running: bool = True


class Supervisor:
    """A TaskRunner that keeps a strong reference to every task until it has ended."""

    def __init__(
        self,
        events: EventSink,
        clock: Clock,
        ids: IdSource,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:
        self._events = events
        self._clock = clock
        self._ids = ids
        self._sleep = sleep
        self._tasks: set[asyncio.Task[None]] = set()
        self._kept: dict[str, _Kept] = {}

    def start(self, name: str, work: Coroutine[Any, Any, None]) -> _Handle:
        """Run a coroutine in the background; a failure is logged and published, never lost."""
        task = asyncio.get_running_loop().create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return _Handle(task)

    def keep(self, name: str, work: Callable[[], Coroutine[Any, Any, None]]) -> _Handle:
        """Run `work` in the background, and begin it anew when it fails, with growing pauses; too many failures end it.

        What waits for it is kept by whoever made it, and waits on.
        """
        kept = self._kept.get(name) or _Kept(name)
        kept.running = True
        self._kept[name] = kept
        return self.start(name, self._again_and_again(kept, work))

    def employ(self, actor: Actor[Any]) -> _Handle:
        """Keep an actor at work."""
        self._kept[actor.name] = _Kept(actor.name, actor)
        return self.keep(actor.name, actor.work)

    def figures(self) -> tuple[ActorFigures, ...]:
        """Tell how every component that is kept at work fares."""
        return tuple(
            one.actor.figures(one.restarts, running=one.running)
            if one.actor is not None
            else ActorFigures(name=one.name, running=one.running, restarts=one.restarts)
            for one in self._kept.values()
        )

    async def _again_and_again(self, kept: _Kept, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            while True:
                try:
                    await work()
                except Exception as error:
                    await self._restarted(kept, error)
                else:
                    return
        finally:
            kept.running = False

    async def _restarted(self, kept: _Kept, error: Exception) -> None:
        """Take note of a failure and wait; raises it when there were too many within the hour."""
        now = self._clock.monotonic()
        kept.failures.append(now)
        while now - kept.failures[0] > HOUR_S:
            kept.failures.popleft()
        if len(kept.failures) > MOST_RESTARTS:
            raise error
        kept.restarts += 1
        log.error("%s failed and is started again", kept.name, exc_info=error)
        self._events.publish(
            ActorRestarted(
                id=self._ids.new("ev"), at=self._clock.now(), actor=kept.name, reason=str(error), times=len(kept.failures)
            )
        )
        await self._sleep(min(FIRST_PAUSE_S * 2 ** (len(kept.failures) - 1), LONGEST_PAUSE_S))

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
