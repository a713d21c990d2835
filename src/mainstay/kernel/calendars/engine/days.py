"""Days off: single days, stretches of days and days of every year, as one line of text each."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

#: `2026-12-24 Christmas Eve`, `12-24 Christmas Eve` (every year), `2026-12-24..2027-01-02 Works holiday`.
LINE = re.compile(r"((?:\d{4}-)?\d\d-\d\d)(?:\.\.((?:\d{4}-)?\d\d-\d\d))?(?:\s+(\S.*))?")
#: As long as one line may reach, in days.
LONGEST = 366
#: Days of every year are counted through a leap year and the one after it, so that 29 February has its place.
LEAP = 2024


class DaysOff(Protocol):
    """What knows whether a day is off: `get` returns its name, empty if it has none, or None for any other day."""

    def get(self, day: date, /) -> str | None: ...


class BadDay(ValueError):
    """A line that names no day; the message is the line."""


@dataclass(frozen=True)
class Days:
    """Days off from several sources; what stands earlier names a day first."""

    single: dict[date, str] = field(default_factory=dict)
    #: By month and day.
    yearly: dict[tuple[int, int], str] = field(default_factory=dict)
    further: tuple[DaysOff, ...] = ()

    def get(self, day: date, /) -> str | None:
        """Return the name of a day off, or None for a day that is none."""
        name = self.single.get(day)
        if name is None:
            name = self.yearly.get((day.month, day.day))
        for source in self.further if name is None else ():
            name = source.get(day)
            if name is not None:
                return name
        return name


def days(lines: Iterable[str], further: tuple[DaysOff, ...] = ()) -> Days:
    """Return the days off that lines of text name. Raises BadDay for a line that names none."""
    single: dict[date, str] = {}
    yearly: dict[tuple[int, int], str] = {}
    for line in lines:
        first, last, name, every_year = _read(line)
        for number in range((last - first).days + 1):
            day = first + timedelta(days=number)
            if every_year:
                yearly.setdefault((day.month, day.day), name)
            else:
                single.setdefault(day, name)
    return Days(single, yearly, further)


def _read(line: str) -> tuple[date, date, str, bool]:
    found = LINE.fullmatch(line.strip())
    if found is None:
        raise BadDay(line)
    begin, end, name = found[1], found[2] or found[1], found[3] or ""
    every_year = len(begin) == 5
    if every_year != (len(end) == 5):
        raise BadDay(line)
    try:
        first, last = (date.fromisoformat(f"{LEAP}-{each}" if every_year else each) for each in (begin, end))
    except ValueError:
        raise BadDay(line) from None
    if every_year and last < first:
        last = last.replace(year=LEAP + 1)
    if not 0 <= (last - first).days < LONGEST:
        raise BadDay(line)
    return first, last, name, every_year
