"""What a list of changes amounts to: its digest, totals, time and summary. Pure; used by the executor."""

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from hashlib import sha256

from assistant.domain.change import Change, ChangeKind, Conflict, Preview, Totals
from assistant.domain.plan import Action, Decision, Risk, Run, Verdict
from assistant.domain.tool import EffectKind

ENTRY_S = 0.0006
"""Seconds one change takes, by measurement on a slow machine; used for estimates only."""
BYTES_PER_S = 150e6

_KIND_EFFECTS = {
    ChangeKind.CREATE: EffectKind.CREATE,
    ChangeKind.WRITE: EffectKind.WRITE,
    ChangeKind.MOVE: EffectKind.MOVE,
    ChangeKind.TRASH: EffectKind.TRASH,
    ChangeKind.MKDIR: EffectKind.CREATE,
    ChangeKind.RMDIR: EffectKind.TRASH,
}


def preview(changes: Sequence[Change], conflicts: Sequence[Conflict], uncovered: Iterable[str], at: datetime) -> Preview:
    """Return the preview of these changes in their order."""
    return Preview(
        digest=digest(changes),
        changes=tuple(changes),
        conflicts=tuple(conflicts),
        totals=totals(changes),
        uncovered=tuple(dict.fromkeys(uncovered)),
        at=at,
    )


def digest(changes: Iterable[Change]) -> str:
    """Return the sha256 (hex) of all that matters in these changes: kinds, places, contents, and what has to stand there."""
    sum_ = sha256()
    for change in changes:
        sum_.update(change.model_dump_json(exclude={"why", "items"}).encode("utf-8", "surrogatepass"))
        sum_.update(b"\n")
    return sum_.hexdigest()


def totals(changes: Iterable[Change]) -> Totals:
    """Count the changes by kind."""
    counted = dict.fromkeys(ChangeKind, 0)
    written = trashed = 0
    for change in changes:
        counted[change.kind] += change.items
        if change.kind in (ChangeKind.CREATE, ChangeKind.WRITE):
            written += change.size
        elif change.kind is ChangeKind.TRASH and change.before is not None:
            trashed += change.before.size if change.before.kind == "file" else change.size
    return Totals(
        created=counted[ChangeKind.CREATE],
        written=counted[ChangeKind.WRITE],
        moved=counted[ChangeKind.MOVE],
        trashed=counted[ChangeKind.TRASH],
        folders=counted[ChangeKind.MKDIR] + counted[ChangeKind.RMDIR],
        bytes_written=written,
        bytes_trashed=trashed,
    )


def estimate_s(changes: Sequence[Change]) -> float:
    """Return the seconds these changes take at least, roughly."""
    counted = totals(changes)
    return round(len(changes) * ENTRY_S + counted.bytes_written / BYTES_PER_S, 3)


def strictest(verdicts: Iterable[Verdict]) -> Decision:
    """Return the decision for a plan as a whole: DENY of one denies all, then ASK; nothing to judge is ALLOW."""
    found = {verdict.decision for verdict in verdicts}
    return next((decision for decision in (Decision.DENY, Decision.ASK) if decision in found), Decision.ALLOW)


def highest(verdicts: Iterable[Verdict]) -> Risk:
    """Return the greatest risk of a plan's steps, with the reasons of all of them."""
    risks = sorted((verdict.risk for verdict in verdicts), key=lambda risk: risk.score)
    if not risks:
        return Risk()
    reasons = dict.fromkeys(reason for risk in reversed(risks) for reason in risk.reasons)
    stop = next((risk.stop for risk in risks if risk.stop), "")
    return risks[-1].model_copy(update={"reasons": tuple(reasons), "stop": stop})


def effects_of(changes: Iterable[Change]) -> tuple[EffectKind, ...]:
    """Return what these changes do, in order, each once."""
    return tuple(dict.fromkeys(_KIND_EFFECTS[change.kind] for change in changes))


def action_on(run: Run, tool: str, origin: str, changes: Sequence[Change], count: int) -> Action:
    """Return what the policy is asked about changes of a run that is gone on with, taken back or done again."""
    return Action(
        tool=tool,
        origin=origin,
        paths=touched(changes),
        writes=True,
        effects=effects_of(changes),
        count=count,
        plan=run.plan.id,
        correlation=run.plan.id,
    )


def touched(changes: Iterable[Change]) -> tuple[str, ...]:
    """Return every path that these changes touch, in order, each once."""
    return tuple(dict.fromkeys(path for change in changes for path in (change.path, change.to) if path))


def left(changes: Iterable[Change], skip: Iterable[str]) -> list[Change]:
    """Return the changes without those at these paths, and without folders that would only be made for them."""
    unwanted = set(skip)
    if not unwanted:
        return list(changes)
    every = list(changes)
    kept = [change for change in every if change.path not in unwanted]
    lost = _filled(every) - _filled(kept)
    return [change for change in kept if change.kind is not ChangeKind.MKDIR or change.path not in lost]


def _filled(changes: Iterable[Change]) -> set[str]:
    """Return the folders into which something other than folders goes."""
    return {parent for one in changes if one.kind is not ChangeKind.MKDIR for parent in _parents(one.result)}


def _parents(path: str) -> Iterable[str]:
    while (parent := os.path.dirname(path)) != path:  # noqa: PTH120 - PurePath takes ten times as long, and there are thousands
        path = parent
        yield path
