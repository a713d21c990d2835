"""Mail coming in: through the LMTP port, as a server of the site hands it over, to what it becomes."""

import smtplib
import socket
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actions import change_setting, give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.mail import actions, queries
from mainstay.kernel.mail.engine import key_of, read
from mainstay.kernel.mail.engine.marks import answered, numbers_in, record_of, reply_address, title_of
from mainstay.kernel.mail.gateways.doorstep import LATER, Door
from mainstay.kernel.mail.models import Mailbox, ReceivedMail
from mainstay.kernel.mail.tests.server import mail_server
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, Missing
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Attachment, AttributeDefinition, Comment, Link, Record, RecordNumber, Watch
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
BY = system("command")
ANNOUNCED = "On Mon, Nov 2, 2026 at 10:00, Adam Agent <adam@acme.example> wrote:"


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def desk(world: World) -> Mailbox:
    values = {"name": "Desk", "address": "Desk@acme.example", "organisation": "acme", "language": "en"}
    values |= {"role": "requester", "team": "desk"}
    put(kinds()["mailboxes"], "desk", values, by=BY)
    return Mailbox.objects.get()


def written(
    text: str = "It smokes.", sender: str = "Rita <rita@acme.example>", subject: str = "The printer", **fields: str
) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = sender, "desk@acme.example", subject
    message["Message-ID"] = f"<{abs(hash((text, sender, subject, *fields.values())))}@elsewhere.example>"
    for name, value in fields.items():
        field = name.replace("_", "-")
        del message[field]
        message[field] = value
    message.set_content(text)
    return message.as_bytes()


def come(mailbox: Mailbox, raw: bytes, recipient: str = "") -> ReceivedMail:
    """Let a mail come in and be handled."""
    mail = actions.take_in(mailbox, raw, recipient=recipient)
    run("mail.handle")
    mail.refresh_from_db()
    return mail


def keeper() -> Person:
    """Return somebody who configures the instance as a whole."""
    home = Organisation.objects.get(parent=None, slug="acme")
    found = Person.objects.create(name="Keeper", email="keeper@acme.example", organisation=home)
    give(Role.objects.get(slug="administrator"), by=BY, organisation=home, person=found)
    return found


def case_of(mail: ReceivedMail) -> Record:
    assert (mail.state, mail.reason, mail.detail) == ("taken", "", "")
    assert mail.record is not None
    return mail.record


# --- What it becomes


def test_a_mail_of_somebody_known_becomes_a_case_of_theirs(desk: Mailbox, world: World) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "Rita <RITA@acme.example>", "Re: AW: The printer"
    message.set_content("It smokes.\n")
    message.add_attachment(b"\x89PNG\r\n\x1a\n picture", maintype="image", subtype="png", filename="smoke.png")
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="fix.exe")
    mail = come(desk, message.as_bytes())
    record = case_of(mail)
    assert (record.title, record.requester, record.organisation) == ("The printer", world.requester, world.organisation)
    assert (record.team, record.requester) == (world.team, world.requester)
    assert [file.name for file in record.attachments.all()] == ["smoke.png"]
    assert [file["name"] for file in mail.refused_files] == ["fix.exe"]
    assert queries.original(mail) == message.as_bytes()


def test_a_stranger_becomes_a_person_with_no_more_than_the_role_of_the_mailbox(desk: Mailbox, world: World) -> None:
    record = case_of(come(desk, written(sender="Nina New <Nina@home.example>")))
    person = record.requester
    assert person is not None
    assert (person.name, person.email, person.organisation) == ("Nina New", "nina@home.example", world.organisation)
    assert not person.has_usable_password()
    assert [(grant.role.slug, grant.organisation) for grant in person.grants.all()] == [
        ("requester", world.organisation)
    ]
    assert actor_for(person, door="page").can(f"{record.kind}.read", record)
    again = case_of(come(desk, written("And again.", sender="nina@home.example")))
    assert (again.requester, again.pk != record.pk) == (person, True)


