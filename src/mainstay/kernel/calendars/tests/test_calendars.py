"""Calendars as rows: what is kept, what is refused, and what the engine is given."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.calendars.engine.clock import due
from mainstay.kernel.calendars.models import Calendar, CalendarVersion
from mainstay.kernel.calendars.queries import calendars_in_use, in_force, timetable
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid

BY = system("command")
BERLIN = ZoneInfo("Europe/Berlin")
pytestmark = pytest.mark.django_db


def save(kind: str, key: str, **values: Any) -> None:
    put(kinds()[kind], key, values, by=BY)


@pytest.fixture
def works() -> Calendar:
    save("calendars", "works", name="Works", zone="Europe/Berlin")
    week = dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), "8:00-12:00 13:00-18:00")
    save("calendar-versions", "works.start", calendar="works", country="DE", days_off=["12-24 Christmas Eve"], **week)
    return Calendar.objects.get(slug="works")


def test_an_instance_starts_with_two_calendars() -> None:
    assert set(calendars_in_use().values_list("slug", flat=True)) == {"always", "office-hours"}
    always = timetable(Calendar.objects.get(slug="always"))
    assert always.is_open(datetime(2026, 12, 25, 3, tzinfo=UTC))


def test_a_calendar_is_open_as_its_row_says(works: Calendar) -> None:
    calendar = timetable(works)
    assert CalendarVersion.objects.get(slug="works.start").mon == "08:00-12:00, 13:00-18:00"
    assert calendar.is_open(datetime(2026, 12, 23, 8, tzinfo=BERLIN))
    assert not calendar.is_open(datetime(2026, 12, 23, 12, tzinfo=BERLIN))
    assert calendar.name_of_day_off(datetime(2026, 12, 24).date()) == "Christmas Eve"
    start = datetime(2026, 12, 23, 17, tzinfo=BERLIN)
    assert due(calendar, start, timedelta(hours=2)) == datetime(2026, 12, 28, 9, tzinfo=BERLIN), "25th and 26th are off"


def test_a_later_version_takes_over_on_its_day_and_a_retired_one_does_not(works: Calendar) -> None:
    save("calendar-versions", "works.2027", calendar="works", valid_from="2027-01-01", mon="06:00-20:00")
    monday = datetime(2027, 1, 4, 19, tzinfo=BERLIN)
    assert timetable(works).is_open(monday)
    assert not in_force(works, datetime(2026, 12, 1, tzinfo=BERLIN)).is_open(monday)
    assert in_force(works, monday).is_open(monday)
    save("calendar-versions", "works.2027", retired=True)
    assert not timetable(works).is_open(monday)
    assert Event.objects.filter(subject="calendar_version:works.2027", name="calendar_version.retired").exists()


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({"mon": "8 to 12"}, "mon"),
        ({"tue": "08:00-08:00"}, "tue"),
        ({"country": "XX"}, "country"),
        ({"country": None, "region": "BY"}, "region"),
        ({"region": "ZZ"}, "region"),
        ({"days_off": ["Christmas"]}, "days_off"),
        ({"imported": ["2026-02-30 Never"]}, "imported"),
        ({"valid_from": "next year"}, "valid_from"),
        ({"calendar": "office-hours"}, "calendar"),
    ],
)
def test_what_means_nothing_is_refused_at_its_field(works: Calendar, values: dict[str, Any], field: str) -> None:
    with pytest.raises(Invalid) as refused:
        save("calendar-versions", "works.start", **values)
    assert set(refused.value.errors) == {field}


def test_two_versions_cannot_hold_from_the_same_day(works: Calendar) -> None:
    with pytest.raises(Invalid) as refused:
        save("calendar-versions", "works.again", calendar="works")
    assert set(refused.value.errors) == {"valid_from"}
    save("calendar-versions", "works.start", retired=True)
    save("calendar-versions", "works.again", calendar="works")


def test_a_zone_that_there_is_not_is_refused() -> None:
    with pytest.raises(Invalid) as refused:
        save("calendars", "works", name="Works", zone="Europe/Atlantis")
    assert set(refused.value.errors) == {"zone"}
