"""Calendars on the screens of administrators: a version, days from a file, and a trial."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.practice.configuration import fingerprint, kinds, put
from tests.world import World

BY = system("command")
FILE = (
    b"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261231\r\n"
    b"RRULE:FREQ=YEARLY\r\nSUMMARY:New Year's Eve\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def url(name: str, key: str = "") -> str:
    return reverse(f"administration:{name}", kwargs={"key": key} if key else None)


@pytest.fixture
def admin(world: World) -> Client:
    person = create_person(by=BY, name="Ada Admin", email="ada@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="administrator"), by=BY, organisation=world.organisation, person=person)
    client = Client()
    client.force_login(person)
    return client


@pytest.fixture
def local(world: World) -> Client:
    """Who administers nothing."""
    client = Client()
    client.force_login(world.agent)
    return client


def version(key: str) -> dict[str, Any]:
    return kinds()["calendar-versions"].read()[key]


def test_an_administrator_writes_a_version_and_what_was_typed_stays_when_it_is_refused(admin: Client) -> None:
    entered = {"calendar": "office-hours", "valid_from": "2027-01-01", "mon": "8 to 12", "key": "", "imported": ""}
    entered |= dict.fromkeys(("tue", "wed", "thu", "fri", "sat", "sun", "country", "region"), "")
    entered["days_off"] = "12-24 Christmas Eve\n2027-05-07"
    refused = admin.post(url("calendar-versions-new"), entered)
    assert refused.status_code == 422
    assert b"8 to 12" in refused.content
    assert admin.post(url("calendar-versions-new"), {**entered, "mon": "8:00-12:00"}).status_code == 303
    made = version("office-hours.2027-01-01")
    assert (made["mon"], made["days_off"]) == ("08:00-12:00", ["12-24 Christmas Eve", "2027-05-07"])
    history = admin.get(url("calendar-versions-history", "office-hours.2027-01-01")).content.decode()
    assert "08:00-12:00" in history


def test_days_of_a_file_take_the_place_of_those_of_the_file_before(admin: Client, local: Client) -> None:
    key = "office-hours.start"
    put(kinds()["calendar-versions"], key, {"imported": ["2026-01-01 Old"], "days_off": ["2026-01-02 Own"]}, by=BY)
    address = url("calendar-days", key)
    assert local.post(address, {"file": SimpleUploadedFile("days.ics", FILE)}).status_code == 404
    assert admin.get(address).status_code == 200
    refused = admin.post(address, {"file": SimpleUploadedFile("days.ics", b"not a calendar")})
    assert refused.status_code == 422
    assert version(key)["imported"] == ["2026-01-01 Old"]
    assert admin.post(address, {"file": SimpleUploadedFile("days.ics", FILE)}).status_code == 303
    assert (version(key)["imported"], version(key)["days_off"]) == (["12-31 New Year's Eve"], ["2026-01-02 Own"])
    assert admin.get(url("calendar-days", "nothing")).status_code == 404


TRIED = {"start": "2026-11-20T16:00", "amount": "4", "unit": "hours", "end": "", "pauses": ""}


def test_a_trial_shows_when_it_is_due_and_the_strip_that_leads_there(admin: Client, local: Client) -> None:
    put(kinds()["calendars"], "office-hours", {"zone": "Europe/Berlin"}, by=BY)
    put(kinds()["calendar-versions"], "office-hours.start", {"days_off": ["2026-11-23 Stocktaking"]}, by=BY)
    address = url("calendar-try", "office-hours")
    assert local.get(address, TRIED).status_code == 404
    page = admin.get(address, TRIED)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Nov 24, 2026, 10:00:00" in text, "two hours on Friday, two on Tuesday, by the clock of Berlin"
    assert "Stocktaking" in text
    assert [text.count(f'<rect class="{kind}"') for kind in ("running", "paused", "closed")] == [2, 0, 1]
    assert " style=" not in text
    paused = admin.get(address, {**TRIED, "pauses": "2026-11-20 16:30 .. 2026-11-20 17:30"}).content.decode()
    assert "Nov 24, 2026, 11:00:00" in paused
    days = admin.get(address, {**TRIED, "amount": "1", "unit": "days", "end_of_day": "on"}).content.decode()
    assert "Nov 24, 2026, 6:00:00" in days
    measured = admin.get(address, {**TRIED, "amount": "", "end": "2026-11-24T09:30"}).content.decode()
    assert "3 h 30 min" in measured


@pytest.mark.parametrize(
    "values",
    [
        {"start": "soon"},
        {"start": "2026-11-20T16:00Z"},
        {"amount": "x"},
        {"amount": "1.5", "unit": "days"},
        {"amount": "100000", "unit": "hours"},
        {"end_of_day": "on"},
        {"pauses": "2026-11-20 17:00 .. 2026-11-20 16:00"},
        {"pauses": "lunch"},
        {"other": "1"},
    ],
)
def test_a_question_that_means_nothing_is_refused_and_stays_typed(admin: Client, values: dict[str, str]) -> None:
    answer = admin.get(url("calendar-try", "office-hours"), {**TRIED, **values})
    assert answer.status_code == 422, answer.content.decode()
    assert b"2026-11-20" in answer.content or values.get("start") == "soon"


def test_a_calendar_without_hours_says_that_nothing_is_ever_due(admin: Client) -> None:
    put(kinds()["calendars"], "empty", {"name": "Empty", "zone": "UTC"}, by=BY)
    page = admin.get(url("calendar-try", "empty"), TRIED)
    assert (page.status_code, b"never opens" in page.content) == (200, True)


def test_who_looked_at_an_older_version_overwrites_nothing(admin: Client) -> None:
    key = "office-hours.start"
    seen = fingerprint(version(key))
    put(kinds()["calendar-versions"], key, {"sat": "09:00-12:00"}, by=BY)
    entered = {**version(key), "calendar": "office-hours", "country": "", "days_off": "", "imported": "", "seen": seen}
    del entered["retired"]
    assert admin.post(url("calendar-versions-row", key), entered).status_code == 409