def test_a_mailbox_hands_out_no_role_that_reaches_further_than_own_cases(desk: Mailbox) -> None:
    with pytest.raises(Invalid):
        put(kinds()["mailboxes"], "desk", {"role": "agent"}, by=BY)
    with pytest.raises(Invalid):
        actions.save_mailbox(
            by=BY, slug="desk", address="a@b.example", role=Role.objects.get(slug="agent"), retired=False
        )


def test_required_fields_of_the_form_keep_no_mail_out(desk: Mailbox) -> None:
    for kind in ("incident", "contact"):
        AttributeDefinition.objects.create(kind=kind, slug="room", label="Room", type="text", required=True)
    case_of(come(desk, written()))


# --- Threading


@pytest.fixture
def case(desk: Mailbox) -> Record:
    return case_of(come(desk, written("It smokes.", Message_ID="<first@acme.example>")))


def test_an_answer_is_found_by_the_ids_we_gave(desk: Mailbox, case: Record, world: World) -> None:
    with mail_server() as keeper:
        records.comment(case, by=world.as_agent(), body="Is it on?")
        run("notify.deliver", "mail.send")
        (told,) = [message for message in keeper.messages if "rita" in message["To"]]
    raw = written("Yes.", subject="No number here", In_Reply_To=told["Message-ID"])
    answer = come(desk, raw)
    assert (answer.record, answer.comment and answer.comment.body) == (case, "Yes.")
    by_thread = come(desk, written("Still.", subject="None", References=f"<x@y> {told['References']}"))
    assert by_thread.record == case


def test_an_answer_is_found_by_the_ids_that_came_in(desk: Mailbox, case: Record) -> None:
    assert come(desk, written("More.", subject="None", In_Reply_To="<first@acme.example>")).record == case


def test_an_answer_is_found_by_a_number_that_was_ever_given(desk: Mailbox, case: Record) -> None:
    RecordNumber.objects.create(number="OLD-000007", record=case)
    assert come(desk, written("One.", subject=f"Re: [{case.number}] x")).record == case
    assert come(desk, written("Two.", subject="Re: [old-000007] x")).record == case


def test_an_answer_is_found_by_its_signed_address(desk: Mailbox, case: Record, world: World) -> None:
    put(kinds()["mailboxes"], "desk", {"signed_replies": True}, by=BY)
    with mail_server() as keeper:
        records.comment(case, by=world.as_agent(), body="Is it on?")
        run("notify.deliver", "mail.send")
    signed = next(message for message in keeper.messages if "rita" in message["To"])["Reply-To"].addresses[0].addr_spec
    assert queries.mailbox_for(signed) == desk
    assert come(desk, written("Yes.", subject="None"), recipient=signed).record == case
    forged = signed.replace(f"+{case.pk}-", f"+{case.pk + 1}-")
    assert come(desk, written("No.", subject="None"), recipient=forged).record != case


def test_marks_cannot_be_made_up() -> None:
    def tag(text: str) -> str:
        return f"{int.from_bytes(text.encode(), 'big')}"[:60]

    assert record_of(f"12-34-{tag('event 12 34')}@any.example", tag) == 12
    assert record_of(f"12-35-{tag('event 12 34')}@any.example", tag) is None
    assert record_of("12-34@any.example", tag) is None
    address = reply_address("desk@acme.example", 12, 5, tag)
    assert answered(["x@y.example", address.upper()], tag) == 12
    assert answered([address.replace("+12-5-", "+12-6-")], tag) is None
    assert numbers_in("Re: [INC-000001] and [sd-000002]") == ["SD-000002", "INC-000001"]
    assert title_of("AW: Re[2]: Fwd: Real: news") == "Real: news"


