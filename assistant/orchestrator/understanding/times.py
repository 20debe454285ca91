"""Reads dates, ages and spans of time out of a clause: since when, and until when. Pure; used by the selection and by git."""

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple


class Span(NamedTuple):
    """From `since` on and up to `until`, in the person's local time; None is open."""

    since: datetime | None = None
    until: datetime | None = None


_NUMBERS: Mapping[str, float] = {
    **dict.fromkeys(("a", "an", "one", "один", "одного", "одну", "одной", "одна", "последний", "последнюю"), 1.0),
    **dict.fromkeys(("two", "couple", "a couple of", "пару", "пара", "пары", "два", "две", "двух"), 2.0),
    **dict.fromkeys(("three", "few", "a few", "три", "трех", "несколько", "нескольких"), 3.0),
    **dict.fromkeys(("four", "четыре", "четырех"), 4.0),
    **dict.fromkeys(("five", "пять", "пяти"), 5.0),
    **dict.fromkeys(("six", "шесть", "шести"), 6.0),
    **dict.fromkeys(("seven", "семь", "семи"), 7.0),
    **dict.fromkeys(("eight", "восемь", "восьми"), 8.0),
    **dict.fromkeys(("nine", "девять", "девяти"), 9.0),
    **dict.fromkeys(("ten", "десять", "десяти"), 10.0),
    **dict.fromkeys(("twelve", "двенадцать", "двенадцати"), 12.0),
    "half a": 0.5,
    **dict.fromkeys(("полтора", "полутора", "полторы"), 1.5),
}
_UNITS = (
    (r"half[- ]year|полугод\w*|полгода", 182.0),
    (r"fortnights?", 14.0),
    (r"hours?|час(?:а|ов)?(?!\w)", 1 / 24),
    (r"days?|день|дня|дней|сут(?:ки|ок)", 1.0),
    (r"weeks?|недел\w*", 7.0),
    (r"months?|месяц\w*", 30.0),
    (r"quarters?|квартал\w*", 90.0),
    (r"years?|год(?:а|у|ы)?(?!\w)|лет(?!\w)", 365.0),
)
_NUMBER = (
    r"(?P<number>\d+(?:[.,]\d+)?|half a|a couple of|a few|"
    + "|".join(sorted((w for w in _NUMBERS if " " not in w), key=len, reverse=True))
    + ")"
)
_AMOUNT = rf"(?:{_NUMBER}\s*-?\s*)?(?P<unit>{'|'.join(pattern for pattern, _ in _UNITS)})"
_OLDER = re.compile(
    rf"(?<!\w)(?P<not>not |не )?(?:older than|more than|over|at least|for (?:more than|over|at least)|untouched for|unused for"
    rf"|старше(?: чем)?|старее(?: чем)?|старей|давнее|более чем|более|больше чем|больше|свыше|возрастом (?:более|от))"
    rf"\s+{_AMOUNT}(?P<old>\s+old|\s+ago|\s+назад)?"
)
_UNTOUCHED = re.compile(
    r"(?<!\w)(?:not|\w+n't|never|не)(?: been)? (?:opened|used|touched|changed|modified|accessed|edited|needed|"
    r"(?:открыва|трога|меня|измен|использ)\w*)(?: for| in| уже)?(?: over| more than| the last| the past| более| больше| свыше)?"
    rf"\s+{_AMOUNT}"
)
_YOUNGER = re.compile(
    rf"(?<!\w)(?P<not>not |не )?(?:newer than|younger than|less than|not older than|новее(?: чем)?|"
    rf"моложе(?: чем)?|свежее(?: чем)?|менее|меньше)"
    rf"\s+{_AMOUNT}"
)
_RECENT = re.compile(
    rf"(?<!\w)(?:(?:in|from|within|over|during|of|for) (?:the )?(?:last|past|previous|recent)|last|"
    rf"past|за последн\w+|последн\w+|в течение последн\w+|за|within)\s+{_AMOUNT}"
)
_MONTHS = (
    "jan(?:uary)?|январ\\w*", "feb(?:ruary)?|феврал\\w*", "mar(?:ch)?|март\\w*", "apr(?:il)?|апрел\\w*", "may|ма[йяе]",
    "june?|июн\\w*", "july?|июл\\w*", "aug(?:ust)?|август\\w*", "sept?(?:ember)?|сентябр\\w*", "oct(?:ober)?|октябр\\w*",
    "nov(?:ember)?|ноябр\\w*", "dec(?:ember)?|декабр\\w*",
)  # fmt: skip
_WEEKDAYS = ("monday|понедельник\\w*", "tuesday|вторник\\w*", "wednesday|сред[уыае]", "thursday|четверг\\w*",
             "friday|пятниц\\w*", "saturday|суббот\\w*", "sunday|воскресень\\w*")  # fmt: skip
