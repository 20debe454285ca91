"""The machine's clock and sortable ids. Built by `app`."""

import secrets
import time
from datetime import UTC, datetime


class SystemClock:
    """A Clock over the operating system."""

    def now(self) -> datetime:
        """Return the wall-clock time in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Return seconds that never run backwards."""
        return time.monotonic()


class TimeIds:
    """An IdSource: 12 hex digits of milliseconds, then 16 random ones, so that ids sort by time."""

    def new(self, prefix: str) -> str:
        """Return a fresh id."""
        return f"{prefix}_{int(time.time() * 1000):012x}{secrets.token_hex(8)}"
