"""Random lives of incidents: what the screen offers is what the action allows, and the history tells it all."""

from typing import Any

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import create_team
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.errors import Missing, NotPermitted, NotPossible
from mainstay.kernel.records.models import Category
from mainstay.kernel.records.queries import moves_for
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.lifecycle import LIFECYCLE
from mainstay.support.incidents.models import Incident
from tests.sizes import size
from tests.world import World

steps = st.lists(
    st.tuples(st.sampled_from(["requester", "agent", "stranger"]), st.sampled_from(LIFECYCLE.verbs)),
    min_size=1,
    max_size=size("lifecycle steps"),
)


def values_for(verb: str, world: World, incident: Incident) -> dict[str, Any]:
    """What a person would fill in for the verb."""
    another = Team.objects.get(slug="second") if incident.team == world.team else world.team
    return {
        "assign": {"team": incident.team or world.team},
        "hand_over": {"team": another, "reason": "It is theirs."},
        "escalate": {"person": world.agent, "reason": "It hurries."},
        "hold": {"reason": queries.hold_reasons().get(slug="vendor")},
        "resolve": {"solution": "Restarted.", "closing_category": Category.objects.get(slug="other")},
        "reopen": {"reason": "Again."},
        "cancel": {"reason": "A mistake."},
    }.get(verb, {})


def check_invariants(incident: Incident) -> None:
    assert (incident.hold_reason is not None) == (incident.state == "pending")
    assert (incident.resolved is not None) == (incident.state in ("resolved", "closed"))
    assert (incident.closed is not None) == (incident.state_category == "closed")
    if incident.state == "closed":
        assert incident.solution
        assert incident.closing_category is not None


def replayed(incident: Incident) -> str:
    """The state that the events lead to, each starting where the last one ended."""
    state = LIFECYCLE.initial.slug
    for changes in Event.objects.filter(record_id=incident.pk).order_by("id").values_list("changes", flat=True):
        if "state" in changes:
            assert changes["state"][0] == state
            state = changes["state"][1]
    return state


@settings(
    max_examples=size("lifecycle runs"), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(steps=steps)
def test_only_offered_moves_happen_and_the_history_replays(world: World, steps: list[tuple[str, str]]) -> None:
    actors: dict[str, Actor] = {
        "requester": world.as_requester(),
        "agent": world.as_agent(),
        "stranger": world.as_stranger(),
    }
    with transaction.atomic():
        second = create_team(by=system(), slug="second", name="Second", organisation=world.organisation)
        give(Role.objects.get(slug="agent"), by=system(), organisation=world.organisation, team=second)
        number = actions.create(by=actors["requester"], title="A long life").number
        accepted = 0
        for who, verb in steps:
            incident = Incident.objects.select_related("hold_reason", "closing_category").get(number=number)
            offered = {move.verb for move in moves_for(actors[who], incident)}
            expected = LIFECYCLE.move(verb, incident.state)
            try:
                actions.MOVES[verb](incident, by=actors[who], **values_for(verb, world, incident))
            except (NotPossible, NotPermitted, Missing):
                assert verb not in offered
                assert replayed(incident) == Incident.objects.get(number=number).state
            else:
                assert verb in offered
                assert expected is not None
                assert incident.state == expected.target.slug
                accepted += 1
            check_invariants(Incident.objects.select_related("hold_reason").get(number=number))
        last = Incident.objects.get(number=number)
        assert replayed(last) == last.state
        assert last.version == 1 + accepted
        transaction.set_rollback(True)
