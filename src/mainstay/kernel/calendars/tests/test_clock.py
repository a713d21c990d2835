"""The arithmetic of service time: its properties (R16), and what each of its words means."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from mainstay.kernel.calendars.engine.calendar import Calendar, Version
from mainstay.kernel.calendars.engine.clock import due, due_in_days, elapsed, segments
from mainstay.kernel.calendars.engine.days import days
from mainstay.kernel.calendars.engine.intervals import length, normal, without
from mainstay.kernel.calendars.engine.week import DAYS, BadHours, slots_in, week, written
from tests.sizes import size

BERLIN = ZoneInfo("Europe/Berlin")
ZONES = ("UTC", "Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Africa/Casablanca", "Pacific/Apia")
NOTHING = timedelta()
OFFICE = {day: [("08:00", "12:00"), ("13:00", "18:00")] for day in DAYS[:5]}


def at(text: str, zone: ZoneInfo = BERLIN) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=zone)


def office(*lines: str, hours: Any = OFFICE) -> Calendar:
    return Calendar(BERLIN, (Version(week(hours), days(lines)),))


clocks = st.integers(0, 95).map(lambda quarter: f"{quarter // 4:02}:{quarter % 4 * 15:02}")
slots = st.tuples(clocks, clocks | st.just("24:00")).filter(lambda slot: slot[0] != slot[1])
weeks = st.dictionaries(st.sampled_from(DAYS), st.lists(slots, max_size=3), max_size=7)
instants = st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))
amounts = st.integers(0, 60 * 24 * 20).map(lambda minutes: timedelta(minutes=minutes))
lengths = st.integers(-1_000_000, 20 * 86_400_000_000).map(lambda number: timedelta(microseconds=number))
pauses = st.lists(st.tuples(instants, lengths).map(lambda pair: (pair[0], pair[0] + pair[1])), max_size=4)


@st.composite
def calendars(draw: Any) -> Calendar:
    lines = draw(st.lists(st.dates(date(2024, 1, 1), date(2027, 1, 1)).map(date.isoformat), max_size=5))
    starts = sorted(draw(st.sets(st.dates(date(2024, 6, 1), date(2026, 6, 1)), max_size=2)))
    versions = [Version(week(draw(weeks)), days(lines), start) for start in (date.min, *starts)]
    return Calendar(ZoneInfo(draw(st.sampled_from(ZONES))), tuple(versions))


properties = settings(max_examples=size("calendar properties"), deadline=None)


@properties
@given(calendars(), instants, lengths, lengths, pauses)
def test_time_passes_never_backwards_and_adds_up_over_any_cut(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta, paused: Any
) -> None:
    assume(first >= NOTHING and second >= NOTHING)
    middle, end = start + first, start + first + second
    whole, part = elapsed(calendar, start, end, paused), elapsed(calendar, start, middle, paused)
    assert NOTHING <= part <= whole <= end - start
    assert whole == part + elapsed(calendar, middle, end, paused)
    assert elapsed(calendar, end, start, paused) == NOTHING


@properties
@given(calendars(), instants, lengths, pauses, st.randoms())
def test_pauses_never_count_whatever_their_order_and_however_they_overlap(
    calendar: Calendar, start: datetime, reach: timedelta, paused: Any, order: Any
) -> None:
    end = start + abs(reach)
    shuffled = [*paused, *paused[:2]]
    order.shuffle(shuffled)
    counted = elapsed(calendar, start, end, paused)
    assert elapsed(calendar, start, end, shuffled) == counted
    assert elapsed(calendar, start, end, [(start, end), *paused]) == NOTHING
    clipped = [(max(begin, start), min(stop, end)) for begin, stop in normal(paused)]
    assert counted == elapsed(calendar, start, end) - sum(
        (elapsed(calendar, begin, stop) for begin, stop in clipped), NOTHING
    )


@properties
@given(calendars(), instants, amounts, amounts, pauses)
def test_what_is_due_is_when_so_much_has_passed_and_a_budget_may_be_spent_in_parts(
    calendar: Calendar, start: datetime, first: timedelta, second: timedelta, paused: Any
) -> None:
    found = due(calendar, start, first, paused)
    assume(found is not None)
    assert found is not None
    assert found >= start
    assert elapsed(calendar, start, found, paused) == first
    if first:
        before = found - timedelta(microseconds=1)
        assert elapsed(calendar, start, before, paused) < first
    both = due(calendar, start, first + second, paused)
    assert both == due(calendar, found, second, paused)
    assert both is None or both >= found


@properties
@given(calendars(), instants, amounts, pauses)
def test_counting_back_undoes_counting_ahead(
    calendar: Calendar, start: datetime, amount: timedelta, paused: Any
) -> None:
    assume(amount)
    back = due(calendar, start, -amount, paused)
    assume(back is not None)
    assert back is not None
    assert back <= start
    assert elapsed(calendar, back, start, paused) == amount
    again = due(calendar, back, amount, paused)
    assert again is not None
    assert again <= start
    assert elapsed(calendar, again, start, paused) == NOTHING


@properties
@given(calendars(), instants, lengths, pauses)
def test_segments_leave_no_gap_and_hold_the_time_that_passed(
    calendar: Calendar, start: datetime, reach: timedelta, paused: Any
) -> None:
    end = start + abs(reach)
    found = segments(calendar, start, end, paused)
    assert length((each.begin, each.end) for each in found) == end - start
    assert all(before.end == after.begin for before, after in pairwise(found))
    running = [(each.begin, each.end) for each in found if each.kind == "running"]
    assert length(running) == elapsed(calendar, start, end, paused)
    for each in found:
        assert calendar.is_open(each.begin) == (each.kind != "closed")


@properties
@given(calendars(), instants)
def test_the_next_opening_is_open_and_nothing_before_it_is(calendar: Calendar, instant: datetime) -> None:
    found = calendar.next_opening(instant)
    assume(found is not None)
    assert found is not None
    assert calendar.is_open(found)
    assert elapsed(calendar, instant, found) == NOTHING
    closing = calendar.previous_closing(found + timedelta(microseconds=1))
    assert closing == found + timedelta(microseconds=1)


@properties
@given(calendars(), instants, st.integers(-40, 40))
def test_working_days_lie_on_working_days_within_hours(calendar: Calendar, start: datetime, number: int) -> None:
    found = due_in_days(calendar, start, number)
    assume(found is not None)
    assert found is not None
    assert calendar.is_open(found) or calendar.is_open(found - timedelta(microseconds=1))
    closing = due_in_days(calendar, start, number, end_of_day=True)
    assert closing is not None
    assert calendar.is_open(closing - timedelta(microseconds=1))


def test_a_slot_is_half_open_and_a_budget_ends_at_closing() -> None:
    assert office().is_open(at("2026-11-23 08:00"))
    assert not office().is_open(at("2026-11-23 12:00"))
    assert due(office(), at("2026-11-23 13:00"), timedelta(hours=5)) == at("2026-11-23 18:00")
    assert due(office(), at("2026-11-23 18:00"), NOTHING) == at("2026-11-23 18:00")
    assert due(office(), at("2026-11-21 18:00"), NOTHING) == at("2026-11-23 08:00")


def test_what_goes_past_midnight_belongs_to_the_next_day() -> None:
    nights = office("2026-11-25", hours={"mon": [("22:00", "06:00")], "tue": [("22:00", "06:00")]})
    assert elapsed(nights, at("2026-11-23 00:00"), at("2026-11-24 12:00")) == timedelta(hours=8)
    assert due(nights, at("2026-11-23 22:00"), timedelta(hours=8)) == at("2026-11-24 06:00")
    assert elapsed(nights, at("2026-11-24 12:00"), at("2026-11-26 00:00")) == timedelta(hours=2), "Wednesday is off"


def test_where_nothing_ever_opens_nothing_is_ever_due() -> None:
    never = Calendar(BERLIN, (Version(),))
    assert due(never, at("2026-11-23 08:00"), timedelta(minutes=1)) is None
    assert due(never, at("2026-11-23 08:00"), NOTHING) is None
    assert due(never, at("2026-11-23 08:00"), -timedelta(minutes=1)) is None
    assert due_in_days(never, at("2026-11-23 08:00"), 1) is None
    assert never.next_opening(at("2026-11-23 08:00")) is None


def test_a_version_holds_from_its_day_on_also_for_a_clock_that_runs_already() -> None:
    longer = Version(week({day: [("06:00", "20:00")] for day in DAYS}), days([]), date(2026, 11, 24))
    calendar = Calendar(BERLIN, (Version(week(OFFICE), days([]), date(2026, 11, 23)), longer))
    assert due(calendar, at("2026-11-23 17:00"), timedelta(hours=2)) == at("2026-11-24 07:00")
    assert due(calendar.in_force(at("2026-11-23 17:00")), at("2026-11-23 17:00"), timedelta(hours=2)) == at(
        "2026-11-24 09:00"
    )
    assert not calendar.is_open(at("2026-11-20 10:00")), "before its first version nothing is open"


@pytest.mark.parametrize(
    ("start", "number", "expected"),
    [
        ("2026-11-20 17:00", 1, "2026-11-24 08:00"),
        ("2026-11-23 15:30", -1, "2026-11-20 15:00"),
        ("2026-11-20 09:00", 1, "2026-11-23 10:30"),
        ("2026-11-21 12:00", 1, "2026-11-24 10:30"),
        ("2026-11-21 12:00", -1, "2026-11-20 10:30"),
    ],
)
def test_a_time_that_the_day_does_not_have_is_its_next_opening_or_the_closing_before(
    start: str, number: int, expected: str
) -> None:
    hours = {**OFFICE, "mon": [("10:30", "16:00")], "fri": [("08:00", "15:00"), ("16:30", "18:00")]}
    assert due_in_days(office(hours=hours), at(start), number) == at(expected)


def test_a_clock_time_that_a_day_skips_counts_as_so_much_later() -> None:
    nights = office(hours={day: [("00:00", "06:00")] for day in DAYS})
    assert due_in_days(nights, at("2026-03-28 02:30"), 1) == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    first, second = (at("2026-10-25 02:30").replace(fold=fold) for fold in (0, 1))
    assert due_in_days(nights, at("2026-10-24 02:30"), 1) == first.astimezone(UTC)
    assert due_in_days(nights, second, 0) == second.astimezone(UTC) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_intervals_without_others() -> None:
    def hours(*pairs: tuple[int, int]) -> list[tuple[datetime, datetime]]:
        start = at("2026-11-23 00:00", ZoneInfo("UTC"))
        return [(start + timedelta(hours=begin), start + timedelta(hours=end)) for begin, end in pairs]

    assert without(hours((0, 10), (12, 20)), hours((2, 3), (5, 13), (19, 25))) == hours((0, 2), (3, 5), (13, 19))
    assert without(hours((0, 10)), hours((0, 10))) == []
    assert normal(hours((5, 7), (1, 3), (3, 4), (6, 6), (6, 9))) == hours((1, 4), (5, 9))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("", []),
        ("8:00-12:00, 13:00-18:00", [("08:00", "12:00"), ("13:00", "18:00")]),
        ("08:00 – 24:00", [("08:00", "24:00")]),
        ("22:00-06:00", [("22:00", "06:00")]),
    ],
)
def test_slots_are_read_as_people_write_them(text: str, found: list[tuple[str, str]]) -> None:
    assert slots_in(text) == found
    assert slots_in(written(found)) == found


@pytest.mark.parametrize("text", ["8-12", "08:00", "08:00-25:00", "08:00-12:60", "closed", "08:00-12:00 x"])
def test_what_is_no_slot_is_refused(text: str) -> None:
    with pytest.raises(ValueError):
        slots_in(text)


@pytest.mark.parametrize("hours", [{"mon": [("08:00", "08:00")]}, {"mon": [("24:00", "06:00")]}, {"day": []}])
def test_hours_that_mean_nothing_are_refused(hours: Any) -> None:
    with pytest.raises(BadHours):
        week(hours)
