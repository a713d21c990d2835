"""What somebody has begun to write on a record is kept for them, by record, until it is sent."""

import pytest

from mainstay.kernel.records.actions import comment
from mainstay.kernel.web.models import Draft
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Contact
from tests.world import World, signed_in

DRAFT = "/web/draft/"


@pytest.fixture
def contact(world: World) -> Contact:
    return actions.create(by=world.as_agent(), title="It does not print", requester=world.requester)


def test_a_draft_stays_with_its_record_when_that_becomes_another(world: World, contact: Contact) -> None:
    browser, another = signed_in(world.agent), signed_in(world.agent)
    former = f"{contact.number}/comment"
    assert f'data-draft="{former}"' in browser.get(f"/desk/{contact.number}/").content.decode()
    assert browser.post(DRAFT, {"key": former, "body": "Have you"}).status_code == 204
    incident = actions.turn_into_incident(contact, by=world.as_agent(), version=contact.version)
    for key in (former, f"{incident.number}/comment"):
        assert another.get(DRAFT, {"key": key}).json() == {"body": "Have you"}
    another.post(DRAFT, {"key": f"{incident.number}/comment", "body": "Have you tried"})
    assert Draft.objects.count() == 1


def test_a_draft_is_forgotten_when_it_was_sent_and_not_when_others_write(world: World, contact: Contact) -> None:
    browser, key = signed_in(world.agent), f"{contact.number}/comment"
    browser.post(DRAFT, {"key": key, "body": "Have you tried"})
    signed_in(world.requester).post(DRAFT, {"key": key, "body": "I have"})
    comment(contact, by=world.as_requester(), body="Hello?")
    assert browser.get(DRAFT, {"key": key}).json() == {"body": "Have you tried"}
    refused = browser.post(f"/desk/{contact.number}/comments/", {"body": " ", "visibility": "public"})
    assert refused.status_code == 422
    assert browser.get(DRAFT, {"key": key}).json() == {"body": "Have you tried"}
    browser.post(f"/desk/{contact.number}/comments/", {"body": "Have you tried it?", "visibility": "public"})
    assert browser.get(DRAFT, {"key": key}).json() == {"body": ""}
    assert not Draft.objects.exists()


def test_a_draft_is_read_by_its_author_alone_and_only_as_long_as_they_see_the_record(
    world: World, contact: Contact
) -> None:
    key = f"{contact.number}/comment"
    agent, requester, stranger = (signed_in(each) for each in (world.agent, world.requester, world.stranger))
    agent.post(DRAFT, {"key": key, "body": "He is nervous."})
    assert requester.get(DRAFT, {"key": key}).json() == {"body": ""}
    for answer in (stranger.get(DRAFT, {"key": key}), stranger.post(DRAFT, {"key": key, "body": "x"})):
        assert answer.status_code == 404
    actions.edit(contact, by=world.as_agent(), version=contact.version, values={"access": "internal"})
    assert requester.get(DRAFT, {"key": key}).status_code == 404
    assert agent.get(DRAFT, {"key": key}).json() == {"body": "He is nervous."}