@pytest.mark.parametrize("address", ["eve@evil.example", "sven@rival.example"])
def test_who_knows_the_number_and_may_not_write_there_gets_a_linked_case_and_no_access(
    desk: Mailbox, case: Record, world: World, address: str
) -> None:
    mail = come(desk, written("Tell me all.", sender=f"Somebody <{address}>", subject=f"[{case.number}]"))
    other = case_of(mail)
    assert (other.pk != case.pk, mail.comment) == (True, None)
    assert Link.objects.get(source=other, target=case).kind == "relates_to"
    assert not Comment.objects.filter(record=case).exists()
    person = Person.objects.get(email=address)
    assert not actor_for(person, door="page").can(f"{case.kind}.read", case)
    assert not Watch.objects.filter(record=case, person=person).exists()


def test_an_answer_to_a_closed_case_becomes_one_that_follows_it(desk: Mailbox, case: Record) -> None:
    Record.objects.filter(pk=case.pk).update(state="closed", state_category="closed")
    follower = case_of(come(desk, written("It smokes again.", subject=f"[{case.number}]")))
    assert Link.objects.get(source=follower, target=case).kind == "follows"


def test_what_an_answer_quotes_is_folded_and_its_files_stand_with_it(desk: Mailbox, case: Record) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "rita@acme.example", f"Re: [{case.number}]"
    message.set_content(
        "Yes, it is on.\n\nOn Mon, Nov 2, 2026 at 10:00, Adam Agent <adam@acme.example> wrote:\n> Is it on?\n"
    )
    message.add_attachment(b"text", maintype="text", subtype="plain", filename="log.txt")
    mail = come(desk, message.as_bytes())
    assert mail.comment is not None
    assert mail.comment.body == "Yes, it is on."
    assert "> Is it on?" in mail.folded
    assert [(file.name, file.visibility) for file in Attachment.objects.filter(comment=mail.comment)] == [
        ("log.txt", "public")
    ]


def test_an_agent_reads_what_was_folded_and_finds_the_original(desk: Mailbox, case: Record, world: World) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "rita@acme.example", f"Re: [{case.number}]"
    message.set_content(
        "Yes, it is on.\n\nOn Mon, Nov 2, 2026 at 10:00, Adam Agent <adam@acme.example> wrote:\n> Is it <b>on</b>?\n"
    )
    message.add_attachment(b"MZ", maintype="application", subtype="octet-stream", filename="fix.exe")
    mail = come(desk, message.as_bytes())
    page = signed_in(world.agent).get(f"/records/{case.number}", follow=True).content.decode()
    for part in ("&gt; Is it &lt;b&gt;on&lt;/b&gt;?", f"/mails/{mail.uuid}/original/", "fix.exe", "E-mail"):
        assert part in page
    own = signed_in(world.requester).get(f"/records/{case.number}", follow=True).content.decode()
    assert "Yes, it is on." in own
    assert "/original/" not in own
    assert "fix.exe" not in own


def test_people_who_got_a_copy_watch_only_what_they_may_see(desk: Mailbox, world: World) -> None:
    copies = "adam@acme.example, sven@rival.example, nobody@else.example, desk@acme.example"
    assert not Watch.objects.filter(record=case_of(come(desk, written("a", Cc=copies)))).exists()
    put(kinds()["mailboxes"], "desk", {"copies_watch": True}, by=BY)
    record = case_of(come(desk, written("b", Cc=copies)))
    assert [watch.person for watch in Watch.objects.filter(record=record)] == [world.agent]


# --- What is not for people


@pytest.mark.parametrize(
    ("fields", "reason"),
    [
        ({"Auto_Submitted": "auto-replied"}, "absence"),
        ({"sender": "desk@acme.example"}, "own"),
        ({"sender": "MAILER-DAEMON@x.example", "subject": "Undelivered Mail Returned to Sender"}, "bounce"),
    ],
)
def test_what_machines_answer_becomes_nothing_and_says_why(desk: Mailbox, fields: dict[str, str], reason: str) -> None:
    mail = come(desk, written(**fields))
    assert (mail.state, mail.reason, mail.record) == ("ignored", reason, None)


def test_our_own_mail_is_known_by_its_mark_alone(desk: Mailbox, case: Record) -> None:
    own = f"<{case.pk}-7-{queries.tag(f'event {case.pk} 7')}@localhost>"
    assert come(desk, written("x", Message_ID=own)).reason == "own"
    assert come(desk, written("x", Message_ID=f"<{case.pk}-7-abcdefgh@localhost>")).state == "taken"


