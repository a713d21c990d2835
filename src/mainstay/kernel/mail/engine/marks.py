"""The marks by which a mail is known again, and by which an answer finds its record. Pure.

A mark that we give carries a tag that only we can write, so that guessing one leads nowhere. It says which record is
meant and nothing else: what somebody may see or do is decided by who they are.
"""

import hashlib
import hmac
import re
from collections.abc import Callable, Iterable

from mainstay.kernel.mail.engine.fields import message_ids, split_header, to_text

#: Writes the tag of a text, in small letters and digits: keyed, so that nobody else can.
Tag = Callable[[str], str]

OWN_ID = re.compile(r"([0-9]{1,18})-(?:([0-9]{1,18})-)?([a-z0-9]{8,64})@[^@]*")
SIGNED = re.compile(r"([^@]+)\+([0-9]{1,18})-([0-9]{1,18})-([a-z0-9]{8,64})@([^@]+)")
#: How much of a report is searched for ids, in bytes, and how many of them are tried.
LONGEST_REPORT, MOST_IDS = 1_000_000, 200
IDS = re.compile(r"<([0-9]{1,18}-(?:[0-9]{1,18}-)?[a-z0-9]{8,64}@[^<>@\s]{1,255})>", re.IGNORECASE)
NUMBER = re.compile(r"\[\s*([A-Za-z][A-Za-z0-9-]{2,18}[0-9])\s*\]")
ANSWERED = re.compile(r"^\s*(?:(?:re|aw|antw|sv|vs|fwd?|wg|tr|rv|odp|vb|enc|res|ynt)\s*(?:\[\d+\])?\s*[:：]\s*)+", re.I)
#: What tells mails without a Message-ID apart; servers on the way do not change it.
IDENTITY = ("from", "date", "subject", "to")


def key_of(raw: bytes) -> str:
    """Return the SHA-256 (hexadecimal) by which a mail is one, however often and by whichever way it comes.

    It covers Message-ID and body, not the header that each server on the way adds to. Line endings and empty lines at
    the end do not count, because they differ between ways. Without a Message-ID the author's own fields stand in.
    """
    fields, body, _broken = split_header(raw)
    named = [value.strip() for name, value in fields if name == "message-id"][:1]
    marks = named or [name.encode() + value.strip() for name, value in fields if name in IDENTITY]
    digest = hashlib.sha256(b"\0".join(b" ".join(mark.split()) for mark in marks) + b"\0\0")
    digest.update(body.replace(b"\r\n", b"\n").replace(b"\r", b"\n").rstrip(b"\n"))
    return digest.hexdigest()


def message_id_of(raw: bytes) -> str:
    """Return the Message-ID of a mail without angle brackets, or ""."""
    values = [to_text(value)[0] for name, value in split_header(raw)[0] if name == "message-id"]
    return next(iter(message_ids(values)), "")


def thread_id(record: int, tag: Tag, host: str) -> str:
    """Return the id, without angle brackets, that all mails about a record refer to."""
    return f"{record}-{tag(f'record {record}')}@{host}"


def event_id(record: int, event: int, tag: Tag, host: str, again: int = 0) -> str:
    """Return the id, without angle brackets, of the mail that tells of an event on a record.

    `again` counts how often somebody let it be sent once more: each of those is a mail of its own to its reader.
    """
    return f"{record}-{event}-{tag(f'event {record} {event}')}@{f'{again}.' * bool(again)}{host}"


def subject_of(message_id: str, tag: Tag) -> tuple[int, int | None] | None:
    """Return the record that an id of ours is about, and the event if it is a mail's; None for what we did not give."""
    found = OWN_ID.fullmatch(message_id.strip().lower())
    if found is None:
        return None
    record, event, given = found.groups()
    wanted = tag(f"event {record} {event}" if event else f"record {record}")
    return (int(record), int(event) if event else None) if hmac.compare_digest(wanted, given) else None


def record_of(message_id: str, tag: Tag) -> int | None:
    """Return the record that an id of ours is about; None for an id that we did not give."""
    found = subject_of(message_id, tag)
    return found[0] if found else None


def subjects_quoted(raw: bytes, tag: Tag) -> frozenset[tuple[int, int | None]]:
    """Return what ids of ours anywhere in a mail are about, see `subject_of`: reports bring back what we sent."""
    text = raw[:LONGEST_REPORT].replace(b"=\r\n", b"").replace(b"=\n", b"").decode("ascii", "replace")
    found = (subject_of(written, tag) for written in IDS.findall(text)[:MOST_IDS])
    return frozenset(each for each in found if each is not None)


def reply_address(address: str, record: int, person: int, tag: Tag) -> str:
    """Return the address at which a person answers about a record: `desk+12-34-tag@example.com`."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{record}-{person}-{tag(f'reply {record} {person}')}@{domain}"


def answered(addresses: Iterable[str], tag: Tag) -> int | None:
    """Return the record that the first of these addresses signed by us is about, or None."""
    for address in addresses:
        if found := SIGNED.fullmatch(address.strip().lower()):
            _local, record, person, given, _domain = found.groups()
            if hmac.compare_digest(tag(f"reply {record} {person}"), given):
                return int(record)
    return None


def plain_address(address: str) -> str:
    """Return an address in lower case and without what follows a plus sign in its local part."""
    local, _, domain = address.strip().lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def numbers_in(subject: str) -> list[str]:
    """Return what stands in square brackets and may be a record's number, in upper case, the last first."""
    return [number.upper() for number in NUMBER.findall(subject)][::-1]


def title_of(subject: str) -> str:
    """Return a subject without the marks of answers and forwarded mails before it."""
    return ANSWERED.sub("", subject).strip()
