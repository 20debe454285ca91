"""The quality group of the façade: what a person called right. Built by `api.facade`."""

from collections.abc import Sequence

from assistant.api.upkeep import PERSON
from assistant.api.views import Citation, ConfirmedCase, EvalReport
from assistant.domain.plan import Action
from assistant.eval.own import OwnSet
from assistant.policy import PolicyEngine


class LocalQuality:
    """Fulfils `assistant.api.contract.Quality`."""

    def __init__(self, own: OwnSet, policy: PolicyEngine) -> None:
        self._own = own
        self._policy = policy

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
