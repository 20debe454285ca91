"""The quality group of the façade: what a person called right. Built by `api.facade`."""

from collections.abc import Sequence

from assistant.api.upkeep import PERSON
from assistant.api.views import Citation, ConfirmedCase, EvalReport, GoldenRun, TuningRecord
from assistant.domain.plan import Action
from assistant.eval.own import OwnSet
from assistant.eval.runs import GoldenRuns
from assistant.eval.tuning import Tuning
from assistant.policy import PolicyEngine


class LocalQuality:
    """Fulfils `assistant.api.contract.Quality`."""

    def __init__(self, own: OwnSet, policy: PolicyEngine, runs: GoldenRuns, tuning: Tuning) -> None:
        self._own = own
        self._policy = policy
        self._runs = runs
        self._tuning = tuning

    async def confirm(self, question: str, citations: Sequence[Citation]) -> ConfirmedCase:
        """See Quality.confirm."""
        paths = tuple(dict.fromkeys(citation.path for citation in citations))
        await self._policy.require(Action(tool="quality.confirm", origin=PERSON, paths=paths, writes=True))
        return await self._own.confirm(question, citations)

    async def cases(self) -> list[ConfirmedCase]:
        """See Quality.cases."""
        return await self._own.cases()

    async def withdraw(self, case_id: str) -> None:
        """See Quality.withdraw."""
        await self._policy.require(Action(tool="quality.withdraw", origin=PERSON, writes=True))
        await self._own.withdraw(case_id)

    async def measure(self) -> EvalReport:
        """See Quality.measure."""
        await self._policy.require(Action(tool="quality.measure", origin=PERSON))
        return EvalReport(name="mine", retriever="hybrid", figures=await self._own.figures())

    async def run(self) -> list[GoldenRun]:
        """See Quality.run."""
        await self._policy.require(Action(tool="quality.run", origin=PERSON, writes=True))
        return await self._runs.run("asked")

    async def tune(self, dry_run: bool = False) -> TuningRecord:
        """See Quality.tune."""
        await self._policy.require(Action(tool="quality.tune", origin=PERSON, writes=True))
        return await self._tuning.tune(dry_run)

    async def apply_tuning(self) -> TuningRecord | None:
        """See Quality.apply_tuning."""
        await self._policy.require(Action(tool="quality.tune", origin=PERSON, writes=True))
        return await self._tuning.apply()

    async def reset_tuning(self) -> TuningRecord | None:
        """See Quality.reset_tuning."""
        await self._policy.require(Action(tool="quality.tune", origin=PERSON, writes=True))
        return await self._tuning.reset()
