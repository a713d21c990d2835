"""What is taken away is gone with the next request, on every door (R29)."""

from collections.abc import Callable

import pytest
from django.test import Client

from mainstay.kernel.access.actions import create_token, revoke_token, save_role, take
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Grant, Role, Token
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import deactivate, leave_team
from mainstay.kernel.records.actions import comment
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from tests.world import World

pytestmark = pytest.mark.django_db

BY = system("command")


def take_the_grant(world: World) -> None:
    take(Grant.objects.get(team=world.team), by=BY, reason="Left")


def retire_the_role(world: World) -> None:
    role = Role.objects.get(slug="agent")
    save_role(by=BY, slug="agent", name=role.name, capabilities=role.capabilities, retired=True)


def leave_the_team(world: World) -> None:
    leave_team(world.agent, world.team, by=BY)


def deactivate_the_person(world: World) -> None:
    deactivate(world.agent, by=BY, reason="Left")


def revoke_the_token(world: World) -> None:
    revoke_token(Token.objects.get(person=world.agent), by=BY)


ALL_RIGHTS = [take_the_grant, retire_the_role, leave_the_team, deactivate_the_person]


@pytest.fixture
def incident(world: World) -> Incident:
    incident = actions.create(by=world.as_requester(), title="Printer")
    actions.MOVES["assign"](incident, by=world.as_agent(), team=world.team, person=world.agent)
    return incident


@pytest.mark.parametrize("revoke", [*ALL_RIGHTS, revoke_the_token])
def test_the_interface_answers_nothing_more(world: World, incident: Incident, revoke: Callable[[World], None]) -> None:
    headers = {"Authorization": f"Bearer {create_token(world.agent, by=BY, name='tests')[1]}"}
    address = f"/api/v1/incidents/{incident.number}"
    assert Client().get(address, headers=headers).status_code == 200
    revoke(world)
    assert Client().get(address, headers=headers).status_code in (401, 403, 404)
    answer = Client().get("/api/v1/incidents", headers=headers)
    assert answer.status_code in (401, 403)


@pytest.mark.parametrize("revoke", ALL_RIGHTS)
def test_an_open_session_shows_nothing_more(world: World, incident: Incident, revoke: Callable[[World], None]) -> None:
    client = Client()
    client.force_login(world.agent)
    for address in ("/incidents/", f"/incidents/{incident.number}/"):
        assert incident.number in client.get(address).content.decode()
    revoke(world)
    for address in ("/incidents/", f"/incidents/{incident.number}/"):
        answer = client.get(address)
        assert answer.status_code in (302, 404)
        assert incident.title not in answer.content.decode()


@pytest.mark.parametrize("revoke", ALL_RIGHTS)
def test_what_waits_to_be_told_is_told_to_nobody(
    world: World, incident: Incident, revoke: Callable[[World], None]
) -> None:
    comment(incident, by=world.as_requester(), body="It smokes.", visibility="public")
    revoke(world)
    run("notify.deliver")
    assert not Notification.objects.filter(person=world.agent, event="incident.commented").exists()


def test_with_the_rights_it_would_have_been_told(world: World, incident: Incident) -> None:
    comment(incident, by=world.as_requester(), body="It smokes.", visibility="public")
    run("notify.deliver")
    assert Notification.objects.filter(person=world.agent, event="incident.commented").exists()
