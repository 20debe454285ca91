"""Walks a plan, judging every step before anything happens. Called by the conversation."""

from assistant.domain.errors import PolicyDeniedError
from assistant.domain.memory import ContextPack, RecallQuery
from assistant.domain.plan import Action, Decision, Plan, Verdict
from assistant.memory.service import Memory
from assistant.policy import PolicyEngine


class Executor:
    """Preview and run are one walk."""

    def __init__(self, memory: Memory, policy: PolicyEngine, budget: int) -> None:
        self._memory = memory
        self._policy = policy
        self._budget = budget

    async def walk(self, plan: Plan, *, dry_run: bool) -> tuple[list[Verdict], list[ContextPack]]:
        """Return the verdict of each step and, unless `dry_run`, what each brought.

        Raises PolicyDeniedError at the first step of a real run that the policy does not allow.
        """
        verdicts: list[Verdict] = []
        packs: list[ContextPack] = []
        for step in plan.steps:
            verdict = await self._policy.judge(Action(tool=step.tool, origin=plan.origin, correlation=plan.id))
            verdicts.append(verdict)
            if dry_run:
                continue
            if verdict.decision is not Decision.ALLOW:
                raise PolicyDeniedError(f"{step.tool} is not allowed: {verdict.reason}.", kept="Nothing was done.")
            packs.append(await self._memory.gather(RecallQuery.model_validate(step.arguments), self._budget))
        return verdicts, packs

    async def note(self, plan: Plan, pack: ContextPack) -> int:
        """Write down what was looked up for whom; return how many sources were shown."""
        shown = {evidence.source_id for evidence in pack.evidence}
        await self._memory.note_recall(plan.origin, "ask", plan.request, shown, plan.id)
        return len(shown)
