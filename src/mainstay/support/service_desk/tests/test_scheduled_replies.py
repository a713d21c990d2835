"""A reply written now and sent later: once, by its author's rights then, and only if it is still right."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mainstay.kernel.access.models import Grant
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify import actions as notify
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.people.models import Membership
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible
from mainstay.kernel.records.actions import change_reply, comment, schedule_reply, take_back_reply
from mainstay.kernel.records.models import Comment, Record, ScheduledReply
from mainstay.kernel.records.tasks import send_replies
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Contact
from tests.world import World, signed_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
LATER = NOON + timedelta(hours=2)


@pytest.fixture(autouse=True)
def at_noon() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=True) as traveller:
        yield traveller


@pytest.fixture
def contact(world: World) -> Contact:
    return actions.create(by=world.as_agent(), title="It does not print", requester=world.requester)


def send(at: datetime = LATER) -> None:
    for _ in range(2):
        send_replies(int(at.timestamp()))


def said(record: Record) -> list[str]:
    return list(Comment.objects.filter(record=record).order_by("pk").values_list("body", flat=True))


def left_out(world: World) -> str:
    """Return why the one reply was left out, having seen that its author was told."""
    event = Event.objects.get(name="contact.reply_left_out")
    notify.deliver(event.pk)
    assert Notification.objects.filter(event=event.name, person=world.agent).exists()
    return ScheduledReply.objects.get(state="left_out").why


def test_a_reply_is_sent_at_its_time_and_once(world: World, contact: Contact) -> None:
    schedule_reply(contact, by=world.as_agent(), body="How is it?", at=LATER)
    send(LATER - timedelta(minutes=1))
    assert said(contact) == []
    send()
    assert said(contact) == ["How is it?"]
    written = Comment.objects.get()
    assert (written.author, written.visibility) == (world.agent, "public")
    assert ScheduledReply.objects.get().state == "sent"


@pytest.mark.parametrize("writer", ["requester", "another agent"])
def test_it_is_left_out_when_something_was_written_meanwhile(world: World, contact: Contact, writer: str) -> None:
    schedule_reply(contact, by=world.as_agent(), body="How is it?", at=LATER)
    comment(contact, by=world.as_agent(), body="A note of my own.", visibility="internal")
    author = world.requester if writer == "requester" else world.stranger
    Comment.objects.create(record=contact, author=author, visibility="public", body="It works.")
    send()
    assert said(contact) == ["A note of my own.", "It works."]
    assert left_out(world) == "Something was written meanwhile."


def test_it_is_sent_all_the_same_when_its_author_said_so(world: World, contact: Contact) -> None:
    schedule_reply(contact, by=world.as_agent(), body="Closing soon.", at=LATER, even_if_answered=True)
    comment(contact, by=world.as_requester(), body="It works.")
    send()
    assert said(contact) == ["It works.", "Closing soon."]


def test_its_author_must_still_be_allowed_when_it_is_sent(world: World, contact: Contact) -> None:
    schedule_reply(contact, by=world.as_agent(), body="How is it?", at=LATER)
    Membership.objects.all().delete()
    Grant.objects.filter(person=world.agent).delete()
    send()
    assert said(contact) == []
    assert ScheduledReply.objects.get().state == "left_out"


def test_nothing_is_sent_on_a_closed_case(world: World, contact: Contact) -> None:
    schedule_reply(contact, by=world.as_agent(), body="How is it?", at=LATER)
    actions.cancel(contact, by=world.as_agent(), reason="A mistake")
    send()
    assert left_out(world) == "The case is closed."
    with pytest.raises(NotPossible):
        schedule_reply(contact, by=world.as_agent(), body="How is it?", at=LATER)


def test_it_can_be_changed_by_its_author_and_taken_back(world: World, contact: Contact) -> None:
    agent = world.as_agent()
    reply = schedule_reply(contact, by=agent, body="How is it?", at=LATER)
    comment(contact, by=world.as_requester(), body="Wait.")
    with pytest.raises(NotPermitted):
        change_reply(reply, by=world.as_requester(), body="x", at=LATER, even_if_answered=True)
    change_reply(reply, by=agent, body="How is it now?", at=LATER + timedelta(hours=1), even_if_answered=False)
    send()
    assert said(contact) == ["Wait."]
    send(LATER + timedelta(hours=1))
    assert said(contact) == ["Wait.", "How is it now?"]
    with pytest.raises(NotPossible):
        take_back_reply(reply, by=agent)
    other = schedule_reply(contact, by=agent, body="And now?", at=LATER + timedelta(hours=2))
    take_back_reply(other, by=agent)
    send(LATER + timedelta(hours=3))
    assert len(said(contact)) == 2


def test_only_who_works_on_the_case_schedules_within_a_year(world: World, contact: Contact) -> None:
    for at in (NOON - timedelta(minutes=1), NOON + timedelta(days=400)):
        with pytest.raises(Invalid):
            schedule_reply(contact, by=world.as_agent(), body="x", at=at)
    with pytest.raises(Invalid):
        schedule_reply(contact, by=world.as_agent(), body=" ", at=LATER)
    with pytest.raises(NotPermitted):
        schedule_reply(contact, by=world.as_requester(), body="x", at=LATER)
    with pytest.raises(Missing):
        schedule_reply(contact, by=world.as_stranger(), body="x", at=LATER)


def test_an_agent_writes_on_the_page_what_is_sent_later(world: World, contact: Contact) -> None:
    client, page = signed_in(world.agent), f"/desk/{contact.number}/"
    client.post("/web/draft/", {"key": f"{contact.number}/comment", "body": "How is"})
    assert f"{page}replies/" in client.get(page).content.decode()
    assert "How is" in client.get(f"{page}replies/").content.decode()
    assert client.post(f"{page}replies/", {"body": "How is it?", "at": "2020-01-01T08:00"}).status_code == 422
    client.post(f"{page}replies/", {"body": "How is it?", "at": "2026-11-23T15:00"})
    reply = ScheduledReply.objects.get()
    assert reply.at == datetime(2026, 11, 23, 14, 0, tzinfo=UTC)  # 15:00 in Berlin
    assert client.get("/web/draft/", {"key": f"{contact.number}/comment"}).json() == {"body": ""}
    shown = client.get(page).content.decode()
    assert "Waits to be sent" in shown
    assert "How is it?" in shown
    assert "How is it?" not in signed_in(world.requester).get(f"/cases/{contact.number}/").content.decode()
    client.post(f"{page}replies/{reply.uuid}/", {"body": "How are you?", "at": "2026-11-23T16:00"})
    assert ScheduledReply.objects.get().body == "How are you?"
    client.post(f"{page}replies/{reply.uuid}/take-back/")
    assert "Waits to be sent" not in client.get(page).content.decode()
    assert client.post(f"{page}replies/{reply.uuid}/take-back/").status_code == 404
