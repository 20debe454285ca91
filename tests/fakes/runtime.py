"""The machine around Mneme, made still: a clock moved by hand, counted ids, written-down events, work done on the spot."""

from collections.abc import Callable
from concurrent.futures import Executor, Future
from datetime import UTC, datetime, timedelta
from typing import ParamSpec, TypeVar

from assistant.domain.events import Event

P = ParamSpec("P")
T = TypeVar("T")


class FakeClock:
    """Clock: every look is a millisecond later than the one before; `pass_seconds` moves it on, `pass_days` only the date."""

    def __init__(self, start: datetime = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._seconds = 0.0

    def now(self) -> datetime:
        self._now += timedelta(milliseconds=1)
        return self._now

    def monotonic(self) -> float:
        self._seconds += 0.001
        return self._seconds

    def pass_seconds(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds

    def pass_days(self, days: float) -> None:
        self._now += timedelta(days=days)


class FakePower:
    """PowerSource: set `battery`."""

    battery = False

    def on_battery(self) -> bool:
        return self.battery


class FakeIds:
    """IdSource: counts."""

    def __init__(self) -> None:
        self._number = 0

    def new(self, prefix: str) -> str:
        self._number += 1
        return f"{prefix}_{self._number:06}"


class RecordingEvents:
    """EventSink that writes down what is published."""

    def __init__(self) -> None:
        self.published: list[Event] = []

    def publish(self, event: Event) -> None:
        self.published.append(event)


class InlineExecutor(Executor):
    """Runs the work at once, on the caller's thread."""

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:
            future.set_exception(error)
        return future
