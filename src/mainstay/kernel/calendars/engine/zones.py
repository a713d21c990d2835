"""Time zones as stretches of time with one offset from UTC, between two changes of the clock."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

#: How far apart a year is looked at: no zone changes its clock and changes it back within so short a time.
STEP = timedelta(hours=3)
INSTANT = timedelta(microseconds=1)

#: Begin and end in UTC, and how far local time is ahead of it.
Stretch = tuple[datetime, datetime, timedelta]


def stretches(zone: ZoneInfo, begin: datetime, end: datetime) -> Iterator[Stretch]:
    """Yield the stretches of one offset that make up the time from `begin` to `end` (UTC)."""
    for year in range(begin.year, end.year + 1):
        for first, last, offset in _of_year(zone, year):
            if first < end and begin < last:
                yield max(first, begin), min(last, end), offset


@lru_cache(maxsize=4096)
def _of_year(zone: ZoneInfo, year: int) -> tuple[Stretch, ...]:
    """Return the stretches of a year of UTC; zones do not tell their changes, so they are looked for."""
    end = datetime(year + 1, 1, 1, tzinfo=UTC)
    found: list[Stretch] = []
    begin = at = datetime(year, 1, 1, tzinfo=UTC)
    offset = _offset(zone, at)
    while at < end:
        following = min(at + STEP, end)
        if following < end and _offset(zone, following) != offset:
            change = _change(zone, at, following)
            found.append((begin, change, offset))
            begin = at = change
            offset = _offset(zone, at)
        else:
            at = following
    return (*found, (begin, end, offset))


def _change(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Return the first instant with the offset of `after`, given that `before` has another."""
    offset = _offset(zone, before)
    while after - before > INSTANT:
        middle = before + (after - before) / 2
        if _offset(zone, middle) == offset:
            before = middle
        else:
            after = middle
    return after


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