_MONTH = "|".join(_MONTHS)
_DATE = (
    r"(?P<iso>\d{4}-\d{1,2}-\d{1,2})|(?P<dotted>\d{1,2}[./]\d{1,2}[./]\d{2,4})"
    rf"|(?P<day>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<dmonth>{_MONTH})(?!\w)(?:,? (?P<dyear>\d{{4}}))?"
    rf"|(?P<emonth>{_MONTH}) (?P<eday>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:,? (?P<eyear>\d{{4}}))?"
    rf"|(?P<month>{_MONTH})(?!\w)(?:,? (?P<myear>\d{{4}}))?|(?:начала )?(?P<year>(?:19|20)\d\d)(?!\w)(?: года?)?"
    rf"|(?:last |this |прошлого |прошлой |прошлую |этой |эту )?(?P<weekday>{'|'.join(_WEEKDAYS)})(?!\w)"
    r"|(?P<yesterday>yesterday|вчера\w*(?: дня)?)"
    r"|(?P<today>today|сегодня\w*(?: дня)?)|(?P<begin>(?:the )?(?:beginning|start) of (?:the |this )?(?P<period>year|month|week)"
    r"|начала (?P<rperiod>года|месяца|недели))"
    r"|(?P<lastp>last|this|прошл\w+|эт\w+) (?P<punit>week|month|year|недел\w+|месяц\w*|год[ау]?)(?!\w)"
)
_SINCE = re.compile(rf"(?<!\w)(?:since|after|starting from|starting|с|со|после|начиная с)\s+(?:{_DATE})")
_BEFORE = re.compile(rf"(?<!\w)(?:before|until|till|prior to|up to|older than|до|раньше|ранее|старше|позднее чем)\s+(?:{_DATE})")
_FIRST = re.compile(r"(?<!\w)(?:from|between|с|со|между)\s+")
_LAST = re.compile(r"\s+(?:to|until|till|and|through|по|до|и)\s+")
_ONE = re.compile(_DATE)
_WITHIN = re.compile(rf"(?<!\w)(?:in|from|of|during|on|for|за|в|во|от|made|taken|dated|created)?\s*(?:{_DATE})")


def span_of(text: str, now: datetime) -> Span:
    """Return the span that a plain clause names; both ends open where it names none."""
    return read_span(text, now)[0]


def read_span(text: str, now: datetime) -> tuple[Span, str]:
    """Return the span that a plain text names, and the text without it, of equal length."""
    if match := _YOUNGER.search(text):
        days = _days(match)
        return Span(until=now - days) if match["not"] else Span(since=now - days), _without(text, match)
    if match := _UNTOUCHED.search(text):
        return Span(until=now - _days(match)), _without(text, match)
    if match := _OLDER.search(text):
        days = _days(match)
        return Span(since=now - days) if match["not"] else Span(until=now - days), _without(text, match)
    if found := _between(text, now):
        return found
    since, before = _SINCE.search(text), _BEFORE.search(text)
    if since or before:
        start, end = (_range(match, now) if match else None for match in (since, before))
        return Span(start[0] if start else None, end[0] if end else None), _without(text, since, before)
    if match := _calendar(text):
        start, end = _range(match, now)
        return Span(start, end if end <= now else None), _without(text, match)
    if match := _RECENT.search(text):
        return Span(since=now - _days(match)), _without(text, match)
    return Span(), text


def is_time(word: str) -> bool:
    """Tell whether a plain word names a month or a day of the week."""
    return any(re.fullmatch(pattern, word) for pattern in (*_MONTHS, *_WEEKDAYS))


