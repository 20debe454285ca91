"""The one choke point: every action gets a recorded verdict here before it happens. Used by the orchestrator."""

from collections.abc import Sequence

from assistant.domain.errors import PolicyDeniedError
from assistant.domain.events import VerdictRecorded
from assistant.domain.plan import Action, Decision, Verdict
from assistant.policy.rules import Rule
from assistant.ports.system import AuditSink, Clock, EventSink, IdSource


class PolicyEngine:
    """Ordered rules; anything no rule names is ASK."""

    def __init__(self, rules: Sequence[Rule], audit: AuditSink, events: EventSink, clock: Clock, ids: IdSource) -> None:
        self._rules = tuple(rules)
        self._audit = audit
        self._events = events
        self._clock = clock
        self._ids = ids

    async def judge(self, action: Action) -> Verdict:
        """Decide about an action and record it; raises StorageError when the record cannot be written."""
        rule = next((rule for rule in self._rules if rule.matches(action)), None)
        verdict = (
            Verdict(decision=rule.decision, rule=rule.name, reason=rule.reason)
            if rule
            else Verdict(decision=Decision.ASK, rule="", reason="no rule names this action")
        )
        now = self._clock.now()
        await self._audit.record(action, verdict, now)
        self._events.publish(
            VerdictRecorded(
                id=self._ids.new("ev"),
                at=now,
                correlation=action.correlation,
                tool=action.tool,
                origin=action.origin,
                decision=verdict.decision.value,
                reason=verdict.reason,
            )
        )
        return verdict

    async def redact(self, paths: Sequence[str]) -> None:
        """Take the names of forgotten paths out of the record: what was done, when and why stays."""
        await self._audit.redact(paths)

    async def require(self, action: Action) -> None:
        """Return when the action is allowed; raises PolicyDeniedError otherwise: no answer is a deny."""
        verdict = await self.judge(action)
        if verdict.decision is not Decision.ALLOW:
            raise PolicyDeniedError(
                f"{action.tool} is not allowed from {action.origin}: {verdict.reason}.",
                kept="Nothing was done.",
                remedy="Ask for it in the window or on the command line.",
            )
