"""Decides when a changed file is looked at: after a moment of quiet, rarely where it changes all the time. Used by `watching`."""

from collections import defaultdict
from dataclasses import dataclass

GIVE_UP_S = 1.0
"""A file that was quiet for this long no longer waits for its neighbours."""
LONGEST_S = 30.0
"""A file that never comes to rest is looked at this often."""
BURST = 10.0
"""Looks at one file that are never held up, for instance a person saving again and again."""
EVERY_S = 6.0
RAREST_S = 60.0
MOST_PATHS = 5000
"""Above this many waiting paths a root is looked at as a whole."""


@dataclass(slots=True)
class _Pace:
    """How often one path may be looked at: `looks` are left, one more comes every `every` seconds."""

    looks: float = BURST
    every: float = EVERY_S
    at: float = 0.0

    def refill(self, now: float) -> None:
        self.looks = min(BURST, self.looks + (now - self.at) / self.every)
        self.at = now
        if self.looks >= BURST:
            self.every = EVERY_S

    def spend(self) -> None:
        self.looks -= 1.0
        if self.looks < 1.0:
            self.every = min(RAREST_S, self.every * 2)


class Settling:
    """Changed paths by root. Times are seconds of a monotonic clock; `quiet` is how long a root must rest."""

    def __init__(self, quiet: float) -> None:
        self._quiet = quiet
        self._first: dict[str, dict[str, float]] = defaultdict(dict)
        self._last: dict[str, dict[str, float]] = defaultdict(dict)
        self._root_last: dict[str, float] = {}
        self._pace: dict[str, _Pace] = {}

    def note(self, root: str, path: str, now: float) -> None:
        """Take a change of `path`; too many make the whole root one change."""
        if path != root and root in self._first[root]:
            return  # the whole root is looked at anyway
        if path == root or len(self._first[root]) >= MOST_PATHS:
            self._first[root], self._last[root] = {root: min([now, *self._first[root].values()])}, {}
            path = root
        self._first[root].setdefault(path, now)
        self._last[root][path] = now
        self._root_last[root] = now

    def __bool__(self) -> bool:
        return any(self._first.values())

    def due(self, now: float) -> dict[str, set[str]]:
        """Take out what may be looked at now, by root."""
        found: dict[str, set[str]] = {}
        for root, firsts in self._first.items():
            ready = {path for path in firsts if self._at(root, path) <= now}
            for path in ready:
                del firsts[path], self._last[root][path]
                self._spend(path, now)
            if ready:
                found[root] = ready
        self._tidy(now)
        return found

    def next_due(self) -> float | None:
        """Return when something is due next, None when nothing waits."""
        return min((self._at(root, path) for root, firsts in self._first.items() for path in firsts), default=None)

    def _at(self, root: str, path: str) -> float:
        first, last = self._first[root][path], self._last[root][path]
        rested = min(self._root_last[root] + self._quiet, last + max(self._quiet, GIVE_UP_S))
        at = min(rested, first + LONGEST_S)
        pace = self._pace.get(path)
        if pace is not None and pace.looks < 1.0:
            at = max(at, pace.at + (1.0 - pace.looks) * pace.every)
        return at

    def _spend(self, path: str, now: float) -> None:
        pace = self._pace.setdefault(path, _Pace(at=now))
        pace.refill(now)
        pace.spend()

    def _tidy(self, now: float) -> None:
        if len(self._pace) > MOST_PATHS:
            self._pace = {path: pace for path, pace in self._pace.items() if now - pace.at < BURST * RAREST_S}
