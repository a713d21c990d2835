"""Mail that comes back: it marks the address it could not reach, where it is ours, and never becomes a case."""

from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail import actions, queries
from mainstay.kernel.mail.models import Delivery, FailingAddress, Mailbox, ReceivedMail
from mainstay.kernel.mail.tests.server import mail_server
from mainstay.kernel.mail.tests.test_receiving import case_of, come, written
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Record
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
BY = system("command")


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def desk(world: World) -> Mailbox:
    values = {
        "name": "Desk",
        "address": "desk@acme.example",
        "organisation": "acme",
        "role": "requester",
        "team": "desk",
    }
    put(kinds()["mailboxes"], "desk", values, by=BY)
    return Mailbox.objects.get()


@pytest.fixture
def sent(desk: Mailbox, world: World) -> EmailMessage:
    """A mail that we sent to the requester."""
    case = case_of(come(desk, written("It smokes.")))
    with mail_server() as keeper:
        records.comment(case, by=world.as_agent(), body="Is it on?")
        run("notify.deliver", "mail.send")
        return next(message for message in keeper.messages if "rita" in message["To"])


def report(
    message_id: str, recipient: str = "rita@acme.example", status: str = "5.1.1", action: str = "failed"
) -> bytes:
    """A report of delivery as mail servers write it (RFC 3464)."""
    return (
        "Return-Path: <>\r\nFrom: Mail Delivery System <MAILER-DAEMON@mx.acme.example>\r\nTo: desk@acme.example\r\n"
        "Subject: Undelivered Mail Returned to Sender\r\nMIME-Version: 1.0\r\nMessage-ID: <report@mx.acme.example>\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n"
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.acme.example\r\n\r\n"
        f"Final-Recipient: rfc822; {recipient}\r\nAction: {action}\r\nStatus: {status}\r\n"
        "Diagnostic-Code: smtp; 550 no such user here\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nSubject: x\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def test_a_bounce_of_our_mail_marks_the_address_and_becomes_no_case(
    desk: Mailbox, sent: EmailMessage, world: World
) -> None:
    cases = Record.objects.count()
    mail = come(desk, report(sent["Message-ID"]))
    assert (mail.state, mail.reason, Record.objects.count()) == ("ignored", "bounce", cases)
    failing = queries.failing_address(world.requester)
    assert failing is not None
    assert "5.1.1" in failing.words
    assert "no such user here" in failing.words
    assert Event.objects.filter(name="person.mail_came_back", subject=f"person:{world.requester.uuid}").count() == 1
    (returned,) = Delivery.objects.filter(state="bounced")
    assert (returned.person, returned.address) == (world.requester, "rita@acme.example")
    assert "no such user here" in returned.error
    come(desk, report(sent["Message-ID"]).replace(b"<report@", b"<another@"))
    assert Event.objects.filter(name="person.mail_came_back").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"message_id": "<12-34-aaaaaaaaaaaaaaaa@localhost>"},
        {"recipient": "sven@rival.example"},
        {"status": "4.2.2", "action": "delayed"},
    ],
    ids=["made up", "somebody we did not write to", "only late"],
)
def test_what_does_not_bring_back_our_mail_to_that_address_marks_nobody(
    desk: Mailbox, sent: EmailMessage, wrong: dict[str, str]
) -> None:
    mail = come(desk, report(**{"message_id": sent["Message-ID"], **wrong}))
    assert (mail.state, FailingAddress.objects.count()) == ("ignored", 0)
    assert not Delivery.objects.filter(state="bounced").exists()


@pytest.fixture
def failing(desk: Mailbox, sent: EmailMessage) -> FailingAddress:
    come(desk, report(sent["Message-ID"]))
    return FailingAddress.objects.get()


def test_the_next_mail_that_comes_from_there_takes_the_mark_away(
    desk: Mailbox, failing: FailingAddress, world: World
) -> None:
    come(desk, written("I am back.", Auto_Submitted="auto-replied"))
    assert queries.failing_address(world.requester) is not None
    come(desk, written("I am back."))
    assert queries.failing_address(world.requester) is None


def test_another_address_is_not_marked(failing: FailingAddress, world: World) -> None:
    Person.objects.filter(pk=world.requester.pk).update(email="rita@new.example")
    assert queries.failing_address(Person.objects.get(pk=world.requester.pk)) is None


def test_agents_see_the_mark_beside_the_case_and_requesters_do_not(failing: FailingAddress, world: World) -> None:
    case = Record.objects.get()
    page = signed_in(world.agent).get(f"/records/{case.number}", follow=True).content.decode()
    assert "Mail to this address comes back" in page
    own = signed_in(world.requester).get(f"/records/{case.number}", follow=True).content.decode()
    assert "Mail to this address comes back" not in own


