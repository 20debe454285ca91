"""When a file is from: the date in its name, else its time on disk. Pure; used by renaming, sorting and listing.

Photos' own records of when they were taken are not read: untrusted pictures are opened in the reading process alone.
"""

import re
from datetime import datetime, tzinfo

_SEPARATED = r"(?P<y>(?:19|20)\d\d)(?P<s>[-_.])(?P<m>\d\d)(?P=s)(?P<d>\d\d)"
_PACKED = r"(?P<y>(?:19|20)\d\d)(?P<m>\d\d)(?P<d>\d\d)"
_TURNED = r"(?P<d>\d\d)(?P<s>[-_.])(?P<m>\d\d)(?P=s)(?P<y>(?:19|20)\d\d)"
_MONTH = r"(?P<y>(?:19|20)\d\d)[-_.](?P<m>\d\d)"
_CLOCK = re.compile(
    r"(?:[ T_-]|\s+в\s+|\s+at\s+|,\s*)+(?P<h>[01]\d|2[0-3])[-_.:]?(?P<min>[0-5]\d)(?:[-_.:]?(?P<sec>[0-5]\d))?(?!\d)"
)
_DATES = [re.compile(rf"(?<!\d){one}(?!\d)") for one in (_SEPARATED, _TURNED, _PACKED, _MONTH)]


def date_in(name: str, zone: tzinfo | None) -> datetime | None:
    """Return the date (with the time where it stands behind) that a name holds: 2024-05-17, 20240517, 17.05.2024, 2024-05."""
    for pattern in _DATES:
        for found in pattern.finditer(name):
            parts = found.groupdict()
            clock = _CLOCK.match(name, found.end())
            hour, minute, second = (int(clock.group(one) or 0) for one in ("h", "min", "sec")) if clock else (0, 0, 0)
            try:
                return datetime(int(parts["y"]), int(parts["m"]), int(parts.get("d") or 1), hour, minute, second, tzinfo=zone)
            except ValueError:
                continue
    return None


def date_of(name: str, mtime_ns: int, now: datetime) -> tuple[datetime, bool]:
    """Return when a file is from, in the zone of `now`, and whether its name says so; what has no time on disk is from now."""
    named = date_in(name, now.tzinfo)
    if named is not None:
        return named, True
    return (datetime.fromtimestamp(mtime_ns / 1e9, now.tzinfo) if mtime_ns else now), False
