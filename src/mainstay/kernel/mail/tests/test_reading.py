"""Reading mails: the public corpus mail by mail, and every way known to write one badly."""

import base64
import hashlib
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.mail.engine import Letter, Mailbox, parts, read, reading
from mainstay.kernel.mail.engine.letter import PROBLEMS
from mainstay.kernel.mail.tests.corpus import mails, needs_the_mails, place
from mainstay.kernel.mail.tests.letters import INVITATION, WINMAIL, alternative, mail, slugs

#: What each mail of the corpus says, checked by eye: subject, sender, the first words and the digest of the text, names
#: of attachments, problems.
EXPECTED = Path(__file__).parent / "mime_expected.json"


def described(letter: Letter) -> dict[str, object]:
    text = "\n".join(line.rstrip() for line in letter.text.split("\n")).strip()
    return {
        "subject": letter.subject,
        "sender": [letter.sender.name, letter.sender.address] if letter.sender else None,
        "begins": " ".join(text.split())[:40],
        "digest": hashlib.sha256(text.encode()).hexdigest()[:16],
        "attachments": [attachment.name for attachment in letter.attachments],
        "problems": sorted({problem.slug for problem in letter.problems}),
    }


@needs_the_mails
def test_every_mail_of_the_corpus_says_what_was_read_by_eye() -> None:
    expected = json.loads(EXPECTED.read_text())
    found = {place(path): described(read(path.read_bytes())) for path in mails()}
    assert len(found) == 104
    assert {name: each for name, each in found.items() if each != expected.get(name)} == {}
    assert set(expected) == set(found)


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"", "no_sender"),
        (b"\x00\xff\xfe", "no_sender"),
        (b"From: nobody\r\nSubject: x\r\n\r\nHello", "no_sender"),
        (b"From: a@example.com\r\n\r\n \r\n", "nothing_said"),
    ],
)
def test_what_can_be_no_case_says_why(raw: bytes, reason: str) -> None:
    letter = read(raw)
    assert letter.refused is not None
    assert (letter.refused.slug, letter.refused in letter.problems) == (reason, True)


def test_the_ids_and_the_date_are_read_without_brackets_and_in_utc() -> None:
    letter = read(
        b"From: a@example.com\r\nDate: Mon, 4 May 2026 10:00:00 +0200\r\nMessage-ID: <1@x.example>\r\n"
        b"In-Reply-To: <0@x.example>\r\nReferences: <a@x.example>\r\n <0@x.example> <0@x.example>\r\n\r\nHello"
    )
    assert letter.date == datetime(2026, 5, 4, 8, 0, tzinfo=UTC)
    assert (letter.message_id, letter.in_reply_to) == ("1@x.example", ("0@x.example",))
    assert letter.references == ("a@x.example", "0@x.example")


def test_of_alternatives_both_forms_are_kept_and_the_text_is_said_once() -> None:
    letter = alternative(("text/plain", b"Hello"), ("text/html", b"<p>Hello</p>"))
    assert (letter.text, letter.html, letter.attachments) == ("Hello", "<p>Hello</p>", ())


def test_html_alone_is_read_as_text_too() -> None:
    letter = mail(b"<p>Hello</p><p>World</p>", "text/html")
    assert (letter.text, letter.html) == ("Hello\n\nWorld", "<p>Hello</p><p>World</p>")


def test_text_between_files_is_all_text() -> None:
    letter = alternative(("text/plain", b"above"), ("image/png", b"x"), ("text/html", b"<b>below</b>"), kind="mixed")
    assert letter.text == "above\n\nbelow"
    assert "above" in letter.html
    assert [attachment.name for attachment in letter.attachments] == ["image.png"]


def test_a_picture_that_the_page_refers_to_is_inline() -> None:
    body = (
        b'--b\r\nContent-Type: text/html\r\n\r\n<img src="cid:p@x">\r\n--b\r\nContent-Type: image/png\r\n'
        b"Content-ID: <p@x>\r\nContent-Disposition: inline; filename=p.png\r\n\r\nxx\r\n--b--\r\n"
    )
    (picture,) = mail(body, "multipart/related; boundary=b").attachments
    assert (picture.name, picture.content_id, picture.inline, picture.content) == ("p.png", "p@x", True, b"xx")


@pytest.mark.parametrize(
    ("parameter", "name"),
    [
        ("filename=a.txt", "a.txt"),
        ('filename="a b.txt"', "a b.txt"),
        ("filename=a b.txt", "a b.txt"),
        ('filename="=?utf-8?q?=C3=BC.txt?="', "ü.txt"),
        ("filename*=utf-8''%C3%BC.txt", "ü.txt"),
        ("filename*0*=utf-8''%C3%BC; filename*1=.txt", "ü.txt"),
        ('filename="ü.txt"', "ü.txt"),
        ('filename="../../etc/passwd"', "passwd"),
        ('filename="C:\\\\x\\\\a.txt"', "a.txt"),
        ('filename="a\u202etxt.exe"', "a_txt.exe"),
    ],
)
def test_the_name_of_a_file_is_read_and_is_only_a_name(parameter: str, name: str) -> None:
    letter = mail(b"data", "application/octet-stream", f"Content-Disposition: attachment; {parameter}\r\n".encode())
    assert [attachment.name for attachment in letter.attachments] == [name]


