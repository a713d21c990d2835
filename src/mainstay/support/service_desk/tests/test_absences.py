"""Being away: whoever stands in hears of one's work, as far as they may see it; others see it when they give work."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give, take
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Grant, Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.actions import deliver
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.people.actions import create_person, deactivate, end_leave, join_team, take_leave
from mainstay.kernel.people.engine.standing_in import stand_in
from mainstay.kernel.people.models import Absence, Person
from mainstay.kernel.people.queries import absences_of, away
from mainstay.kernel.practice.errors import Invalid, NotPossible
from mainstay.kernel.records.actions import comment, watch
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.api.conftest import caller
from tests.world import World, signed_in

BY = system("command")
NOW, DAY = timezone.now, timedelta(days=1)


@pytest.fixture
def nina(world: World) -> Person:
    return colleague(world, "Nina")


def colleague(world: World, name: str) -> Person:
    email = f"{name.lower()}@acme.example"
    person = create_person(by=BY, name=f"{name} Agent", email=email, organisation=world.organisation)
    join_team(person, world.team, by=BY)
    return person


def leave(person: Person, substitute: Person | None = None, days: int = 3) -> Absence:
    return take_leave(person, by=BY, begins=NOW(), ends=NOW() + days * DAY, substitute=substitute)


def assigned(world: World) -> Incident:
    incident = incidents.create(by=world.as_requester(), title="No network")
    incidents.assign(incident, by=BY, team=world.team, person=world.agent)
    return incident


def told(event: Event) -> set[str]:
    deliver(event.pk)
    names = Notification.objects.filter(event_id=event.pk).values_list("person__name", flat=True)
    return {name.split()[0] for name in names}


def said(incident: Incident, world: World) -> Event:
    written = comment(incident, by=world.as_requester(), body="Any news?")
    return Event.objects.get(data__comment=written.pk)


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.dictionaries(st.integers(1, 6), st.none() | st.integers(1, 6), max_size=6), st.integers(1, 6))
def test_who_stands_in_is_never_away_and_named_by_a_chain(substitutes: dict[int, int | None], person: int) -> None:
    chosen, here, steps = stand_in(person, substitutes), substitutes.get(person), 0
    while here in substitutes and steps < 10:
        here, steps = substitutes[here], steps + 1
    assert chosen == (None if steps == 10 else here)
    assert chosen not in substitutes


def test_the_substitute_hears_of_it_as_well_while_one_is_away(world: World, nina: Person) -> None:
    incident = assigned(world)
    assert told(said(incident, world)) == {"Adam"}
    absence = leave(world.agent, nina)
    assert told(said(incident, world)) == {"Adam", "Nina"}
    end_leave(absence, by=BY)
    assert told(said(incident, world)) == {"Adam"}


def test_a_chain_leads_to_the_first_who_is_there_and_a_circle_to_nobody(world: World, nina: Person) -> None:
    olaf, incident = colleague(world, "Olaf"), assigned(world)
    leave(world.agent, nina)
    second = leave(nina, olaf)
    assert told(said(incident, world)) == {"Adam", "Olaf"}
    end_leave(second, by=BY)
    leave(nina, world.agent)
    assert told(said(incident, world)) == {"Adam"}
    assert away([world.agent.pk])[world.agent.pk].substitute is None


def test_a_substitute_is_told_only_what_they_may_see_when_it_is_told(world: World, nina: Person) -> None:
    incident = assigned(world)
    leave(world.agent, nina)
    event = said(incident, world)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=world.agent)
    take(Grant.objects.get(team=world.team), by=BY, reason="Tried")
    assert told(event) == {"Adam"}
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=nina)
    assert told(event) == {"Adam", "Nina"}
    incidents.edit(incident, by=BY, version=incident.version, values={"access": "confidential"})
    world.team.memberships.filter(person=nina).delete()
    written = comment(incident, by=BY, body="About a theft.")
    assert told(Event.objects.get(data__comment=written.pk)) == {"Adam"}


def test_what_a_requester_hears_as_such_goes_to_nobody_else(world: World, nina: Person) -> None:
    join_team(world.requester, world.team, by=BY)
    leave(world.requester, nina)
    incident = incidents.create(by=world.as_requester(), title="My own affair")
    event = incidents.start(incident, by=BY)
    assert told(event) == {"Rita"}


def test_who_caused_it_does_not_hear_of_it_as_a_substitute(world: World, nina: Person) -> None:
    from mainstay.kernel.access.queries import actor_for

    incident = assigned(world)
    leave(world.agent, nina)
    watch(incident, by=actor_for(nina, door="page"))
    written = comment(incident, by=actor_for(nina, door="page"), body="Soon.")
    assert told(Event.objects.get(data__comment=written.pk)) == {"Adam", "Rita"}


def test_an_absence_is_refused_with_the_reason(world: World, nina: Person) -> None:
    for values, field in (
        ({"begins": NOW(), "ends": NOW() - DAY}, "ends"),
        ({"begins": NOW() - 2 * DAY, "ends": NOW() - DAY}, "ends"),
        ({"begins": NOW(), "ends": NOW() + DAY, "substitute": world.requester}, "substitute"),
        ({"begins": NOW(), "ends": NOW() + DAY, "substitute": world.stranger}, "substitute"),
        ({"begins": NOW(), "ends": NOW() + DAY, "substitute": world.agent}, "substitute"),
    ):
        with pytest.raises(Invalid) as refused:
            take_leave(world.agent, by=BY, **values)
        assert list(refused.value.errors) == [field]
    taken = leave(world.agent, nina)
    with pytest.raises(Invalid, match="already"):
        leave(world.agent)
    end_leave(taken, by=BY)
    with pytest.raises(NotPossible):
        end_leave(taken, by=BY)
    later = take_leave(world.agent, by=BY, begins=NOW() + DAY, ends=NOW() + 2 * DAY)
    end_leave(later, by=BY)
    assert not absences_of(world.agent).filter(ends__gt=NOW() + 2 * DAY).exists()
    deactivate(nina, by=BY, reason="Left")
    with pytest.raises(Invalid):
        leave(world.agent, nina)


def test_one_says_so_on_the_profile_and_others_see_it_when_they_give_work(world: World, nina: Person) -> None:
    client = signed_in(world.agent)
    assert "Nina Agent" in client.get("/profile/absences/").content.decode()
    given = {"begins": f"{NOW() - DAY:%Y-%m-%d %H:%M}", "ends": f"{NOW() + DAY:%Y-%m-%d %H:%M}"}
    assert client.post("/profile/absences/", {**given, "substitute": str(world.stranger.uuid)}).status_code == 422
    assert client.post("/profile/absences/", {**given, "substitute": str(nina.uuid)}).status_code == 303
    assert "Nina Agent stands in" in client.get("/profile/absences/").content.decode()

    incident, other = incidents.create(by=world.as_requester(), title="No network"), signed_in(nina)
    form = other.get(f"/incidents/{incident.number}/do/assign/").content.decode()
    assert "Adam Agent (away until" in form
    given = {"team": "desk", "person": str(world.agent.uuid)}
    assert other.post(f"/incidents/{incident.number}/do/assign/", given).status_code == 303
    page = other.get(f"/incidents/{incident.number}/").content.decode()
    assert page.count("Nina Agent stands in") == 2  # the warning, and beside the assignee

    absence = Absence.objects.get()
    assert signed_in(nina).post(f"/profile/absences/{absence.uuid}/end/").status_code == 404
    assert client.post(f"/profile/absences/{absence.uuid}/end/").status_code == 303
    assert away([world.agent.pk]) == {}


def test_programs_say_when_one_is_away(world: World, nina: Person) -> None:
    agent: Any = caller(world.agent)
    body = {"begins": "2099-01-01T08:00:00Z", "ends": "2099-01-08T08:00:00Z", "substitute": "nina@acme.example"}
    assert agent.post("/absences", {**body, "substitute": "rita@acme.example"}).status_code == 422
    made = agent.post("/absences", body)
    assert (made.status_code, made.json()["substitute"]["name"]) == (201, "Nina Agent")
    assert agent.post("/absences", body).status_code == 422
    assert [each["id"] for each in agent.get("/absences").json()["items"]] == [made.json()["id"]]
    assert caller(nina).get("/absences").json()["items"] == []
    path = f"/absences/{made.json()['id']}/actions/end"
    assert caller(nina).post(path).status_code == 404
    assert agent.post(path).status_code == 204
    assert away([world.agent.pk], at=timezone.now()) == {}
