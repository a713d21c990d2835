"""Every change of every zone's clock (R15): what is reckoned equals what is counted minute by minute."""

import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from mainstay.kernel.calendars.engine.calendar import Calendar, Version
from mainstay.kernel.calendars.engine.clock import due, elapsed
from mainstay.kernel.calendars.engine.days import days
from mainstay.kernel.calendars.engine.week import DAYS, week
from mainstay.kernel.calendars.engine.zones import stretches
from mainstay.kernel.calendars.tests.oracle import MINUTE, Hours, minutes
from tests.sizes import size

DAY = timedelta(days=1)
BEGIN, END = datetime(2020, 1, 1, tzinfo=UTC), datetime(2038, 1, 1, tzinfo=UTC)
DAYS_LONG = (END - BEGIN).days

#: Around the clock, an office with a lunch hour, nights past midnight, slots amid the hours in which clocks change,
#: and one minute here and there.
WEEKS: tuple[Hours, ...] = (
    {day: [("00:00", "24:00")] for day in DAYS},
    {day: [("08:00", "12:00"), ("13:00", "18:00")] for day in DAYS[:5]},
    {day: [("22:00", "06:00")] for day in DAYS},
    {day: [("00:30", "01:30"), ("01:45", "02:15"), ("02:50", "03:10"), ("23:15", "24:00")] for day in DAYS},
    {"sat": [("23:59", "00:01")], "sun": [("01:59", "02:01"), ("03:00", "03:01")], "mon": [("00:00", "00:01")]},
)


def chosen(number: int, of: Sequence[Any]) -> list[Any]:
    """As many of these as the size of the test allows, always the same ones."""
    return list(of) if number >= len(of) else random.Random(number).sample(of, number)


def changes() -> list[tuple[str, datetime]]:
    """The days on which clocks change, found by looking at every day of a zone."""
    found = []
    for name in chosen(size("zones of clocks"), sorted(available_timezones())):
        offsets = [(BEGIN + number * DAY).astimezone(ZoneInfo(name)).utcoffset() for number in range(DAYS_LONG)]
        found += [(name, BEGIN + number * DAY) for number, pair in enumerate(pairwise(offsets)) if pair[0] != pair[1]]
    return found


def test_around_every_change_of_a_clock_due_and_elapsed_equal_counting_minutes() -> None:
    everything = [(name, day, hours) for name, day in changes() for hours in WEEKS]
    assert len(everything) > 1_000, "the search finds no changes: it proves nothing"
    for name, day, hours in chosen(size("changes of clocks"), everything):
        zone = ZoneInfo(name)
        off = [(day + 2 * DAY).date()]
        calendar = Calendar(zone, (Version(week(hours), days(map(date.isoformat, off))),))
        begin, end = day - DAY, day + 3 * DAY
        counted = minutes(zone, hours, off, begin, end)
        place = (name, day.isoformat(), hours)
        assert elapsed(calendar, begin, end) == len(counted) * MINUTE, place
        for number in {1, len(counted) // 3, len(counted) // 2, len(counted)} - {0}:
            assert due(calendar, begin, number * MINUTE) == counted[number - 1] + MINUTE, (*place, number)
            assert due(calendar, end, -number * MINUTE) == counted[-number], (*place, -number)
        for at in (*counted[:: max(1, len(counted) // 7)], begin + 1.5 * DAY):
            assert calendar.is_open(at) == (at in counted), (*place, at)


def test_the_day_of_a_change_has_the_hours_it_has() -> None:
    """Adding hours on the wall would say 7 or 9 where 8 pass."""
    berlin = Calendar(ZoneInfo("Europe/Berlin"), (Version(week(WEEKS[0])),))
    assert elapsed(berlin, *_local_days(berlin.zone, "2026-03-29")) == timedelta(hours=23)
    assert elapsed(berlin, *_local_days(berlin.zone, "2026-10-25")) == timedelta(hours=25)
    start = datetime(2026, 3, 28, 22, tzinfo=berlin.zone)
    assert due(berlin, start, timedelta(hours=8)) == datetime(2026, 3, 29, 7, tzinfo=berlin.zone)


def _local_days(zone: ZoneInfo, day: str) -> tuple[datetime, datetime]:
    midnight = datetime.fromisoformat(day).replace(tzinfo=zone)
    return midnight, midnight + DAY  # wall clock: the next midnight of the zone


def test_the_stretches_of_a_zone_have_one_offset_each_and_no_gap() -> None:
    lord_howe = ZoneInfo("Australia/Lord_Howe")  # moves by half an hour
    found = list(stretches(lord_howe, BEGIN, END))
    assert found[0][0] == BEGIN
    assert found[-1][1] == END
    for begin, end, offset in found:
        assert {at.astimezone(lord_howe).utcoffset() for at in (begin, end - timedelta(microseconds=1))} == {offset}
    assert all(before[1] == after[0] for before, after in pairwise(found))
