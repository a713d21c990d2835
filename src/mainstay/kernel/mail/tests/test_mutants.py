"""Damaged and hostile mails: none stops the reading, none costs more than its share, and nothing of them is lost."""

import multiprocessing
import re
import resource
import signal
import sys
from pathlib import Path

import pytest

from mainstay.kernel.mail.engine import Letter, classify, clean, cut, read
from mainstay.kernel.mail.engine.letter import PROBLEMS
from mainstay.kernel.mail.engine.parts import MOST_PARTS
from mainstay.kernel.mail.engine.reading import LONGEST_TEXT
from mainstay.kernel.mail.tests.corpus import mails, needs_the_mails
from mainstay.kernel.mail.tests.letters import INVITATION, WINMAIL
from mainstay.kernel.mail.tests.mutants import mutant
from tests.sizes import size

HEAD = b"From: Eva <eva@example.com>\r\nTo: desk@example.com\r\nSubject: tok0subject\r\nMessage-ID: <1@example.com>\r\n"


def part(head: bytes, body: bytes) -> bytes:
    return b"--b1\r\n" + head + b"\r\n\r\n" + body + b"\r\n"


#: A mail of every kind of part, with words that can be looked for again.
ALL_KINDS = (
    HEAD
    + b"MIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b1\r\n\r\n"
    + part(b"Content-Type: text/plain; charset=utf-8", b"tok1text says hello\r\ntok2text\r\n-- \r\ntok3signature")
    + part(b"Content-Type: text/html", b"<p>tok4html</p><div>tok5html</div>")
    + part(
        b"Content-Type: text/csv; name=a.csv\r\nContent-Disposition: attachment; filename=a.csv", b"tok6file,1\r\n2,3"
    )
    + part(b"Content-Type: message/rfc822", b"From: max@example.com\r\nSubject: inner\r\n\r\ntok7inner")
    + part(b"Content-Type: text/calendar", INVITATION.replace(b"Room 5", b"tok8room"))
    + part(b"Content-Type: text/plain", b"begin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\ntok9below")
    + part(b"Content-Type: application/ms-tnef; name=winmail.dat\r\nContent-Transfer-Encoding: binary", WINMAIL)
    + b"--b1--\r\n"
)
TOKEN = re.compile(rb"tok\d[a-z]{4,9}")
#: What stands in the header of a part says how it is written, not what it says.
FIELD_OF_A_PART = re.compile(rb"^[!-9;-~]+:.*(?:\n[ \t].*)*", re.MULTILINE)
#: Problems that say that something was dropped, not only read in another way.
SAYING_LOSS = {"encoding_damaged", "characters_lost", "charset_wrong", "charset_guessed", "tnef_broken", "too_large"}


def everything(letter: Letter) -> bytes:
    """All that a letter gives its reader, as bytes."""
    words = [letter.subject, letter.text, letter.html, *(value for _, value in letter.headers)]
    words += [attachment.name + attachment.text for attachment in letter.attachments]
    return "\n".join(words).encode("utf-8", "replace") + b"".join(each.content for each in letter.attachments)


def check(raw: bytes) -> Letter:
    """Read one mail all the way, and check what holds for every mail."""
    letter = read(raw)
    slugs = {problem.slug for problem in letter.problems}
    assert "unreadable" not in slugs, letter.problems
    assert slugs <= set(PROBLEMS)
    assert letter.refused is None or letter.refused in letter.problems
    assert len(letter.attachments) <= 4 * MOST_PARTS
    assert sum(len(attachment.content) for attachment in letter.attachments) <= 4 * len(raw) + 1_000
    assert len(letter.text) <= 3 * len(raw) + LONGEST_TEXT
    assert all("/" not in attachment.name and attachment.name for attachment in letter.attachments)
    pieces = "\n".join(fragment.text for fragment in cut(letter.text, letter.sender.name if letter.sender else ""))
    assert "".join(pieces.split()) == "".join(letter.text.split())
    assert classify(letter).words
    assert "<script" not in clean(letter.html, {}.get).html.lower()
    return letter


def lost(raw: bytes, letter: Letter) -> set[bytes]:
    """The words of the mail that its reader gets nowhere, unless a problem says that something was dropped."""
    if {problem.slug for problem in letter.problems} & SAYING_LOSS:
        return set()
    found = everything(letter)
    return {token for token in TOKEN.findall(FIELD_OF_A_PART.sub(b"", raw)) if token not in found}


def test_the_mail_of_every_kind_of_part_is_read_whole() -> None:
    letter = check(ALL_KINDS)
    assert (letter.problems, lost(ALL_KINDS, letter)) == ((), set())
    assert [each.name for each in letter.attachments] == ["a.csv", "inner.eml", "text.ics", "cat.txt", "Plän 2026.txt"]


def test_no_mutant_of_a_mail_of_every_kind_loses_a_word() -> None:
    for number in range(size("mail mutants")):
        raw = mutant(number, [ALL_KINDS])
        assert lost(raw, check(raw)) == set(), number


@needs_the_mails
def test_no_mutant_of_the_corpus_stops_the_reading() -> None:
    seeds = [path.read_bytes() for path in mails()] + [ALL_KINDS]
    for number in range(size("mail mutants")):
        check(mutant(number, seeds))