def test_nobody_is_answered_by_a_program_for_a_mail(desk: Mailbox) -> None:
    with mail_server() as keeper:
        come(desk, written(sender="robot@else.example", Precedence="bulk"))
        come(desk, written(sender="rita@acme.example"))
        run("notify.deliver", "mail.send")
        assert {message["To"] for message in keeper.messages} <= {"Adam Agent <adam@acme.example>"}


# --- Once, and for good


def test_a_mail_is_one_however_often_it_comes_and_two_when_it_says_something_else(desk: Mailbox) -> None:
    raw = written(Message_ID="<one@x.example>")
    again = b"Received: from another way\r\n" + raw.replace(b"\n", b"\r\n") + b"\r\n"
    other = written("Not the same.", Message_ID="<one@x.example>")
    assert key_of(raw) == key_of(again) != key_of(other)
    assert come(desk, raw).pk == come(desk, again).pk != come(desk, other).pk
    values = {"name": "2", "address": "two@acme.example", "organisation": "acme", "language": "en"}
    put(kinds()["mailboxes"], "second", values, by=BY)
    second = Mailbox.objects.get(slug="second")
    assert come(second, raw).record != ReceivedMail.objects.get(mailbox=desk, key=key_of(raw)).record
    assert Record.objects.count() == 3


def test_mails_without_an_id_are_told_apart_by_their_authors() -> None:
    one, two = (f"From: {name}@x.example\nSubject: x\n\nCall me.".encode() for name in "ab")
    assert key_of(one) != key_of(two)
    assert key_of(one) == key_of(b"Received: x\n" + one)


def test_handling_again_changes_nothing(desk: Mailbox, case: Record) -> None:
    mail = come(desk, written("More.", subject=f"[{case.number}]"))
    actions.handle(mail.pk, read=read)
    assert (Comment.objects.count(), Record.objects.count()) == (1, 1)


def test_what_fails_again_and_again_is_set_aside(desk: Mailbox) -> None:
    mail = actions.take_in(desk, written())
    for _ in range(5):
        with pytest.raises(ZeroDivisionError):
            actions.handle(mail.pk, read=lambda raw: 1 / 0)
    actions.handle(mail.pk, read=read)
    mail.refresh_from_db()
    assert (mail.state, mail.reason) == ("quarantined", "gave_up")


# --- Set aside


def test_what_cannot_be_read_waits_for_an_administrator_who_lets_it_in(desk: Mailbox, world: World) -> None:
    configurer = keeper()
    mail = come(desk, b"Subject: Nobody wrote this <script>\n\nHello from nowhere.")
    assert (mail.state, mail.reason) == ("quarantined", "no_sender")
    browser = signed_in(configurer)
    page = f"/administration/mails/{mail.uuid}/"
    listed, shown = browser.get("/administration/mails/").content.decode(), browser.get(page).content.decode()
    assert "Nobody wrote this &lt;script&gt;" in listed
    assert "Hello from nowhere." in shown
    assert "Nobody can be answered" in shown
    assert saved(browser, mail) == queries.original(mail)
    assert browser.post(page, {"decision": "release"}).status_code == 303
    run("mail.handle")
    mail.refresh_from_db()
    record = case_of(mail)
    assert (record.title, record.requester and record.requester.name) == (
        "Nobody wrote this <script>",
        "Unknown sender",
    )
    assert browser.get(page).status_code == 404
    with pytest.raises(Missing):  # now it is a case, and whoever administers reads no cases
        queries.received_mail(actor_for(configurer, door="page"), mail.uuid)


def test_a_mail_that_was_set_aside_can_be_left_at_that(desk: Mailbox, world: World) -> None:
    mail = come(desk, b"\n\n")
    actions.dismiss(mail, by=world.as_agent())
    mail.refresh_from_db()
    assert (mail.state, mail.reason, run("mail.handle")) == ("ignored", "dismissed", 0)


