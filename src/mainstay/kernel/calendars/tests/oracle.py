"""Business time counted minute by minute by the clock on the wall: slow, and nothing to get wrong."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
NAMES = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")

Hours = dict[str, list[tuple[str, str]]]


def is_open(zone: ZoneInfo, hours: Hours, off: Iterable[date], instant: datetime) -> bool:
    """Whether the wall clock shows a time within a slot of its day, or within what the day before left over."""
    local = instant.astimezone(zone)
    if local.date() in off:
        return False
    clock, yesterday = f"{local:%H:%M}", NAMES[(local.weekday() - 1) % 7]
    of_today = hours.get(NAMES[local.weekday()], ())
    if any(begin <= clock and (clock < end or end <= begin) for begin, end in of_today):
        return True
    return any(end <= begin and clock < end for begin, end in hours.get(yesterday, ()))


def minutes(zone: ZoneInfo, hours: Hours, off: Iterable[date], begin: datetime, end: datetime) -> list[datetime]:
    """The open minutes between two instants, each by its first instant."""
    at, found = begin.astimezone(UTC), []
    while at < end:
        if is_open(zone, hours, off, at):
            found.append(at)
        at += MINUTE
    return found
