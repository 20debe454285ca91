"""How much could go wrong with an action, and what is never done, whoever agrees. Pure; used by `verdicts`."""

import os
from collections.abc import Iterator
from typing import Literal, NamedTuple

from assistant.domain.plan import Action, Risk
from assistant.domain.tool import EffectKind
from assistant.policy.off_limits import OffLimits
from assistant.policy.paths import Folders, ancestors, fault_of, hidden_signs, is_volume
from assistant.policy.rules import CHANGING, effects_of

PEOPLE = frozenset({"window", "cli", "tray", "person"})
"""Doors at which a person sits."""

_EFFECTS: dict[EffectKind, tuple[int, str]] = {
    EffectKind.READ: (0, ""),
    EffectKind.MEMORY: (5, "changes what Mneme remembers"),
    EffectKind.OPEN: (10, "opens files in other programs"),
    EffectKind.CREATE: (10, "makes new files"),
    EffectKind.MOVE: (20, "moves or renames files"),
    EffectKind.WRITE: (25, "rewrites files"),
    EffectKind.GIT: (25, "changes a git repository"),
    EffectKind.TRASH: (30, "sends files to the trash"),
    EffectKind.NETWORK: (50, "sends something over the network"),
}
_COUNTS = ((1000, 20), (100, 10), (10, 5))
_RUNNABLE = (".sh", ".bash", ".py", ".exe", ".bat", ".cmd", ".ps1", ".com", ".msi", ".desktop", ".app", ".command", ".jar", ".js")
LOW, MEDIUM = 30, 60


class Granted(NamedTuple):
    """Folders that tools may read, and those that they may change."""

    read: tuple[str, ...] = ()
    write: tuple[str, ...] = ()


def assess(action: Action, limits: OffLimits, granted: Granted) -> Risk:
    """Return the risk of an action: what it does, to how much, where, from whom; never less for more taints or entries."""
    effects = effects_of(action)
    points = list(_points(action, effects, limits))
    score = min(100, sum(worth for worth, _ in points))
    stop = _stop(action, effects, limits, granted)
    return Risk(score=score, level=_level(score), reasons=tuple(reason for _, reason in points if reason), stop=stop)


def _level(score: int) -> Literal["none", "low", "medium", "high"]:
    if not score:
        return "none"
    return "low" if score < LOW else "medium" if score < MEDIUM else "high"


def _points(action: Action, effects: frozenset[EffectKind], limits: OffLimits) -> Iterator[tuple[int, str]]:
    """Yield points with their reasons, the heaviest effect first."""
    kinds = sorted((_EFFECTS[effect] for effect in effects), reverse=True)
    yield from kinds[:1]
    yield from ((0, reason) for _, reason in kinds[1:])
    acts = bool(effects - {EffectKind.READ})
    count = max(action.count, len(action.paths))
    worth = next((worth for above, worth in _COUNTS if count > above), 0) if acts else 0
    if worth:
        yield worth, f"touches {count:,} entries"
    if acts and not action.reversible:
        yield 30, "cannot be undone"
    if acts and action.origin not in PEOPLE:
        yield 20, "nobody sits at the door it came through"
    if action.taints and acts:
        yield 30, "text that nobody here wrote flows into it"
    yield from _places(action, effects, limits)


def _places(action: Action, effects: frozenset[EffectKind], limits: OffLimits) -> Iterator[tuple[int, str]]:
    if not effects & (CHANGING | {EffectKind.OPEN}):
        return
    settings = limits.home.rstrip(os.sep) + os.sep + "."
    if any(path.startswith(settings) for path in action.paths):
        yield 30, "touches hidden folders of your home, where programs keep keys and settings"
    written = effects & {EffectKind.CREATE, EffectKind.WRITE, EffectKind.OPEN}
    if written and any(path.lower().endswith(_RUNNABLE) for path in action.paths):
        yield 20, "files that can be run are among them"
    if any(hidden_signs(path) for path in action.paths):
        yield 20, "a name holds characters that cannot be seen"


def _stop(action: Action, effects: frozenset[EffectKind], limits: OffLimits, granted: Granted) -> str:
    """Return why an action is never done, "" when it may be."""
    for path in (*action.paths, *action.reads) if effects & (CHANGING | {EffectKind.READ, EffectKind.OPEN}) else ():
        if fault := fault_of(path):
            return f"{path!r} is {fault}"
    if not effects & CHANGING:
        return ""
    count = max(action.count, len(action.paths))
    if count > limits.most_entries:
        return f"it would touch {count:,} entries, and {limits.most_entries:,} are the most"
    guarded = _Guarded(limits, granted, whole=bool(effects & {EffectKind.MOVE, EffectKind.TRASH}))
    return next((why for path in action.paths if (why := guarded.why(path))), "")


class _Guarded:
    """What no action changes: the home folder, whole volumes, the system, Mneme's own, and granted folders themselves."""

    def __init__(self, limits: OffLimits, granted: Granted, *, whole: bool) -> None:
        self._home = Folders([limits.home])
        self._system = Folders(limits.system)
        self._own = Folders(limits.own)
        # A granted root may be a single file, which may be rewritten, but never moved or thrown away.
        self._roots = Folders(granted.read + granted.write if whole else ())
        held = (limits.home, *limits.own, *(granted.read + granted.write if whole else ()))
        self._above = {above for path in held if path for above in ancestors(path)}

    def why(self, path: str) -> str:
        """Return why a path is guarded, "" when it is not."""
        if is_volume(path):
            return f"{path} is a whole volume"
        if self._home.name(path):
            return f"{path} is your home folder itself"
        if self._roots.name(path):
            return f"{path} is a folder you gave Mneme, itself"
        if self._system.cover(path):
            return f"{path} belongs to the system"
        if self._own.cover(path):
            return f"{path} belongs to Mneme itself"
        return f"{path} holds folders that have to stay where they are" if path in self._above else ""
