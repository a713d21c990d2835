"""Stretches of time and the periods they fall into: half-open, beginning at midnight in a zone.

A period holds the instants from its first to before its last boundary, so each instant falls into exactly one. Where a
zone's clock skips midnight, the day begins with the instant at which it does.
"""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

UTC = ZoneInfo("UTC")
DAY = timedelta(days=1)
#: More periods than a year has days are no report.
MOST = 400


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the instant (UTC) at which `day` begins in `zone`."""
    return datetime(day.year, day.month, day.day, tzinfo=zone).astimezone(UTC)


def months_later(day: date, months: int) -> date:
    """Return the first day of the month that lies `months` after that of `day`."""
    whole = day.year * 12 + day.month - 1 + months
    return date(whole // 12, whole % 12 + 1, 1)


def monday(day: date) -> date:
    """Return the Monday of the week (ISO 8601) of `day`."""
    return day - day.weekday() * DAY


def quarter(day: date) -> date:
    """Return the first day of the quarter of `day`."""
    return date(day.year, (day.month - 1) // 3 * 3 + 1, 1)


#: The first day of the period of each unit that a day lies in, and that of the next period.
UNITS: dict[str, tuple[Callable[[date], date], Callable[[date], date]]] = {
    "day": (lambda day: day, lambda day: day + DAY),
    "week": (monday, lambda day: monday(day) + 7 * DAY),
    "month": (lambda day: day.replace(day=1), lambda day: months_later(day, 1)),
    "quarter": (quarter, lambda day: months_later(quarter(day), 3)),
}


def periods(first: date, last: date, unit: str) -> list[tuple[date, date]]:
    """Return the periods of `unit` that the days from `first` to `last` fall into, as their first and last days.

    The first and the last period are cut to those days. Raises ValueError for more than 400 periods.
    """
    _begins, following = UNITS[unit]
    starts = [first]
    while (start := following(starts[-1])) <= last:
        starts.append(start)
        if len(starts) > MOST:
            raise ValueError("too many periods")
    return [(start, end - DAY) for start, end in pairwise([*starts, last + DAY])]


#: The stretches that people mean, from today: the first and the last day.
RANGES: dict[str, Callable[[date], tuple[date, date]]] = {
    "last-7-days": lambda today: (today - 6 * DAY, today),
    "last-30-days": lambda today: (today - 29 * DAY, today),
    "last-week": lambda today: (monday(today) - 7 * DAY, monday(today) - DAY),
    "this-month": lambda today: (today.replace(day=1), today),
    "last-month": lambda today: (months_later(today, -1), today.replace(day=1) - DAY),
    "last-quarter": lambda today: (months_later(quarter(today), -3), quarter(today) - DAY),
    "last-12-months": lambda today: (months_later(today, -11), today),
    "this-year": lambda today: (date(today.year, 1, 1), today),
    "last-year": lambda today: (date(today.year - 1, 1, 1), date(today.year - 1, 12, 31)),
}


def next_sending(every: str, after: datetime, zone: ZoneInfo, hour: int = 6) -> datetime:
    """Return the first instant (UTC) later than `after` at which what is sent `every` day, week or month is due.

    It is `hour` o'clock in `zone`, on any day, on Mondays, or on the first day of the month.
    """
    begins, following = UNITS[every]
    day = begins(after.astimezone(zone).date())
    while (due := datetime(day.year, day.month, day.day, hour, tzinfo=zone).astimezone(UTC)) <= after:
        day = following(day)
    return due