def saved(browser: Client, mail: ReceivedMail) -> bytes:
    response = browser.get(f"/mails/{mail.uuid}/original/")
    assert response.status_code == 200
    assert response.headers["Content-Disposition"].startswith("attachment")
    assert "sandbox" in response.headers["Content-Security-Policy"]
    return b"".join(response.streaming_content)


def test_the_original_is_for_those_who_read_the_internal_part(desk: Mailbox, case: Record, world: World) -> None:
    mail = ReceivedMail.objects.get(record=case)
    assert b"It smokes." in saved(signed_in(world.agent), mail)
    for person in (world.requester, world.stranger):
        assert signed_in(person).get(f"/mails/{mail.uuid}/original/").status_code == 404


# --- The ports


class Doorstep:
    """A door whose mailboxes and keeping the test decides."""

    def __init__(self) -> None:
        self.kept: list[tuple[str, bytes]] = []
        self.fails: set[str] = set()

    async def knows(self, address: str) -> bool:
        return address != "unknown@acme.example"

    async def keep(self, address: str, raw: bytes) -> bool:
        if address in self.fails:
            raise OSError("the disk is full")
        self.kept.append((address, raw))
        return True


@pytest.fixture
def doorstep() -> Iterator[tuple[Doorstep, Door, Door]]:
    step = Doorstep()
    doors = [Door(protocol, 0, knows=step.knows, keep=step.keep) for protocol in ("lmtp", "smtp")]
    for door in doors:
        door.start()
    yield step, doors[0], doors[1]
    for door in doors:
        door.stop()


def test_lmtp_answers_for_each_recipient_and_consents_only_to_what_is_kept(
    doorstep: tuple[Doorstep, Door, Door],
) -> None:
    step, door, _ = doorstep
    step.fails = {"b@acme.example"}
    with socket.create_connection(("127.0.0.1", door.port), 20) as client:
        lines = client.makefile("rwb")

        def say(line: str, answers: int = 1) -> list[str]:
            lines.write(line.encode() + b"\r\n")
            lines.flush()
            return [lines.readline().decode().strip() for _ in range(answers)]

        lines.readline()
        lines.write(b"LHLO here\r\n")
        lines.flush()
        while not lines.readline().startswith(b"250 "):
            pass
        say("MAIL FROM:<>")
        answers = [say(f"RCPT TO:<{name}@acme.example>")[0][:3] for name in ("a", "unknown", "b")]
        assert answers == ["250", "550", "250"]
        say("DATA")
        long = "x" * 5000
        body = f"Subject: x\r\n\r\n..dots\r\n{long}\r\n."
        assert [answer[:3] for answer in say(body, 2)] == ["250", "451"]
    assert step.kept == [("a@acme.example", f"Subject: x\r\n\r\n.dots\r\n{long}\r\n".encode())]


def test_smtp_consents_once_and_asks_for_all_of_it_again(doorstep: tuple[Doorstep, Door, Door]) -> None:
    step, _, door = doorstep
    step.fails = {"b@acme.example"}
    with smtplib.SMTP("127.0.0.1", door.port, timeout=20) as client, pytest.raises(smtplib.SMTPDataError) as refused:
        client.sendmail("", ["a@acme.example", "b@acme.example"], b"Subject: x\r\n\r\nx")
    assert refused.value.smtp_code == int(LATER[:3])
    step.fails = set()
    with smtplib.SMTP("127.0.0.1", door.port, timeout=20) as client:
        assert client.sendmail("", ["a@acme.example", "b@acme.example"], b"Subject: x\r\n\r\nx") == {}


def test_the_ports_are_open_only_while_somebody_wants_it(desk: Mailbox) -> None:
    assert queries.doors_wanted() == {}
    change_setting(by=BY, key="mail.lmtp_port", value=2424)
    assert queries.doors_wanted() == {"lmtp": 2424}
    put(kinds()["mailboxes"], "desk", {"retired": True}, by=BY)
    assert queries.doors_wanted() == {}
