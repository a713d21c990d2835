"""Periods: each instant falls into exactly one, whatever the clocks of the zone do."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.reports.engine.periods import DAY, RANGES, UNITS, midnight, next_sending, periods

ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/Santiago", "Atlantic/Azores", "Pacific/Apia", "Asia/Kolkata"])
DAYS = st.dates(date(1990, 1, 1), date(2060, 1, 1))


@given(DAYS, st.integers(0, 390), st.sampled_from(sorted(UNITS)))
def test_every_day_lies_in_exactly_one_period(first: date, length: int, unit: str) -> None:
    last = first + length * DAY
    found = periods(first, last, unit)
    days = [start + n * DAY for start, end in found for n in range((end - start).days + 1)]
    assert days == [first + n * DAY for n in range(length + 1)]


@given(DAYS, ZONES)
def test_a_day_begins_when_the_day_before_ends_and_not_earlier(day: date, name: str) -> None:
    zone = ZoneInfo(name)
    begin = midnight(day, zone)
    if name != "Pacific/Apia" or day != date(2011, 12, 30):  # the day that Samoa left out
        assert begin.astimezone(zone).date() == day
    assert (begin - timedelta(microseconds=1)).astimezone(zone).date() < day
    assert begin <= midnight(day + DAY, zone)


def test_weeks_begin_on_monday_and_are_cut_to_the_days_asked_for() -> None:
    assert periods(date(2026, 11, 5), date(2026, 11, 17), "week") == [
        (date(2026, 11, 5), date(2026, 11, 8)),
        (date(2026, 11, 9), date(2026, 11, 15)),
        (date(2026, 11, 16), date(2026, 11, 17)),
    ]
    assert periods(date(2026, 2, 1), date(2026, 8, 1), "quarter")[1] == (date(2026, 4, 1), date(2026, 6, 30))
    with pytest.raises(ValueError, match="too many"):
        periods(date(2020, 1, 1), date(2022, 1, 1), "day")


def test_ranges_are_those_that_people_mean() -> None:
    found = {name: days(date(2026, 1, 1)) for name, days in RANGES.items()}
    assert found["last-month"] == (date(2025, 12, 1), date(2025, 12, 31))
    assert found["last-12-months"] == (date(2025, 2, 1), date(2026, 1, 1))
    assert found["last-quarter"] == (date(2025, 10, 1), date(2025, 12, 31))
    assert found["last-week"] == (date(2025, 12, 22), date(2025, 12, 28))
    assert found["last-7-days"] == (date(2025, 12, 26), date(2026, 1, 1))


@given(st.datetimes(datetime(2000, 1, 1), datetime(2050, 1, 1)), ZONES, st.sampled_from(["day", "week", "month"]))
def test_what_is_sent_is_due_later_at_its_hour_and_not_skipped(moment: datetime, name: str, every: str) -> None:
    zone = ZoneInfo(name)
    after = moment.replace(tzinfo=ZoneInfo("UTC"))
    due = next_sending(every, after, zone)
    local = due.astimezone(zone)
    assert due > after
    assert due - after <= timedelta(days={"day": 2, "week": 8, "month": 32}[every])
    assert {"day": True, "week": local.weekday() == 0, "month": local.day == 1}[every]
    assert local.hour == 6
