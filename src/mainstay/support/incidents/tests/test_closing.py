"""The instant at which a resolved incident closes by itself."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, available_timezones

from hypothesis import given
from hypothesis import strategies as st

from mainstay.support.incidents.engine.closing import closing_instant

BERLIN = ZoneInfo("Europe/Berlin")


def test_days_are_calendar_days_of_the_zone_also_over_the_change_of_the_clocks() -> None:
    resolved = datetime(2026, 3, 25, 16, 30, tzinfo=BERLIN)
    closes = closing_instant(resolved.astimezone(UTC), 7, "Europe/Berlin")
    assert closes.astimezone(BERLIN).replace(tzinfo=None) == datetime(2026, 4, 1, 16, 30)
    assert closes - resolved.astimezone(UTC) == timedelta(days=7, hours=-1)


def test_a_clock_time_that_the_day_skips_is_taken_with_the_offset_before() -> None:
    resolved = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    assert closing_instant(resolved, 1, "Europe/Berlin") == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)


@given(
    resolved=st.datetimes(datetime(2000, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),
    days=st.integers(0, 365),
    zone=st.sampled_from(sorted(available_timezones())),
)
def test_it_never_differs_from_plain_days_by_more_than_the_zone_can_shift(
    resolved: datetime, days: int, zone: str
) -> None:
    shift = closing_instant(resolved, days, zone) - (resolved + timedelta(days=days))
    assert abs(shift) <= timedelta(hours=26)
