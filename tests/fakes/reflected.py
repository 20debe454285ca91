"""Runs that are over, for the tests of what is written about them."""

from datetime import UTC, datetime
from typing import Any

from assistant.domain.change import Applied, Change, ChangeKind, Preview
from assistant.domain.plan import Plan, Run, RunLog

NOON = datetime(2026, 11, 27, 12, tzinfo=UTC)


def move(n: int, path: str, to: str) -> Applied:
    """The n-th change of a run: a file that was moved."""
    return Applied(n=n, change=Change(kind=ChangeKind.MOVE, path=path, to=to))


def over(run_id: str, request: str, *applied: Applied, reverted: tuple[int, ...] = (), **more: Any) -> tuple[Run, RunLog]:
    """A run with its log."""
    plan = Plan(id=f"plan_{run_id}", request=request, language=more.pop("language", "en"), origin="window", steps=())
    values = {"id": run_id, "plan": plan, "state": "done", "began": NOON, "ended": NOON, "total": len(applied)}
    changes = tuple(one.change for one in applied)
    preview = Preview(digest="d", changes=changes, at=NOON)
    return Run.model_validate({**values, **more}), RunLog(preview=preview, applied=applied, reverted=reverted)
