"""The life of an incident, told through the actions every door calls."""

import pytest

from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.errors import Missing, NotPermitted, NotPossible, Stale
from mainstay.kernel.records.actions import comment
from mainstay.kernel.records.models import Category
from mainstay.kernel.records.queries import comments_for
from mainstay.support.incidents import actions, queries
from tests.world import World


def test_an_incident_is_reported_assigned_worked_on_resolved_and_confirmed(world: World) -> None:
    reported = actions.create(by=world.as_requester(), title="The printer does not print", description="Since today.")
    assert reported.number.startswith("INC-0")
    assert (reported.state, reported.priority) == ("new", 5)
    agent = world.as_agent()
    incident = queries.get(agent, reported.number.lower())
    actions.assign(incident, by=agent, team=world.team, person=world.agent)
    actions.start(incident, by=agent)
    comment(incident, by=agent, body="Is the cable in?", visibility="public")
    comment(incident, by=agent, body="Not the sharpest.", visibility="internal")
    actions.resolve(
        incident,
        by=agent,
        solution="The cable was out.",
        closing_category=Category.objects.get(slug="hardware-printer"),
    )
    seen = queries.get(world.as_requester(), incident.number)
    assert [entry.body for entry in comments_for(world.as_requester(), seen)] == ["Is the cable in?"]
    actions.close(seen, by=world.as_requester())
    told = Event.objects.filter(record_id=incident.pk).order_by("id").values_list("name", flat=True)
    assert [name.removeprefix("incident.") for name in told] == [
        "created",
        "assigned",
        "started",
        "commented",
        "commented",
        "resolved",
        "closed",
        "rating_asked",
    ]
    assert queries.get(agent, incident.number).closed is not None


def test_the_word_of_the_requester_ends_a_hold(world: World) -> None:
    incident = actions.create(by=world.as_requester(), title="No network")
    actions.hold(incident, by=world.as_agent(), reason=queries.hold_reasons().get(slug="caller"))
    comment(queries.get(world.as_requester(), incident.number), by=world.as_requester(), body="It is room 12.")
    resumed = queries.get(world.as_agent(), incident.number)
    assert (resumed.state, resumed.hold_reason) == ("in_progress", None)


def test_of_two_moves_from_the_same_reading_the_second_is_refused(world: World) -> None:
    number = actions.create(by=world.as_requester(), title="No network").number
    first, second = (queries.get(world.as_agent(), number) for _ in range(2))
    actions.start(first, by=world.as_agent())
    with pytest.raises(Stale):
        actions.cancel(second, by=world.as_agent(), reason="Reported twice")
    with pytest.raises(NotPossible):
        actions.reopen(first, by=world.as_agent(), reason="Not resolved yet")


def test_a_requester_can_neither_assign_nor_see_what_is_internal(world: World) -> None:
    incident = actions.create(by=world.as_requester(), title="No network")
    with pytest.raises(NotPermitted):
        actions.assign(incident, by=world.as_requester(), team=world.team)
    actions.edit(incident, by=world.as_agent(), version=incident.version, values={"access": "internal"})
    with pytest.raises(Missing):
        queries.get(world.as_requester(), incident.number)
    assert queries.get(world.as_agent(), incident.number).access == "internal"
