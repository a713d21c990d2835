"""Days off: lines as people write them, public holidays, and what stands in calendar files."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest

from mainstay.kernel.calendars.engine.days import BadDay, days
from mainstay.kernel.calendars.engine.public_holidays import PublicHolidays, countries, regions
from mainstay.kernel.calendars.gateways.day_files import LARGEST, lines_of
from mainstay.kernel.practice.errors import Invalid

DATA = Path(os.environ.get("MAINSTAY_TEST_DATA", Path(__file__).parents[5].parent / "shared" / "data"))
FILES = DATA / "service_levels" / "ics"
needs_the_files = pytest.mark.skipif(not FILES.exists(), reason="the calendar files are not in ../shared/data")

FIRST, LAST = date(2016, 8, 24), date(2020, 8, 24)


def a_file(*events: str, head: str = "") -> bytes:
    parts = [f"BEGIN:VEVENT\nUID:{number}\n{event}\nEND:VEVENT" for number, event in enumerate(events)]
    return "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""]).replace("\n", "\r\n").encode()


def off(lines: list[str], first: date = FIRST, last: date = LAST) -> dict[str, str]:
    found = days(lines)
    every = (first + timedelta(days=number) for number in range((last - first).days))
    return {day.isoformat(): name for day in every if (name := found.get(day)) is not None}


def test_a_line_names_a_day_a_day_of_every_year_or_all_between_two() -> None:
    found = days(["2026-12-24 Christmas Eve", "12-31  New Year's Eve", "2027-05-01..2027-05-03", "12-30..01-02 Turn"])
    assert found.get(date(2026, 12, 24)) == "Christmas Eve"
    assert found.get(date(2027, 12, 24)) is None
    assert [found.get(date(year, 12, 31)) for year in (2020, 2031)] == ["New Year's Eve"] * 2
    assert [found.get(date(2027, 5, day)) for day in (1, 3, 4)] == ["", "", None]
    assert [found.get(date(2040, 1, day)) for day in (1, 2, 3)] == ["Turn", "Turn", None]
    assert days(["02-29 Leap"]).get(date(2028, 2, 29)) == "Leap"


@pytest.mark.parametrize(
    "line",
    [
        *("", "Christmas", "24.12.2026", "2026-02-30", "02-30"),
        *("2026-12-24..12-26", "2026-12-24..2026-12-01", "2026-01-01..2029-01-01"),
    ],
)
def test_a_line_that_names_no_day_is_refused(line: str) -> None:
    with pytest.raises(BadDay):
        days([line])


def test_public_holidays_are_those_of_the_region_with_names_in_the_language_asked_for() -> None:
    corpus_christi = date(2026, 6, 4)
    assert PublicHolidays("DE", "BY").get(corpus_christi) is not None
    assert PublicHolidays("DE", "BE").get(corpus_christi) is None
    assert PublicHolidays("DE", "BY", "de").get(date(2026, 12, 25)) == "Erster Weihnachtstag"
    assert PublicHolidays("DE", "BY", "en").get(date(2026, 12, 25)) == "Christmas Day"
    assert PublicHolidays("US").get(date(2026, 7, 3)) is not None, "Independence Day falls on a Saturday"
    assert {"DE", "GB", "US", "JP"} <= set(countries())
    assert "BY" in regions("DE")
    own = days(["2026-12-25 Ours"], (PublicHolidays("DE"),))
    assert [own.get(date(2026, 12, day)) for day in (25, 27)] == ["Ours", None]
    assert own.get(date(2026, 12, 26))


@needs_the_files
@pytest.mark.parametrize("name", ["calendar1.ics", "calendar3.ics"])
def test_the_days_of_a_calendar_file_are_those_that_were_stated(name: str) -> None:
    stated = json.loads((FILES / "expected.json").read_text())[name]
    assert off(lines_of((FILES / name).read_bytes(), first=FIRST, last=LAST)) == stated


def test_a_file_is_read_with_its_lengths_repetitions_and_exceptions() -> None:
    content = a_file(
        "DTSTART;VALUE=DATE:20170424\nDTEND;VALUE=DATE:20170427\nSUMMARY:Works\\, closed",
        "DTSTART;VALUE=DATE:20161124\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;UNTIL=20181231\nSUMMARY:Thanks",
        "DTSTART;VALUE=DATE:20170102\nRRULE:FREQ=DAILY;COUNT=4\nEXDATE;VALUE=DATE:20170103\nSUMMARY:Stocktaking",
        "DTSTART;VALUE=DATE:20170501\nDURATION:P2D\nRDATE;VALUE=DATE:20180501",
        "DTSTART;VALUE=DATE:20121230\nDTEND;VALUE=DATE:20130102\nRRULE:FREQ=YEARLY\nSUMMARY:Turn",
        "DTSTART:20170601T080000Z\nDTEND:20170602T080000Z\nSUMMARY:A meeting",
        "DTSTART;VALUE=DATE:20170701\nSTATUS:CANCELLED\nSUMMARY:Called off",
    )
    assert lines_of(content, first=FIRST, last=LAST) == [
        "2017-04-24..2017-04-26 Works, closed",
        "2016-11-24 Thanks",
        "2017-11-23 Thanks",
        "2018-11-22 Thanks",
        "2017-01-02 Stocktaking",
        "2017-01-04 Stocktaking",
        "2017-01-05 Stocktaking",
        "2017-05-01..2017-05-02",
        "2018-05-01..2018-05-02",
        "12-30..01-01 Turn",
    ]


def test_a_single_day_told_anew_takes_the_place_of_the_one_it_was() -> None:
    content = a_file(
        "DTSTART;VALUE=DATE:20170605\nRRULE:FREQ=WEEKLY;COUNT=3\nSUMMARY:Bridge",
        "DTSTART;VALUE=DATE:20170613\nRECURRENCE-ID;VALUE=DATE:20170612\nSUMMARY:Moved",
    ).replace(b"UID:1", b"UID:0")
    assert off(lines_of(content, first=FIRST, last=LAST)) == {
        "2017-06-05": "Bridge",
        "2017-06-13": "Moved",
        "2017-06-19": "Bridge",
    }


def test_nothing_that_a_file_names_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object, **values: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr("socket.socket", refuse)
    monkeypatch.setattr("socket.getaddrinfo", refuse)
    event = (
        "DTSTART;VALUE=DATE:20170501\nSUMMARY:A\nURL:http://169.254.169.254/\nATTACH:file:///etc/passwd\n"
        "ATTACH;VALUE=URI:http://127.0.0.1:1/\nSOURCE;VALUE=URI:http://[::1]/\nIMAGE;VALUE=URI:http://localhost/"
    )
    content = a_file(event).replace(b"VERSION:2.0", b"VERSION:2.0\r\nSOURCE;VALUE=URI:http://10.0.0.1/next.ics")
    assert lines_of(content, first=FIRST, last=LAST) == ["2017-05-01 A"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\xff\xfe\x00",
        b"<html>not a calendar</html>",
        b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n",
        b"x" * (LARGEST + 1),
        a_file("DTSTART:20170601T080000Z\nSUMMARY:A meeting"),
        a_file("DTSTART;VALUE=DATE:20170230\nSUMMARY:No such day"),
        a_file("DTSTART;VALUE=DATE:20170101\nRRULE:FREQ=DAILY"),
        a_file(*["DTSTART;VALUE=DATE:20170101\nRRULE:FREQ=WEEKLY"] * 21),
        a_file(*["DTSTART;VALUE=DATE:20170101"] * 2_001),
    ],
    ids=lambda content: content[:20],
)
def test_a_file_that_is_none_or_takes_too_long_is_refused_in_words(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        lines_of(content, first=FIRST, last=LAST)
    assert set(refused.value.errors) == {"file"}


@pytest.mark.parametrize(
    ("start", "rule"),
    [
        ("20170101", "FREQ=SECONDLY"),
        ("20170101", "FREQ=DAILY;BYDAY=MO;BYSETPOS=2"),
        ("20170101", "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=30"),
        ("00010101", "FREQ=DAILY"),
    ],
)
def test_a_rule_that_would_take_for_ever_is_not_even_begun(start: str, rule: str) -> None:
    with pytest.raises(Invalid) as refused:
        lines_of(a_file(f"DTSTART;VALUE=DATE:{start}\nRRULE:{rule}"), first=FIRST, last=LAST)
    assert "cannot be reckoned: FREQ=" in refused.value.errors["file"]
