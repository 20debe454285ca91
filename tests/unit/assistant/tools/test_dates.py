"""Dates in names, else the time on disk."""

from datetime import UTC, datetime

import pytest

from assistant.tools.dates import date_in, date_of


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("2024-05-17.md", (2024, 5, 17)),
        ("IMG_20240517_103015.jpg", (2024, 5, 17, 10, 30, 15)),
        ("Снимок экрана 2024-05-17 в 10.30.15.png", (2024, 5, 17, 10, 30, 15)),
        ("Screenshot 2024-05-17 at 10.30.png", (2024, 5, 17, 10, 30)),
        ("Screenshot from 2024-05-17 10-30-15.png", (2024, 5, 17, 10, 30, 15)),
        ("акт от 17.05.2024.pdf", (2024, 5, 17)),
        ("report_2024_05_17.txt", (2024, 5, 17)),
        ("report 2024-05.pdf", (2024, 5, 1)),
        ("2024-13-40 20240517", (2024, 5, 17)),
        ("120240517.txt", None),
        ("1234-05-17", None),
        ("2024-02-30", (2024, 2, 1)),
        ("no date", None),
    ],
)
def test_dates_in_names(name: str, expected: tuple[int, ...] | None):
    found = date_in(name, UTC)
    assert found == (datetime(*expected, tzinfo=UTC) if expected else None)  # type: ignore[misc]


def test_else_the_time_on_disk_or_now():
    now = datetime(2024, 6, 1, tzinfo=UTC)
    assert date_of("2020-01-02", 5, now) == (datetime(2020, 1, 2, tzinfo=UTC), True)
    assert date_of("a", 10**18, now) == (datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC), False)
    assert date_of("a", 0, now) == (now, False)
