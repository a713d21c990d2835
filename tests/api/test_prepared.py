"""What is prepared for many cases, through the interface."""

from typing import Any

import pytest

from mainstay.kernel.access.actor import system
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.api.conftest import Caller, caller
from tests.world import World


def prepare(kind: str, /, **values: Any) -> None:
    put(kinds()[kind], "prepared", values, by=system("command"))


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_agent(), title="Silent", requester=world.requester)


@pytest.fixture
def base(incident: Incident) -> str:
    return f"/records/{incident.number}"


def test_canned_answers_and_macros_are_used_by_programs_as_by_people(
    world: World, agent: Caller, requester: Caller, base: str
) -> None:
    prepare("canned-answers", name="Hello", body="Dear {{ caller }}")
    prepare("macros", name="Begin", kind="incident", comment="On it.", verb="start")
    found = agent.get(f"{base}/canned-answers").json()["items"]
    assert found == [{"slug": "prepared", "name": "Hello", "body": "Dear Rita Requester"}]
    (macro,) = agent.get(f"{base}/macros").json()["items"]
    assert [effect["field"] for effect in macro["effects"]] == ["Internal note", "Start work"]
    apply = f"{base}/macros/prepared/actions/apply"
    answer = agent.post(apply)
    assert (answer.status_code, answer.json()["state"]) == (200, "in_progress")
    assert agent.post(apply).status_code == 409
    assert agent.post(f"{base}/macros/other/actions/apply").status_code == 404
    assert requester.post(apply).status_code == 404
    assert caller(world.stranger).get(f"{base}/macros").status_code == 404


def test_a_runbook_is_followed_by_programs_as_by_people(agent: Caller, requester: Caller, base: str) -> None:
    prepare("runbooks", name="Printer", text="[one] Light?\n- Yes -> two\n[two] Clear the paper.")
    run = agent.post(f"{base}/runbooks/prepared/actions/start").json()
    address = f"{base}/runs/{run['id']}"
    run = agent.post(f"{address}/answers", {"step": 0, "answer": 0}).json()
    assert (run["question"], run["answers"]) == ("Clear the paper.", [])
    assert run["taken"][0]["by"] == {"name": "Adam Agent", "email": "adam@acme.example"}
    assert agent.post(f"{address}/answers", {"step": 0, "answer": 0}).status_code == 409
    run = agent.post(f"{address}/actions/take-back", {"step": 1}).json()
    assert run["question"] == "Light?"
    assert agent.get(address).json() == run
    found = agent.get(f"{base}/runbooks").json()
    assert found == {"items": [{"slug": "prepared", "name": "Printer"}], "runs": [run]}
    assert requester.get(address).status_code == 404


def test_a_checklist_is_attached_once(agent: Caller, requester: Caller, base: str, incident: Incident) -> None:
    prepare("checklists", name="Device", items=["! Label it"])
    assert agent.get(f"{base}/checklists").json()["items"] == [{"slug": "prepared", "name": "Device"}]
    attach = f"{base}/checklists/prepared/actions/attach"
    assert [agent.post(attach).json() for _again in range(2)] == [{"items": []}] * 2
    assert incident.tasks.count() == 1
    assert requester.post(attach).status_code == 404
