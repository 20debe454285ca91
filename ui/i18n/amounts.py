"""Sizes and durations in the words of the window's language. Pure but for the language."""

from datetime import datetime

from PySide6.QtCore import QDate, QLocale, QTime

from ui.i18n.catalogue import tr


def size(count: int) -> str:
    """Return `count` bytes in a readable unit of 1000s."""
    if count < 1000:
        return tr("{count} B").format(count=count)  # Qt has one form of the word for all counts
    style = QLocale.DataSizeFormat.DataSizeSIFormat
    return QLocale().formattedDataSize(count, 1, style)


def number(count: int) -> str:
    """Return a whole number with the language's grouping."""
    return QLocale().toString(count)


def duration(seconds: float) -> str:
    """Return seconds as a rough span: seconds, minutes, hours."""
    whole = max(0, round(seconds))
    if whole < 1:
        return tr("a second")
    if whole < 60:
        return tr("{seconds} s").format(seconds=whole)
    if whole < 3600:
        minutes, rest = divmod(whole, 60)
        if minutes >= 10 or not rest:
            return tr("{minutes} min").format(minutes=round(whole / 60))
        return tr("{minutes} min {seconds} s").format(minutes=minutes, seconds=rest)
    hours, rest = divmod(whole, 3600)
    return tr("{hours} h {minutes} min").format(hours=hours, minutes=rest // 60)


def moment(at: datetime) -> str:
    """Return a day and a time of the person's own zone, short: today's is the time alone."""
    here = at.astimezone()
    time = QLocale().toString(QTime(here.hour, here.minute), QLocale.FormatType.ShortFormat)
    if here.date() == datetime.now().astimezone().date():
        return time
    return f"{day(at)} {time}"


def day(at: datetime) -> str:
    """Return a day of the person's own zone, short."""
    here = at.astimezone()
    return QLocale().toString(QDate(here.year, here.month, here.day), "d MMM")


def milliseconds(ms: float) -> str:
    """Return a duration given in ms, exact enough to compare."""
    if ms < 1000:
        return tr("{ms} ms").format(ms=QLocale().toString(ms, "f", 0 if ms >= 10 or ms == int(ms) else 1))
    if ms < 60_000:
        return tr("{seconds} s").format(seconds=QLocale().toString(ms / 1000, "f", 0 if ms % 1000 == 0 else 1))
    return duration(ms / 1000)
