"""Who may know is decided when they are told, not when it happened."""

from collections.abc import Callable
from typing import Any

import pytest

from mainstay.kernel.access.actions import take
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Grant
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify import queries
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import deactivate
from mainstay.kernel.practice.errors import Missing
from mainstay.kernel.records.actions import comment, watch
from mainstay.kernel.records.models import Record, Watch
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World

pytestmark = pytest.mark.django_db

CANARY = "hippopotamus"


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer")


def revoke(world: World, incident: Incident) -> None:
    for grant in Grant.objects.filter(person=world.requester):
        take(grant, by=system("command"), reason="Left")


def hide(world: World, incident: Incident) -> None:
    Record.objects.filter(pk=incident.pk).update(access="internal")


def end(world: World, incident: Incident) -> None:
    deactivate(world.requester, by=system("command"), reason="Left")


@pytest.mark.parametrize("change", [revoke, hide, end])
@pytest.mark.parametrize("stage", ["before it is told", "before it is mailed"])
def test_access_that_ends_in_between_ends_the_telling(
    world: World, incident: Incident, keeper: Keeper, change: Callable[[World, Incident], None], stage: str
) -> None:
    comment(incident, by=world.as_agent(), body=CANARY)
    if stage == "before it is mailed":
        run("notify.deliver")
        assert Delivery.objects.count() == 1
    change(world, incident)
    run("notify.deliver", "mail.send")
    assert keeper.raw == []
    assert set(Delivery.objects.values_list("state", flat=True)) <= {"dropped"}
    actor = world.as_requester()
    if change is not end:
        assert (queries.unread_count(actor), queries.lines(actor)) == (0, ([], None))


def test_with_access_the_same_way_leads_to_a_mail_and_a_notification(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    comment(incident, by=world.as_agent(), body=CANARY)
    run("notify.deliver", "mail.send")
    assert len(keeper.raw) == Delivery.objects.filter(state="sent").count() == 1
    assert queries.unread_count(world.as_requester()) == 1


def test_an_internal_note_reaches_colleagues_and_never_the_requester(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    watch(incident, by=world.as_requester())
    incidents.assign(incident, by=system("rule"), team=world.team, person=world.agent)
    comment(incident, by=system("rule"), body=CANARY, visibility="internal")
    run("notify.deliver", "mail.send")
    told = Notification.objects.filter(event="incident.commented").values_list("person", flat=True)
    assert list(told) == [world.agent.pk]
    assert [CANARY.encode() in raw for raw in keeper.raw if b"rita@" in raw] == [False] * sum(
        b"rita@" in raw for raw in keeper.raw
    )
    assert any(CANARY.encode() in raw for raw in keeper.raw if b"adam@" in raw)


def test_a_watch_on_what_one_may_no_longer_see_tells_nothing(world: World, incident: Incident, keeper: Keeper) -> None:
    Watch.objects.create(record=incident, person=world.stranger)
    comment(incident, by=world.as_agent(), body=CANARY)
    run("notify.deliver", "mail.send")
    assert not Notification.objects.filter(person=world.stranger).exists()
    assert all(b"rita@" in raw for raw in keeper.raw)


def test_nobody_reads_the_notifications_of_another(world: World, incident: Incident) -> None:
    comment(incident, by=world.as_agent(), body=CANARY)
    run("notify.deliver")
    mine: Any = Notification.objects.get(person=world.requester)
    assert queries.get(world.as_requester(), mine.uuid) == mine
    with pytest.raises(Missing):
        queries.get(world.as_agent(), mine.uuid)