def test_who_manages_people_takes_the_mark_away(failing: FailingAddress, world: World) -> None:
    keeper = Person.objects.create(name="Keeper", email="keeper@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="administrator"), by=BY, organisation=world.organisation, person=keeper)
    browser, place = signed_in(keeper), f"/administration/people/{world.requester.uuid}/"
    assert "It arrives again" in browser.get(place).content.decode()
    assert browser.post(f"{place}mail-arrives/").status_code == 303
    assert "It arrives again" not in browser.get(place).content.decode()
    assert Event.objects.get(name="person.mail_arrives_again").actor_id == keeper.pk


# --- Answers of programs


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let whoever writes be told of it, which is an automatic answer."""
    from mainstay.kernel.notify import queries as notify

    told = notify.recipients
    monkeypatch.setattr(notify, "recipients", lambda found, *, author, **rest: told(found, author=0, **rest) | {author})


def answers(desk: Mailbox, raw: bytes) -> int:
    before = Delivery.objects.filter(person__email="rita@acme.example").count()
    with mail_server():
        come(desk, raw)
        run("notify.deliver", "mail.send")
    return Delivery.objects.filter(person__email="rita@acme.example").count() - before


@pytest.fixture
def case(desk: Mailbox) -> Record:
    """A case whose own automatic answer is an hour old."""
    with mail_server():
        found = case_of(come(desk, written("It smokes.", Message_ID="<first@acme.example>")))
        run("notify.deliver", "mail.send")
    Delivery.objects.update(created=timezone.now() - timedelta(minutes=61))
    return found


def reply(text: str, **fields: str) -> bytes:
    return written(text, In_Reply_To="<first@acme.example>", **fields)


def test_a_sender_gets_one_automatic_answer_an_hour(desk: Mailbox, case: Record, answering: None) -> None:
    assert [answers(desk, reply(text)) for text in ("one", "two", "three")] == [1, 0, 0]
    Delivery.objects.update(created=timezone.now() - timedelta(minutes=61))
    assert answers(desk, reply("four")) == 1


@pytest.mark.parametrize("mark", [{"Auto_Submitted": "auto-generated"}, {"Precedence": "bulk"}, {"List_Id": "<x.y>"}])
def test_a_machine_gets_none(desk: Mailbox, case: Record, answering: None, mark: dict[str, str]) -> None:
    assert answers(desk, reply("ping", **mark)) == 0
    assert ReceivedMail.objects.filter(comment__body="ping").exists()


def test_what_a_colleague_does_is_told_whoever_wrote_before(desk: Mailbox, case: Record, world: World) -> None:
    come(desk, reply("ping", Auto_Submitted="auto-generated"))
    with mail_server() as keeper:
        records.comment(case, by=world.as_agent(), body="Seen.")
        run("notify.deliver", "mail.send")
        assert [message["Auto-Submitted"] for message in keeper.messages if "rita" in message["To"]] == [
            "auto-generated"
        ]


# --- Pages of mails


HTML = (
    '<p style="color: red">Hello <b>desk</b></p><script>alert(1)</script><img src="cid:pic"><img src="cid:not-there">'
    '<img src="https://tracker.example/x.png"><form action="https://evil.example"><input></form>'
    '<a href="javascript:alert(1)">click</a><p style="background: url(https://tracker.example/y)">bye</p>'
)


@pytest.fixture
def laid_out(desk: Mailbox) -> ReceivedMail:
    message = EmailMessage()
    message["From"], message["Subject"] = "rita@acme.example", "Laid out"
    message.set_content("Hello desk")
    message.add_alternative(HTML, subtype="html")
    message.get_payload()[1].add_related(b"\x89PNG\r\n\x1a\n", "image", "png", cid="<pic>")
    return come(desk, message.as_bytes())


def test_a_page_of_a_mail_is_shown_on_demand_in_a_frame_that_can_do_nothing(
    laid_out: ReceivedMail, world: World
) -> None:
    browser, place = signed_in(world.agent), f"/mails/{laid_out.uuid}/page/"
    case = case_of(laid_out)
    page = browser.get(f"/records/{case.number}", follow=True)
    assert (
        f'sandbox="allow-popups allow-popups-to-escape-sandbox" loading="lazy" src="{place}"' in page.content.decode()
    )
    assert "frame-src 'self'" in page["Content-Security-Policy"]
    framed = browser.get(place)
    policy = framed["Content-Security-Policy"]
    for part in ("sandbox allow-popups", "default-src 'none'", "img-src data:", "frame-ancestors 'self'"):
        assert part in policy
    assert "allow-scripts" not in policy + page.content.decode()
    assert "allow-same-origin" not in policy + page.content.decode()
    assert framed["X-Frame-Options"] == "SAMEORIGIN"
    shown = framed.content.decode()
    assert "<b>desk</b>" in shown
    assert "data:image/png;base64," in shown
    for part in ("script", "tracker.example", "form", "javascript", "cid:"):
        assert part not in shown


def test_a_page_of_a_mail_is_for_those_who_read_the_internal_part(laid_out: ReceivedMail, world: World) -> None:
    for person, status in ((world.agent, 200), (world.requester, 404), (world.stranger, 404)):
        assert signed_in(person).get(f"/mails/{laid_out.uuid}/page/").status_code == status


def test_a_mail_without_a_page_shows_none(desk: Mailbox, world: World) -> None:
    mail = come(desk, written("Plain."))
    browser = signed_in(world.agent)
    assert "/page/" not in browser.get(f"/records/{case_of(mail).number}", follow=True).content.decode()
    assert browser.get(f"/mails/{mail.uuid}/page/").status_code == 404


def test_a_remote_image_is_never_fetched_for_anybody(laid_out: ReceivedMail) -> None:
    """D10: cleaning leaves no address that the server or a browser could call."""
    from mainstay.kernel.mail.engine import clean, read

    letter = read(queries.original(laid_out))
    cleaned = clean(letter.html, {}.get)
    assert cleaned.remote_images == 1
    assert "http" not in cleaned.html


def test_marking_needs_somebody_to_do_it(desk: Mailbox, failing: FailingAddress, world: World) -> None:
    actions.clear_failing(world.requester, by=world.as_agent())
    actions.clear_failing(world.requester, by=world.as_agent())
    assert Event.objects.filter(name="person.mail_arrives_again").count() == 1
