from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import create_team
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.practice.registry import kinds
from mainstay.kernel.records.filters import FILTERS
from mainstay.kernel.search.queries import search
from mainstay.kernel.search.queries.operators import operators
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture
def cases(world: World) -> dict[str, Incident]:
    """A printer nobody works on, and one that the agent has begun with."""
    agent = world.as_agent()
    titles = {"waiting": "Printer jams", "begun": "Printer smokes"}
    made = {name: incidents.create(by=world.as_requester(), title=title) for name, title in titles.items()}
    incidents.assign(made["begun"], by=agent, team=world.team, person=world.agent)
    incidents.start(made["begun"], by=agent)
    return made


def found(actor: Any, text: str, cases: dict[str, Incident]) -> set[str]:
    numbers = {hit.number for hit in search(actor, text).hits}
    return {name for name, case in cases.items() if case.number in numbers}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("printer state:new", {"waiting"}),
        ("printer state:open", {"waiting", "begun"}),
        ("state:new,in_progress", {"waiting", "begun"}),
        ("state:new state:in_progress", {"waiting", "begun"}),
        ('state:"in progress"', {"begun"}),
        ("-state:new", {"begun"}),
        ("team:desk", {"begun"}),
        ('team:"Service desk" smokes', {"begun"}),
        ("team:none", {"waiting"}),
        ("team:mine,none", {"waiting", "begun"}),
        ("-team:desk", {"waiting"}),
        ("-team:none", {"begun"}),
        ("assignee:me", {"begun"}),
        ("assignee:ADAM@acme.example", {"begun"}),
        ('assignee:"adam agent"', {"begun"}),
        ("-assignee:nobody", {"begun"}),
        ('requester:"Rita Requester" jams', {"waiting"}),
        ("phase:closed", set()),
        ("kind:incident printer", {"waiting", "begun"}),
        ("-kind:incident printer", set()),
        ("organisation:acme printer", {"waiting", "begun"}),
        ("priority:1 -priority:2", set()),
        ('"printer smokes" state:open -jams', {"begun"}),
    ],
)
def test_operators_narrow_a_search(world: World, cases: dict[str, Incident], text: str, expected: set[str]) -> None:
    assert found(world.as_agent(), text, cases) == expected
    assert search(world.as_agent(), text).count == len(expected)


def test_a_number_obeys_the_operators_too(world: World, cases: dict[str, Incident]) -> None:
    number = cases["waiting"].number
    assert found(world.as_agent(), f"{number} state:new", cases) == {"waiting"}
    assert found(world.as_agent(), f"{number} -state:new", cases) == set()


def test_every_filter_of_the_lists_is_an_operator(world: World) -> None:
    assert set(FILTERS) - {"snoozed"} == set(operators()), "what one put aside is a list of one's own"
    for name, operator in operators().items():
        for chosen in operator.offers(world.as_agent()):
            search(world.as_agent(), f'{name}:"{chosen.value}" -{name}:"{chosen.value}"')
    states = {slug for kind in kinds.values() for slug in kind.lifecycle.states}
    assert {chosen.value for chosen in operators()["state"].offers(world.as_agent())} == states


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("colour:red", "no operator colour. Possible: kind, state, phase"),
        ("printer state:nwe", "there is no nwe. Possible: new,"),
        ("team:", "say which. Possible: mine, none, desk"),
        ("team:dsk", "there is no dsk. Possible: desk,"),
        ("assignee:nobody@nowhere.example", "nobody called nobody@nowhere.example"),
        ("priority:9", "Possible: 1, 2, 3, 4, 5"),
    ],
)
def test_what_there_is_not_is_said_with_what_is_possible(world: World, text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        search(world.as_agent(), text)
    assert said in refused.value.errors["q"]


def test_operators_name_only_what_the_actor_may_know_of(world: World, cases: dict[str, Incident]) -> None:
    organisation = world.stranger.organisation
    assert organisation is not None
    create_team(by=system("command"), slug="rival-desk", name="Rival desk", organisation=organisation)
    for text in ("team:rival-desk", "organisation:rival", "requester:sven@rival.example"):
        with pytest.raises(Invalid) as refused:
            search(world.as_agent(), text)
        assert refused.value.errors["q"].count("rival") == 1, "what was typed, and nothing more"
        assert search(world.as_stranger(), text).hits == [], "known to those whose it is"
    with pytest.raises(Invalid):
        search(world.as_requester(), "team:desk")


def test_who_works_on_it_is_not_found_out_by_requesters(world: World, cases: dict[str, Incident]) -> None:
    for text in ("assignee:nobody", "-assignee:nobody", "-assignee:me"):
        assert found(world.as_requester(), text, cases) == set()
        assert found(world.as_agent(), text, cases) != set()
    assert found(world.as_requester(), "state:new", cases) == {"waiting"}


def test_operators_alone_ask_as_often_as_words(world: World, cases: dict[str, Incident]) -> None:
    actor = world.as_agent()
    for text in ("state:open", "printer state:open"):
        search(actor, text)
        with CaptureQueriesContext(connection) as captured:
            search(actor, text)
        assert len(captured) == 2
        assert "printer" not in captured[0]["sql"].replace("'printer'", "").replace("'printer:*'", "")
