"""The plans that wait for a person, with what is known of each. Used by the proposals."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from assistant.domain.errors import NotFoundError
from assistant.domain.plan import Plan, Proposal
from assistant.orchestrator.acting.looking import Edits, Looked

MOST_PENDING = 50
"""Plans kept; the oldest beyond them are withdrawn."""


@dataclass(slots=True)
class Pending:
    """A request on its way to an approval. `now` is the wall clock at which all of it is worked out, so that it stays the same.

    `answers` are what was asked back, by slot; `looking` is the task that looks through it at this moment.
    """

    id: str
    request: str
    origin: str
    context: tuple[str, ...]
    now: datetime
    since: float
    answers: dict[str, str] = field(default_factory=dict[str, str])
    plan: Plan | None = None
    edits: Edits = field(default_factory=Edits)
    looked: Looked | None = None
    proposal: Proposal | None = None
    looking: asyncio.Task[object] | None = None
    withdrawn: bool = False


class Waiting:
    """The plans that wait, oldest first; those nobody decides about go after a while, which is a deny."""

    def __init__(self, seconds: float, monotonic: Callable[[], float]) -> None:
        self._seconds = seconds
        self._monotonic = monotonic
        self._held: dict[str, Pending] = {}

    def add(self, pending: Pending) -> None:
        """Keep a plan."""
        self.sweep()
        self._held[pending.id] = pending
        while len(self._held) > MOST_PENDING:
            del self._held[next(iter(self._held))]

    def get(self, plan_id: str) -> Pending:
        """Return a plan that waits; raises NotFoundError."""
        self.sweep()
        if plan_id not in self._held:
            raise NotFoundError(
                "This plan does not wait any more: it was carried out, withdrawn, or nobody decided in time.",
                kept="Nothing was done.",
                remedy="Ask for it again.",
            )
        return self._held[plan_id]

    def drop(self, plan_id: str) -> Pending | None:
        """Take a plan off the list."""
        return self._held.pop(plan_id, None)

    def all(self) -> list[Pending]:
        """Return those that wait for an answer or an approval."""
        self.sweep()
        return [one for one in self._held.values() if one.proposal is not None]

    @property
    def busy(self) -> bool:
        """Tell whether a plan is being worked out or looked through at this moment."""
        return any(one.looking is not None or one.proposal is None for one in self._held.values())

    def sweep(self) -> None:
        """Withdraw what has waited too long."""
        now = self._monotonic()
        for plan_id in [one.id for one in self._held.values() if now - one.since > self._seconds and one.looking is None]:
            del self._held[plan_id]
