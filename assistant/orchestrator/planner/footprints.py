"""What a step would read and change on disk, as far as its arguments tell before anybody has looked. Pure.

It decides what may run side by side; what really changes is told by the preview.
"""

import ntpath
import posixpath
import sys
from collections.abc import Collection
from typing import NamedTuple

from assistant.domain.plan import Step
from assistant.domain.tool import Arguments

_paths = ntpath if sys.platform == "win32" else posixpath

# Which arguments name what a command changes; all other paths among its arguments are read. "^" stands for the folder above.
_CHANGED: dict[str, tuple[str, ...]] = {
    "report.write": ("target",),
    "files.rename": ("^paths", "folder"),
    "files.sort": ("folder", "target"),
    "files.move": ("paths", "folder", "target"),
    "files.copy": ("target",),
    "files.trash": ("paths", "folder"),
    "files.duplicates": ("folders",),
    "files.clean": ("folder",),
    "text.todos": ("target",),
    "text.extract": ("target",),
    "text.create": ("path",),
    "text.append": ("path",),
    "text.replace": ("paths", "folder"),
    "text.convert": ("^path", "target"),
    "archive.pack": ("target",),
    "archive.unpack": ("^path", "target"),
    "git.stage": ("repository",),
    "git.commit": ("repository",),
    "git.branch": ("repository",),
    "git.switch": ("repository",),
    "git.stash": ("repository",),
    "git.unstash": ("repository",),
}
_LOOKING = ("memory.", "files.list", "files.compare", "files.open", "archive.list", "git.status", "git.changes")


class Footprint(NamedTuple):
    """Paths that are read and paths that are changed, each with all below it."""

    reads: frozenset[str]
    changes: frozenset[str]


def footprint(step: Step) -> Footprint:
    """Return what a step touches; a command nobody knows is taken to change whatever it names."""
    everything = frozenset(path for name in step.arguments for path in _named(step.arguments, name))
    if step.tool.startswith(_LOOKING):
        return Footprint(everything, frozenset())
    slots = _CHANGED.get(step.tool)
    if slots is None:
        return Footprint(everything, everything)
    changed = frozenset(path for slot in slots for path in _slot(step.arguments, slot))
    return Footprint(everything, changed)


def clash(one: Footprint, other: Footprint) -> bool:
    """Tell whether either changes what the other reads or changes."""
    return _meet(one.changes, other.reads | other.changes) or _meet(other.changes, one.reads)


def _meet(some: Collection[str], others: Collection[str]) -> bool:
    return any(a == b or _below(a, b) or _below(b, a) for a in some for b in others)


def _below(path: str, folder: str) -> bool:
    return path.startswith(folder.rstrip("/\\") + _paths.sep)


def _slot(arguments: Arguments, slot: str) -> list[str]:
    if slot.startswith("^"):
        # With a target of its own nothing is put beside the file.
        beside = "target" not in arguments
        return [_paths.dirname(path) for path in _named(arguments, slot[1:])] if beside else []
    return _named(arguments, slot)


def _named(arguments: Arguments, name: str) -> list[str]:
    value = arguments.get(name)
    found = value if isinstance(value, list) else [value]
    return [one for one in found if isinstance(one, str) and _paths.isabs(one)]
