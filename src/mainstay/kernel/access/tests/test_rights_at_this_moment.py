"""Rights are kept between requests, and yet what is given or taken away shows with the next one."""

from collections.abc import Callable

import pytest
from django.db import transaction
from django.utils import timezone

from mainstay.kernel.access.models import Grant, Role
from mainstay.kernel.access.queries import standing_of
from mainstay.kernel.people.models import Membership, OrganisationDescent, Team
from tests.world import World

TAKEN: dict[str, Callable[[World], object]] = {
    "the grant": lambda world: Grant.objects.filter(team=world.team).delete(),
    "the capability of the role": lambda world: Role.objects.filter(slug="agent").update(capabilities=[]),
    "the role": lambda world: Role.objects.filter(slug="agent").update(retired=timezone.now()),
    "the membership": lambda world: Membership.objects.filter(person=world.agent).delete(),
    "the team": lambda world: Team.objects.filter(pk=world.team.pk).update(retired=timezone.now()),
    "the organisation": lambda world: OrganisationDescent.objects.filter(ancestor=world.organisation).delete(),
}


def resolves(world: World) -> bool:
    return standing_of(world.agent).holds("incident.resolve")


@pytest.mark.parametrize("taken", TAKEN)
def test_whatever_carries_a_right_takes_it_along_at_once(world: World, taken: str) -> None:
    assert resolves(world)
    TAKEN[taken](world)
    assert not resolves(world)


def test_what_was_taken_in_a_transaction_that_failed_is_back(world: World) -> None:
    with transaction.atomic():
        Grant.objects.filter(team=world.team).delete()
        assert not resolves(world)
        transaction.set_rollback(True)
    assert resolves(world)


def test_rights_that_were_never_written_are_not_kept_for_the_next_change(world: World) -> None:
    with transaction.atomic():
        Role.objects.filter(slug="agent").update(capabilities=["incident.resolve", "access.manage"])
        assert standing_of(world.agent).holds("access.manage")
        transaction.set_rollback(True)
    Role.objects.filter(slug="requester").update(name="Someone who reports")
    assert not standing_of(world.agent).holds("access.manage")


def test_unchanged_rights_are_the_same_object_so_that_what_follows_from_them_is_kept(world: World) -> None:
    assert standing_of(world.agent) is standing_of(world.agent)
