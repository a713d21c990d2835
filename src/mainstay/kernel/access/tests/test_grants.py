"""What people hold follows from grants, roles and the tree of organisations."""

import pytest

from mainstay.kernel.access.actions import create_token, give, save_role, take
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.queries import actor_for, standing_of, teams_holding
from mainstay.kernel.people import actions as people
from mainstay.kernel.people.models import Organisation
from mainstay.kernel.practice.errors import Invalid, NotPossible
from tests.world import World

BY = system("command")


@pytest.fixture
def tree(world: World) -> dict[str, Organisation]:
    sales = people.create_organisation(by=BY, slug="sales", name="Sales", parent=world.organisation)
    north = people.create_organisation(by=BY, slug="north", name="Sales North", parent=sales)
    other = people.create_organisation(by=BY, slug="other", name="Other company")
    return {"acme": world.organisation, "sales": sales, "north": north, "other": other}


def test_a_grant_reaches_the_organisation_and_all_below_it_but_nothing_beside(
    world: World, tree: dict[str, Organisation]
) -> None:
    held = standing_of(world.agent).organisations("incident.resolve")
    assert held == {tree[name].pk for name in ("acme", "sales", "north")}


def test_moving_an_organisation_moves_who_sees_it(world: World, tree: dict[str, Organisation]) -> None:
    people.move_organisation(tree["sales"], by=BY, parent=tree["other"])
    assert standing_of(world.agent).organisations("incident.resolve") == {tree["acme"].pk}
    with pytest.raises(NotPossible):
        people.move_organisation(tree["other"], by=BY, parent=tree["north"])


def test_what_is_taken_away_is_gone_at_once(world: World) -> None:
    assert standing_of(world.agent).holds("incident.resolve")
    take(world.team.grants.get(), by=BY, reason="Left the desk")
    assert not standing_of(world.agent).holds("incident.resolve")


def test_leaving_the_team_or_being_deactivated_ends_what_the_team_gave(world: World) -> None:
    people.leave_team(world.agent, world.team, by=BY)
    assert not standing_of(world.agent).holds("incident.read")
    people.join_team(world.agent, world.team, by=BY)
    assert standing_of(world.agent).holds("incident.read")
    people.deactivate(world.agent, by=BY, reason="Left the company")
    assert not standing_of(world.agent).holds("incident.read")


def test_a_role_cannot_hold_what_nobody_declared(world: World) -> None:
    for unknown in ("incident.everything", "incident.read:everywhere", "*", ""):
        with pytest.raises(Invalid):
            save_role(by=BY, slug="too-much", name="Too much", capabilities=[unknown])
    assert save_role(by=BY, slug="fine", name="Fine", capabilities=["incident.read:public"]).capabilities


def test_a_retired_role_or_team_gives_nothing(world: World) -> None:
    from django.utils import timezone

    grant = give(
        save_role(by=BY, slug="fine", name="Fine", capabilities=["audit.read"]),
        by=BY,
        organisation=world.organisation,
        person=world.requester,
    )
    assert standing_of(world.requester).holds("audit.read")
    type(grant.role).objects.filter(pk=grant.role_id).update(retired=timezone.now())
    assert not standing_of(world.requester).holds("audit.read")
    type(world.team).objects.filter(pk=world.team.pk).update(retired=timezone.now())
    assert not standing_of(world.agent).holds("incident.read")
    assert not teams_holding("incident.read", world.organisation).exists()


def test_a_token_is_kept_as_a_digest_only_and_narrows(world: World) -> None:
    token, text = create_token(world.agent, by=BY, name="Script", scopes=["incident.read"])
    assert text not in (token.digest, token.name)
    actor = actor_for(world.agent, door="api", scopes=token.scopes)
    assert actor.holds("incident.read")
    assert not actor.holds("incident.resolve")
