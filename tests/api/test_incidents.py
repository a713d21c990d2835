"""The incident story through the interface, and each rule that the interface promises."""

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.support.incidents.lifecycle import LIFECYCLE
from tests.api.conftest import Caller
from tests.world import World


def opened(by: Caller, **values: object) -> str:
    answer = by.post("/incidents", {"title": "The printer does not print", **values})
    assert answer.status_code == 201, answer.content
    return str(answer.json()["number"])


def test_an_incident_is_opened_worked_on_resolved_and_confirmed(agent: Caller, requester: Caller) -> None:
    answer = requester.post("/incidents", {"title": "The printer does not print"})
    assert answer.status_code == 201
    made = answer.json()
    assert (made["state"], made["priority"], made["requester"]["email"]) == ("new", 5, "rita@acme.example")
    assert answer.headers["Location"] == f"/api/v1/incidents/{made['number']}"
    number = made["number"]
    steps = (
        ("assign", {"team": "desk", "person": "ADAM@acme.example"}, "assigned"),
        ("start", None, "in_progress"),
        ("hold", {"reason": "vendor"}, "pending"),
        ("resume", {}, "in_progress"),
        ("resolve", {"solution": "The cable was out.", "closing_category": "hardware-printer"}, "resolved"),
    )
    for verb, values, state in steps:
        moved = agent.post(f"/incidents/{number}/actions/{verb}", values)
        assert moved.status_code == 200, (verb, moved.content)
        assert moved.json()["state"] == state
    confirmed = requester.post(f"/incidents/{number}/actions/close")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "closed")
    again = requester.post(f"/incidents/{number}/follow-ups", {"reason": "It does not print again."})
    assert again.status_code == 201
    assert again.json()["number"] != number


def test_every_verb_of_the_lifecycle_is_an_operation() -> None:
    from mainstay.site.api import api

    paths = {path for method, path, _ in api.operations() if method == "POST"}
    assert {f"/api/v1/incidents/{{number}}/actions/{verb}" for verb in LIFECYCLE.verbs} <= paths


def test_impact_and_urgency_give_the_priority_and_an_agent_opens_for_a_requester(agent: Caller) -> None:
    made = agent.post(
        "/incidents",
        {
            "title": "No network",
            "impact": 1,
            "urgency": 1,
            "requester": "RITA@acme.example",
            "team": "desk",
            "category": "network",
        },
    ).json()
    assert (made["priority"], made["requester"]["name"], made["team"], made["category"]) == (
        1,
        "Rita Requester",
        "desk",
        "network",
    )


def test_a_caller_says_how_to_be_reached_and_who_edits_may_correct_it(requester: Caller, agent: Caller) -> None:
    made = requester.post("/incidents", {"title": "No network", "call_back": " Room 12,  until noon "})
    assert (made.status_code, made.json()["call_back"]) == (201, "Room 12, until noon")
    path = f"/incidents/{made.json()['number']}"
    edited = agent.patch(path, {"call_back": "0341 5550100"}, If_Match=made.headers["ETag"])
    assert (edited.status_code, requester.get(path).json()["call_back"]) == (200, "0341 5550100")
    emptied = agent.patch(path, {"call_back": ""}, If_Match=edited.headers["ETag"])
    assert (emptied.status_code, emptied.json()["call_back"]) == (200, "")
    assert requester.post("/incidents", {"title": "No network", "call_back": "0" * 201}).status_code == 422
    assert agent.get(f"/incidents/{opened(agent)}").json()["call_back"] == ""


