"""Putting a case aside: it leaves one's own queue alone, and comes back with a word."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.http import QueryDict
from django.utils import timezone

from mainstay.kernel.access.actor import Actor
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify import actions as notify
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible
from mainstay.kernel.records.actions import comment, snooze, unsnooze
from mainstay.kernel.records.lists import read
from mainstay.kernel.records.models import Record, Snooze
from mainstay.kernel.records.tasks import wake_snoozed
from mainstay.kernel.records.timeline import timeline
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

NOON = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


@pytest.fixture
def incident(world: World) -> Incident:
    made = actions.create(by=world.as_agent(), title="It does not print", requester=world.requester)
    actions.assign(made, by=world.as_agent(), team=world.team, person=world.agent)
    return made


def listed(actor: Actor, slug: str) -> list[str]:
    query = next(each[3] for each in queries.LISTS if each[0] == slug)
    found = queries.rows_in_console(actor).filter(read(actor, queries.KIND, QueryDict(query)).condition())
    return list(found.values_list("number", flat=True))


def told(person: Person) -> list[str]:
    for event in Event.objects.filter(name="incident.woken"):
        notify.deliver(event.pk)
    return list(Notification.objects.filter(person=person).values_list("event", flat=True))


def test_what_is_put_aside_leaves_ones_own_queue_and_nobody_elses(world: World, incident: Incident) -> None:
    agent = world.as_agent()
    snooze(incident, by=agent)
    assert (listed(agent, "mine"), listed(agent, "snoozed")) == ([], [incident.number])
    assert listed(agent, "open") == [incident.number]
    manager = actor_for(Person.objects.get(pk=world.agent.pk), door="api")
    assert listed(manager, "snoozed") == [incident.number]
    assert Record.objects.get(pk=incident.pk).version == incident.version
    assert [entry.event for entry in timeline(agent, incident)[0]] == ["created", "assigned"]
    unsnooze(incident, by=agent)
    assert (listed(agent, "mine"), listed(agent, "snoozed")) == ([incident.number], [])


def test_it_comes_back_at_its_instant_with_one_word(world: World, incident: Incident) -> None:
    with time_machine.travel(NOON, tick=False):
        snooze(incident, by=world.as_agent(), until=NOON + timedelta(hours=1))
        wake_snoozed(int((NOON + timedelta(minutes=59)).timestamp()))
        assert Snooze.objects.exists()
        for _ in range(2):
            wake_snoozed(int((NOON + timedelta(hours=1)).timestamp()))
    assert not Snooze.objects.exists()
    assert told(world.agent) == ["incident.woken"]
    assert told(world.requester) == []


def test_it_comes_back_when_somebody_else_writes(world: World, incident: Incident) -> None:
    agent = world.as_agent()
    snooze(incident, by=agent, until=timezone.now() + timedelta(days=3))
    comment(incident, by=agent, body="I wait.")
    assert Snooze.objects.exists()
    comment(incident, by=world.as_requester(), body="Here it is.")
    assert not Snooze.objects.exists()
    assert told(world.agent) == ["incident.woken"]


def test_whoever_may_no_longer_see_it_is_not_told_that_it_is_back(world: World, incident: Incident) -> None:
    snooze(incident, by=world.as_agent(), until=timezone.now() + timedelta(minutes=1))
    Record.objects.filter(pk=incident.pk).update(access="confidential", team=None)
    wake_snoozed(int((timezone.now() + timedelta(minutes=2)).timestamp()))
    assert told(world.agent) == []


def test_only_an_unfinished_case_that_one_works_on_is_put_aside(world: World, incident: Incident) -> None:
    agent = world.as_agent()
    for wrong in (timezone.now() - timedelta(minutes=1), timezone.now() + timedelta(days=400)):
        with pytest.raises(Invalid):
            snooze(incident, by=agent, until=wrong)
    with pytest.raises(NotPermitted):
        snooze(incident, by=world.as_requester())
    with pytest.raises(Missing):
        snooze(incident, by=world.as_stranger())
    actions.cancel(incident, by=agent, reason="A mistake")
    with pytest.raises(NotPossible):
        snooze(incident, by=agent)
    assert not Snooze.objects.exists()


def test_an_agent_puts_a_case_aside_on_its_page(world: World, incident: Incident) -> None:
    client, address = signed_in(world.agent), f"/incidents/{incident.number}/"
    assert f"{address}snooze/" in client.get(address).content.decode()
    assert "Empty: when somebody writes." in client.get(f"{address}snooze/").content.decode()
    assert client.post(f"{address}snooze/", {"until": "2020-01-01T08:00"}).status_code == 422
    client.post(f"{address}snooze/", {"until": ""})
    assert "Until somebody writes" in client.get(address).content.decode()
    client.post(f"{address}unsnooze/")
    assert "Until somebody writes" not in client.get(address).content.decode()


def test_waking_asks_little_however_many_wait(world: World, incident: Incident, django_assert_num_queries: Any) -> None:
    snooze(incident, by=world.as_agent())
    with django_assert_num_queries(1):
        wake_snoozed(int(timezone.now().timestamp()))
