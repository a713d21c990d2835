"""Trying a calendar through the interface."""

import json
import os
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Caller

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
FILE = DATA / "service_levels" / "business_time_cases.json"
OFFICE = {key: [["08:00", "12:00"], ["13:00", "18:00"]] for key in ("mon", "tue", "wed", "thu", "fri")}
HOURS = {"minute": 1 / 60, "hour": 1}


def body(**values: Any) -> dict[str, Any]:
    calendar = {"zone": "Europe/Berlin", "hours": OFFICE, "holidays": ["2026-12-25"]}
    return {"calendar": calendar, "start": "2026-12-24T16:00:00Z", **values}


def utc(text: str) -> str:
    return text if text.endswith("Z") else text + "Z"


def asked(case: dict[str, Any], stated: dict[str, Any]) -> dict[str, Any]:
    calendar = {key: value for key, value in stated[case["calendar"]].items() if key != "tz"}
    if (zone := stated[case["calendar"]]["tz"]) != "floating":
        calendar["zone"] = zone
    found = {"calendar": calendar, "start": utc(case.get("start") or case["at"])}
    found["pauses"] = [[utc(begin), utc(end)] for begin, end in case.get("pauses", ())]
    if case["kind"] == "elapsed_minutes":
        found["end"] = utc(case["end"])
    elif case["kind"] == "due" and case["unit"] == "day":
        found |= {"days": case["amount"], "end_of_day": case.get("end_of_working_day", False)}
    elif case["kind"] == "due":
        found["minutes"] = case["amount"] * (60 if case["unit"] == "hour" else 1)
    return found


@pytest.mark.skipif(not FILE.exists(), reason="the stated cases are not in ../shared/data")
def test_every_stated_case_comes_out_of_the_interface(agent: Caller) -> None:
    stated = json.loads(FILE.read_text())
    wrong, seen = [], 0
    for case in stated["cases"]:
        if case["kind"] in ("is_holiday", "is_working_day"):  # days, which nobody asks for here
            continue
        answer = agent.post("/calendars/try", asked(case, stated["calendars"])).json()
        name = {"due": "due", "elapsed_minutes": "elapsed_minutes", "is_working_hour": "open_at_start"}[case["kind"]]
        expected = utc(case["expected"]) if case["kind"] == "due" else case["expected"]
        wrong += [] if answer.get(name) == expected else [(case["id"], answer, expected)]
        seen += 1
    assert (wrong, seen) == ([], 86)


def test_a_clock_is_told_with_its_segments(agent: Caller) -> None:
    pause = ["2026-12-24T16:30:00+00:00", "2026-12-28T09:00:00+01:00"]
    answer = agent.post("/calendars/try", body(minutes=90.5, end="2026-12-28T12:00:00Z", pauses=[pause]))
    assert answer.status_code == 200, answer.content
    assert answer.json() == {
        "open_at_start": True,
        "due": "2026-12-28T09:00:30Z",
        "elapsed_minutes": 210.0,
        "segments": [
            {"from": "2026-12-24T16:00:00Z", "to": "2026-12-24T16:30:00Z", "kind": "running", "minutes": 30.0},
            {"from": "2026-12-24T16:30:00Z", "to": "2026-12-24T17:00:00Z", "kind": "paused", "minutes": 30.0},
            {"from": "2026-12-24T17:00:00Z", "to": "2026-12-28T07:00:00Z", "kind": "closed", "minutes": 5160.0},
            {"from": "2026-12-28T07:00:00Z", "to": "2026-12-28T08:00:00Z", "kind": "paused", "minutes": 60.0},
            {"from": "2026-12-28T08:00:00Z", "to": "2026-12-28T11:00:00Z", "kind": "running", "minutes": 180.0},
            {"from": "2026-12-28T11:00:00Z", "to": "2026-12-28T12:00:00Z", "kind": "closed", "minutes": 60.0},
        ],
    }


