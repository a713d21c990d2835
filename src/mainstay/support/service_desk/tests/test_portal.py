"""The portal, as requesters use it."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import comment
from mainstay.kernel.records.models import AttributeDefinition, Category, Record
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents import queries as incident_queries
from mainstay.support.service_desk import actions, queries
from mainstay.support.service_desk.models import Contact
from tests.world import World, signed_in

PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)


@pytest.fixture
def rita(world: World) -> Client:
    return signed_in(world.requester)


@pytest.fixture(params=["contact", "incident"])
def reported(world: World, request: pytest.FixtureRequest) -> Record:
    """A case, as it came in or as the desk turned it into something."""
    contact = actions.create(by=world.as_requester(), title="The printer is silent", description="Since today.")
    if request.param == "contact":
        return contact
    return actions.turn_into_incident(contact, by=world.as_agent(), version=contact.version)


def _colleague(world: World) -> Person:
    by = system("command")
    person = create_person(by=by, name="Otto Other", email="otto@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="requester"), by=by, organisation=world.organisation, person=person)
    return person


def solved(world: World, case: Record) -> None:
    """Solve a case in the way of its kind."""
    agent = world.as_agent()
    if case.kind == "contact":
        actions.answer(queries.get(agent, case.number), by=agent, solution="The cable was out.")
    else:
        category = Category.objects.get(slug="hardware-printer")
        found = incident_queries.get(agent, case.number)
        incidents.resolve(found, by=agent, solution="The cable was out.", closing_category=category)


def text(answer) -> str:
    return answer.content.decode()


def test_a_requester_reports_in_their_own_words_and_gets_a_number(world: World, rita: Client) -> None:
    assert "Report a problem" in text(rita.get("/"))
    values = {"title": "The printer is silent", "description": "Since today."}
    answer = rita.post("/report/", {**values, "files": SimpleUploadedFile("screen.png", PNG)})
    contact = Contact.objects.get()
    assert answer.headers["Location"] == f"/cases/{contact.number}/reported/"
    assert contact.number in text(rita.get(answer.headers["Location"]))
    assert (contact.requester, contact.source) == (world.requester, "portal")
    page = text(rita.get(f"/cases/{contact.number}/"))
    assert "Since today." in page
    assert "screen.png" in page
    assert "The printer is silent" in text(rita.get("/cases/"))


def test_a_report_takes_how_its_requester_wants_to_be_reached(rita: Client, world: World) -> None:
    assert "How can we reach you best?" in text(rita.get("/report/"))
    refused = rita.post("/report/", {"title": "No light", "call_back": "Room 12 " * 30})
    assert (refused.status_code, "Room 12 Room 12" in text(refused)) == (422, True)
    assert rita.post("/report/", {"title": "No light", "call_back": "Room 12"}).status_code == 303
    assert Contact.objects.get().call_back == "Room 12"


def test_what_was_typed_stays_when_a_report_is_refused(rita: Client, world: World) -> None:
    answer = rita.post("/report/", {"title": "", "description": "A long story."})
    assert answer.status_code == 422
    assert "A long story." in text(answer)
    assert not Contact.objects.exists()


def test_a_report_asks_for_public_fields_only_and_no_other_is_accepted(rita: Client, world: World) -> None:
    for slug, public in (("room", True), ("inside", False)):
        AttributeDefinition.objects.create(
            kind="contact", slug=slug, label=f"The {slug}", type="text", public=public, required=True
        )
    page = text(rita.get("/report/"))
    assert "The room" in page
    assert "The inside" not in page
    assert rita.post("/report/", {"title": "No light"}).status_code == 422
    values = {"title": "No light", "attributes.room": "12", "attributes.inside": "x", "priority": "1", "team": "desk"}
    assert rita.post("/report/", values).status_code == 303
    contact = Contact.objects.get()
    assert (contact.attributes, contact.priority, contact.team) == ({"room": "12"}, 5, None)


def test_a_requester_reads_public_words_only_and_answers(rita: Client, world: World, reported: Record) -> None:
    comment(reported, by=world.as_agent(), body="Which floor is it?", visibility="public")
    comment(reported, by=world.as_agent(), body="Probably the cable again.", visibility="internal")
    page = text(rita.get(f"/cases/{reported.number}/"))
    assert "Which floor is it?" in page
    assert "Probably the cable" not in page
    assert rita.post(f"/cases/{reported.number}/say/", {"body": "The third."}).status_code == 303
    assert "The third." in text(rita.get(f"/cases/{reported.number}/"))
    refused = rita.post(f"/cases/{reported.number}/say/", {"body": "  "})
    assert refused.status_code == 422


def test_somebody_else_s_case_is_not_there(world: World, reported: Record) -> None:
    other = signed_in(_colleague(world))
    mine, none = f"/cases/{reported.number}/", "/cases/INC-999999/"
    for address in ("", "reported/"):
        seen, missing = other.get(mine + address), other.get(none + address)
        assert (seen.status_code, missing.status_code) == (404, 404)
    for verb in ("say", "confirm", "reopen", "again"):
        assert other.post(f"{mine}{verb}/", {"body": "x", "reason": "x"}).status_code == 404
    assert reported.title not in text(other.get("/cases/"))


def test_the_requester_confirms_what_was_solved(rita: Client, world: World, reported: Record) -> None:
    assert rita.post(f"/cases/{reported.number}/confirm/").status_code == 409, "it is not solved yet"
    solved(world, reported)
    page = text(rita.get(f"/cases/{reported.number}/"))
    assert "The cable was out." in page
    assert ("Yes, that helped" if reported.kind == "contact" else "Yes, it works again") in page
    assert rita.get(f"/cases/{reported.number}/confirm/").status_code == 405
    assert rita.post(f"/cases/{reported.number}/confirm/").status_code == 303
    reported.refresh_from_db()
    assert reported.state == "closed"


def test_the_requester_reopens_with_a_reason_and_later_opens_a_new_case(
    rita: Client, world: World, reported: Record
) -> None:
    solved(world, reported)
    address = f"/cases/{reported.number}/"
    assert rita.post(f"{address}reopen/", {"reason": ""}).status_code == 422
    assert rita.post(f"{address}reopen/", {"reason": "Still silent."}).status_code == 303
    reported.refresh_from_db()
    assert reported.state == ("in_progress" if reported.kind == "contact" else "assigned")
    solved(world, reported)
    rita.post(f"{address}confirm/")
    assert "It happened again" in text(rita.get(address))
    answer = rita.post(f"{address}again/", {"reason": "Silent once more."})
    follower = Contact.objects.exclude(pk=reported.pk).get()
    assert answer.headers["Location"] == f"/cases/{follower.number}/"
    assert follower.description == "Silent once more."


def test_the_portal_speaks_no_service_management(rita: Client, world: World, reported: Record) -> None:
    pages = [text(rita.get(address)) for address in ("/", "/report/", "/cases/", f"/cases/{reported.number}/")]
    for word in ("Incident", "incident", "Contact", "contact", "Priority", "Urgency", "Impact", "Requester"):
        assert not [page for page in pages if f">{word}" in page or f" {word} " in page.replace("Rita Requester", "")]


def test_an_agent_goes_on_to_the_console_and_meets_the_portal_without_internal_parts(
    world: World, reported: Record
) -> None:
    adam = signed_in(world.agent)
    assert adam.get("/").headers["Location"] == "/incidents/start/"
    comment(reported, by=world.as_agent(), body="Between us only.", visibility="internal")
    assert "Between us only." not in text(adam.get(f"/cases/{reported.number}/"))


def test_whoever_is_not_signed_in_is_asked_to(db: None, client: Client) -> None:
    assert client.get("/").headers["Location"] == "/accounts/sign-in/?next=/"
    assert client.get("/report/").status_code == 302


def test_a_case_keeps_its_address_and_its_words_when_it_becomes_something_else(world: World, rita: Client) -> None:
    contact = actions.create(by=world.as_requester(), title="The printer is silent")
    number = contact.number
    comment(contact, by=world.as_requester(), body="On the third floor.")
    incident = actions.turn_into_incident(contact, by=world.as_agent(), version=contact.version)
    page = text(rita.get(f"/cases/{number}/"))
    assert "On the third floor." in page
    assert incident.number in page
    assert "We know what it is and take care of it" in page
    assert text(rita.get("/cases/")).count("The printer is silent") == 1
    assert (
        rita.post(f"/cases/{number}/say/", {"body": "Still silent."})
        .headers["Location"]
        .endswith(f"/cases/{incident.number}/")
    )
    assert rita.get(f"/records/{number}").headers["Location"] == f"/cases/{incident.number}/"


@pytest.mark.parametrize("cases", [1, 3])
def test_the_list_of_one_s_cases_takes_the_same_queries_however_long_it_is(
    world: World, rita: Client, cases: int, django_assert_max_num_queries: Any
) -> None:
    for _ in range(cases):
        contact = actions.create(by=world.as_requester(), title="The printer is silent")
        actions.turn_into_incident(contact, by=world.as_agent(), version=1)
        actions.create(by=world.as_requester(), title="The scanner is silent")
    with django_assert_max_num_queries(6):
        assert text(rita.get("/cases/")).count("is silent") == 2 * cases
