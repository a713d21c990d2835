"""What is taken away is gone with the next request, on every door (R29)."""

import re
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actions import create_token, give, revoke_token, save_role, take
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Grant, Role, Token
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_organisation, deactivate, leave_team, move_organisation
from mainstay.kernel.records.actions import attach, comment
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


def shown(answer: Any) -> str:
    """What a page or a download says."""
    return b"".join(answer.streaming_content if answer.streaming else [answer.content]).decode()


@pytest.mark.parametrize("revoke", ALL_RIGHTS)
def test_an_open_session_shows_nothing_more(
    world: World, incident: Incident, revoke: Callable[[World], None], settings: Any, tmp_path: Path
) -> None:
    """On no door: list, record, its parts, the export, search, files."""
    settings.MEDIA_ROOT = tmp_path
    file = attach(incident, by=world.as_agent(), name="log.txt", stream=BytesIO(b"Printer on fire"))
    record = f"/incidents/{incident.number}/"
    doors = ["/incidents/", "/incidents/export/", "/search/?q=Printer", f"/attachments/{file.uuid}", record]
    doors += [f"{record}{part}/" for part in ("history", "peek", "do/resolve")]
    client = Client()
    client.force_login(world.agent)
    for address in doors:
        assert re.search(f"{incident.number}|{incident.title}", shown(client.get(address))), address
    revoke(world)
    for address in doors:
        answer = client.get(address)
        assert answer.status_code in (302, 404) or (answer.status_code == 200 and address.startswith("/search/"))
        assert incident.number not in shown(answer), address
    assert client.post(f"{record}comments/", {"body": "Still here"}).status_code in (302, 404)
    assert not incident.comments.exists()


def test_what_was_held_from_above_ends_when_the_organisation_moves_away(world: World, incident: Incident) -> None:
    above = create_organisation(by=BY, slug="group", name="Group")
    move_organisation(world.organisation, by=BY, parent=above)
    give(Role.objects.get(slug="agent"), by=BY, organisation=above, person=world.stranger)
    client = Client()
    client.force_login(world.stranger)
    assert client.get(f"/incidents/{incident.number}/").status_code == 200
    move_organisation(world.organisation, by=BY, parent=None)
    assert client.get(f"/incidents/{incident.number}/").status_code == 404
    assert incident.number not in shown(client.get("/incidents/"))


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
