"""Where the results of changes stand after all that came later. Pure; used by undo and the critic."""

import os
from collections.abc import Iterable

from assistant.domain.change import Applied, Change, ChangeKind


def final_places(applied: Iterable[Applied]) -> dict[int, str]:
    """Return the present path of each change's result by number; a result that a later one moved on, rewrote or trashed has none.

    A folder that is moved takes what is below it along, one that goes takes it away.
    """
    at: dict[str, int] = {}
    for one in applied:
        change = one.change
        if change.kind is ChangeKind.MOVE:
            for held in _below(at, change):
                at[change.to + held[len(change.path) :]] = at.pop(held)
            at.pop(change.path, None)
            at[change.to] = one.n
        elif change.kind in (ChangeKind.TRASH, ChangeKind.RMDIR):
            for held in _below(at, change):
                del at[held]
            at.pop(change.path, None)
        else:
            at[change.path] = one.n
    return {n: path for path, n in at.items()}


def _below(at: dict[str, int], change: Change) -> list[str]:
    """List what stands below the folder that a change takes away; nothing stands below a file."""
    if change.before is not None and change.before.kind != "folder":
        return []
    below = change.path.rstrip(os.sep) + os.sep
    return [held for held in at if held.startswith(below)]
