"""Invitations to a calendar (RFC 5545, RFC 6047): what, when and where. Pure, and never raises."""

import re
from typing import NamedTuple

MOST_LINES = 20_000
LINE = re.compile(r"([A-Za-z-]{1,60})((?:;[^:;=]{1,60}=(?:\"[^\"]*\"|[^\":;]*))*):(.*)", re.DOTALL)
MOMENT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)\d\d(Z?))?")
ZONE = re.compile(r";TZID=\"?([^\";:]+)", re.IGNORECASE)
ESCAPED = re.compile(r"\\(.)", re.DOTALL)


class Invitation(NamedTuple):
    """One event. `begins` and `ends` are written as `2026-03-01 09:30` and the zone that the invitation names.

    `method` is REQUEST, CANCEL, REPLY or what else RFC 5546 knows, in capitals.
    """

    method: str
    summary: str
    begins: str
    ends: str
    place: str
    organizer: str

    @property
    def text(self) -> str:
        """The invitation in lines, without a word of its own."""
        when = " – ".join(moment for moment in (self.begins, self.ends) if moment)
        return "\n".join(line for line in (self.summary, when, self.place, self.organizer) if line)


def invitations(text: str) -> tuple[list[Invitation], bool]:
    """Return the events of a calendar, and whether all of it could be read."""
    method, whole = "", True
    found: list[Invitation] = []
    event: dict[str, str] | None = None
    inner = 0
    for line in re.sub(r"\r?\n[ \t]", "", text).splitlines()[:MOST_LINES]:
        match = LINE.fullmatch(line.strip())
        if match is None:
            whole = whole and not line.strip()
            continue
        name, settings, value = match[1].upper(), match[2], match[3]
        if event is None:
            method = value.strip().upper() if name == "METHOD" else method
            event = {} if (name, value.strip().upper()) == ("BEGIN", "VEVENT") else None
        elif name == "BEGIN":
            inner += 1  # an alarm, which has a summary of its own
        elif name == "END" and inner:
            inner -= 1
        elif name == "END":
            found.append(_invitation(method, event))
            event = None
        elif not inner:
            event.setdefault(name, _moment(value, settings) if name in ("DTSTART", "DTEND") else _plain(value))
    if event is not None:
        found.append(_invitation(method, event))
    return found, whole and event is None and bool(found)


def _invitation(method: str, event: dict[str, str]) -> Invitation:
    organizer = re.sub(r"(?i)^mailto:", "", event.get("ORGANIZER", ""))
    summary, begins, ends, place = (event.get(name, "") for name in ("SUMMARY", "DTSTART", "DTEND", "LOCATION"))
    return Invitation(method, summary, begins, ends, place, organizer)


def _plain(value: str) -> str:
    return ESCAPED.sub(lambda match: "\n" if match[1] in "nN" else match[1], value).strip()


def _moment(value: str, settings: str) -> str:
    match = MOMENT.match(value.strip())
    if match is None:
        return value.strip()[:40]
    year, month, day, hour, minute, utc = match.groups()
    zone = "UTC" if utc else named[1] if (named := ZONE.search(settings)) else ""
    return f"{year}-{month}-{day}" + (f" {hour}:{minute} {zone}".rstrip() if hour else "")
