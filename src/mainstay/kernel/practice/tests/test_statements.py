"""A statement answers what its queryset answers, whatever goes into its places."""

import threading
from typing import Any

import pytest
from django.contrib.postgres.fields import ArrayField
from django.db import connection, connections
from django.db.models import BigIntegerField, CharField, QuerySet
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from mainstay.kernel.people.models import Membership, Person
from mainstay.kernel.practice.statements import Statement
from tests.world import World, build

IDS = ArrayField(BigIntegerField())
SHAPES: dict[str, Any] = {
    "objects": lambda rows: rows.select_related("person", "team__organisation"),
    "dictionaries": lambda rows: rows.values("team__name", "person__preferences", "person_id"),
    "tuples": lambda rows: rows.values_list("person__email", "person__preferences", "leads"),
    "single values": lambda rows: rows.values_list("person__name", flat=True),
}


def members(people: Any, name: Any) -> QuerySet[Membership]:
    return Membership.objects.filter(person_id__equals_any=people, person__name=name).order_by("pk")


@pytest.mark.parametrize("shape", SHAPES)
def test_rows_have_the_shape_of_the_querysets(world: World, shape: str) -> None:
    shaped = SHAPES[shape]
    asked = Statement(lambda people, name: shaped(members(people, name)), people=IDS, name=CharField())
    values: dict[str, Any] = {"people": [world.agent.pk, world.requester.pk], "name": world.agent.name}
    found = asked(**values)
    assert found == list(shaped(members(**values))) != []


def test_objects_bring_what_they_refer_to_along(world: World) -> None:
    asked = Statement(lambda people, name: SHAPES["objects"](members(people, name)), people=IDS, name=CharField())
    with CaptureQueriesContext(connection) as captured:
        (found,) = asked(people=[world.agent.pk], name=world.agent.name)
        assert (found.person, found.team.organisation) == (world.agent, world.organisation)
    assert len(captured) == 1


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(
    ids=some.lists(some.integers(0, 2**40), max_size=5), text=some.text(max_size=20).filter(lambda t: "\x00" not in t)
)
def test_whatever_goes_into_a_place_stays_a_value(world: World, ids: list[int], text: str) -> None:
    asked = Statement(members, people=IDS, name=CharField())
    assert asked(people=[*ids, world.agent.pk], name=world.agent.name) == list(
        Membership.objects.filter(person=world.agent)
    )
    assert asked(people=ids, name=f"{text}'; --") == []


def test_what_cannot_find_anything_is_not_asked(world: World) -> None:
    asked = Statement(lambda name: Person.objects.filter(pk__in=(), name=name), name=CharField())
    with CaptureQueriesContext(connection) as captured:
        assert asked(name=world.agent.name) == []
    assert len(captured) == 0


@pytest.mark.parametrize("values", [{}, {"name": "x"}, {"people": [], "name": "x", "else": 1}])
def test_every_place_takes_exactly_one_value(world: World, values: dict[str, Any]) -> None:
    asked = Statement(members, people=IDS, name=CharField())
    with pytest.raises(TypeError, match="people, name"):
        asked(**values)


def test_one_statement_serves_many_threads(fresh_database: str, django_db_blocker: Any) -> None:
    with django_db_blocker.unblock():
        home = build().organisation
        asked = Statement(lambda name: Person.objects.filter(name=name).values_list("pk", flat=True), name=CharField())
        wrong: list[Any] = []

        def ask(number: int) -> None:
            person = Person.objects.create(name=f"Number {number}", organisation=home)
            wrong.extend(found for found in (asked(name=person.name) for _ in range(20)) if found != [person.pk])
            connections.close_all()

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert wrong == []
