"""What acting has under way, of all doors: its end can be waited for, it can be stopped, and once Mneme closes nothing begins.

Used by the proposals, the façade, and by `app` when it closes.
"""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from assistant.domain.errors import ClosingError
from assistant.domain.plan import Undertaking, UndertakingKind
from assistant.orchestrator.acting.executor import Course
from assistant.ports.system import TaskRunner

T = TypeVar("T")
KEPT_RUNS = 100


@dataclass(slots=True, eq=False)
class Going:
    """One thing under way; `course` is there as soon as a run was written down."""

    kind: UndertakingKind
    request: str
    course: Course | None = None

    def told(self) -> Undertaking:
        """Return how far it is."""
        course = self.course
        if course is None:
            return Undertaking(kind=self.kind, what=self.request)
        kind = "take back" if course.stop else self.kind
        return Undertaking(kind=kind, what=self.request, run_id=course.run.id, done=len(course.applied), total=course.run.total)


class Undertakings:
    """Everything that is begun goes on to its end, whoever asked for it and whether or not they still listen."""

    def __init__(self, tasks: TaskRunner) -> None:
        self.tasks = tasks
        self._going: list[Going] = []
        self._courses: dict[str, Course] = {}
        self._over: dict[str, asyncio.Event] = {}
        self._closing = False

    def close(self) -> None:
        """Begin nothing more."""
        self._closing = True

    def require_open(self) -> None:
        """Raise ClosingError once Mneme closes."""
        if self._closing:
            raise ClosingError(
                f"The Mneme that holds this memory is closing, and finishes “{self._going[0].request}” first."
                if self._going
                else "The Mneme that holds this memory is closing.",
                kept="Nothing of this was begun.",
                remedy="Try again when it has closed.",
            )

    def all(self) -> tuple[Undertaking, ...]:
        """Return what is under way, the oldest first."""
        return tuple(one.told() for one in self._going)

    def begin(self, going: Going) -> None:
        """Take note of what is under way from now on; `end` has to follow."""
        self._going.append(going)

    def follow(self, going: Going, course: Course) -> None:
        """Take note that a run was written down: from now on its end can be waited for."""
        going.course = course
        self._courses[course.run.id] = course
        self._over[course.run.id] = asyncio.Event()
        for old in list(self._over)[:-KEPT_RUNS]:
            if self._over[old].is_set():
                del self._over[old], self._courses[old]

    def end(self, going: Going) -> None:
        """Take note that it is over, however it ended."""
        self._going.remove(going)
        if going.course is not None and going.course.run.id in self._over:
            self._over[going.course.run.id].set()

    async def ended(self, run_id: str) -> None:
        """Wait until a run that goes on in this process has ended; one that does not has."""
        if run_id in self._over:
            await self._over[run_id].wait()

    def cancel(self, run_id: str) -> None:
        """Let a run stop before its next change; what was done is taken back. Unknown ones are passed over."""
        if run_id in self._courses:
            self._courses[run_id].stop = True

    def stop(self) -> None:
        """Let every run under way stop and be taken back; an undo or a redo goes on to its end."""
        for going in self._going:
            if going.course is not None:
                going.course.stop = True

    async def carry_out(self, going: Going, work: Coroutine[Any, Any, T]) -> T:
        """Do something to its end and return what came of it; a caller who goes away does not cut it off."""
        over: asyncio.Future[T] = asyncio.get_running_loop().create_future()
        over.add_done_callback(lambda done: done.cancelled() or done.exception())  # nobody may be there to hear of it
        self.begin(going)
        self.tasks.start(f"{going.kind} of {going.request}", self._carried_out(going, work, over))
        return await asyncio.shield(over)

    async def _carried_out(self, going: Going, work: Coroutine[Any, Any, T], over: asyncio.Future[T]) -> None:
        try:
            over.set_result(await work)
        except asyncio.CancelledError:
            over.cancel()
            raise
        except Exception as error:  # it belongs to whoever waits
            over.set_exception(error)
        finally:
            self.end(going)
