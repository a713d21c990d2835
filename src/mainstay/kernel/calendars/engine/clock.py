"""What a clock says that runs while a calendar is open and nothing pauses it.

All of it is one algebra of intervals: what runs is what is open without the pauses.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Literal

from mainstay.kernel.calendars.engine.calendar import DAY, HORIZON, Calendar
from mainstay.kernel.calendars.engine.intervals import Interval, length, normal, without
from mainstay.kernel.calendars.engine.zones import INSTANT

Kind = Literal["running", "paused", "closed"]


@dataclass(frozen=True)
class Segment:
    """A stretch of a clock's time, in UTC; it is paused only while the calendar is open."""

    begin: datetime
    end: datetime
    kind: Kind

    @property
    def minutes(self) -> float:
        """How long it is."""
        return (self.end - self.begin).total_seconds() / 60


def elapsed(calendar: Calendar, begin: datetime, end: datetime, pauses: Iterable[Interval] = ()) -> timedelta:
    """Return the service time from `begin` to `end` outside the pauses; none if `end` is not later."""
    return length(_running(calendar, begin, end, normal(pauses)))


def due(calendar: Calendar, start: datetime, amount: timedelta, pauses: Iterable[Interval] = ()) -> datetime | None:
    """Return when `amount` of service time has passed since `start`, in UTC.

    It is the first instant from `start` on, within what runs or at its very end, at which so much has passed: a
    budget that ends exactly at closing is due at the closing instant, and nothing at all is due at once or, out of
    hours, at the next opening. A negative amount counts backwards, to the last such instant. None where so much does
    not pass within the horizon, so also where nothing ever opens.
    """
    start, paused = start.astimezone(UTC), normal(pauses)
    if amount < timedelta():
        return _backwards(calendar, start, -amount, paused)
    if not amount and _running(calendar, start - INSTANT, start, paused):
        return start
    left = amount
    for openings in calendar.looks_ahead(start):
        for begin, end in without(openings, paused):
            if left <= end - begin:
                return begin + left
            left -= end - begin
    return None


def _backwards(calendar: Calendar, start: datetime, left: timedelta, paused: list[Interval]) -> datetime | None:
    for openings in calendar.looks_back(start):
        for begin, end in reversed(without(openings, paused)):
            if left <= end - begin:
                return end - left
            left -= end - begin
    return None


def due_in_days(
    calendar: Calendar, start: datetime, days: int, pauses: Iterable[Interval] = (), *, end_of_day: bool = False
) -> datetime | None:
    """Return the same time of the clock so many working days later, or earlier when negative, in UTC.

    Out of hours one starts at the next opening. Where the clock shows that time out of hours, the next opening counts,
    or backwards the closing before; `end_of_day` takes the closing instant of the day instead. Service time that
    pauses take puts the instant off by as much. None where there are not so many working days within the horizon.
    """
    start, paused = start.astimezone(UTC), normal(pauses)
    # Backwards a closing instant belongs to the day that it ends.
    ends_day = days < 0 and bool(calendar.openings(start - INSTANT, start))
    begin = start if ends_day or calendar.is_open(start) else calendar.next_opening(start)
    if begin is None:
        return None
    first = calendar.day_of(begin - INSTANT if ends_day else begin)
    day = _working_day(calendar, first, days)
    if day is None:
        return None
    if end_of_day:
        target: datetime | None = calendar.of_day(day)[-1][1]
    else:
        target = _within_hours(calendar, _same_clock(calendar, begin, first, day), backwards=days < 0)
    return target and _put_off(calendar, begin, target, paused)


def _working_day(calendar: Calendar, day: date, days: int) -> date | None:
    """Return the working day so many working days from `day`; for none the day itself."""
    step = DAY if days > 0 else -DAY
    last = HORIZON.days
    for _each in range(abs(days)):
        day, last = day + step, last - 1
        while last and not calendar.is_working_day(day):
            day, last = day + step, last - 1
        if not last:
            return None
    return day


def _same_clock(calendar: Calendar, instant: datetime, first: date, day: date) -> datetime:
    """Return when on `day` the local clock shows what it shows at `instant`, seen from the day `first`.

    A time that the clock skips that day counts as so much later; of one that comes twice, the pass of `instant`.
    """
    local = instant.astimezone(calendar.zone)
    moved = local.replace(tzinfo=None) + (day - first)
    return moved.replace(tzinfo=calendar.zone, fold=local.fold).astimezone(UTC)


def _within_hours(calendar: Calendar, instant: datetime, *, backwards: bool) -> datetime | None:
    if not backwards:
        return due(calendar, instant, timedelta())
    return instant if calendar.is_open(instant) else calendar.previous_closing(instant)


def _put_off(calendar: Calendar, start: datetime, target: datetime, paused: list[Interval]) -> datetime | None:
    """Return `target` moved away from `start` by the service time that pauses take between them."""
    between = calendar.openings(min(start, target), max(start, target))
    lost = length(between) - length(without(between, paused))
    if not lost:
        return target
    return due(calendar, target, lost if start <= target else -lost, paused)


def segments(calendar: Calendar, begin: datetime, end: datetime, pauses: Iterable[Interval] = ()) -> list[Segment]:
    """Return the time from `begin` to `end` cut into what runs, what is paused and what is closed, without gaps."""
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    openings = calendar.openings(begin, end) if begin < end else []
    running = without(openings, normal(pauses))
    kinds: dict[Kind, list[Interval]] = {
        "running": running,
        "paused": without(openings, running),
        "closed": without(normal([(begin, end)]), openings),
    }
    found = [Segment(first, last, kind) for kind, intervals in kinds.items() for first, last in intervals]
    return sorted(found, key=lambda segment: segment.begin)


def _running(calendar: Calendar, begin: datetime, end: datetime, paused: list[Interval]) -> list[Interval]:
    begin, end = begin.astimezone(UTC), end.astimezone(UTC)
    return without(calendar.openings(begin, end), paused) if begin < end else []
