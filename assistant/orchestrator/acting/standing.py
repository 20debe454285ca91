"""What of a run stands, and what is to be done again. Pure; used by `undoing`."""

from assistant.domain.change import Applied, Change
from assistant.domain.plan import Run, RunLog, RunState

ON_ITS_WAY = "Mneme was ended while this was taken back or done again; the same again goes on with it."
"""The reason of a run while an undo or a redo works on it: what a person reads when the process ends in the middle."""


def what_stands(written: RunLog) -> list[Applied]:
    """Return what was applied and not taken back, in order."""
    gone = set(written.reverted)
    return sorted((one for one in written.applied if one.n not in gone), key=lambda one: one.n)


def on_its_way(run: Run) -> Run:
    """Return how a run is kept while an undo or a redo works on it: whatever happens, it is not claimed to be whole."""
    return run.model_copy(update={"state": "partly undone", "reason": ON_ITS_WAY})


def as_it_stands(run: Run, written: RunLog, reason: str) -> Run:
    """Return a run after an undo or a redo, or after the end of one was cut off."""
    standing = len(what_stands(written))
    state: RunState = "done" if standing == len(written.applied) else "partly undone" if standing else "undone"
    facts = {"state": state, "standing": standing, "undoable": standing > 0}
    return run.model_copy(update=facts | {"reason": "" if reason == ON_ITS_WAY else reason})


def foreseen(one: Applied, written: RunLog) -> Change:
    """Return the change to do again: of what an earlier change makes, as it was planned, for it gets another time each time."""
    planned = written.preview.changes[one.n] if one.n < len(written.preview.changes) else one.change
    before = planned.before
    return planned if before is not None and not before.inode and planned.path == one.change.path else one.change


def without(written: RunLog, n: int) -> RunLog:
    """Return the log with a change taken back."""
    return written.model_copy(update={"reverted": (*written.reverted, n)})


def with_again(written: RunLog, made: Applied) -> RunLog:
    """Return the log with a change done again."""
    others = tuple(one for one in written.applied if one.n != made.n)
    reverted = tuple(n for n in written.reverted if n != made.n)
    return written.model_copy(update={"applied": (*others, made), "reverted": reverted})
