"""Groups of the scripted Assistant: models and their vectors, and what a person called right."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime

from assistant.api.views import (
    Citation,
    ConfirmedCase,
    ConfirmedPlace,
    Dated,
    EvalReport,
    ForgetReport,
    GoldenRun,
    SpaceComparison,
    SpaceRecord,
    SpaceState,
    TuningRecord,
)

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


def space(model_id: str, state: SpaceState, **more: object) -> SpaceRecord:
    """Make a vector space."""
    values = {"model": f"{model_id}@1", "dimensions": 384, "state": state, "done": 8, "total": 10, "updated": NOON}
    return SpaceRecord.model_validate(values | more)


class FakeSpaces:
    """Fulfils `assistant.api.contract.Spaces`; writes calls down as `spaces.METHOD`. Set `records` to script it."""

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.records: list[SpaceRecord] = []

    async def all(self) -> list[SpaceRecord]:
        self._note("spaces.all")
        return self.records

    async def start(self, model_id: str) -> SpaceRecord:
        self._note("spaces.start", model_id)
        return space(model_id, "building")

    async def switch(self, model_id: str) -> SpaceRecord:
        self._note("spaces.switch", model_id)
        return space(model_id, "active")

    async def rollback(self) -> SpaceRecord:
        self._note("spaces.rollback")
        return next(one for one in self.records if one.state == "kept").model_copy(update={"state": "active"})

    async def drop(self, model_id: str) -> None:
        self._note("spaces.drop", model_id)
        self.records = [one for one in self.records if one.model_id != model_id]

    async def compare(self) -> SpaceComparison:
        self._note("spaces.compare")
        return SpaceComparison(spaces=tuple(self.records))


class FakeQuality:
    """Fulfils `assistant.api.contract.Quality`; writes calls down as `quality.METHOD`."""

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.confirmed: list[ConfirmedCase] = []
        self.runs: list[GoldenRun] = []
        self.tuned: TuningRecord | None = None

    async def confirm(self, question: str, citations: Sequence[Citation]) -> ConfirmedCase:
        self._note("quality.confirm", question, tuple(citations))
        places = tuple(ConfirmedPlace(source_id="s", path=one.path, quote=one.quote, line=one.line) for one in citations)
        self.confirmed.append(ConfirmedCase(id="case_1", question=question, language="en", at=NOON, places=places))
        return self.confirmed[-1]

    async def cases(self) -> list[ConfirmedCase]:
        self._note("quality.cases")
        return self.confirmed

    async def withdraw(self, case_id: str) -> None:
        self._note("quality.withdraw", case_id)
        self.confirmed = [case for case in self.confirmed if case.id != case_id]

    async def measure(self) -> EvalReport:
        self._note("quality.measure")
        return EvalReport(name="mine", retriever="hybrid", figures={"recall@20": 1.0, "questions": float(len(self.confirmed))})

    async def run(self) -> list[GoldenRun]:
        self._note("quality.run")
        return self.runs

    async def tune(self, dry_run: bool = False) -> TuningRecord:
        self._note("quality.tune", dry_run)
        assert self.tuned is not None, "script it"
        return self.tuned

    async def apply_tuning(self) -> TuningRecord | None:
        self._note("quality.apply_tuning")
        return self.tuned

    async def reset_tuning(self) -> TuningRecord | None:
        self._note("quality.reset_tuning")
        return self.tuned


class FakeForgetting:
    """Fulfils `assistant.api.contract.Forgetting`; set `dated` and `proof` to script it."""

    def __init__(self, note: Callable[..., None]) -> None:
        self._note = note
        self.dated: list[Dated] = []
        self.proof = ForgetReport(path="", sources=1, chunks=2, proved=True, remains={"records": 0, "vectors": 0})

    async def within(self, since: datetime, until: datetime) -> list[Dated]:
        self._note("forgetting.within", since, until)
        return self.dated

    async def files(self, paths: Sequence[str], origin: str) -> ForgetReport:
        self._note("forgetting.files", tuple(paths), origin)
        return self.proof

    async def passages(self, ids: Sequence[str], origin: str) -> ForgetReport:
        self._note("forgetting.passages", tuple(ids), origin)
        return self.proof

    async def prove(self, paths: Sequence[str] = ()) -> ForgetReport:
        self._note("forgetting.prove", tuple(paths))
        return self.proof
