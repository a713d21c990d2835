"""Mentioning people: those who may read it hear of it once, and nobody sees more because of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify import actions as notify
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import comment, watch
from mainstay.kernel.records.engine.mentions import meant
from mainstay.kernel.records.models import Record
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Contact
from tests.world import World, signed_in

BY = system("command")


@pytest.fixture
def contact(world: World) -> Contact:
    return actions.create(by=world.as_agent(), title="It does not print", requester=world.requester)


@pytest.fixture
def olga(world: World) -> Person:
    """An agent of the same company who has nothing to do with the case."""
    person = create_person(by=BY, name="Olga van Dyck", email="olga@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=person)
    return person


def told(person: Person) -> list[str]:
    """Tell all that happened and return what a person heard of."""
    for event in Event.objects.filter(name__in=("contact.commented", "contact.mentioned")).order_by("pk"):
        notify.deliver(event.pk)
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("event", flat=True))


@pytest.mark.parametrize(
    "body", ["@Olga van Dyck, look", "Ask @olga van dyck.", "(@olga@acme.example)", "x\n@OLGA VAN DYCK"]
)
def test_who_is_mentioned_hears_of_it_once(world: World, contact: Contact, olga: Person, body: str) -> None:
    watch(contact, by=actor_for(olga, door="page"))
    comment(contact, by=world.as_agent(), body=body, visibility="internal")
    assert told(olga) == ["contact.mentioned"]
    assert told(olga) == ["contact.mentioned"]


@pytest.mark.parametrize(
    "body", ["Ask olga@acme.example", "@Olga", "@Olgavan Dyck", "Olga van Dyck", "@ Olga van Dyck"]
)
def test_what_is_no_mention_tells_nobody(world: World, contact: Contact, olga: Person, body: str) -> None:
    comment(contact, by=world.as_agent(), body=body, visibility="internal")
    assert told(olga) == []


def test_a_mention_gives_nobody_access(world: World, contact: Contact, olga: Person) -> None:
    agent = world.as_agent()
    comment(contact, by=agent, body="@Rita Requester @Sven Stranger @sven@rival.example", visibility="internal")
    assert told(world.requester) == told(world.stranger) == []
    assert not Event.objects.filter(name="contact.mentioned").exists()
    Record.objects.filter(pk=contact.pk).update(access="confidential", team=world.team)
    contact = Contact.objects.get(pk=contact.pk)
    comment(contact, by=agent, body="@Olga van Dyck", visibility="internal")
    assert told(olga) == []
    assert not Event.objects.filter(name="contact.mentioned").exists()


def test_who_may_no_longer_read_it_when_it_is_told_hears_nothing(world: World, contact: Contact, olga: Person) -> None:
    comment(contact, by=world.as_agent(), body="@Olga van Dyck", visibility="internal")
    Record.objects.filter(pk=contact.pk).update(access="confidential", team=world.team)
    assert told(olga) == []


def test_an_author_does_not_mention_themselves_and_a_requester_hears_as_before(world: World, contact: Contact) -> None:
    comment(contact, by=world.as_agent(), body="@Adam Agent tells @Rita Requester")
    assert told(world.requester) == ["contact.commented"]
    assert told(world.agent) == []


def test_of_two_names_that_begin_alike_the_longer_is_meant(world: World, contact: Contact, olga: Person) -> None:
    short = create_person(by=BY, name="Olga", email="o@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=short)
    comment(contact, by=world.as_agent(), body="@Olga van Dyck", visibility="internal")
    assert (told(olga), told(short)) == (["contact.mentioned"], [])


def test_who_may_be_mentioned_is_offered_to_those_who_work_on_the_case_alone(
    world: World, contact: Contact, olga: Person
) -> None:
    address = f"/web/people/{contact.number}/"
    client = signed_in(world.agent)
    for typed, names in (("ol", ["Olga van Dyck"]), ("dyc", ["Olga van Dyck"]), ("a", ["Adam Agent"]), ("ri", [])):
        assert client.get(address, {"q": typed}).json() == {"people": names}
    assert address in client.get(f"/desk/{contact.number}/").content.decode()
    for person in (world.requester, world.stranger):
        assert signed_in(person).get(address, {"q": "ol"}).status_code == 404
    Record.objects.filter(pk=contact.pk).update(access="confidential", team=world.team)
    assert client.get(address, {"q": "ol"}).json() == {"people": []}


def test_a_mention_shows_once_in_the_conversation(world: World, contact: Contact, olga: Person) -> None:
    comment(contact, by=world.as_agent(), body="Please look, @Olga van Dyck", visibility="internal")
    page = signed_in(olga).get(f"/desk/{contact.number}/").content.decode()
    assert page.count("Please look, @Olga van Dyck") == 1
    assert "did something" not in page


@given(st.text(max_size=200))
def test_any_text_can_be_asked_for_mentions(text: str) -> None:
    for place in meant(f"{text} @{text}"):
        assert len(place) <= 5
        assert place == sorted(place, key=len, reverse=True)
        assert all(name == name.lower() for name in place)
