"""Foreign records and references answer as missing ones, and no field can be slipped in (D11, D12, D13, D14, D25)."""

import re
from typing import Any
from uuid import uuid4

import pytest

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import create_team
from mainstay.kernel.records.models import Record
from mainstay.site.api import api
from mainstay.support.incidents import actions
from mainstay.support.service_desk import actions as contacts
from tests.api.conftest import BASE, Caller
from tests.isolation.walk import BODIES as USUAL
from tests.world import World

#: A good body for operations that take one, so that nothing but the record itself can be refused; for those not named
#: here, that of the walk through all doors.
BODIES: dict[str, Any] = {
    "PATCH /incidents/{number}": {"title": "Taken over"},
    "POST /incidents/{number}/priority": {"priority": 1, "reason": "Mine"},
    "POST /incidents/{number}/follow-ups": {"reason": "Again"},
    "POST /incidents/{number}/actions/assign": {"team": "desk"},
    "POST /incidents/{number}/actions/hold": {"reason": "vendor"},
    "POST /incidents/{number}/actions/resolve": {"solution": "x", "closing_category": "other"},
    "POST /incidents/{number}/actions/reopen": {"reason": "x"},
    "POST /incidents/{number}/actions/cancel": {"reason": "x"},
    **{
        f"POST /{kind}/{{number}}/actions/{verb}": {"team": "desk", "reason": "x"}
        for kind in ("incidents", "contacts")
        for verb in ("hand_over", "escalate")
    },
    "PATCH /contacts/{number}": {"title": "Taken over"},
    "POST /contacts/{number}/actions/assign": {"team": "desk"},
    "POST /contacts/{number}/actions/answer": {"solution": "x"},
    "POST /contacts/{number}/actions/reopen": {"reason": "x"},
    "POST /contacts/{number}/actions/cancel": {"reason": "x"},
    "POST /records/{number}/comments": {"body": "Hello", "visibility": "public"},
    "POST /records/{number}/links": {"kind": "relates_to", "target": "INC-000001"},
    "POST /records/{number}/tasks": {"title": "x"},
    "POST /records/{number}/work": {"minutes": 5},
    "POST /records/{number}/documents": {"format": "pdf"},
}

STRANGER, NOBODY = "sven@rival.example", "nobody@acme.example"


def token_of(person: Any) -> Caller:
    return Caller(create_token(person, by=system(), name="security")[1])


@pytest.fixture
def agent(world: World) -> Caller:
    return token_of(world.agent)


@pytest.fixture
def stranger(world: World) -> Caller:
    return token_of(world.stranger)


@pytest.fixture
def number(world: World) -> str:
    return actions.create(by=world.as_requester(), title="Secret canary").number


ON_RECORDS = [(method, path.removeprefix(BASE)) for method, path, _ in api.operations() if "{number}" in path]


@pytest.mark.parametrize(("method", "path"), ON_RECORDS)
def test_a_foreign_record_answers_as_one_that_does_not_exist(
    world: World, stranger: Caller, number: str, method: str, path: str, settings: Any, tmp_path: Any
) -> None:
    if path.startswith("/contacts"):
        number = contacts.create(by=world.as_requester(), title="Secret canary").number
    settings.MEDIA_ROOT = tmp_path
    before = Event.objects.count(), Record.objects.get(number=number).version

    def answer(asked: str) -> tuple[int, bytes]:
        address = path.replace("{number}", asked)
        address = re.sub("{(macro|checklist|runbook)}", "prepared", address)
        address = re.sub(r"{\w+}", lambda gap: str(uuid4()), address)
        if path.endswith("/attachments") and method == "POST":
            from django.core.files.uploadedfile import SimpleUploadedFile

            given = stranger.client.post(
                BASE + address,
                {"file": SimpleUploadedFile("a.txt", b"a"), "visibility": "public"},
                headers={"Authorization": f"Bearer {stranger.token}"},
            )
        else:
            body = BODIES.get(f"{method} {path}", USUAL.get(path.rpartition("/")[2]))
            given = stranger.call(method, address, body, If_Match='"1"')
        return given.status_code, given.content.replace(given.json()["instance"].encode(), b"")

    foreign, missing = answer(number), answer("INC-999999")
    assert foreign == missing
    assert foreign[0] == 404
    assert (Event.objects.count(), Record.objects.get(number=number).version) == before


