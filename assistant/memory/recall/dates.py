"""Understands the times a person writes after before: and after:. Pure; called by the query parser."""

import re
from datetime import datetime, timedelta

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_AGO = re.compile(r"(\d{1,4})(h|d|w|m|y|ч|д|н|м|г|л)")
_DAYS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365, "ч": 1 / 24, "д": 1, "н": 7, "м": 30, "г": 365, "л": 365}
_WORDS = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1}


def moment(text: str, now: datetime) -> float | None:
    """Return epoch seconds: the begin of a year, month or day, or that long before `now` (7d, 12h, 2w, 3m, 1y); else None.

    Days begin at midnight in the time zone of `now`.
    """
    word = text.strip().lower()
    if word in _WORDS:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - timedelta(days=_WORDS[word])).timestamp()
    if ago := _AGO.fullmatch(word):
        return now.timestamp() - int(ago[1]) * _DAYS[ago[2]] * 86_400
    if dotted := _DOTTED.fullmatch(word):
        return _begin(int(dotted[3]), int(dotted[2]), int(dotted[1]), now)
    if iso := _ISO.fullmatch(word):
        return _begin(int(iso[1]), int(iso[2] or 1), int(iso[3] or 1), now)
    return None


def _begin(year: int, month: int, day: int, now: datetime) -> float | None:
    try:
        return datetime(year, month, day, tzinfo=now.tzinfo).timestamp()
    except (ValueError, OverflowError):
        return None
