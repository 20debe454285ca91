"""Counts of the indexing that is under way, and an honest estimate of the time left. Used by the scheduler."""

from contextlib import suppress

from assistant.domain.base import Value
from assistant.domain.events import JobProgressed
from assistant.domain.upkeep import Progress
from assistant.ports.system import Clock, EventSink, IdSource

REPORT_SECONDS = 0.2
SMOOTHING_SECONDS = 20.0
"""Rates are averaged over about this long."""
MEASURED_SECONDS = 0.5
"""Shortest stretch over which a rate is taken."""
LEARNING_SECONDS = 3.0
"""No estimate is given before this much embedding was watched."""


class Saved(Value):
    """Figures of a job that an end of Mneme cut short."""

    files: int
    failed: int
    embedded: int
    rate: float


class Job:
    """Progress since the queue was last empty; a new job starts with the next `add`."""

    def __init__(self, events: EventSink, clock: Clock, ids: IdSource) -> None:
        self._events = events
        self._clock = clock
        self._ids = ids
        self.paused = False
        self.slowed = False
        self._saved: Saved | None = None
        self._rate = 0.0
        self._last_report = float("-inf")
        self._reset()

    def _reset(self) -> None:
        self._files = self._searchable = self._done = self._failed = 0
        self._chunks = self._embedded = 0
        self._ended = False
        self._mark: tuple[float, int] | None = None
        self._watched = 0.0

    def add(self, files: int) -> None:
        """Count files that were queued."""
        if self._ended:
            self._reset()
        self._files += files
        self.report()

    def saved(self) -> str:
        """Return what `restore` takes after a restart, "" when nothing is under way."""
        if self._ended or not self._files:
            return ""
        return Saved(files=self._files, failed=self._failed, embedded=self._embedded, rate=self._rate).model_dump_json()

    def restore(self, saved: str) -> None:
        """Take up what `saved` gave in an earlier run; what cannot be read counts as nothing."""
        with suppress(ValueError):
            self._saved = Saved.model_validate_json(saved)

    def resume(self, left: int) -> None:
        """Count what the earlier run had finished (`left` files it left undone); its rate serves until ours is known."""
        saved, self._saved = self._saved, None
        if saved is None or left == 0:
            return
        done = max(0, saved.files - saved.failed - left)
        self._files += done + saved.failed
        self._searchable += done
        self._done += done
        self._failed += saved.failed
        self._chunks += saved.embedded
        self._embedded += saved.embedded
        if not self._rate and saved.rate > 0:
            self._rate, self._watched = saved.rate, LEARNING_SECONDS

    def withdraw(self, chunks: int | None = None) -> None:
        """Count a file that left the queue, unread or (with its chunks) not embedded."""
        self._files -= 1
        if chunks is not None:
            self._searchable -= 1
            self._chunks -= chunks
        self.report()

    def searchable(self, chunks: int) -> None:
        """Count a file whose text was written, with this many chunks."""
        if self._ended:
            self._reset()
        self._searchable += 1
        self._chunks += chunks
        self.report()

    def embedded(self, chunks: int) -> None:
        """Count chunks that have their vectors, or need none; a negative number takes back what will be done again."""
        self._embedded += chunks
        now = self._clock.monotonic()
        if self._mark is None or chunks < 0:
            self._mark = (now, self._embedded)
        elapsed = now - self._mark[0]
        if elapsed >= MEASURED_SECONDS:
            speed = (self._embedded - self._mark[1]) / elapsed
            weight = min(1.0, elapsed / SMOOTHING_SECONDS) if self._rate else 1.0
            self._rate += weight * (speed - self._rate)
            self._watched += elapsed
            self._mark = (now, self._embedded)
        self.report()

    def done(self) -> None:
        """Count a file that is wholly remembered."""
        self._done += 1
        self.report()

    def failed(self) -> None:
        """Count a file that cannot be read."""
        self._failed += 1
        self.report()

    def finish(self) -> Progress:
        """End the job and return its last figures."""
        final = self.progress(active=False)
        self._ended = True
        self._publish(final)
        return final

    def progress(self, *, active: bool) -> Progress:
        """Return the figures."""
        return Progress(
            active=active,
            paused=self.paused,
            slowed=self.slowed,
            files_total=self._files,
            files_searchable=self._searchable,
            files_done=self._done,
            files_failed=self._failed,
            chunks_total=self._chunks,
            chunks_embedded=self._embedded,
            chunks_per_s=round(self._rate, 1),
            eta_s=self._eta() if active else None,
        )

    def _eta(self) -> float | None:
        """Return seconds left; None while paused or before enough was seen to tell."""
        if self.paused or self._rate <= 0 or self._watched < LEARNING_SECONDS:
            return None
        unread = max(0, self._files - self._searchable - self._failed)
        expected = self._chunks / self._searchable * unread if self._searchable else 0.0
        return round(max(0.0, self._chunks - self._embedded + expected) / self._rate, 1)

    def report(self) -> None:
        """Publish the figures, at most every REPORT_SECONDS."""
        now = self._clock.monotonic()
        if now - self._last_report >= REPORT_SECONDS:
            self._publish(self.progress(active=True))

    def _publish(self, progress: Progress) -> None:
        self._last_report = self._clock.monotonic()
        self._events.publish(
            JobProgressed(
                id=self._ids.new("ev"),
                at=self._clock.now(),
                **progress.model_dump(exclude={"active", "chunks_per_s", "repairing", "away"}),
            )
        )
