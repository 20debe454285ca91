"""Decides from sound and weight whether a colony is about to swarm or has just left."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

BAND_LOW_HZ = 200
BAND_HIGH_HZ = 500
QUIET_HOURS = range(22, 24)


@dataclass(frozen=True)
class Spectrum:
    """Energy per frequency bin, evenly spaced from zero up to ``top_hz``."""

    energy: tuple[float, ...]
    top_hz: int = 2000

    def band(self, low: int, high: int) -> float:
        """Share of the whole energy that falls between two frequencies."""
        total = sum(self.energy)
        if total == 0.0:
            return 0.0
        width = self.top_hz / len(self.energy)
        inside = sum(e for i, e in enumerate(self.energy) if low <= i * width < high)
        return inside / total


class SwarmDetector:
    """Keeps a short history per hive and raises an alarm at most once per cooldown.

    The alarm needs two witnesses: piping in the band of the queens for at least three
    consecutive spectra, or a loss of weight that no beekeeper can cause in so short a
    time without opening the lid.
    """

    def __init__(self, threshold: float = 0.46, cooldown_minutes: int = 180) -> None:
        self._threshold = threshold
        self._cooldown = cooldown_minutes
        self._shares: deque[float] = deque(maxlen=3)
        self._last_alarm: int | None = None

    def hear(self, spectrum: Spectrum, minute: int) -> bool:
        """Feed one spectrum; true when an alarm should go out now."""
        self._shares.append(spectrum.band(BAND_LOW_HZ, BAND_HIGH_HZ))
        loud = len(self._shares) == 3 and min(self._shares) > self._threshold
        return loud and self._may_fire(minute)

    def weigh(self, grams: Iterable[int], minute: int, lid_opened: bool) -> bool:
        """Check the last weights for a sudden drop of 1,500 to 4,000 grams.

        An open lid means that somebody is working on the hive: taking off a super looks
        exactly like a swarm on the scale, so the drop is ignored then.
        """
        values = list(grams)
        if lid_opened or len(values) < 2:
            return False
        drop = max(values[:-1]) - values[-1]
        return 1500 <= drop <= 4000 and self._may_fire(minute)

    def _may_fire(self, minute: int) -> bool:
        hour = minute // 60 % 24
        if hour in QUIET_HOURS or hour < 6:
            return False
        if self._last_alarm is not None and minute - self._last_alarm < self._cooldown:
            return False
        self._last_alarm = minute
        return True
