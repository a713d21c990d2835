"""Days off from iCalendar files (RFC 5545). Nothing that a file names is fetched."""

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from dateutil.rrule import rrulestr
from django.utils.translation import gettext as _
from icalendar import Calendar

from mainstay.kernel.calendars.engine.days import LEAP, LONGEST
from mainstay.kernel.practice.errors import Invalid

#: Bytes of a file, events in it, rules that must be reckoned, and days that may come of it.
LARGEST, MOST_EVENTS, MOST_RULES, MOST_DAYS = 500_000, 2_000, 20, 1_000
#: What a rule may say, by how often it comes: others take long to reckon, or for ever.
PARTS = {
    "YEARLY": {"BYMONTH", "BYMONTHDAY", "BYDAY"},
    "MONTHLY": {"BYMONTH", "BYMONTHDAY", "BYDAY"},
    "WEEKLY": {"BYDAY"},
    "DAILY": set(),
}
ALWAYS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST"}
DAY = timedelta(days=1)


def lines_of(content: bytes, *, first: date, last: date) -> list[str]:
    """Return the whole-day events of an iCalendar file as days off, one line each (`engine.days`).

    What comes every year on the same date stays such; other repetitions are reckoned from `first` to `last`. Events
    with a time of day are no days off. Raises Invalid for a file that is none, too large or too long to reckon.
    """
    if len(content) > LARGEST:
        raise _refused(_("A calendar file may have at most %(number)d bytes.") % {"number": LARGEST})
    try:
        events = [event for each in Calendar.from_ical(content, multiple=True) for event in each.walk("VEVENT")]
        lines = [line for event in _whole_days(events) for line in _lines(event, _moved(events), first, last)]
    except Invalid:
        raise
    except (ValueError, TypeError, AttributeError, KeyError, IndexError, OverflowError) as problem:
        raise _refused(_("This is not a calendar file that can be read: %(problem)s") % {"problem": problem}) from None
    lines = list(dict.fromkeys(lines))
    if not lines:
        raise _refused(_("There is no event of a whole day in this file."))
    if len(lines) > MOST_DAYS:
        raise _refused(_("More than %(number)d days off come of this file.") % {"number": MOST_DAYS})
    return lines


def _refused(words: str) -> Invalid:
    return Invalid({"file": words})


def _whole_days(events: list[Any]) -> list[Any]:
    found = [
        event
        for event in events
        if "DTSTART" in event and type(event["DTSTART"].dt) is date and str(event.get("STATUS")) != "CANCELLED"
    ]
    rules = sum("RRULE" in event and not _plain_yearly(event) for event in found)
    if len(found) > MOST_EVENTS or rules > MOST_RULES:
        limits = {"events": MOST_EVENTS, "rules": MOST_RULES}
        raise _refused(_("A file may have %(events)d events, %(rules)d of them with rules of their own.") % limits)
    return found


def _moved(events: list[Any]) -> set[tuple[str, date]]:
    """Return the single days of repeated events that the file tells anew, as an event of their own."""
    return {(str(event.get("UID")), _day(event["RECURRENCE-ID"].dt)) for event in events if "RECURRENCE-ID" in event}


def _lines(event: Any, moved: set[tuple[str, date]], first: date, last: date) -> Iterator[str]:
    begin = event["DTSTART"].dt
    name = " ".join(str(event.get("SUMMARY", "")).replace("\x00", "").split())[:150]
    # Some programs write an end before the start: such an event has its one day.
    ends = event["DTEND"].dt - begin if "DTEND" in event else event["DURATION"].dt if "DURATION" in event else DAY
    length = min(max(ends, DAY), LONGEST * DAY)
    if _plain_yearly(event):
        yield _line(begin, length, name)[5:] if length == DAY else _yearly(begin, length, name)
        return
    for day in _occurrences(event, first, last):
        if "RECURRENCE-ID" in event or (str(event.get("UID")), day) not in moved:
            yield _line(day, length, name)


def _line(begin: date, length: timedelta, name: str) -> str:
    days = begin.isoformat() if length <= DAY else f"{begin.isoformat()}..{(begin + length - DAY).isoformat()}"
    return f"{days} {name}".strip()


def _yearly(begin: date, length: timedelta, name: str) -> str:
    return f"{begin.isoformat()[5:]}..{(begin + length - DAY).isoformat()[5:]} {name}".strip()


def _plain_yearly(event: Any) -> bool:
    """Return whether an event comes every year on its date, without end or exception."""
    rule = event.get("RRULE")
    if rule is None or isinstance(rule, list) or {"RDATE", "EXDATE"} & set(event):
        return False
    begin = event["DTSTART"].dt
    same = {"FREQ": ["YEARLY"], "INTERVAL": [1], "BYMONTH": [begin.month], "BYMONTHDAY": [begin.day]}
    return rule.get("FREQ") == ["YEARLY"] and all(
        name == "WKST" or [*values] == same.get(name) for name, values in rule.items()
    )


def _occurrences(event: Any, first: date, last: date) -> list[date]:
    """Return the days on which an event begins; of a rule those between `first` and `last`."""
    begin = event["DTSTART"].dt
    rule = event.get("RRULE")
    found = {begin} if rule is None else set(_of_rule(rule, begin, first, last))
    found |= {_day(each.dt) for each in _dates(event, "RDATE")}
    return sorted(found - {_day(each.dt) for each in _dates(event, "EXDATE")})


def _of_rule(rule: Any, begin: date, first: date, last: date) -> list[date]:
    often = str(rule["FREQ"][0])
    known = often in PARTS and not set(rule) - ALWAYS - PARTS[often] and 1900 <= begin.year <= last.year
    if not known or not _ever_comes(rule):
        raise _refused(_("A rule of this file cannot be reckoned: %(rule)s") % {"rule": rule.to_ical().decode()})
    parts = {name: values for name, values in rule.items() if name != "UNTIL"}
    text = ";".join(f"{name}={','.join(map(str, values))}" for name, values in parts.items())
    if "UNTIL" in rule:
        text += f";UNTIL={_day(rule['UNTIL'][0]):%Y%m%d}"
    start = datetime(begin.year, begin.month, begin.day)
    found = rrulestr(text, dtstart=start).xafter(datetime(first.year, first.month, first.day), inc=True)
    return [each.date() for each in islice(_until(found, last), MOST_DAYS + 1)]


def _ever_comes(rule: Any) -> bool:
    """Return whether some month of a rule has some day of it: one that never comes is looked for until year 9999."""
    months, of_month = rule.get("BYMONTH", range(1, 13)), rule.get("BYMONTHDAY", [1])
    return any(abs(int(day)) <= monthrange(LEAP, int(month))[1] for month in months for day in of_month)


def _until(found: Iterator[datetime], last: date) -> Iterator[datetime]:
    for each in found:
        if each.date() > last:
            return
        yield each


def _dates(event: Any, name: str) -> list[Any]:
    value = event.get(name, [])
    return [each for part in (value if isinstance(value, list) else [value]) for each in part.dts]


def _day(value: Any) -> date:
    return value.date() if isinstance(value, datetime) else value
