"""The console's pages, through the browser's own requests."""

import pytest
from django.test import Client

from mainstay.kernel.records.models import Category
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import Incident
from tests.world import World

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def agent(world: World) -> Client:
    client = Client()
    client.force_login(world.agent)
    return client


@pytest.fixture
def requester(world: World) -> Client:
    client = Client()
    client.force_login(world.requester)
    return client


@pytest.fixture
def incident(world: World) -> Incident:
    return actions.create(by=world.as_requester(), title="The printer does not print", description="Since today.")


def at(incident: Incident, *rest: str) -> str:
    return "/".join(["/incidents", incident.number, *rest, ""])


def now(world: World, incident: Incident) -> Incident:
    return queries.get(world.as_agent(), incident.number)


def test_the_record_page_shows_the_words_of_the_caller_and_only_the_moves_allowed_now(
    agent: Client, incident: Incident
) -> None:
    page = agent.get(at(incident)).content.decode()
    assert "The printer does not print" in page
    assert "Since today." in page
    assert at(incident, "do", "start") in page
    assert at(incident, "do", "reopen") not in page


@pytest.mark.parametrize("rest", [(), ("history",), ("peek",), ("edit",), ("do", "assign"), ("do", "hold")])
def test_a_requester_finds_nothing_in_the_console_where_an_agent_does(
    agent: Client, requester: Client, incident: Incident, rest: tuple[str, ...]
) -> None:
    assert requester.get(at(incident, *rest)).status_code == 404
    assert agent.get(at(incident, *rest)).status_code == 200


def test_another_spelling_of_a_number_leads_to_the_page(agent: Client, incident: Incident) -> None:
    answer = agent.get(at(incident).lower())
    assert (answer.status_code, answer.headers["Location"]) == (303, at(incident))


def test_a_move_without_questions_is_made_at_once_and_answers_the_page_in_place(
    agent: Client, world: World, incident: Incident
) -> None:
    answer = agent.post(at(incident, "do", "start"), headers=HTMX)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\n") or b"<html" not in answer.content
    assert now(world, incident).state == "in_progress"


def test_a_refused_form_brings_back_what_was_typed(agent: Client, world: World, incident: Incident) -> None:
    answer = agent.post(at(incident, "do", "resolve"), {"solution": "The cable was out."}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#work")
    assert "The cable was out." in answer.content.decode()
    assert now(world, incident).state == "new"


def test_an_incident_is_resolved_with_its_solution(agent: Client, world: World, incident: Incident) -> None:
    category = Category.objects.get(slug="hardware-printer")
    agent.post(at(incident, "do", "resolve"), {"solution": "The cable was out.", "closing_category": category.slug})
    resolved = now(world, incident)
    assert (resolved.state, resolved.closing_category) == ("resolved", category)
    assert "The cable was out." in agent.get(at(incident)).content.decode()


def test_the_queue_shows_what_the_address_asks_for(agent: Client, world: World, incident: Incident) -> None:
    other = actions.create(by=world.as_requester(), title="No network")
    actions.start(other, by=world.as_agent())
    page = agent.get("/incidents/?state=new").content.decode()
    assert incident.number in page
    assert other.number not in page
    assert agent.get("/incidents/?colour=blue").status_code == 422
