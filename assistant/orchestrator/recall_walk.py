"""Walks the plan of a question, judging every step before anything is looked up. Called by the conversation.

What a request wants done is walked by `acting.executor`; a question waits neither for the registry of tools nor for folders.
"""

from assistant.domain.errors import PolicyDeniedError
from assistant.domain.memory import ContextPack, RecallQuery
from assistant.domain.plan import Action, Decision, Plan, Verdict
from assistant.memory.service import Memory
from assistant.policy import PolicyEngine


class RecallWalk:
    """Preview and run are one walk."""

    def __init__(self, memory: Memory, policy: PolicyEngine, budget: int) -> None:
        self._memory = memory
        self._policy = policy
        self._budget = budget

    async def walk(self, plan: Plan, *, dry_run: bool) -> tuple[list[Verdict], list[ContextPack]]:
        """Return the verdict of each step and, unless `dry_run`, what each brought.

        Raises PolicyDeniedError at the first step that is denied and, unless `dry_run`, at the first that nobody allowed.
        """
        verdicts: list[Verdict] = []
        packs: list[ContextPack] = []
        for step in plan.steps:
            action = Action(tool=step.tool, origin=plan.origin, correlation=plan.id)
            verdict = await self._policy.judge(action)
            verdicts.append(verdict)
            if verdict.decision is Decision.ASK and not dry_run:
                self._policy.tell_blocked(action, verdict.reason)  # a denial was told when it was judged
            if verdict.decision is Decision.DENY or (verdict.decision is Decision.ASK and not dry_run):
                raise PolicyDeniedError(f"{step.tool} is not allowed: {verdict.reason}.", kept="Nothing was done.")
            if not dry_run:
                packs.append(await self._memory.gather(RecallQuery.model_validate(step.arguments), self._budget))
        return verdicts, packs

    async def note(self, plan: Plan, pack: ContextPack) -> int:
        """Write down what was looked up for whom; return how many sources were shown."""
        shown = {evidence.source_id for evidence in pack.evidence}
        await self._memory.note_recall(plan.origin, "ask", plan.request, shown, plan.id)
        return len(shown)
