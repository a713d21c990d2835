"""What tests of rules begin with: rules written by the action of the screens, teams and people."""

from typing import Any

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people.actions import create_person, create_team, join_team
from mainstay.kernel.people.models import Person, Team
from mainstay.kernel.practice.configuration import kinds, put
from tests.world import World

BY = system("command")


def rule(key: str, condition: str = "", *, about: str = "incident", **values: Any) -> None:
    """Write a rule with this condition."""
    put(kinds()[f"{about}-rules"], key, {"name": f"Rule {key}", "condition": condition, **values}, by=BY)


def team(world: World, slug: str, *members: str) -> Team:
    """Make a team that works in the world's organisation, with members of these names."""
    made = create_team(by=BY, slug=slug, name=slug.title(), organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, team=made)
    for name in members:
        person(world, name, made)
    return made


def person(world: World, name: str, *teams: Team) -> Person:
    """Make a person of these teams."""
    made = create_person(by=BY, name=name, email=f"{name.lower()}@acme.example", organisation=world.organisation)
    for one in teams:
        join_team(made, one, by=BY)
    return made
