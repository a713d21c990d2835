from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import comment
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer <b>jams</b>", description="It eats paper & toner.")


def test_the_page_shows_hits_with_the_found_words_marked(world: World, incident: Incident) -> None:
    for person in (world.agent, world.requester):
        page = signed_in(person).get("/search/", {"q": "paper"}).content.decode()
        assert f"/records/{incident.number}" in page
        assert "<mark>paper</mark>" in page
        assert "Printer &lt;b&gt;jams&lt;/b&gt;" in page
        assert "1 found" in page


def test_while_typing_only_the_results_are_sent(world: World, incident: Incident) -> None:
    headers: Any = {"HX-Request": "true", "HX-Request-Type": "partial"}
    page = signed_in(world.agent).get("/search/", {"q": "paper"}, headers=headers).content.decode()
    assert incident.number in page
    assert "<html" not in page


def test_a_whole_number_leads_to_the_record_and_its_page_to_who_looks(world: World, incident: Incident) -> None:
    response = signed_in(world.agent).get("/search/", {"q": incident.number.lower()})
    assert (response.status_code, response["Location"]) == (303, f"/records/{incident.number}")
    agents = signed_in(world.agent).get(f"/records/{incident.number}")
    requesters = signed_in(world.requester).get(f"/records/{incident.number}")
    assert (agents["Location"], requesters["Location"]) == (
        f"/incidents/{incident.number}/",
        f"/cases/{incident.number}/",
    )
    assert signed_in(world.stranger).get(f"/records/{incident.number}").status_code == 404
    assert signed_in(world.stranger).get("/records/INC-999999").status_code == 404


def test_nothing_found_and_nothing_typed_say_what_to_do(world: World) -> None:
    client = signed_in(world.requester)
    assert "Nothing found" in client.get("/search/", {"q": "banana"}).content.decode()
    assert "What are you looking for?" in client.get("/search/").content.decode()
    assert client.get("/search/", {"q": "a", "cursor": "nonsense"}).status_code == 422


def test_the_palette_finds_records(world: World, incident: Incident) -> None:
    page = signed_in(world.agent).get("/web/palette/", {"q": "toner"}).content.decode()
    assert f"/records/{incident.number}" in page
    assert incident.number not in signed_in(world.stranger).get("/web/palette/", {"q": "toner"}).content.decode()


def test_an_operator_that_there_is_not_is_said_where_one_types(world: World, incident: Incident) -> None:
    client = signed_in(world.agent)
    answer = client.get("/search/", {"q": "paper colour:red"})
    assert answer.status_code == 422
    assert "There is no operator colour" in answer.content.decode()
    assert "There is no operator colour" in client.get("/web/palette/", {"q": "colour:red"}).content.decode()
    assert incident.number in client.get("/search/", {"q": "paper state:open"}).content.decode()


def test_the_bell_counts_lists_opens_and_is_emptied(world: World, incident: Incident) -> None:
    for body in ("One", "Two"):
        comment(incident, by=world.as_agent(), body=body)
    run("notify.deliver")
    client = signed_in(world.requester)
    page = client.get("/notifications/").content.decode()
    assert "2 unread notifications" in page
    assert "Adam Agent wrote to you." in page
    newest = Notification.objects.order_by("-pk").first()
    assert newest is not None
    assert client.get(f"/notifications/{newest.uuid}/open/").status_code == 405
    opened = client.post(f"/notifications/{newest.uuid}/open/")
    assert opened["Location"] == f"/records/{incident.number}"
    assert "1 unread notification" in client.get("/notifications/").content.decode()
    assert signed_in(world.agent).post(f"/notifications/{newest.uuid}/open/").status_code == 404
    client.post("/notifications/read/")
    assert "unread notification" not in client.get("/notifications/").content.decode()


def test_the_choice_of_ways_is_kept(world: World) -> None:
    client = signed_in(world.requester)
    assert client.get("/notifications/choices/").content.decode().count(" checked") == 5
    sent = {"work": "none", "conversation": "mail", "progress": "app", "news": "both", "survey": "none"}
    assert client.post("/notifications/choices/", sent).status_code == 303
    assert Person.objects.get(pk=world.requester.pk).preferences["notify"] == sent
    assert client.post("/notifications/choices/", {**sent, "work": "pigeon"}).status_code == 422


def test_strangers_are_sent_to_sign_in(db: None) -> None:
    for address in ("/search/", "/notifications/", "/notifications/choices/", "/records/INC-000001"):
        assert Client().get(address).status_code == 302
