"""Who has a record open, and who is writing there."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.utils import timezone

from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import create_person, join_team
from mainstay.kernel.people.models import Person
from mainstay.kernel.records.actions import comment
from mainstay.kernel.web.models import Presence
from mainstay.kernel.web.tasks import forget_the_gone
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_agent(), title="Silent", requester=world.requester, team=world.team)


@pytest.fixture
def bea(world: World) -> Person:
    by = system("command")
    person = create_person(by=by, name="Bea Agent", email="bea@acme.example", organisation=world.organisation)
    join_team(person, world.team, by=by)
    return person


def tell(person: Person, incident: Incident, **values: str) -> Any:
    return signed_in(person).post(f"/web/presence/{incident.number}/", values)


def test_two_agents_on_one_record_hear_of_each_other(world: World, incident: Incident, bea: Person) -> None:
    assert tell(world.agent, incident).json() == {"words": "", "news": ""}
    assert tell(bea, incident, replying="yes").json()["words"] == "Is looking at this, too: Adam Agent."
    assert tell(world.agent, incident).json()["words"] == "Is writing here: Bea Agent."
    assert tell(bea, incident, gone="yes").status_code == 204
    assert tell(world.agent, incident).json()["words"] == ""


def test_whoever_is_no_longer_heard_of_has_gone(world: World, incident: Incident, bea: Person) -> None:
    tell(bea, incident)
    with time_machine.travel(timezone.now() + timedelta(seconds=26), tick=False):
        assert tell(world.agent, incident).json()["words"] == ""
    assert Presence.objects.count() == 1
    with time_machine.travel(timezone.now() + timedelta(hours=1), tick=False):
        forget_the_gone(0)
    assert Presence.objects.count() == 0


def test_only_who_sees_the_internal_part_is_there_and_hears_of_others(world: World, incident: Incident) -> None:
    tell(world.agent, incident, replying="yes")
    for person in (world.requester, world.stranger):
        assert tell(person, incident).status_code == 404
    assert Presence.objects.get().person == world.agent
    assert "Adam Agent" not in signed_in(world.requester).get(f"/cases/{incident.number}/").content.decode()


def test_the_page_learns_that_something_new_has_happened(world: World, incident: Incident) -> None:
    seen = incident.updated.isoformat()
    assert tell(world.agent, incident, seen=seen).json()["news"] == ""
    comment(incident, by=world.as_requester(), body="It smokes now.")
    assert tell(world.agent, incident, seen=seen).json()["news"] == "Something new has happened here."
    assert tell(world.agent, incident, seen="yesterday").json()["news"] == ""


def test_what_is_told_every_ten_seconds_is_not_written_down_twice() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'web_presence'")
        assert cursor.fetchone() == ("u",)
