"""Counts what Mneme does while it does it: a few additions in memory per fact. Emptied every minute by `eval.rounds`."""

from collections import deque
from collections.abc import Sequence

from assistant.domain.document import Source, SourceState
from assistant.domain.events import AnswerReady, Event, IngestFailed, JobProgressed, SourceChanged, SourceRemembered
from assistant.domain.health import Histogram, Measured, Questions, SeriesName, step_of
from assistant.domain.memory import RecallResult
from assistant.ports.system import Clock, EventSink

MOST_TIMED = 20_000
"""Files timed at once from queued to ready; of more, the first are timed."""
MOST_QUESTIONS = 64
"""Questions kept, in memory alone, until somebody has looked at what they have in common; of more, the newest."""
PAUSE_S = 5.0
"""Two reports of progress further apart than this are no work between them."""


class Meter:
    """Hears of searches from the façade, and of everything else as events. Called on the loop's thread only."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._queued: dict[str, float] = {}
        self._searchable: set[str] = set()
        self._last: tuple[float, int] | None = None
        self.questions: deque[str] = deque(maxlen=MOST_QUESTIONS)
        self.worked = clock.monotonic()
        self._begin()

    def _begin(self) -> None:
        self._steps: dict[str, dict[int, int]] = {}
        self._sums: dict[str, tuple[int, float, float]] = {}
        self._chunks, self._busy = 0, 0.0
        self._asked = self._answers = self._abstained = self._empty = self._similar = 0
        self._similarity = 0.0

    def take(self) -> Measured:
        """Return what was measured since the last time, and begin anew."""
        times = {
            name: Histogram(count=count, total=total, longest=longest, steps=self._steps[name])
            for name, (count, total, longest) in self._sums.items()
        }
        questions = Questions(
            asked=self._asked,
            answers=self._answers,
            abstained=self._abstained,
            empty=self._empty,
            similarity=self._similarity,
            similar=self._similar,
        )
        measured = Measured(times=times, chunks=self._chunks, busy_s=self._busy, questions=questions)
        self._begin()
        return measured

    def time(self, name: SeriesName, ms: float) -> None:
        """Count one time."""
        steps, step = self._steps.setdefault(name, {}), step_of(ms)
        steps[step] = steps.get(step, 0) + 1
        count, total, longest = self._sums.get(name, (0, 0.0, 0.0))
        self._sums[name] = (count + 1, total + ms, max(longest, ms))

    def searched(self, text: str, found: RecallResult) -> None:
        """Count a search that a person made."""
        self.worked = self._clock.monotonic()
        self.time("search", found.took_ms)
        self._asked += 1
        self._empty += not found.items
        cosine = found.items[0].parts.dense if found.items else None
        if cosine is not None:
            self._similarity += cosine
            self._similar += 1
        self.questions.append(text)

    def submitted(self, sources: Sequence[Source]) -> None:
        """Begin to time files that were queued for reading."""
        now = self._clock.monotonic()
        for source in sources:
            if source.state is SourceState.QUEUED and len(self._queued) < MOST_TIMED:
                self._queued.setdefault(source.id, now)

    def hear(self, event: Event) -> None:
        """Count what an event tells."""
        match event:
            case SourceChanged(source_id=source_id, state=SourceState.SEARCHABLE):
                self._became_searchable(source_id)
            case SourceRemembered(source_id=source_id):
                self._became_searchable(source_id)
                self._searchable.discard(source_id)
                if (began := self._queued.pop(source_id, None)) is not None:
                    self.time("ready", (self._clock.monotonic() - began) * 1000)
            case SourceChanged(source_id=source_id, state=state) if state in _ENDS:
                self._drop(source_id)
            case IngestFailed(source_id=source_id):
                self._drop(source_id)
            case JobProgressed(chunks_embedded=embedded, paused=paused):
                self._progressed(embedded, paused)
            case AnswerReady(answer=answer):
                self.worked = self._clock.monotonic()
                self.time("ask", answer.took_ms)
                self._asked += 1
                self._answers += 1
                self._abstained += answer.abstained
                self.questions.append(answer.question)
            case _:
                pass

    def _drop(self, source_id: str) -> None:
        self._queued.pop(source_id, None)
        self._searchable.discard(source_id)

    def _became_searchable(self, source_id: str) -> None:
        if (began := self._queued.get(source_id)) is not None and source_id not in self._searchable:
            self._searchable.add(source_id)
            self.time("searchable", (self._clock.monotonic() - began) * 1000)

    def _progressed(self, embedded: int, paused: bool) -> None:
        now = self._clock.monotonic()
        if self._last is not None and not paused:
            before, count = self._last
            if embedded > count and now - before < PAUSE_S:
                self._chunks += embedded - count
                self._busy += now - before
        # A report that brought no passage keeps the time since the last one that did: it took that long.
        if self._last is None or paused or embedded != self._last[1]:
            self._last = (now, embedded)


_ENDS = frozenset({SourceState.FAILED, SourceState.EXCLUDED, SourceState.OFFLINE, SourceState.NEEDS_UPDATE})


class Metered:
    """An EventSink that lets the meter hear of every fact before it goes on."""

    def __init__(self, inner: EventSink, meter: Meter) -> None:
        self._inner = inner
        self._meter = meter

    def publish(self, event: Event) -> None:
        """Hand the fact on."""
        self._meter.hear(event)
        self._inner.publish(event)