def _between(text: str, now: datetime) -> tuple[Span, str] | None:
    """Read "from A to B", "с A по B"; the last day, month or year counts as a whole."""
    for lead in _FIRST.finditer(text):
        first = _ONE.match(text, lead.end())
        link = _LAST.match(text, first.end()) if first else None
        last = _ONE.match(text, link.end()) if link else None
        if first and last:
            end = _range(last, now)[1]
            span = Span(_range(first, now)[0], end if end <= now else None)
            return span, text[: lead.start()] + " " * (last.end() - lead.start()) + text[last.end() :]
    return None


def _without(text: str, *matches: re.Match[str] | None) -> str:
    for match in matches:
        if match is not None:
            text = text[: match.start()] + " " * (match.end() - match.start()) + text[match.end() :]
    return text


def _calendar(text: str) -> re.Match[str] | None:
    """Return a date, month or year that is named as a span of its own; a bare number or "may" is none."""
    for match in _WITHIN.finditer(text):
        introduced = re.match(r"\s*(?:in|from|of|during|on|for|за|в|во|от|made|taken|dated|created)\s", match.group()) is not None
        sure = any(match[name] for name in ("iso", "dotted", "yesterday", "today", "lastp", "dmonth"))
        if (introduced or sure) and not (match["weekday"] and not introduced):
            return match
    return None


def _days(match: re.Match[str]) -> timedelta:
    written = match["number"] or "1"
    number = _NUMBERS[written] if written in _NUMBERS else float(written.replace(",", "."))
    unit = next(days for pattern, days in _UNITS if re.fullmatch(pattern, match["unit"]))
    # Beyond what a date can hold everything is younger, and nothing older.
    return timedelta(days=min(number * unit, 365.0 * 1000))


def _range(match: re.Match[str], now: datetime) -> tuple[datetime, datetime]:
    """Return beginning and end of the day, week, month or year that a date names."""
    day = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if match["yesterday"]:
        return day - timedelta(days=1), day
    if match["today"]:
        return day, day + timedelta(days=1)
    if match["weekday"]:
        index = next(n for n, pattern in enumerate(_WEEKDAYS) if re.fullmatch(pattern, match["weekday"]))
        start = day - timedelta(days=(day.weekday() - index) % 7)
        return start, start + timedelta(days=1)
    if match["begin"]:
        return _period(match["period"] or match["rperiod"], day, 0)
    if match["lastp"]:
        return _period(match["punit"], day, 0 if match["lastp"].startswith(("this", "эт")) else 1)
    return _written(match, day)


def _written(match: re.Match[str], day: datetime) -> tuple[datetime, datetime]:
    if match["iso"]:
        return _one_day(day, *map(int, match["iso"].split("-")))
    if match["dotted"]:
        d, m, y = map(int, re.split(r"[./]", match["dotted"]))
        return _one_day(day, y + 2000 if y < 100 else y, m, d)
    if match["year"]:
        return _years(day, int(match["year"]), 1)
    name = match["dmonth"] or match["emonth"] or match["month"]
    month = next(n for n, pattern in enumerate(_MONTHS, 1) if re.fullmatch(pattern, name))
    year = match["dyear"] or match["eyear"] or match["myear"]
    this = int(year) if year else day.year - (month > day.month)
    if match["month"]:
        return _months(day, this, month)
    return _one_day(day, this, month, int(match["day"] or match["eday"]))


def _period(unit: str, day: datetime, back: int) -> tuple[datetime, datetime]:
    if unit.startswith(("week", "недел")):
        start = day - timedelta(days=day.weekday() + 7 * back)
        return start, start + timedelta(days=7)
    if unit.startswith(("month", "месяц")):
        whole = day.year * 12 + day.month - 1 - back
        return _months(day, whole // 12, whole % 12 + 1)
    return _years(day, day.year - back, 1)


def _one_day(day: datetime, year: int, month: int, number: int) -> tuple[datetime, datetime]:
    try:
        start = day.replace(year=year, month=month, day=number)
    except ValueError:  # no such day: the present one, which a preview shows
        start = day
    return start, start + timedelta(days=1)


def _months(day: datetime, year: int, month: int) -> tuple[datetime, datetime]:
    start = day.replace(year=year, month=month, day=1)
    return start, (start + timedelta(days=32)).replace(day=1)


def _years(day: datetime, year: int, count: int) -> tuple[datetime, datetime]:
    return day.replace(year=year, month=1, day=1), day.replace(year=year + count, month=1, day=1)