def test_a_mail_inside_is_a_file_that_can_be_read() -> None:
    inner = b"From: Max <max@example.com>\r\nSubject: Old case\r\n\r\nThe words inside"
    letter = alternative(("text/plain", b"See the mail"), ("message/rfc822", inner), kind="mixed")
    (attachment,) = letter.attachments
    assert (attachment.name, attachment.content) == ("Old case.eml", inner)
    assert "max@example.com" in attachment.text
    assert "The words inside" in attachment.text


def test_an_invitation_says_what_when_and_where() -> None:
    letter = alternative(("text/plain", b"Please come"), ("text/calendar; method=REQUEST", INVITATION))
    (attachment,) = letter.attachments
    assert attachment.name == "text.ics"
    lines = ["Review, long one", "2026-05-04 09:30 Europe/Berlin – 2026-05-04 08:30 UTC", "Room 5", "eva@example.com"]
    assert attachment.text.split("\n") == lines
    assert letter.text == "Please come"
    assert mail(INVITATION, "text/calendar").text == attachment.text


def test_an_invitation_cut_off_says_so_and_says_what_is_left() -> None:
    letter = mail(INVITATION[:120], "text/calendar")
    assert letter.text.startswith("Review, long one")
    assert slugs(letter) == {"invitation_broken"}


def test_the_files_in_a_winmail_dat_are_taken_out() -> None:
    letter = mail(
        base64.encodebytes(WINMAIL), "application/ms-tnef; name=winmail.dat", b"Content-Transfer-Encoding: base64\r\n"
    )
    assert (letter.text, slugs(letter)) == ("Body of TNEF", set())
    assert [(each.name, each.content) for each in letter.attachments] == [("Plän 2026.txt", b"the plan")]


def test_a_damaged_winmail_dat_is_kept_beside_what_was_read() -> None:
    damaged = bytearray(WINMAIL)
    damaged[-5] ^= 0xFF
    letter = mail(bytes(damaged), "application/ms-tnef; name=winmail.dat", b"Content-Transfer-Encoding: binary\r\n")
    assert "tnef_broken" in slugs(letter)
    assert [each.name for each in letter.attachments] == ["PLAN~1.TXT", "winmail.dat"]


def test_files_written_into_the_text_are_taken_out() -> None:
    letter = mail(b"Before\r\nbegin 644 cat.txt\r\n#0V%T\r\n`\r\nend\r\nAfter\r\n")
    assert letter.text.split() == ["Before", "After"]
    assert [(each.name, each.content) for each in letter.attachments] == [("cat.txt", b"Cat")]
    assert "begin 644" in mail(b"begin 644 cat.txt\r\n\xff\xff\r\nend\r\n").text


def test_flowed_text_is_joined_and_quotation_marks_are_kept() -> None:
    text = b"This is a long \r\nline.\r\n> quoted \r\n> too\r\n-- \r\nEva"
    assert mail(text, "text/plain; format=flowed").text == "This is a long line.\n> quoted too\n-- \nEva"
    assert mail(b"cut wor \r\nd", "text/plain; format=flowed; delsp=yes").text == "cut word"


@pytest.mark.parametrize(
    ("encoding", "body", "text", "problem"),
    [
        (b"quoted-printable", b"Gr=C3=BC=C3=9Fe=\r\n an alle", "Grüße an alle", ""),
        (b"quoted-printable", b"50 =% und =XY", "50 =% und =XY", ""),
        (b"base64", b"SGVsbG8=", "Hello", ""),
        (b"base64", b"SGVsbG8", "Hello", ""),
        (b"BASE64", b"SGVs\r\nbG8=\r\n", "Hello", ""),
        (b"base64", b"SGVsbG8=\r\n\r\nA footer of the list", "Hello\n\nA footer of the list", "encoding_damaged"),
        (b"base64", b"SGVs*bG8h" + b"SGVs" * 30, "Hello!" + "Hel" * 30, "encoding_damaged"),
        (b"base64", b"This is no base64 at all, sorry!", "This is no base64 at all, sorry!", "encoding_damaged"),
        (b"x-strange", b"Hello", "Hello", "encoding_unknown"),
        (b"8bit", "grün".encode(), "grün", ""),
    ],
)
def test_a_transfer_encoding_is_undone_and_damage_said(encoding: bytes, body: bytes, text: str, problem: str) -> None:
    letter = mail(body, more=b"Content-Transfer-Encoding: " + encoding + b"\r\n")
    assert (letter.text, slugs(letter)) == (text, {problem} - {""})


