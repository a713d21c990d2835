"""Handing over with a reason, and escalating: counted, kept in the history, told to those it concerns."""

from collections.abc import Callable
from typing import Any

import pytest

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.actions import deliver
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.queries import recipients_of
from mainstay.kernel.people.actions import create_person, create_team, join_team
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.errors import Invalid, NotPermitted
from mainstay.kernel.records.models import Watch
from mainstay.kernel.records.timeline import timeline
from mainstay.support.incidents import actions as incidents
from mainstay.support.service_desk import actions as contacts
from tests.world import World, signed_in

BY = system("command")
KINDS = pytest.mark.parametrize("actions", [incidents, contacts], ids=["incident", "contact"])


@pytest.fixture
def network(world: World) -> Team:
    """Another team, with one member."""
    team = create_team(by=BY, slug="network", name="Network", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, team=team)
    join_team(_person(world, "Nina Network"), team, by=BY)
    return team


@pytest.fixture
def boss(world: World) -> Person:
    person = _person(world, "Bea Boss")
    give(Role.objects.get(slug="manager"), by=BY, organisation=world.organisation, person=person)
    return person


def _person(world: World, name: str) -> Person:
    email = f"{name.split()[0].lower()}@acme.example"
    return create_person(by=BY, name=name, email=email, organisation=world.organisation)


def taken(world: World, actions: Any) -> Any:
    record = actions.create(by=world.as_requester(), title="No network")
    actions.assign(record, by=world.as_agent(), team=world.team, person=world.agent)
    return record


@KINDS
def test_another_team_gets_it_with_a_reason_only(world: World, network: Team, actions: Any) -> None:
    record, agent = taken(world, actions), world.as_agent()
    with pytest.raises(Invalid, match="hand it over"):
        actions.assign(record, by=agent, team=network)
    with pytest.raises(Invalid, match="reason"):
        actions.hand_over(record, by=agent, team=network, reason=" ")
    with pytest.raises(Invalid, match="already"):
        actions.hand_over(record, by=agent, team=world.team, reason="Why not")
    with pytest.raises(Invalid, match="not in this team"):
        actions.hand_over(record, by=agent, team=network, person=world.agent, reason="It is the switch")
    assert record.hand_overs == 0
    event = actions.hand_over(record, by=agent, team=network, reason="It is the switch")
    assert (record.team, record.assignee, record.hand_overs) == (network, None, 1)
    assert (event.name.partition(".")[2], event.reason) == ("handed_over", "It is the switch")
    assert recipients_of(event) == {network.members.get().pk}
    actions.hand_over(record, by=agent, team=world.team, person=world.agent, reason="It is not")
    assert (type(record).objects.get(pk=record.pk).hand_overs, record.assignee) == (2, world.agent)


@KINDS
def test_the_requester_reads_neither_who_has_it_nor_why(world: World, network: Team, actions: Any) -> None:
    record = taken(world, actions)
    actions.hand_over(record, by=world.as_agent(), team=network, reason="Rita is difficult")
    actions.escalate(record, by=world.as_agent(), team=world.team, reason="Rita is difficult")
    entries, _more = timeline(world.as_requester(), record)
    assert [entry.reason for entry in entries if entry.event in ("handed_over", "escalated")] == []
    assert "difficult" not in signed_in(world.requester).get(f"/cases/{record.number}/").content.decode()
    with pytest.raises(NotPermitted):
        actions.hand_over(record, by=world.as_requester(), team=network, reason="Hurry")


@KINDS
def test_an_escalation_to_a_superior_tells_them_and_leaves_the_work_where_it_is(
    world: World, boss: Person, actions: Any
) -> None:
    record = taken(world, actions)
    event = actions.escalate(record, by=world.as_agent(), person=boss, reason="The plant stands still")
    assert (record.team, record.assignee, record.escalations, record.hand_overs) == (world.team, world.agent, 1, 0)
    assert Watch.objects.get(record=record).person == boss
    assert event.data == {"way": "hierarchic", "to": boss.pk}
    deliver(event.pk)
    assert Notification.objects.get().person == boss
    page = signed_in(world.agent).get(address(record)).content.decode()
    assert "Adam Agent escalated it to Bea Boss" in page
    assert "The plant stands still" in page


