"""The spaces group of the façade: models and their vectors. Built by `api.facade`."""

from assistant.api.upkeep import PERSON
from assistant.api.views import SpaceComparison, SpaceRecord
from assistant.domain.plan import Action
from assistant.eval.gate import GoldenGate
from assistant.orchestrator.changing import ModelChange
from assistant.policy import PolicyEngine


class LocalSpaces:
    """Fulfils `assistant.api.contract.Spaces`."""

    def __init__(self, change: ModelChange, gate: GoldenGate, policy: PolicyEngine) -> None:
        self._change = change
        self._gate = gate
        self._policy = policy

    async def all(self) -> list[SpaceRecord]:
        """See Spaces.all."""
        return await self._change.all()

    async def start(self, model_id: str) -> SpaceRecord:
        """See Spaces.start."""
        await self._policy.require(Action(tool="spaces.start", origin=PERSON, writes=True))
        return await self._change.use(model_id)

    async def switch(self, model_id: str) -> SpaceRecord:
        """See Spaces.switch."""
        await self._policy.require(Action(tool="spaces.switch", origin=PERSON, writes=True))
        return await self._change.use(model_id, anyway=True)

    async def rollback(self) -> SpaceRecord:
        """See Spaces.rollback."""
        await self._policy.require(Action(tool="spaces.rollback", origin=PERSON, writes=True))
        return await self._change.rollback()

    async def drop(self, model_id: str) -> None:
        """See Spaces.drop."""
        await self._policy.require(Action(tool="spaces.drop", origin=PERSON, writes=True))
        await self._change.drop(model_id)

    async def compare(self) -> SpaceComparison:
        """See Spaces.compare."""
        await self._policy.require(Action(tool="spaces.compare", origin=PERSON))
        spaces: list[SpaceRecord] = []
        for record in await self._change.all():
            figures = await self._gate.figures(record) if record.state in ("active", "ready") else record.figures
            spaces.append(await self._change.counted(record, figures))
        return SpaceComparison(spaces=tuple(spaces))
