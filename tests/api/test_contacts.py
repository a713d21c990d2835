"""Contacts through the interface: taken in, answered, turned into incidents."""

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.support.service_desk.lifecycle import LIFECYCLE
from tests.api.conftest import Caller
from tests.world import World


@pytest.fixture(autouse=True)
def desk(world: World) -> None:
    put(kinds()["desks"], "desk", {"name": "The desk", "team": "desk"}, by=system())


def brought(by: Caller, **values: object) -> str:
    answer = by.post("/contacts", {"title": "The printer does not print", **values})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["number"])


def test_a_contact_is_taken_in_edited_answered_and_confirmed(agent: Caller, requester: Caller) -> None:
    answer = requester.post("/contacts", {"title": "The printer does not print", "call_back": "Room 12"})
    made = answer.json()
    assert (answer.status_code, made["state"], made["source"], made["owner"]) == (201, "new", "api", "desk")
    path = answer.headers["Location"]
    assert requester.get(path).json() == made
    assert agent.patch(path, {"title": "Silent"}).status_code == 428
    edited = agent.patch(path, {"title": "Silent"}, If_Match=answer.headers["ETag"])
    assert (edited.status_code, edited.json()["title"]) == (200, "Silent")
    assert agent.post(f"{path}/actions/assign", {"person": "ADAM@acme.example"}).json()["team"] == "desk"
    assert requester.post(f"{path}/actions/answer", {"solution": "I know."}).status_code == 403
    answered = agent.post(f"{path}/actions/answer", {"solution": "The cable was out."})
    assert (answered.status_code, answered.json()["state"]) == (200, "answered")
    confirmed = requester.post(f"{path}/actions/close")
    assert (confirmed.json()["state"], confirmed.json()["solution"]) == ("closed", "The cable was out.")


def test_a_contact_becomes_an_incident_and_its_number_leads_there(agent: Caller, requester: Caller) -> None:
    number = brought(requester, description="Since today.")
    address = f"/contacts/{number}/actions/turn-into-incident"
    assert requester.post(address).status_code == 403
    turned = agent.post(address, {"impact": 1, "urgency": 1, "category": "network", "team": "desk"})
    assert turned.status_code == 201, turned.content
    incident = turned.json()
    assert (incident["kind"], incident["state"], incident["priority"], incident["team"]) == (
        "incident",
        "new",
        1,
        "desk",
    )
    assert agent.get(turned.headers["Location"]).json()["number"] == incident["number"]
    assert agent.get(f"/incidents/{number.lower()}").json()["description"] == "Since today."
    assert requester.get(f"/records/{number}").json()["number"] == incident["number"]
    assert agent.get(f"/contacts/{number}").status_code == 404
    late = agent.post(address)
    assert (late.status_code, incident["number"] in late.json()["detail"]) == (409, True)


def test_only_the_version_that_was_read_becomes_an_incident(agent: Caller) -> None:
    number = brought(agent)
    read = agent.get(f"/contacts/{number}")
    agent.patch(f"/contacts/{number}", {"title": "Silent"}, If_Match=read.headers["ETag"])
    address = f"/contacts/{number}/actions/turn-into-incident"
    assert agent.post(address, {}, If_Match=read.headers["ETag"]).status_code == 412
    assert agent.post(address, {}, If_Match=agent.get(f"/contacts/{number}").headers["ETag"]).status_code == 201


def test_every_verb_of_the_lifecycle_is_an_operation() -> None:
    from mainstay.site.api import api

    paths = {path for method, path, _ in api.operations() if method == "POST"}
    assert {f"/api/v1/contacts/{{number}}/actions/{verb}" for verb in LIFECYCLE.verbs} <= paths


def test_an_agent_takes_in_for_others_what_came_by_telephone(agent: Caller) -> None:
    made = agent.post("/contacts", {"title": "No network", "requester": "RITA@acme.example", "source": "phone"}).json()
    assert (made["requester"]["name"], made["source"]) == ("Rita Requester", "phone")
    assert agent.post("/contacts", {"title": "x", "requester": "sven@rival.example"}).status_code == 422


def test_a_list_is_filtered_sorted_and_paged(agent: Caller, requester: Caller) -> None:
    numbers = [brought(requester) for _ in range(3)]
    complaint = brought(requester, type="complaint")
    path, found = "/contacts?type=case&owner=desk&state=new&sort=opened&limit=2", []
    page = agent.get(path).json()
    while True:
        found += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        page = agent.get(f"{path}&cursor={page['next']}").json()
    assert found == numbers
    assert [item["number"] for item in agent.get("/contacts?type=complaint").json()["items"]] == [complaint]
    assert agent.get("/contacts?owner=nobody").status_code == 422


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_three_queries_however_long_it_is(
    agent: Caller, rows: int, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        brought(agent, category="network")
    agent.get("/contacts")  # writes when the token was last used
    with django_assert_num_queries(3):
        assert len(agent.get("/contacts").json()["items"]) == rows