@KINDS
def test_an_escalation_to_a_team_gives_it_the_work(world: World, network: Team, actions: Any) -> None:
    record = taken(world, actions)
    event = actions.escalate(record, by=world.as_agent(), team=network, reason="Beyond us")
    assert (record.team, record.assignee, record.escalations, record.hand_overs) == (network, None, 1, 1)
    assert event.data == {"way": "functional"}
    assert recipients_of(event) == {network.members.get().pk}


@KINDS
def test_it_is_escalated_only_to_those_who_may_see_it(world: World, boss: Person, actions: Any) -> None:
    record, agent = taken(world, actions), world.as_agent()
    for whom in (world.requester, world.stranger):
        with pytest.raises(Invalid, match="may not see"):
            actions.escalate(record, by=agent, person=whom, reason="Hurry")
    actions.edit(record, by=agent, version=record.version, values={"access": "confidential"})
    with pytest.raises(Invalid, match="may not see"):
        actions.escalate(record, by=agent, person=boss, reason="Hurry")
    for wrong in ({}, {"person": boss, "team": world.team}):
        with pytest.raises(Invalid, match="either"):
            actions.escalate(record, by=agent, reason="Hurry", **wrong)
    assert not Event.objects.filter(name__endswith=".escalated").exists()
    join_team(boss, world.team, by=BY)
    actions.escalate(record, by=agent, person=boss, reason="Hurry")
    assert not actor_for(world.stranger, door="job").can(f"{record.kind}.read", record)


@KINDS
def test_the_page_offers_only_those_it_may_be_escalated_to(
    world: World, boss: Person, network: Team, actions: Any
) -> None:
    record, client = taken(world, actions), signed_in(world.agent)
    form = client.get(f"{address(record)}do/escalate/").content.decode()
    assert "Bea Boss" in form
    assert "Rita Requester" not in form
    assert "Sven Stranger" not in form
    given = {"person": str(boss.uuid), "reason": "The plant stands still"}
    assert client.post(f"{address(record)}do/escalate/", given).status_code == 303
    given = {"team": "network", "reason": "It is the switch"}
    assert client.post(f"{address(record)}do/hand_over/", {"team": "network"}).status_code == 422
    assert client.post(f"{address(record)}do/hand_over/", given).status_code == 303
    record = type(record).objects.get(pk=record.pk)
    assert (record.team, record.hand_overs, record.escalations) == (network, 1, 1)


def address(record: Any) -> str:
    return f"/{'incidents' if record.kind == 'incident' else 'desk'}/{record.number}/"


def test_what_was_counted_goes_along_when_a_contact_becomes_an_incident(
    world: World, boss: Person, network: Team
) -> None:
    contact = taken(world, contacts)
    contacts.hand_over(contact, by=world.as_agent(), team=network, reason="It is the switch")
    contacts.escalate(contact, by=world.as_agent(), person=boss, reason="The plant stands still")
    incident = contacts.turn_into_incident(contact, by=world.as_agent(), version=contact.version)
    assert (incident.hand_overs, incident.escalations) == (1, 1)


def test_programs_hand_over_and_escalate(
    world: World, boss: Person, network: Team, as_caller: Callable[[Person], Any]
) -> None:
    agent = as_caller(world.agent)
    for path in ("incidents", "contacts"):
        number = agent.post(f"/{path}", {"title": "No network", "requester": "rita@acme.example"}).json()["number"]
        assert agent.post(f"/{path}/{number}/actions/assign", {"team": "desk"}).status_code == 200
        assert agent.post(f"/{path}/{number}/actions/hand_over", {"team": "network"}).status_code == 422
        over = agent.post(f"/{path}/{number}/actions/hand_over", {"team": "network", "reason": "The switch"}).json()
        assert (over["team"], over["hand_overs"]) == ("network", 1)
        up = agent.post(f"/{path}/{number}/actions/escalate", {"person": "bea@acme.example", "reason": "Hurry"}).json()
        assert up["escalations"] == 1
        for wrong in ("rita@acme.example", "sven@rival.example", "nobody@acme.example"):
            refused = agent.post(f"/{path}/{number}/actions/escalate", {"person": wrong, "reason": "Hurry"})
            assert (refused.status_code, "nobody with this address" in refused.content.decode()) == (422, True)


@pytest.fixture
def as_caller() -> Callable[[Person], Any]:
    from tests.api.conftest import caller

    return caller
