"""A small world: one organisation, a requester, an agent in a team."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.mail.tests.server import Keeper, mail_server
from mainstay.kernel.people.actions import create_organisation, create_person, create_team, join_team
from mainstay.kernel.people.models import Organisation, Person, Team
from mainstay.support.incidents import queries
from mainstay.support.incidents.queries import major
from mainstay.support.service_desk.queries import desk


@dataclass
class World:
    organisation: Organisation
    team: Team
    requester: Person
    agent: Person
    stranger: Person

    def as_requester(self) -> Actor:
        return actor_for(self.requester, door="page")

    def as_agent(self) -> Actor:
        return actor_for(self.agent, door="page")

    def as_stranger(self) -> Actor:
        """An agent of another company, with the same role."""
        return actor_for(self.stranger, door="page")


@pytest.fixture
def world(db: None) -> World:
    return build()


@pytest.fixture
def bob(world: World) -> Person:
    """Another requester of the same company."""
    by = system("command")
    person = create_person(by=by, name="Bob Other", email="bob@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="requester"), by=by, organisation=world.organisation, person=person)
    return person


@pytest.fixture
def keeper(db: None) -> Iterator[Keeper]:
    """A mail server that keeps what it is given."""
    with mail_server() as keeper:
        yield keeper


def build() -> World:
    """Write the world into the current database."""
    by = system("command")
    organisation = create_organisation(by=by, slug="acme", name="Acme", zone="Europe/Berlin")
    team = create_team(by=by, slug="desk", name="Service desk", organisation=organisation)
    requester = create_person(by=by, name="Rita Requester", email="rita@acme.example", organisation=organisation)
    agent = create_person(by=by, name="Adam Agent", email="adam@acme.example", organisation=organisation)
    join_team(agent, team, by=by)
    give(Role.objects.get(slug="requester"), by=by, organisation=organisation, person=requester)
    give(Role.objects.get(slug="agent"), by=by, organisation=organisation, team=team)
    elsewhere = create_organisation(by=by, slug="rival", name="Rival")
    stranger = create_person(by=by, name="Sven Stranger", email="sven@rival.example", organisation=elsewhere)
    give(Role.objects.get(slug="agent"), by=by, organisation=elsewhere, person=stranger)
    return World(organisation, team, requester, agent, stranger)


def signed_in(person: Person) -> Client:
    """Return a browser in which `person` is signed in."""
    client = Client()
    client.force_login(person)
    return client


def statements(client: Any, address: str) -> int:
    """Return how many statements it takes to answer `address` with nothing counted before.

    What is kept for ten seconds would else be counted again within one of two that are compared.
    """
    forget_counters()
    with CaptureQueriesContext(connection) as captured:
        assert client.get(address).status_code == 200
    return len(captured)


def forget_counters() -> None:
    """Forget what was counted for lists and banners."""
    queries._counters.cache_clear()
    major._going_on.cache_clear()
    desk._counters.cache_clear()
