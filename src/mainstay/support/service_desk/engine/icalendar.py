"""An event as a file that calendars read (iCalendar, RFC 5545). Pure."""

from datetime import UTC, datetime

#: Octets in a line; longer ones are folded (section 3.1).
WIDTH = 75


def event(
    *,
    uid: str,
    made: datetime,
    begins: datetime,
    ends: datetime,
    title: str,
    text: str = "",
    address: str = "",
    sequence: int = 0,
    cancelled: bool = False,
) -> bytes:
    """Return a calendar of one event. Instants carry their zone; `sequence` grows with every change of the times."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Mainstay//Mainstay//EN",
        "METHOD:PUBLISH",
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{sequence}",
        f"DTSTAMP:{_instant(made)}",
        f"DTSTART:{_instant(begins)}",
        f"DTEND:{_instant(ends)}",
        f"SUMMARY:{_escaped(title)}",
        *([f"DESCRIPTION:{_escaped(text)}"] if text else []),
        *([f"URL:{address}"] if address else []),
        f"STATUS:{'CANCELLED' if cancelled else 'CONFIRMED'}",
        "TRANSP:TRANSPARENT",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return b"".join(_folded(line) for line in lines)


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y%m%dT%H%M%SZ")


def _escaped(text: str) -> str:
    """Escape what has a meaning in a text (section 3.3.11); no other control character may stand in one."""
    for character in ("\\", ";", ","):
        text = text.replace(character, f"\\{character}")
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    return "\\n".join(
        "".join(each for each in line if each == "\t" or (each >= " " and each != "\x7f")) for line in lines
    )


def _folded(line: str) -> bytes:
    """Break a line between characters so that no part has more than 75 octets, the leading space included."""
    parts: list[bytes] = [b""]
    for character in line:
        octets = character.encode(errors="replace")
        if len(parts[-1]) + len(octets) > WIDTH:
            parts.append(b" ")
        parts[-1] += octets
    return b"\r\n".join(parts) + b"\r\n"
