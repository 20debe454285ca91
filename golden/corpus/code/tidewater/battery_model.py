"""Estimates how many days a node has left from its reporting period and the cold."""

from __future__ import annotations

import math
from dataclasses import dataclass

SLEEP_MICROAMPS = 9.0
CELL_MILLIAMP_HOURS = 2900.0
SELF_DISCHARGE_PER_YEAR = 0.012


@dataclass(frozen=True)
class Load:
    """Charge drawn by one report, in microampere-hours."""

    measure: float = 0.9
    transmit: float = 2.6
    retries: float = 0.15

    def per_report(self) -> float:
        return self.measure + self.transmit * (1.0 + self.retries)


def usable_fraction(celsius: float) -> float:
    """Share of the rated charge that a lithium cell gives up at this temperature.

    Flat above five degrees, then falling linearly to 0.62 at minus twenty; below that
    the voltage dips under load before the charge is gone, so we count on a third.
    """
    if celsius >= 5.0:
        return 1.0
    if celsius < -20.0:
        return 0.33
    return 1.0 - (5.0 - celsius) * (0.38 / 25.0)


def daily_draw_uah(period_minutes: float, load: Load | None = None) -> float:
    """Microampere-hours used in a day, the sleeping current included."""
    if period_minutes <= 0:
        raise ValueError("the reporting period must be positive")
    reports = 24 * 60 / period_minutes
    return SLEEP_MICROAMPS * 24 + reports * (load or Load()).per_report()


def days_left(charge: float, period_minutes: float, coldest: float) -> int:
    """Whole days until the cells are empty.

    ``charge`` is the fraction reported by the node, 0 to 1. Self-discharge is applied
    as a continuous decay, solved for the time at which both losses together use up
    what the cold leaves us.
    """
    if not 0.0 <= charge <= 1.0:
        raise ValueError("charge is a fraction between 0 and 1")
    stock = CELL_MILLIAMP_HOURS * 1000.0 * charge * usable_fraction(coldest)
    draw = daily_draw_uah(period_minutes)
    decay = -math.log(1.0 - SELF_DISCHARGE_PER_YEAR) / 365.0
    return int(math.log1p(stock * decay / draw) / decay)


def warn_level(days: int) -> str:
    """Colour for the dashboard: the lamp on the node turns red at four weeks as well."""
    if days < 28:
        return "red"
    return "amber" if days < 60 else "green"