def test_what_was_not_asked_is_not_told_and_where_nothing_opens_nothing_is_due(agent: Caller) -> None:
    assert agent.post("/calendars/try", body()).json() == {"open_at_start": True, "segments": []}
    never = {"calendar": {"hours": {}}, "start": "2026-12-24T16:00:00Z"}
    for amount in ({"minutes": 1}, {"days": -2}, {"minutes": 0}):
        answer = agent.post("/calendars/try", {**never, **amount}).json()
        assert answer == {"open_at_start": False, "due": None, "segments": []}
    back = agent.post("/calendars/try", body(end="2026-12-23T16:00:00Z")).json()
    assert back == {"open_at_start": True, "elapsed_minutes": 0.0, "segments": []}


def test_a_slot_past_midnight_and_one_until_24_00_are_taken(agent: Caller) -> None:
    calendar = {"hours": {"sat": [["22:00", "06:00"]], "sun": [["22:00", "24:00"]]}}
    answer = agent.post("/calendars/try", {"calendar": calendar, "start": "2026-11-21T22:00:00Z", "minutes": 600})
    assert answer.json()["due"] == "2026-11-23T00:00:00Z"


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"minute": 5}, "#/minute"),
        ({"minutes": 5, "days": 1}, "#/days"),
        ({"minutes": 5, "end_of_day": True}, "#/end_of_day"),
        ({"minutes": "5"}, "#/minutes"),
        ({"minutes": 1e12}, "#/minutes"),
        ({"minutes": 10_000_000}, "#/minutes"),
        ({"days": 1.5}, "#/days"),
        ({"days": 100_000}, "#/days"),
        ({"end": "2099-01-01T00:00:00Z"}, "#/end"),
        ({"end": "2036-01-01T00:00:00Z"}, "#/end"),
        ({"start": "2026-12-24T16:00:00"}, "#/start"),
        ({"start": 5}, "#/start"),
        ({"pauses": [["2026-12-24T16:00:00Z"]]}, "#/pauses/0"),
        ({"pauses": [["2026-12-24T17:00:00Z", "2026-12-24T16:00:00Z"]]}, "#/pauses"),
        ({"pauses": [["2026-12-24T16:00:00Z"] * 2] * 1001}, "#/pauses"),
        ({"calendar": {}}, "#/calendar/hours"),
        ({"calendar": {"hours": {"monday": []}}}, "#/calendar/hours/monday"),
        ({"calendar": {"hours": {"mon": [["8:00", "12:00"]]}}}, "#/calendar/hours/mon/0/0"),
        ({"calendar": {"hours": {"mon": [["08:00", "08:00"]]}}}, "#/calendar/hours/mon"),
        ({"calendar": {"hours": {"mon": [["08:00", "12:00"]] * 25}}}, "#/calendar/hours/mon"),
        ({"calendar": {"hours": {}, "zone": "Europe/Atlantis"}}, "#/calendar/zone"),
        ({"calendar": {"hours": {}, "zone": "../../etc/passwd"}}, "#/calendar/zone"),
        ({"calendar": {"hours": {}, "holidays": ["24.12.2026"]}}, "#/calendar/holidays/0"),
        ({"calendar": {"hours": {}, "holidays": ["2026-12-24"] * 4001}}, "#/calendar/holidays"),
    ],
)
def test_what_cannot_be_reckoned_is_refused_at_its_place(agent: Caller, values: Any, pointer: str) -> None:
    answer = agent.post("/calendars/try", body(**values))
    assert (answer.status_code, answer.headers["Content-Type"]) == (422, "application/problem+json"), answer.content
    assert next(error["pointer"] for error in answer.json()["errors"]) == pointer


def test_whoever_has_a_token_may_try_and_nobody_else(agent: Caller, requester: Caller) -> None:
    assert [each.post("/calendars/try", body(days=1)).status_code for each in (agent, requester)] == [200, 200]
    refused = Client().post("/api/v1/calendars/try", json.dumps(body(days=1)), content_type="application/json")
    assert refused.status_code == 401
