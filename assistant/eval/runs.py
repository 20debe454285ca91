"""Runs the golden sets, keeps their figures and warns when recall got worse. Used by the façade and by `eval.rounds`."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

from assistant.config.schema import Recall
from assistant.domain.errors import InUseError
from assistant.domain.events import GoldenRunEnded, Warned
from assistant.domain.health import GoldenRun, RunKind
from assistant.eval.baseline import Baseline, regressions
from assistant.eval.own import OwnSet
from assistant.memory.service import Memory
from assistant.ports.health import HealthStore
from assistant.ports.system import Clock, EventSink, IdSource

WEIGHTS = ("weight_dense", "weight_sparse", "weight_recency", "weight_quality")
LOOKED_BACK = 200

BundledMeasure = Callable[[str, Recall], Awaitable[dict[str, float]]]
"""Runs the bundled set in a throw-away memory with a model ("": text alone) and these settings of recall."""


def weights_of(recall: Recall) -> dict[str, float]:
    """Return the four weights by name."""
    return {name: getattr(recall, name) for name in WEIGHTS}


class GoldenRuns:
    """One run at a time; `tolerance` says by how much each figure may fall, see `eval.baseline`."""

    def __init__(
        self,
        memory: Memory,
        store: HealthStore,
        own: OwnSet,
        bundled: BundledMeasure,
        tolerance: Mapping[str, float],
        events: EventSink,
        clock: Clock,
        ids: IdSource,
    ) -> None:
        self._memory = memory
        self._store = store
        self._own = own
        self._bundled = bundled
        self._tolerance = dict(tolerance)
        self._events = events
        self._clock = clock
        self._ids = ids
        self.running = False

    async def run(self, trigger: Literal["nightly", "asked"], kinds: Sequence[RunKind] = ("mine", "bundled")) -> list[GoldenRun]:
        """Run these sets and keep what came of it; one's own without a question is left out. Raises InUseError."""
        if self.running:
            raise InUseError("A golden run is under way.", kept="It goes on.", remedy="Wait until it has finished.")
        self.running = True
        try:
            found: list[GoldenRun] = []
            for kind in kinds:
                run = await self._run(kind, trigger)
                if run is not None:
                    found.append(run)
            return found
        finally:
            self.running = False

    async def _run(self, kind: RunKind, trigger: Literal["nightly", "asked"]) -> GoldenRun | None:
        recall, model = self._memory.weights, self._memory.model
        if kind == "mine":
            figures = await self._own.figures()
            if not figures.get("questions"):
                return None
        else:
            figures = await self._bundled(model.partition("@")[0], recall)
        good = await self._last_good(kind)
        run = GoldenRun(
            id=self._ids.new("run"),
            at=self._clock.now(),
            kind=kind,
            trigger=trigger,
            model=model,
            weights=weights_of(recall),
            figures=figures,
            fallen=self._fallen(good, figures) if good else (),
        )
        await self._store.put_run(run)
        self._tell(run, good)
        return run

    async def _last_good(self, kind: RunKind) -> GoldenRun | None:
        runs = await self._store.runs(LOOKED_BACK)
        return next((run for run in reversed(runs) if run.kind == kind and not run.fallen), None)

    def _fallen(self, good: GoldenRun, figures: Mapping[str, float]) -> tuple[str, ...]:
        worse = regressions(Baseline(figures=good.figures, tolerance=self._tolerance), figures)
        return tuple(
            f"{one.figure} {one.found or 0.0:.3f} instead of {one.expected:.3f} (allowed: {one.allowed:.3f} less)"
            for one in worse
        )

    def _tell(self, run: GoldenRun, good: GoldenRun | None) -> None:
        self._events.publish(
            GoldenRunEnded(id=self._ids.new("ev"), at=self._clock.now(), kind=run.kind, figures=run.figures, fallen=run.fallen)
        )
        if run.fallen and good is not None:
            self._events.publish(
                Warned(
                    id=self._ids.new("ev"),
                    at=self._clock.now(),
                    level="warning",
                    code="recall_worse",
                    text=f"{_told(run.kind)} got worse: {'; '.join(run.fallen)}. {_advice(good, run)}",
                )
            )


def _told(kind: RunKind) -> str:
    return "Recall of the questions you confirmed" if kind == "mine" else "Recall on the bundled questions"


def _advice(good: GoldenRun, run: GoldenRun) -> str:
    """Say what differs from the last good run, and so what to do."""
    if good.model != run.model:
        return "The model is another one since then: `mneme models rollback` brings back the one before."
    if good.weights != run.weights:
        return "The weights of recall were changed since then: `mneme tune --reset` takes that back."
    return "Look at Memory health, and run `mneme verify`: files may be missing from memory."