def of_parts(body: bytes) -> bytes:
    return HEAD + b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + body


#: Mails made to hurt, about a megabyte each.
POISON = {
    "nested parts": of_parts(
        b"".join(b"--b\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n" for _ in range(20_000))
    ),
    "nested parts of their own": HEAD
    + b"".join(b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(15_000)),
    "nested mails": (HEAD + b"Content-Type: message/rfc822\r\n\r\n") * 7_000,
    "many parts": of_parts(b"--b\r\n\r\nx\r\n" * 100_000),
    "many fields": b"A: b\r\n" * 170_000 + HEAD + b"\r\nx",
    "one long field": b"Subject: " + b"=?utf-8?q?a" * 90_000 + b"\r\n" + HEAD + b"\r\nx",
    "many encoded words": b"Subject: " + b"=?utf-8?q?a?= " * 70_000 + b"\r\n" + HEAD + b"\r\nx",
    "many addresses": b"To: " + b'"a" <a@b.example>, ' * 50_000 + b"\r\n" + HEAD + b"\r\nx",
    "open comments": b"To: " + b"(" * 1_000_000 + b"\r\n" + HEAD + b"\r\nx",
    "open quotes": b"From: " + b'"\\' * 500_000 + b"\r\n\r\nx",
    "long local part": b"From: " + b"a." * 500_000 + b"@b.example\r\n\r\nx",
    "many parameters": HEAD + b"Content-Type: text/plain" + b"; a*0*=b" * 100_000 + b"\r\n\r\nx",
    "open parameter": HEAD + b'Content-Type: text/plain; name="' + b"\\" * 900_000 + b"\r\n\r\nx",
    "many references": b"References: " + b"<a@b>" * 200_000 + b"\r\n" + HEAD + b"\r\nx",
    "open references": b"References: " + b"<" * 900_000 + b"\r\n" + HEAD + b"\r\nx",
    "deep html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<div>" * 200_000,
    "open html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"".join(b"<i id=%d>" % n for n in range(80_000)),
    "quoted html": HEAD + b"Content-Type: text/html\r\n\r\n" + b"<blockquote>" * 200 + b"x<br>" * 150_000,
    "uuencode without end": HEAD + b"\r\n" + b"begin 644 a\r\n" * 75_000,
    "many small files": HEAD + b"\r\n" + b"begin 644 a\n#0V%T\n`\nend\n" * 40_000,
    "flowed": HEAD + b"Content-Type: text/plain; format=flowed\r\n\r\n" + b"a \r\n" * 250_000,
    "quotation marks": HEAD + b"\r\n" + b"> " * 450_000,
    "announcements": HEAD + b"\r\n" + b"On 3 May 2026, Eva <e@x.example> wrote\r\n" * 25_000,
    "dashes": HEAD + b"\r\n" + b"-" * 900_000,
    "high bytes": HEAD + b"\r\n" + bytes(range(128, 256)) * 7_000,
    "invitation": HEAD + b"Content-Type: text/calendar\r\n\r\n" + b"BEGIN:VEVENT\r\n" * 65_000,
    "tnef": HEAD
    + b"Content-Type: application/ms-tnef\r\n\r\n"
    + WINMAIL[:6]
    + b"\x02\x02\x90\x06\x00"
    + b"\x00" * 900_000,
    "delivery report": HEAD
    + b"Content-Type: message/delivery-status\r\n\r\n"
    + b"Final-Recipient: a;b@c\r\n\r\n" * 35_000,
    "base64": HEAD + b"Content-Transfer-Encoding: base64\r\n\r\n" + b"=\r\n" * 300_000,
    "quoted printable": HEAD + b"Content-Transfer-Encoding: quoted-printable\r\n\r\n" + b"=\r\n" * 300_000,
    "named utf-7": HEAD + b"Content-Type: text/plain; charset=utf-7\r\n\r\n" + b"+" * 900_000,
    "named idna": HEAD + b"Content-Type: text/plain; charset=idna\r\n\r\n" + b"\xfc" * 900_000,
}
#: What one mail may take (seconds of processor time, bytes): the system ends the process that takes more.
SECONDS, MEMORY = 2.0, 256 * 1024 * 1024


def read_within_limits(raw: bytes) -> None:
    in_use = int(Path("/proc/self/statm").read_text().split()[5]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_DATA, (in_use + MEMORY,) * 2)
    signal.setitimer(signal.ITIMER_VIRTUAL, SECONDS)
    letter = read(raw)
    cut(letter.text)
    clean(letter.html, {}.get)
    classify(letter)
    signal.setitimer(signal.ITIMER_VIRTUAL, 0)
    sys.exit("unreadable" in {problem.slug for problem in letter.problems})


@pytest.mark.parametrize("name", POISON)
def test_a_mail_made_to_hurt_is_read_within_its_share_of_time_and_memory(name: str) -> None:
    reader = multiprocessing.get_context("fork").Process(target=read_within_limits, args=(POISON[name],))
    reader.start()
    reader.join()
    assert reader.exitcode == 0
