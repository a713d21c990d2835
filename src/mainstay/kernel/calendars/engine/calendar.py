"""A calendar: a zone, and which hours and days off hold from which day on."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from mainstay.kernel.calendars.engine.days import Days, DaysOff
from mainstay.kernel.calendars.engine.intervals import Interval
from mainstay.kernel.calendars.engine.week import CLOSED, Slot, Week
from mainstay.kernel.calendars.engine.zones import stretches

#: How far from where it starts anything is looked for; what does not open within it never opens.
HORIZON = timedelta(days=20 * 366)
#: The first look ahead or back; each further one is twice as long.
FIRST_LOOK = timedelta(days=8)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Version:
    """Hours and days off that hold from a local day on, until the next version's."""

    week: Week = CLOSED
    days_off: DaysOff = field(default_factory=Days)
    valid_from: date = date.min


@dataclass(frozen=True)
class Calendar:
    """Versions, ascending by the day they hold from; before the first nothing is open."""

    zone: ZoneInfo
    versions: tuple[Version, ...]

    @cached_property
    def _starts(self) -> list[date]:
        return [version.valid_from for version in self.versions]

    def version_on(self, day: date) -> Version:
        """Return the version that holds on a local day."""
        found = bisect_right(self._starts, day)
        return self.versions[found - 1] if found else Version()

    def in_force(self, instant: datetime) -> "Calendar":
        """Return the calendar as it stands at an instant, with that one version for all days."""
        version = self.version_on(self.day_of(instant))
        return Calendar(self.zone, (Version(version.week, version.days_off),))

    def day_of(self, instant: datetime) -> date:
        """Return the local day of an instant."""
        return instant.astimezone(self.zone).date()

    def name_of_day_off(self, day: date) -> str | None:
        """Return what a local day off is called, empty if it has no name; None for a day that is none."""
        return self.version_on(day).days_off.get(day)

    def slots_on(self, day: date) -> tuple[Slot, ...]:
        """Return the slots of a local day, none for a day off."""
        version = self.version_on(day)
        slots = version.week[day.weekday()]
        return () if not slots or version.days_off.get(day) is not None else slots

    def is_open(self, instant: datetime) -> bool:
        """Return whether the local clock shows a time within a slot at this instant."""
        local = instant.astimezone(self.zone)
        time = timedelta(hours=local.hour, minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        return any(begin <= time < end for begin, end in self.slots_on(local.date()))

    def openings(self, begin: datetime, end: datetime) -> list[Interval]:
        """Return the time from `begin` to `end` in which the calendar is open, as intervals in UTC.

        The clock on the wall decides: an hour that is skipped holds no time, one that comes twice holds it twice.
        """
        found: list[Interval] = []
        for first, last, offset in stretches(self.zone, begin, end):
            day, midnight = _day_and_midnight(first, offset)
            while midnight < last:
                for opens, closes in self.slots_on(day):
                    _add(found, max(midnight + opens, first), min(midnight + closes, last))
                day, midnight = day + DAY, midnight + DAY
        return found

    def looks_ahead(self, start: datetime) -> Iterator[list[Interval]]:
        """Yield the openings from `start` on, piece by piece, as far as the horizon."""
        for near, far in _looks():
            yield self.openings(start + near, start + far)

    def looks_back(self, start: datetime) -> Iterator[list[Interval]]:
        """Yield the openings before `start`, nearest piece first, as far as the horizon."""
        for near, far in _looks():
            yield self.openings(start - far, start - near)

    def next_opening(self, instant: datetime) -> datetime | None:
        """Return the first open instant from this one on, or None where nothing opens."""
        return next((found[0][0] for found in self.looks_ahead(instant.astimezone(UTC)) if found), None)

    def previous_closing(self, instant: datetime) -> datetime | None:
        """Return the last instant up to this one before which the calendar is open, or None."""
        return next((found[-1][1] for found in self.looks_back(instant.astimezone(UTC)) if found), None)

    def is_working_day(self, day: date) -> bool:
        """Return whether the calendar is open at any time of a local day."""
        return bool(self.slots_on(day) and self.of_day(day))

    def of_day(self, day: date) -> list[Interval]:
        """Return the time of a local day in which the calendar is open."""
        noon = datetime(day.year, day.month, day.day, 12, tzinfo=UTC)
        found: list[Interval] = []
        # Wherever on earth, a day lies within a day and a half of its noon in UTC.
        for first, last, offset in stretches(self.zone, noon - 2 * DAY, noon + 2 * DAY):
            midnight = noon - DAY / 2 - offset
            for opens, closes in self.slots_on(day):
                _add(found, max(midnight + opens, first), min(midnight + closes, last))
        return found


def _day_and_midnight(instant: datetime, offset: timedelta) -> tuple[date, datetime]:
    """Return the local day at an instant of UTC, and its midnight in UTC as long as the offset lasts."""
    day = (instant + offset).date()
    return day, datetime(day.year, day.month, day.day, tzinfo=UTC) - offset


def _add(found: list[Interval], begin: datetime, end: datetime) -> None:
    if begin >= end:
        return
    if found and found[-1][1] == begin:
        found[-1] = found[-1][0], end
    else:
        found.append((begin, end))


def _looks() -> Iterator[tuple[timedelta, timedelta]]:
    near, reach = timedelta(), FIRST_LOOK
    while near < HORIZON:
        far = min(near + reach, HORIZON)
        yield near, far
        near, reach = far, reach * 2
