"""Where the results of changes stand after all that came later. Pure; used by undo and the critic."""

import os
from collections.abc import Iterable
from typing import NamedTuple

from assistant.domain.change import Applied, Change, ChangeKind


class Places(NamedTuple):
    """Results by the numbers of their changes: `at` holds the present path of each that stands, `taken` what took the others.

    A later change takes a result by moving, rewriting or trashing it, or a folder that holds it; each result is in one of both.
    """

    at: dict[int, str]
    taken: dict[int, int]


def final_places(applied: Iterable[Applied]) -> Places:
    """Follow what each change left; a folder that is moved takes what is below it along, one that goes takes it away."""
    held: dict[str, int] = {}
    taken: dict[int, int] = {}
    for one in applied:
        change = one.change
        leaves = change.kind in (ChangeKind.MOVE, ChangeKind.TRASH, ChangeKind.RMDIR)
        for path in _below(held, change) if leaves else ():
            n = held.pop(path)
            if change.kind is ChangeKind.MOVE:
                held[change.to + path[len(change.path) :]] = n
            else:
                taken[n] = one.n
        if change.path in held:
            taken[held.pop(change.path)] = one.n
        if change.kind is ChangeKind.MOVE:
            held[change.to] = one.n
        elif not leaves:
            held[change.path] = one.n
    return Places({n: path for path, n in held.items()}, taken)


def _below(held: dict[str, int], change: Change) -> list[str]:
    """List what stands below the folder that a change takes away; nothing stands below a file."""
    if change.before is not None and change.before.kind != "folder":
        return []
    below = change.path.rstrip(os.sep) + os.sep
    return [path for path in held if path.startswith(below)]
