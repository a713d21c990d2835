"""Hits, counts, order and excerpts come from what the actor may read, and from nothing else."""

from typing import Any

import pytest

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.people.actions import create_organisation, create_person, create_team, join_team
from mainstay.kernel.records.actions import comment
from mainstay.kernel.search.queries import search
from mainstay.support.incidents import actions as incidents
from tests.world import World

pytestmark = pytest.mark.django_db

CANARY = "hippopotamus"


def others(count: int) -> Any:
    """Let another organisation have incidents with the same words."""
    by = system("command")
    organisation = create_organisation(by=by, slug="other", name="Other")
    team = create_team(by=by, slug="other-desk", name="Other desk", organisation=organisation)
    agent = create_person(by=by, name="Olga Other", email="olga@other.example", organisation=organisation)
    join_team(agent, team, by=by)
    give(Role.objects.get(slug="agent"), by=by, organisation=organisation, team=team)
    actor = actor_for(agent, door="page")
    for number in range(count):
        incidents.create(by=actor, title=f"Printer {number}", description="does not print at all", requester=agent)
    return actor


def test_nothing_changes_for_one_organisation_when_another_grows(world: World) -> None:
    for title in ("Printer is loud", "Printer is hot", "No network"):
        incidents.create(by=world.as_requester(), title=title)
    actors = (world.as_agent(), world.as_requester())
    before = [search(actor, text) for actor in actors for text in ("printer", "print", "1", "INC-000001")]
    olga = others(30)
    assert search(olga, "printer").count == 30
    assert [search(actor, text) for actor in actors for text in ("printer", "print", "1", "INC-000001")] == before


def test_an_internal_note_is_found_by_agents_and_never_by_the_requester(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer is loud", description="Very loud")
    comment(incident, by=world.as_agent(), body=f"It is the {CANARY} again", visibility="internal")
    (hit,) = search(world.as_agent(), CANARY).hits
    assert CANARY in hit.snippet
    assert search(world.as_requester(), CANARY).hits == []
    assert search(world.as_requester(), CANARY).count == 0
    assert search(world.as_requester(), f"loud -{CANARY}").count == 1, "not even by what is left out"
    (seen,) = search(world.as_requester(), "loud").hits
    assert CANARY not in seen.snippet


def test_an_internal_note_does_not_change_the_order_of_what_the_requester_sees(world: World) -> None:
    first = incidents.create(by=world.as_requester(), title="Lamp", description="lamp")
    second = incidents.create(by=world.as_requester(), title="Lamp", description="lamp lamp")
    before = [hit.number for hit in search(world.as_requester(), "lamp").hits]
    comment(first, by=world.as_agent(), body="lamp " * 50, visibility="internal")
    assert [hit.number for hit in search(world.as_requester(), "lamp").hits] == before
    assert set(before) == {first.number, second.number}


def test_a_record_that_becomes_internal_is_gone_from_the_requesters_search(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title=CANARY)
    assert search(world.as_requester(), CANARY).count == 1
    incidents.edit(incident, by=world.as_agent(), version=incident.version, values={"access": "internal"})
    for text in (CANARY, incident.number):
        assert search(world.as_requester(), text).hits == []
        assert search(world.as_agent(), text).count == 1


def test_who_holds_nothing_finds_nothing(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title=CANARY)
    stranger = create_person(by=system("command"), name="Sam", organisation=world.organisation)
    for text in (CANARY, incident.number):
        assert search(actor_for(stranger, door="page"), text).hits == []
