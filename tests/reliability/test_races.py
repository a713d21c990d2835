"""Lost updates, double winners, doubled numbers (R27): what happens when many do the same at once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.db.models import Count

from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import NotPossible
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Category, Link, Record
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions as desk
from mainstay.support.service_desk import queries as contacts
from mainstay.support.service_desk.models import Contact, FollowingTarget
from tests.sizes import size
from tests.world import World, build

pytestmark = pytest.mark.database


@pytest.fixture
def shared_world(fresh_database: str, django_db_blocker: Any) -> World:
    """The small world, committed, so that every thread sees it."""
    return build()


def at_once(works: list[Callable[[], Any]]) -> list[Any]:
    """Run all functions at the same moment, each in a thread; a refused one answers its refusal."""
    gate = Barrier(len(works))

    def run(work: Callable[[], Any]) -> Any:
        try:
            gate.wait(timeout=30)
            return work()
        except NotPossible as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(run, works))


def winners(results: list[Any]) -> list[Any]:
    return [result for result in results if not isinstance(result, NotPossible)]


def test_of_many_edits_of_one_version_exactly_one_is_applied(shared_world: World) -> None:
    incident = actions.create(by=shared_world.as_requester(), title="No network")

    def edit(number: int) -> Callable[[], Any]:
        copy = queries.get(shared_world.as_agent(), incident.number)
        values = {"title": f"Title {number}"}
        return lambda: actions.edit(copy, by=shared_world.as_agent(), version=1, values=values) or number

    results = at_once([edit(number) for number in range(1, size("parallel edits") + 1)])
    (winner,) = winners(results)
    assert Record.objects.values("title", "version").get(pk=incident.pk) == {"title": f"Title {winner}", "version": 2}
    assert Event.objects.filter(record_id=incident.pk, name="incident.edited").count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_racing_moves_exactly_one_wins(shared_world: World, attempt: int) -> None:
    incident = actions.create(by=shared_world.as_requester(), title="No network")
    agent, other = shared_world.as_agent(), Category.objects.get(slug="other")
    copies = [queries.get(agent, incident.number) for _ in range(4)]
    results = at_once(
        [
            lambda: actions.resolve(copies[0], by=agent, solution="Done.", closing_category=other),
            lambda: actions.resolve(copies[1], by=agent, solution="Done.", closing_category=other),
            lambda: actions.cancel(copies[2], by=agent, reason="A mistake"),
            lambda: actions.start(copies[3], by=agent),
        ]
    )
    assert len(winners(results)) == 1
    assert Event.objects.filter(record_id=incident.pk).exclude(name="incident.created").count() == 1


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_turn_a_contact_into_an_incident_at_once_one_wins(shared_world: World, attempt: int) -> None:
    contact, agent = desk.create(by=shared_world.as_requester(), title="No network"), shared_world.as_agent()
    copies = [contacts.get(agent, contact.number) for _ in range(4)]
    results = at_once(
        [
            lambda: desk.turn_into_incident(copies[0], by=agent, version=1),
            lambda: desk.turn_into_incident(copies[1], by=agent, version=1),
            lambda: desk.turn_into_incident(copies[2], by=agent, version=1),
            lambda: desk.answer(copies[3], by=agent, solution="Done."),
        ]
    )
    assert len(winners(results)) == 1
    assert Event.objects.filter(record_id=contact.pk).exclude(name="contact.created").count() == 1
    (row,) = Record.objects.values("kind", "version", former=Count("former_numbers"))
    turned = row["kind"] == "incident"
    assert row == {"kind": "incident" if turned else "contact", "version": 2, "former": int(turned)}
    assert [Incident.objects.count(), Contact.objects.count()] == [int(turned), int(not turned)]


@pytest.mark.parametrize("attempt", range(5))
def test_of_two_who_merge_two_into_each_other_at_once_one_wins(shared_world: World, attempt: int) -> None:
    agent = shared_world.as_agent()
    one, two, three = (desk.create(by=shared_world.as_requester(), title="No network") for _ in range(3))
    results = at_once(
        [
            lambda: records.merge(one, two, by=agent),
            lambda: records.merge(two, one, by=agent),
            lambda: records.merge(one, three, by=agent),
        ]
    )
    merged = dict(Record.objects.exclude(merged_into=None).values_list("pk", "merged_into"))
    # The second and third may both win, one after the other: then two went into one, and that into three.
    assert merged in ({one.pk: two.pk}, {two.pk: one.pk}, {one.pk: three.pk}, {two.pk: one.pk, one.pk: three.pk})
    assert len(winners(results)) == len(merged) == Event.objects.filter(name="contact.merged").count()


def test_what_follows_is_done_once_however_many_do_it_at_once(shared_world: World) -> None:
    agent = shared_world.as_agent()
    parent, child = (actions.create(by=shared_world.as_requester(), title="No network") for _ in range(2))
    records.link(parent, "parent_of", child, by=agent)
    other = Category.objects.get(slug="other")
    actions.resolve(parent, by=agent, solution="Done.", closing_category=other)
    target = FollowingTarget.objects.get()
    at_once([lambda: desk.follow(target)] * 5)
    assert Event.objects.filter(record_id=child.pk, name="incident.resolved").count() == 1
    assert FollowingTarget.objects.get().state == "written"


def test_many_creates_at_once_never_share_a_number(shared_world: World) -> None:
    def create() -> str:
        return actions.create(by=shared_world.as_requester(), title="No network").number

    numbers = at_once([create] * size("parallel edits"))
    assert len(set(numbers)) == size("parallel edits")


def test_two_links_made_at_once_cannot_close_a_circle(shared_world: World) -> None:
    agent = shared_world.as_agent()
    a, b = (actions.create(by=shared_world.as_requester(), title="No network") for _ in range(2))
    results = at_once(
        [
            lambda: records.link(a, "parent_of", b, by=agent),
            lambda: records.link(b, "parent_of", a, by=agent),
        ]
    )
    assert len(winners(results)) == 1
    assert Link.objects.count() == 1


def test_a_task_is_done_once(shared_world: World) -> None:
    agent = shared_world.as_agent()
    incident = actions.create(by=shared_world.as_requester(), title="No network")
    task = records.add_task(incident, by=agent, title="Call back")
    results = at_once([lambda: records.complete_task(task, by=agent)] * 8)
    assert len(winners(results)) == 1