@pytest.mark.parametrize(
    ("content_type", "body", "problem"),
    [
        ("multipart/mixed", b"--zz\r\nContent-Type: text/plain\r\n\r\nHello there\r\n--zz--\r\n", "boundary_guessed"),
        (
            "multipart/mixed; boundary=no",
            b"--zz\r\nContent-Type: text/plain\r\n\r\nHello there\r\n--zz--\r\n",
            "boundary_guessed",
        ),
        ("multipart/mixed; boundary=no", b"Hello there", "boundary_missing"),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nHello there", ""),
        ("multipart/mixed; boundary=b", b"--b\r\n\r\nHello\r\n--b--\r\n--b\r\n\r\nthere\r\n--b--\r\n", ""),
    ],
)
def test_parts_are_found_without_the_line_that_divides_them(content_type: str, body: bytes, problem: str) -> None:
    letter = mail(body, content_type)
    assert letter.text.split() == ["Hello", "there"]
    assert slugs(letter) == {problem} - {""}


def test_text_outside_the_parts_is_kept() -> None:
    letter = mail(b"above\r\n--b\r\n\r\nHello\r\n--b--\r\nbelow", "multipart/mixed; boundary=b")
    assert [each.content for each in letter.attachments] == [b"above", b"below"]
    assert "text_outside_parts" in slugs(letter)


def test_parts_nested_without_end_are_kept_as_one_file() -> None:
    deep = b"".join(b"--b%d\r\nContent-Type: multipart/mixed; boundary=b%d\r\n\r\n" % (n, n + 1) for n in range(1000))
    letter = mail(deep + b"token", "multipart/mixed; boundary=b0")
    assert "nested_too_deep" in slugs(letter)
    assert any(b"token" in each.content for each in letter.attachments)


def test_mails_nested_without_end_are_kept_as_files() -> None:
    letter = read(b"From: a@example.com\r\nContent-Type: message/rfc822\r\n\r\n" * 500 + b"token")
    assert "nested_too_deep" in slugs(letter) or letter.attachments[0].content.endswith(b"token")
    assert letter.attachments[0].content.endswith(b"token")


def test_more_parts_than_the_limit_are_kept_as_one_file() -> None:
    count = parts.MOST_PARTS * 3
    letter = mail(b"".join(b"--b\r\n\r\nn%dn\r\n" % n for n in range(count)), "multipart/mixed; boundary=b")
    everything = letter.text.encode() + b"".join(each.content for each in letter.attachments)
    assert "too_many_parts" in slugs(letter)
    assert all(b"n%dn" % n in everything for n in range(count))


def test_text_longer_than_the_limit_is_cut_and_kept_as_a_file() -> None:
    letter = mail(b"x" * (reading.LONGEST_TEXT + 7))
    assert len(letter.text) == reading.LONGEST_TEXT
    assert [len(each.content) for each in letter.attachments] == [reading.LONGEST_TEXT + 7]
    assert slugs(letter) == {"text_too_long"}


def test_a_mail_larger_than_the_limit_is_refused_with_its_header_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LARGEST", 200)
    letter = mail(b"x" * 300)
    assert letter.refused is not None
    assert (letter.refused.slug, letter.sender) == ("too_large", Mailbox("Eva", "eva@example.com"))


def test_an_error_that_was_overlooked_costs_one_mail_its_form(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: object) -> None:
        raise RuntimeError

    monkeypatch.setattr(reading, "_walk", broken)
    letter = read(b"From: a@example.com\r\n\r\nHello")
    assert letter.refused is not None
    assert (letter.refused.slug, letter.attachments[0].content) == ("unreadable", b"From: a@example.com\r\n\r\nHello")


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read(raw: bytes) -> None:
    letter = read(raw)
    assert "unreadable" not in slugs(letter)
    assert slugs(letter) <= set(PROBLEMS)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), max_size=200))
def test_any_text_that_is_rightly_encoded_is_read_as_it_was(text: str) -> None:
    letter = mail(base64.b64encode(text.encode()), more=b"Content-Transfer-Encoding: base64\r\n")
    assert letter.text.strip() == text.replace("\ufeff", "", text.startswith("\ufeff")).strip()


@given(st.binary(min_size=1, max_size=500))
def test_any_file_comes_out_as_it_went_in(content: bytes) -> None:
    letter = mail(base64.encodebytes(content), "image/png; name=a.png", b"Content-Transfer-Encoding: base64\r\n")
    assert [each.content for each in letter.attachments] == [content] or content.startswith(b"\x78\x9f\x3e\x22")
