"""Mails and parts of mails that several tests are about."""

import struct

from mainstay.kernel.mail.engine import Letter, read


def mail(body: bytes, content_type: str = "text/plain; charset=utf-8", more: bytes = b"") -> Letter:
    head = b"From: Eva <eva@example.com>\r\nSubject: x\r\nMIME-Version: 1.0\r\nContent-Type: " + content_type.encode()
    return read(head + b"\r\n" + more + b"\r\n" + body)


def slugs(letter: Letter) -> set[str]:
    return {problem.slug for problem in letter.problems}


def alternative(*written: tuple[str, bytes], kind: str = "alternative") -> Letter:
    body = b"".join(b"--b\r\nContent-Type: " + name.encode() + b"\r\n\r\n" + text + b"\r\n" for name, text in written)
    return mail(body + b"--b--\r\n", f"multipart/{kind}; boundary=b")


INVITATION = (
    b"BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Review\\, long\r\n  one\r\n"
    b"DTSTART;TZID=Europe/Berlin:20260504T093000\r\nDTEND:20260504T083000Z\r\nLOCATION:Room 5\r\n"
    b"ORGANIZER;CN=Eva:mailto:eva@example.com\r\nBEGIN:VALARM\r\nSUMMARY:Alarm\r\nEND:VALARM\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
)


def attribute(level: int, name: int, value: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(value)) + value + struct.pack("<H", sum(value) & 0xFFFF)


def properties(*values: tuple[int, int, bytes]) -> bytes:
    written = struct.pack("<I", len(values))
    for kind, name, value in values:
        written += struct.pack("<HHII", kind, name, 1, len(value)) + value + b"\0" * (-len(value) % 4)
    return written


WINMAIL = (
    struct.pack("<IH", 0x223E9F78, 1)
    + attribute(1, 0x69007, struct.pack("<II", 1252, 0))
    + attribute(1, 0x2800C, b"Body of TNEF\0")
    + attribute(2, 0x69002, b"\0" * 14)
    + attribute(2, 0x18010, b"PLAN~1.TXT\0")
    + attribute(2, 0x6800F, b"the plan")
    + attribute(2, 0x69005, properties((0x1F, 0x3707, "Plän 2026.txt\0".encode("utf-16-le"))))
)