def test_a_list_holds_nothing_foreign(stranger: Caller, agent: Caller, number: str) -> None:
    assert stranger.get("/incidents").json()["items"] == []
    assert [item["number"] for item in agent.get("/incidents").json()["items"]] == [number]


def test_foreign_references_are_refused_like_missing_ones(agent: Caller, world: World, number: str) -> None:
    elsewhere = world.stranger.organisation
    create_team(by=system(), slug="rival-desk", name="Rival", organisation=elsewhere)
    foreign = actions.create(by=world.as_stranger(), title="Foreign").number

    def refused(path: str, body: Any) -> list[Any]:
        answer = agent.post(path, body)
        assert answer.status_code == 422, (path, body, answer.content)
        return list(answer.json()["errors"])

    for path, given, absent in (
        ("/incidents", {"title": "x", "team": "rival-desk"}, {"title": "x", "team": "nobody"}),
        (
            "/incidents",
            {"title": "x", "requester": STRANGER},
            {"title": "x", "requester": NOBODY},
        ),
        (f"/incidents/{number}/actions/assign", {"team": "rival-desk"}, {"team": "nobody"}),
        (f"/incidents/{number}/actions/assign", {"person": STRANGER}, {"person": NOBODY}),
        (
            f"/records/{number}/tasks",
            {"title": "x", "owner": STRANGER},
            {"title": "x", "owner": NOBODY},
        ),
        (f"/records/{number}/tasks", {"title": "x", "team": "rival-desk"}, {"title": "x", "team": "nobody"}),
        (
            f"/records/{number}/links",
            {"kind": "relates_to", "target": foreign},
            {"kind": "relates_to", "target": "INC-999999"},
        ),
    ):
        assert refused(path, given) == refused(path, absent), (path, given)
    assert (
        agent.get("/incidents?team=rival-desk").json()["errors"] == agent.get("/incidents?team=nobody").json()["errors"]
    )
    own = agent.post("/incidents", {"title": "x", "team": "desk", "requester": "rita@acme.example"})
    assert own.status_code == 201


def test_a_requester_opens_only_their_own_and_reads_nothing_internal(world: World) -> None:
    requester = token_of(world.requester)
    refused = requester.post("/incidents", {"title": "x", "requester": "adam@acme.example"})
    assert refused.status_code == 422
    assert (
        refused.json()["errors"] == requester.post("/incidents", {"title": "x", "requester": NOBODY}).json()["errors"]
    )
    made = requester.post("/incidents", {"title": "x", "requester": "rita@acme.example"}).json()
    token_of(world.agent).post(f"/incidents/{made['number']}/actions/start")
    seen = requester.get(f"/incidents/{made['number']}").json()
    assert seen["state"] == "in_progress"
    assert [seen[name] for name in ("assignee", "priority_reason", "closing_category", "hand_overs")] == [None] * 4
    (row,) = requester.get("/incidents").json()["items"]
    assert row["assignee"] is None
    assert token_of(world.agent).get(f"/incidents/{made['number']}").json()["assignee"]["name"] == "Adam Agent"


def test_a_requester_who_names_a_team_learns_nothing_of_which_exist(world: World, number: str) -> None:
    requester = token_of(world.requester)
    answers = [requester.post(f"/incidents/{number}/actions/assign", {"team": team}) for team in ("desk", "nobody")]
    assert [answer.status_code for answer in answers] == [403, 403]
    assert answers[0].content == answers[1].content


EXTRA = [
    *("id", "pk", "uuid", "kind", "number", "state"),
    *("state_category", "version", "organisation", "organisation_id", "requester_id", "assignee"),
    *("assignee_id", "team_id", "opened", "updated", "resolved", "closed"),
    *("archived", "source", "priority", "priority_reason", "hand_overs", "reopenings"),
    *("is_superuser", "is_staff", "role", "roles", "org_id", "created_by"),
    *("owner_id", "permissions", "ignore_permissions", "solution"),
]


@pytest.mark.parametrize("field", EXTRA)
def test_no_field_can_be_slipped_into_a_body(agent: Caller, number: str, field: str) -> None:
    before = Record.objects.values().get(number=number)
    for value in (1, "1", None, True):
        assert agent.post("/incidents", {"title": "x", field: value}).status_code == 422
        assert agent.patch(f"/incidents/{number}", {"title": "x", field: value}, If_Match='"1"').status_code == 422
        assert agent.post(f"/incidents/{number}/actions/start", {field: value}).status_code == 422
    assert Record.objects.values().get(number=number) == before
