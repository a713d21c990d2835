"""Asking for calendars: rows, what the engine reckons with, and what a clock would say."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from mainstay.kernel.calendars.engine import calendar as engine
from mainstay.kernel.calendars.engine.clock import Segment, due, due_in_days, elapsed, segments
from mainstay.kernel.calendars.engine.days import days
from mainstay.kernel.calendars.engine.intervals import Interval
from mainstay.kernel.calendars.engine.public_holidays import PublicHolidays
from mainstay.kernel.calendars.engine.week import DAYS, slots_in, week
from mainstay.kernel.calendars.models import Calendar, CalendarVersion
from mainstay.kernel.practice.errors import Invalid

#: As many openings as one trial shows; whoever wants more asks for a shorter time.
MOST_OPENINGS = 1_500
MONTH = timedelta(days=30)
YEARS = engine.HORIZON.days // 366


def calendars_in_use() -> QuerySet[Calendar]:
    """Return the calendars that may be chosen, by name."""
    return Calendar.objects.filter(retired=None)


def timetable(calendar: Calendar) -> engine.Calendar:
    """Return a calendar with all its versions, each from its day on, as the engine takes it."""
    versions = calendar.versions.filter(retired=None)
    found = sorted((_version(row) for row in versions), key=lambda version: version.valid_from)
    return engine.Calendar(ZoneInfo(calendar.zone), tuple(found))


def in_force(calendar: Calendar, instant: datetime) -> engine.Calendar:
    """Return a calendar as it stands at an instant: the version of that day, for the days before and after as well."""
    return timetable(calendar).in_force(instant)


def _version(row: CalendarVersion) -> engine.Version:
    hours = {day: slots_in(getattr(row, day)) for day in DAYS}
    public = (PublicHolidays(row.country, row.region, get_language() or ""),) if row.country else ()
    return engine.Version(week(hours), days([*row.days_off, *row.imported], public), row.valid_from or date.min)


@dataclass(frozen=True)
class Question:
    """What to try on a calendar: a budget of service time or a number of working days, a time to measure, or none."""

    start: datetime
    minutes: float | None = None
    days: int | None = None
    end_of_day: bool = False
    end: datetime | None = None
    pauses: tuple[Interval, ...] = ()


@dataclass(frozen=True)
class Trial:
    """What a clock would say. `due` and `elapsed` are None where they were not asked; `due` also where it never is."""

    open_at_start: bool
    due: datetime | None
    elapsed: timedelta | None
    #: From the earliest to the latest of start, due instant and end.
    segments: list[Segment]


def try_out(calendar: engine.Calendar, asked: Question) -> Trial:
    """Return what a clock on this calendar would say.

    Raises Invalid for questions that contradict themselves or reach further than the horizon.
    """
    _check(asked)
    found = _due(calendar, asked)
    if found is None and (asked.minutes is not None or asked.days is not None) and _ever_opens(calendar, asked):
        name = "minutes" if asked.days is None else "days"
        raise Invalid({name: _("So much does not pass within %(years)d years.") % {"years": YEARS}})
    start = asked.start.astimezone(UTC)
    # An end before the start measures nothing, and shows nothing.
    begin, end = min(start, found or start), max(start, found or start, asked.end or start)
    _check_number(calendar, begin, end, asked)
    passed = None if asked.end is None else elapsed(calendar, start, asked.end, asked.pauses)
    return Trial(calendar.is_open(start), found, passed, segments(calendar, begin, end, asked.pauses))


def _check_number(calendar: engine.Calendar, begin: datetime, end: datetime, asked: Question) -> None:
    """Refuse what would be cut into too many segments, as soon as that is certain."""
    openings = 0
    while begin < end and openings <= MOST_OPENINGS:
        openings += len(calendar.openings(begin, min(begin + MONTH, end)))
        begin += MONTH
    if openings > MOST_OPENINGS:
        name = "end" if asked.end is not None else "minutes" if asked.days is None else "days"
        raise Invalid({name: _("The calendar opens more than %(number)d times meanwhile.") % {"number": MOST_OPENINGS}})


def _check(asked: Question) -> None:
    if asked.minutes is not None and asked.days is not None:
        raise Invalid({"days": _("Give minutes or days, not both.")})
    if asked.end_of_day and asked.days is None:
        raise Invalid({"end_of_day": _("This goes with days.")})
    if any(begin > end for begin, end in asked.pauses):
        raise Invalid({"pauses": _("A pause must not end before it begins.")})
    if asked.end is not None and asked.end - asked.start > engine.HORIZON:
        raise Invalid({"end": _("Give an end within %(years)d years after the start.") % {"years": YEARS}})


def _due(calendar: engine.Calendar, asked: Question) -> datetime | None:
    if asked.days is not None:
        return due_in_days(calendar, asked.start, asked.days, asked.pauses, end_of_day=asked.end_of_day)
    if asked.minutes is not None:
        return due(calendar, asked.start, timedelta(minutes=asked.minutes), asked.pauses)
    return None


def _ever_opens(calendar: engine.Calendar, asked: Question) -> bool:
    backwards = (asked.days or asked.minutes or 0) < 0
    return bool((calendar.previous_closing if backwards else calendar.next_opening)(asked.start))
