"""Facts that others stated of business time: due instants, elapsed minutes, working hours and days, holidays."""

import json
import os
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from mainstay.kernel.calendars.engine.calendar import Calendar, Version
from mainstay.kernel.calendars.engine.clock import due, due_in_days, elapsed, segments
from mainstay.kernel.calendars.engine.days import days
from mainstay.kernel.calendars.engine.intervals import length
from mainstay.kernel.calendars.engine.week import week

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[5].parent / "shared" / "data"))
FILE = DATA / "service_levels" / "business_time_cases.json"
STATED: dict[str, Any] = json.loads(FILE.read_text()) if FILE.exists() else {"cases": [{"id": "none"}], "calendars": {}}
CASES = {case["id"]: case for case in STATED["cases"]}
pytestmark = pytest.mark.skipif(not FILE.exists(), reason="the stated cases are not in ../shared/data")

#: Where those who stated the facts take another way than others or than we do, and what ours is. All the same the
#: stated results come out, but for the seconds of the first, which its source drops.
PEERS_DIFFER = {
    "zammad-023": "the source drops the seconds of what is due; here nothing is rounded",
    "business_time-138": "a budget that ends exactly at closing: others say the next opening, here the closing instant",
    "business_time-116": "nothing at all, asked out of hours, is due at the next opening and not at once",
    "business_time-126": "no working day at all, asked out of hours, is due at the next opening",
    "glpi-078": "counted back from a closing instant, the first day is the one that closes there",
    "glpi-079": "the same",
}
HOURS = {"minute": 1 / 60, "hour": 1}


def instant(text: str) -> datetime:
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def calendar_of(case: dict[str, Any]) -> Calendar:
    stated = STATED["calendars"][case["calendar"]]
    zone = "UTC" if stated["tz"] == "floating" else stated["tz"]
    lines = list(stated.get("holidays", ()))
    for each in case.get("holiday_ranges", ()):
        start = 5 if each["yearly"] else 0
        lines.append(f"{each['begin'][start:]}..{each['end'][start:]} Off")
    return Calendar(ZoneInfo(zone), (Version(week(stated["hours"]), days(lines)),))


def pauses_of(case: dict[str, Any]) -> list[tuple[datetime, datetime]]:
    return [(instant(begin), instant(end)) for begin, end in case.get("pauses", ())]


def counted(case: dict[str, Any], start: datetime, amount: float, unit: str, pauses: Any) -> datetime | None:
    calendar = calendar_of(case)
    if unit == "day":
        end_of_day = case.get("end_of_working_day", False)
        return due_in_days(calendar, start, int(amount), pauses, end_of_day=end_of_day)
    return due(calendar, start, timedelta(hours=amount * HOURS[unit]), pauses)


def answer(case: dict[str, Any]) -> Any:
    calendar, pauses = calendar_of(case), pauses_of(case)
    if case["kind"] == "due":
        return counted(case, instant(case["start"]), case["amount"], case["unit"], pauses)
    if case["kind"] == "elapsed_minutes":
        return elapsed(calendar, instant(case["start"]), instant(case["end"]), pauses) / timedelta(minutes=1)
    if case["kind"] == "is_working_hour":
        return calendar.is_open(instant(case["at"]))
    day = date.fromisoformat(case["at"][:10])
    return calendar.is_working_day(day) if case["kind"] == "is_working_day" else calendar.name_of_day_off(day) == "Off"


@pytest.mark.parametrize("name", CASES)
def test_what_was_stated_comes_out(name: str) -> None:
    case = CASES[name]
    stated = instant(case["expected"]) if case["kind"] == "due" else case["expected"]
    assert answer(case) == stated


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "escalation" in case])
def test_so_does_what_was_stated_of_an_escalation_counted_from_the_due_instant(name: str) -> None:
    case = CASES[name]
    stated = case["escalation"]
    assert counted(case, answer(case), stated["offset"], stated["unit"], ()) == instant(stated["expected"])


@pytest.mark.parametrize("name", [name for name, case in CASES.items() if "expected_waiting_seconds" in case])
def test_paused_segments_hold_the_stated_waiting_time(name: str) -> None:
    case = CASES[name]
    found = segments(calendar_of(case), instant(case["start"]), answer(case), pauses_of(case))
    paused = [(each.begin, each.end) for each in found if each.kind == "paused"]
    assert length(paused).total_seconds() == case["expected_waiting_seconds"]


def test_the_file_is_the_one_that_was_read() -> None:
    assert len(CASES) == 99
    assert set(CASES) >= set(PEERS_DIFFER)
