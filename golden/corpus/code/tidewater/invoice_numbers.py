"""Hands out invoice numbers without gaps and computes what a customer owes."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_EVEN, Decimal

CENT = Decimal("0.01")


@dataclass(frozen=True)
class Line:
    """One position of an invoice; the tax rate is a percentage."""

    text: str
    quantity: int
    unit_price: Decimal
    tax_percent: Decimal = Decimal(19)

    @property
    def net(self) -> Decimal:
        return self.unit_price * self.quantity


def check_digit(number: str) -> str:
    """Weighted modulo-11 digit; the rare value ten is written as X."""
    total = sum(int(d) * (i % 6 + 2) for i, d in enumerate(reversed(number)))
    rest = -total % 11
    return "X" if rest == 10 else str(rest)


class NumberBook:
    """Sequential numbers per year, reserved first and burnt only when the invoice is sent.

    The tax office wants no holes. A number whose invoice was abandoned goes back to a
    shelf and is handed out before a new one is drawn.
    """

    def __init__(self, year: int, last: int = 0) -> None:
        self._year = year
        self._last = last
        self._shelf: list[int] = []
        self._lock = threading.Lock()

    def reserve(self) -> str:
        with self._lock:
            if self._shelf:
                self._shelf.sort()
                serial = self._shelf.pop(0)
            else:
                self._last += 1
                serial = self._last
        body = f"{self._year % 100:02d}{serial:05d}"
        return f"LF-{body}-{check_digit(body)}"

    def give_back(self, number: str) -> None:
        """Return the number of an invoice that was never sent."""
        serial = int(number.split("-")[1][2:])
        with self._lock:
            if serial > self._last or serial in self._shelf:
                raise ValueError(f"{number} is not out")
            self._shelf.append(serial)


def totals(lines: list[Line]) -> tuple[Decimal, Decimal]:
    """Net and gross. Tax is rounded once per rate, not once per line."""
    by_rate: dict[Decimal, Decimal] = {}
    for line in lines:
        by_rate[line.tax_percent] = by_rate.get(line.tax_percent, Decimal(0)) + line.net
    net = sum(by_rate.values(), Decimal(0)).quantize(CENT, ROUND_HALF_EVEN)
    tax = sum(
        ((amount * rate / 100).quantize(CENT, ROUND_HALF_EVEN) for rate, amount in by_rate.items()),
        Decimal(0),
    )
    return net, net + tax


def late_fee(gross: Decimal, due: date, today: date) -> Decimal:
    """Nothing during the grace of seven days, then 9 per cent a year, day by day."""
    late = today - due
    if late <= timedelta(days=7):
        return Decimal(0)
    return (gross * Decimal("0.09") * late.days / 365).quantize(CENT, ROUND_HALF_EVEN)
