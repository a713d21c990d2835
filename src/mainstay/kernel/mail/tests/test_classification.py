"""Who wrote a mail: what decides that it is never answered automatically."""

import json
from typing import Any

import pytest

from mainstay.kernel.mail.engine import Sender, classify, read
from mainstay.kernel.mail.tests.corpus import DATA, MIME, mails, needs_the_mails, place

CASES = DATA / "mail_loop_cases.json"


def letter(subject: str = "Lorem ipsum dolor", **headers: str) -> Any:
    fields = {"From": "me@example.com", "Subject": subject} | {
        name.replace("_", "-"): value for name, value in headers.items()
    }
    return read("\r\n".join(f"{name}: {value}" for name, value in fields.items()).encode() + b"\r\n\r\nHello")


@needs_the_mails
def test_every_stated_set_of_headers_is_answered_or_not_as_stated() -> None:
    cases = json.loads(CASES.read_text())["auto_response_check"]
    assert len(cases) > 1
    for case in cases:
        assert classify(letter(**case["headers"])).answerable == case["send_auto_response"], case
        assert classify(letter(**case["headers"])).answerable != case["is_auto_response"], case


@needs_the_mails
def test_every_stated_absence_note_is_one_and_nothing_else_is() -> None:
    cases = json.loads(CASES.read_text())["out_of_office_check"]
    assert len(cases) > 6
    for case in cases:
        found = classify(letter(case["subject"], **case["headers"]))
        assert (found.sender is Sender.ABSENCE) == case["out_of_office"], case


#: The reports of delivery in the corpus: each recipient with its status.
BOUNCES = {
    "mime_emails/raw_email_with_mimepart_without_content_type.eml": [("delayed", "4.5.0")],
    "multipart_report_emails/multi_address_bounce1.eml": [("failed", "5.1.1")] * 5,
    "multipart_report_emails/multi_address_bounce2.eml": [("failed", "5.1.1")] * 5,
    "multipart_report_emails/multipart_report_multiple_status.eml": [("failed", "5.3.0")],
    "multipart_report_emails/report_422.eml": [("delayed", "4.2.2")],
    "multipart_report_emails/report_530.eml": [("failed", "5.3.0")],
}


@needs_the_mails
def test_the_reports_of_the_corpus_are_bounces_with_their_addresses_and_nothing_else_is() -> None:
    found = {place(path): classify(read(path.read_bytes())) for path in mails()}
    bounces = {name: each for name, each in found.items() if each.sender is Sender.BOUNCE}
    assert {name: [(one.action, one.status) for one in each.deliveries] for name, each in bounces.items()} == BOUNCES
    report = read((MIME / "multipart_report_emails/report_530.eml").read_bytes())
    assert [one.recipient for one in classify(report).deliveries if one.permanent] == ["edwin@zzzzzzz.com"]


def test_a_report_in_words_alone_names_the_address_that_failed() -> None:
    raw = (
        b"Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example\r\nTo: desk@example.com\r\nSubject: failure notice\r\n\r\n"
        b"Sorry, this did not work.\r\n\r\n<gone@customer.example>:\r\n550 5.1.1 no such user here\r\n"
    )
    found = classify(read(raw))
    assert (found.sender, found.reason) == (Sender.BOUNCE, "robot")
    assert [(one.recipient, one.status, one.permanent) for one in found.deliveries] == [
        ("gone@customer.example", "5.1.1", True)
    ]


@pytest.mark.parametrize(
    ("headers", "sender", "reason"),
    [
        ({}, Sender.PERSON, "person"),
        ({"Auto_Submitted": "no"}, Sender.PERSON, "person"),
        ({"Auto_Submitted": "auto-generated"}, Sender.AUTOMATIC, "generated"),
        ({"Auto_Submitted": "auto-replied"}, Sender.ABSENCE, "replied"),
        ({"Precedence": "bulk"}, Sender.AUTOMATIC, "precedence"),
        ({"Precedence": "list"}, Sender.LIST, "list"),
        ({"List_Id": "<users.example.com>"}, Sender.LIST, "list"),
        ({"X_Auto_Response_Suppress": "DR, OOF, AutoReply"}, Sender.AUTOMATIC, "suppressed"),
        ({"X_Auto_Response_Suppress": "DR"}, Sender.PERSON, "person"),
        ({"Return_Path": "<>"}, Sender.AUTOMATIC, "empty_return_path"),
        ({"Return_Path": "<me@example.com>"}, Sender.PERSON, "person"),
        ({"Message_ID": "<t-1-2@desk.example.com>"}, Sender.OWN, "own_message"),
        ({"From": "Desk <Desk@Example.com>"}, Sender.OWN, "own_address"),
    ],
)
def test_each_mark_of_a_machine_is_known(headers: dict[str, str], sender: Sender, reason: str) -> None:
    found = classify(letter(**headers), {"desk@example.com"}, {"desk.example.com"})
    assert (found.sender, found.reason) == (sender, reason)
    assert found.words


@pytest.mark.parametrize("subject", ["Automatische Antwort: Drucker", "Out of office", "Réponse automatique : x"])
def test_the_subject_of_an_absence_note_counts_only_beside_a_mark_of_a_machine(subject: str) -> None:
    assert classify(letter(subject, X_Auto_Response_Suppress="All")).sender is Sender.ABSENCE
    assert classify(letter(subject)).sender is Sender.PERSON


def test_a_mail_that_went_round_in_circles_is_a_loop() -> None:
    def after(hops: int) -> Sender:
        received = b"".join(b"Received: from a by b; Mon, 4 May 2026 10:00:00 +0000\r\n" for _ in range(hops))
        return classify(read(received + b"From: me@example.com\r\nSubject: x\r\n\r\nHello")).sender

    assert after(101) is Sender.LOOP
    assert after(100) is Sender.PERSON


def test_a_bounce_of_our_own_mail_is_a_bounce() -> None:
    raw = (
        b"From: MAILER-DAEMON@mx.example\r\nTo: desk@example.com\r\nSubject: Undelivered\r\n"
        b"Message-ID: <x@mx.example>\r\n"
        b"Auto-Submitted: auto-replied\r\n"
        b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        b"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
        b"Final-Recipient: rfc822; gone@customer.example\r\nAction: failed\r\nStatus: 5.2.2\r\n\r\n--b--\r\n"
    )
    found = classify(read(raw), {"desk@example.com"}, {"desk.example.com"})
    assert found.sender is Sender.BOUNCE
    assert [(one.recipient, one.status) for one in found.deliveries] == [("gone@customer.example", "5.2.2")]