def test_rules_give_what_is_opened_or_reclassified_its_team(requester: Caller, agent: Caller) -> None:
    values = {
        "name": "Hardware by interface",
        "occasions": ["created", "category"],
        "condition": '"hardware" in categories && source == "api"',
        "team": "desk",
    }
    put(kinds()["incident-rules"], "hardware", values, by=system())
    made = requester.post("/incidents", {"title": "It is silent", "category": "hardware-printer"})
    assert (made.status_code, made.json()["state"], made.json()["team"]) == (201, "assigned", "desk")
    other = requester.post("/incidents", {"title": "It is silent"})
    assert (other.json()["state"], other.json()["team"]) == ("new", None)
    path = f"/incidents/{other.json()['number']}"
    moved = agent.patch(path, {"category": "hardware"}, If_Match=other.headers["ETag"])
    assert (moved.json()["state"], moved.json()["team"]) == ("assigned", "desk")
    assert agent.patch(path, {"title": "Silent"}, If_Match=moved.headers["ETag"]).status_code == 200
    told, heard = (
        [item["reason"] for item in who.get(f"/records{path[10:]}/timeline").json()["items"]]
        for who in (agent, requester)
    )
    assert "Hardware by interface" in told
    assert "Hardware by interface" not in heard


def test_a_list_is_filtered_sorted_and_paged(agent: Caller) -> None:
    numbers = [opened(agent, impact=1, urgency=1, team="desk") for _ in range(5)]
    opened(agent)
    found, path = [], "/incidents?state=new&team=desk&priority=1&sort=number&limit=2"
    page = agent.get(path).json()
    while True:
        found += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        page = agent.get(f"{path}&cursor={page['next']}").json()
    assert found == numbers
    for sort in ("updated", "-updated", "opened", "-opened", "priority", "-priority", "-number"):
        first = agent.get(f"/incidents?sort={sort}&limit=3").json()
        rest = agent.get(f"/incidents?sort={sort}&limit=3&cursor={first['next']}").json()
        seen = [item["number"] for item in [*first["items"], *rest["items"]]]
        assert sorted(seen) == sorted([*numbers, seen[seen.index(max(seen))]]), sort
        assert len(set(seen)) == 6, sort
        assert rest["next"] is None


def test_an_edit_needs_the_version_it_read(agent: Caller) -> None:
    number = opened(agent)
    read = agent.get(f"/incidents/{number}")
    path = f"/incidents/{number}"
    assert agent.patch(path, {"title": "Better"}).status_code == 428
    edited = agent.patch(path, {"title": "Better", "impact": 1}, If_Match=read.headers["ETag"])
    assert (edited.status_code, edited.json()["title"], edited.json()["priority"]) == (200, "Better", 3)
    assert edited.headers["ETag"] != read.headers["ETag"]
    late = agent.patch(path, {"title": "Other"}, If_Match=read.headers["ETag"])
    assert late.status_code == 412
    assert agent.get(path).json()["title"] == "Better"
    assert agent.post(f"{path}/actions/start", None, If_Match=read.headers["ETag"]).status_code == 412
    assert agent.post(f"{path}/actions/start", None, If_Match=edited.headers["ETag"]).status_code == 200


def test_a_move_that_the_state_forbids_is_a_conflict(agent: Caller) -> None:
    number = opened(agent)
    refused = agent.post(f"/incidents/{number}/actions/reopen", {"reason": "Not solved"})
    assert (refused.status_code, refused.json()["type"]) == (409, "urn:mainstay:problem:not-possible")


def test_only_who_may_overrides_the_priority(agent: Caller, world: World) -> None:
    number = opened(agent)
    values = {"priority": 1, "reason": "The director waits."}
    assert agent.post(f"/incidents/{number}/priority", values).status_code == 403
    from mainstay.kernel.access.actions import give
    from mainstay.kernel.access.actor import system
    from mainstay.kernel.access.models import Role

    give(Role.objects.get(slug="manager"), by=system(), organisation=world.organisation, person=world.agent)
    answer = agent.post(f"/incidents/{number}/priority", values)
    assert (answer.status_code, answer.json()["priority"]) == (200, 1)


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_takes_three_queries_however_long_it_is(
    agent: Caller, rows: int, django_assert_num_queries: object
) -> None:
    for _ in range(rows):
        opened(agent, team="desk", category="network")
    agent.get("/incidents")  # writes when the token was last used
    with django_assert_num_queries(3):
        assert len(agent.get("/incidents").json()["items"]) == rows
