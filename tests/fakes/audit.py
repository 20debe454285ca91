"""The record of verdicts in a list. Used wherever something is judged."""

from collections.abc import Sequence
from datetime import datetime

from assistant.domain.erasure import Doomed, marked_out
from assistant.domain.plan import Action, AuditRecord, Verdict


class FakeAudit:
    """AuditSink and AuditLog; `broken` are the numbers of lines that the check complains about."""

    def __init__(self) -> None:
        self.lines: list[tuple[Action, Verdict, datetime]] = []
        self.broken: list[int] = []

    async def record(self, action: Action, verdict: Verdict, at: datetime) -> None:
        self.lines.append((action, verdict, at))

    async def redact(self, paths: Sequence[str]) -> None:
        doomed = Doomed(paths)

        def blank(named: Sequence[str]) -> tuple[str, ...]:
            return tuple(marked_out(path) if doomed.covers(path) else path for path in named)

        self.lines = [
            (
                action.model_copy(update={"paths": blank(action.paths), "reads": blank(action.reads)}),
                verdict.model_copy(update={"reason": marked_out(verdict.reason)}) if doomed.named_in(verdict.reason) else verdict,
                at,
            )
            for action, verdict, at in self.lines
        ]

    async def read(self, before: int = 0, limit: int = 100) -> list[AuditRecord]:
        records = [
            AuditRecord(
                seq=seq,
                at=at,
                paths=(*action.paths, *action.reads),
                **action.model_dump(include={"tool", "origin", "writes", "network", "correlation"}),
                **verdict.model_dump(include={"decision", "rule", "reason"}),
            )
            for seq, (action, verdict, at) in enumerate(self.lines, 1)
            if not before or seq < before
        ]
        return records[::-1][: max(0, limit)]

    async def count(self) -> int:
        return len(self.lines)

    async def check(self) -> list[int]:
        return list(self.broken)
