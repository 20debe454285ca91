"""The one choke point: every action gets a recorded verdict here before it happens. Used by the orchestrator."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from assistant.domain.errors import PolicyDeniedError
from assistant.domain.events import PolicyBlocked, VerdictRecorded
from assistant.domain.plan import Action, Decision, Verdict
from assistant.policy.off_limits import OffLimits
from assistant.policy.paths import Folders
from assistant.policy.risk import Granted
from assistant.policy.rules import Rule, RuleBook
from assistant.policy.verdicts import Standing, decide
from assistant.ports.acting import GrantStore
from assistant.ports.system import AuditSink, Clock, EventSink, IdSource

Roots = Callable[[], Awaitable[Sequence[str]]]
"""The folders a person gave Mneme, absolute and resolved."""

ALWAYS = datetime.min.replace(tzinfo=UTC)
"""A time at which every grant holds: expired ones are listed as well."""


class PolicyEngine:
    """Rules, capabilities, risk and grants; anything nobody names is ASK. Without `roots` no folder may be touched."""

    def __init__(
        self,
        rules: Sequence[Rule] | RuleBook,
        audit: AuditSink,
        events: EventSink,
        clock: Clock,
        ids: IdSource,
        *,
        roots: Roots | None = None,
        grants: GrantStore | None = None,
        limits: OffLimits | None = None,
    ) -> None:
        self._book = rules if isinstance(rules, RuleBook) else RuleBook(rule=tuple(rules))
        self._audit = audit
        self._events = events
        self._clock = clock
        self._ids = ids
        self._remembered = roots
        self._grants = grants
        self._limits = limits or OffLimits(home="")

    async def judge(self, action: Action, *, agreed: bool = False) -> Verdict:
        """Decide about an action and record it; raises StorageError when the record cannot be written.

        `agreed` tells that a person has just agreed to exactly this action: ASK is ALLOW then, DENY stays.
        """
        now = self._clock.now()
        # What only concerns Mneme's own memory needs no folders: a question should not wait for them.
        granted = await self._granted() if action.effects else Granted()
        standing = Standing(self._book, self._limits, granted, (), now)
        verdict = decide(action, standing, agreed=agreed)
        if verdict.decision is Decision.ASK and self._grants:
            standing = replace(standing, grants=await self._grants.all(now))
            verdict = decide(action, standing)
        await self._audit.record(action, verdict, now)
        self._tell(action, verdict, now)
        if self._grants and any(grant.id == verdict.grant and grant.kind == "once" for grant in standing.grants):
            await self._grants.remove(verdict.grant)
        return verdict

    async def require(self, action: Action, *, agreed: bool = False) -> None:
        """Return when the action is allowed; raises PolicyDeniedError otherwise: no answer is a deny."""
        verdict = await self.judge(action, agreed=agreed)
        if verdict.decision is not Decision.ALLOW:
            if verdict.decision is Decision.ASK:  # a denial was told when it was judged
                self.tell_blocked(action, verdict.reason)
            raise PolicyDeniedError(
                f"{action.tool} is not allowed from {action.origin}: {verdict.reason}.",
                kept="Nothing was done.",
                remedy="Ask for it in the window or on the command line.",
            )

    async def roots(self) -> tuple[str, ...]:
        """Return the folders that may be changed: those that are remembered, and those of the policy."""
        return (await self._granted()).write

    async def read_roots(self) -> tuple[str, ...]:
        """Return the folders that may be looked at."""
        return (await self._granted()).read

    async def redact(self, paths: Sequence[str]) -> None:
        """Take the names of forgotten paths out of the record and out of permissions: what was done, when and why stays."""
        await self._audit.redact(paths)
        if self._grants:
            folders = Folders(paths)
            for grant in await self._grants.all(ALWAYS):
                if grant.scope and folders.cover(grant.scope):
                    await self._grants.remove(grant.id)

    def tell_blocked(self, action: Action, reason: str) -> None:
        """Tell that an action is not done; who asks a person calls it where nobody agreed, a denial tells of itself."""
        now = self._clock.now()
        self._events.publish(PolicyBlocked(id=self._ids.new("ev"), at=now, reason=reason, **_door(action)))

    async def _granted(self) -> Granted:
        remembered = tuple(await self._remembered()) if self._remembered else ()
        write = (*remembered, *self._book.fs.write)
        return Granted(read=(*write, *self._book.fs.read), write=write)

    def _tell(self, action: Action, verdict: Verdict, now: datetime) -> None:
        head = {"reason": verdict.reason, **_door(action)}
        self._events.publish(VerdictRecorded(id=self._ids.new("ev"), at=now, decision=verdict.decision.value, **head))
        if verdict.decision is Decision.DENY:
            self.tell_blocked(action, verdict.reason)


def _door(action: Action) -> dict[str, str]:
    return {"tool": action.tool, "origin": action.origin, "correlation": action.correlation}
