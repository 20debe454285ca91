"""Understands the times a person writes after before: and after:. Pure; called by the query parser."""

import re
from datetime import datetime, timedelta

_ISO = re.compile(r"(\d{4})(?:-(\d{1,2})(?:-(\d{1,2}))?)?")
_DOTTED = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4})")
_AGO = re.compile(
    r"(\d{1,4})(?:([hdwmyчднмгл])|\s*(hour|day|week|month|year|час|дн|ден|нед|мес|год|лет)(?:s|а|ов|я|ей|ь|ел[ьяию]|яц(?:а|ев)?)?)"
)
_DAYS = {"h": 1 / 24, "d": 1, "w": 7, "m": 30, "y": 365, "ч": 1 / 24, "д": 1, "н": 7, "м": 30, "г": 365, "л": 365}
_WORDS = {"today": 0, "сегодня": 0, "yesterday": 1, "вчера": 1, "позавчера": 2, "tomorrow": -1, "завтра": -1}
_MONTHS = [
    *("january|jan|январ[ья]|янв", "february|feb|феврал[ья]|фев", "march|mar|марта?|мар", "april|apr|апрел[ья]|апр"),
    *("may|ма[йя]", "june|jun|июн[ья]?", "july|jul|июл[ья]?", "august|aug|августа?|авг"),
    *(
        "september|sept?|сентябр[ья]|сент?",
        "october|oct|октябр[ья]|окт",
        "november|nov|ноябр[ья]|ноя",
        "december|dec|декабр[ья]|дек",
    ),
]
_MONTH = "|".join(f"(?P<m{number}>{names})" for number, names in enumerate(_MONTHS, 1))
_NAMED = re.compile(
    rf"(?:(?P<day>\d{{1,2}})\s+)?(?:{_MONTH})\.?(?:\s+(?P<late>\d{{1,2}})(?=,|\s|$))?(?:,?\s+(?P<year>\d{{4}}))?(?:\s*г\.?)?"
)


def moment(text: str, now: datetime) -> float | None:
    """Return epoch seconds: the begin of a year, month or day, or that long before `now` (7d, 12h, 2w, 3 months); else None.

    Days begin at midnight in the time zone of `now`. A month named without its year is the last one that has begun.
    """
    word = text.strip().lower()
    if word in _WORDS:
        midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
        return (midnight - timedelta(days=_WORDS[word])).timestamp()
    if ago := _AGO.fullmatch(word):
        return now.timestamp() - int(ago[1]) * _DAYS[ago[2] or ago[3][0]] * 86_400
    if dotted := _DOTTED.fullmatch(word):
        return _begin(int(dotted[3]), int(dotted[2]), int(dotted[1]), now)
    if iso := _ISO.fullmatch(word):
        return _begin(int(iso[1]), int(iso[2] or 1), int(iso[3] or 1), now)
    named = _NAMED.fullmatch(word)
    return _in_month(named, now) if named and not (named["day"] and named["late"]) else None


def _in_month(named: re.Match[str], now: datetime) -> float | None:
    month = next(number for number in range(1, 13) if named[f"m{number}"])
    day = int(named["day"] or named["late"] or 1)
    if named["year"]:
        return _begin(int(named["year"]), month, day, now)
    return _begin(now.year - ((month, day) > (now.month, now.day)), month, day, now)


def _begin(year: int, month: int, day: int, now: datetime) -> float | None:
    try:
        return datetime(year, month, day, tzinfo=now.tzinfo).timestamp()
    except (ValueError, OverflowError):
        return None
