"""Who of a team is chosen: in turn, by load, by skill, while it is open; and what the account tells of it."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.models import Role
from mainstay.kernel.automation.actions.writing import learn, unlearn
from mainstay.kernel.automation.engine.choosing import LEAST_LOADED, ORDERS, ROUND_ROBIN, SKILLED, Candidate, in_order
from mainstay.kernel.automation.models import Skill, Trace
from mainstay.kernel.automation.queries.traces import accounts
from mainstay.kernel.automation.tests.stage import BY, person, rule, team
from mainstay.kernel.people.actions import create_organisation, create_person, create_team, deactivate, join_team
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.models import Category, Record
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in


@pytest.fixture
def network(world: World) -> Team:
    return team(world, "network", "Ann", "Ben", "Cleo")


def opened(world: World, **values: Any) -> Incident:
    return actions.create(by=world.as_requester(), **{"title": "It is silent", **values})


def names(world: World, count: int, **values: Any) -> list[str]:
    return [getattr(opened(world, **values).assignee, "name", "") for _ in range(count)]


def test_everybody_of_the_team_has_a_turn_before_anybody_has_two(world: World, network: Team) -> None:
    rule("turns", team="network", assignee=ROUND_ROBIN)
    first = names(world, 3)
    assert sorted(first) == ["Ann", "Ben", "Cleo"]
    assert names(world, 3) == first
    person(world, "Dora", network)
    assert names(world, 1) == ["Dora"]


def test_who_may_not_be_given_work_has_no_turn(world: World, network: Team) -> None:
    rule("turns", team="network", assignee=ROUND_ROBIN)
    deactivate(network.members.get(name="Ben"), by=BY, reason="Left")
    assert set(names(world, 4)) == {"Ann", "Cleo"}


def test_who_has_the_least_open_work_is_chosen(world: World, network: Team) -> None:
    agent = world.as_agent()
    for name, count in (("Ann", 2), ("Ben", 0), ("Cleo", 1)):
        for _number in range(count):
            actions.assign(opened(world), by=agent, team=network, person=network.members.get(name=name))
    solved = opened(world)
    actions.assign(solved, by=agent, team=network, person=network.members.get(name="Ben"))
    actions.cancel(solved, by=agent, reason="Nothing")
    rule("load", team="network", assignee=LEAST_LOADED)
    chosen = names(world, 3)
    assert (chosen[0], set(chosen[1:])) == ("Ben", {"Ben", "Cleo"})


def test_who_knows_what_the_category_needs_is_chosen_and_nobody_who_does_not(world: World, network: Team) -> None:
    put(kinds()["skills"], "printers", {"name": "Printers", "categories": ["hardware"]}, by=BY)
    put(kinds()["skills"], "networks", {"name": "Networks", "categories": ["network"]}, by=BY)
    printers, networks = (Skill.objects.get(slug=slug) for slug in ("printers", "networks"))
    ann, ben = (network.members.get(name=name) for name in ("Ann", "Ben"))
    learn(ann, printers, by=BY)
    learn(ben, networks, by=BY)
    rule("skill", team="network", assignee=SKILLED)
    printer = Category.objects.get(slug="hardware-printer")
    assert names(world, 2, category=printer) == ["Ann", "Ann"]
    assert names(world, 1, category=Category.objects.get(slug="network")) == ["Ben"]
    assert opened(world, category=Category.objects.get(slug="other")).assignee is None
    unlearn(ann, printers, by=BY)
    found = opened(world, category=printer)
    assert (found.assignee, found.team) == (None, network)


def test_while_the_calendar_is_closed_it_waits_with_the_team(world: World, network: Team) -> None:
    put(kinds()["calendars"], "never", {"name": "Never", "zone": "UTC"}, by=BY)
    rule("hours", team="network", assignee=ROUND_ROBIN, hours="never")
    closed = opened(world)
    assert (closed.assignee, closed.team) == (None, network)
    assert accounts(world.as_agent(), closed)[0].choice.open is False
    rule("hours", hours="always")
    assert opened(world).assignee is not None


def test_without_another_team_somebody_of_the_one_it_has_is_chosen(world: World, network: Team) -> None:
    rule("person", "!assigned", assignee=ROUND_ROBIN)
    assert opened(world).assignee is None
    assert opened(world, team=network).assignee in network.members.all()


def test_the_account_names_the_candidates_to_those_who_read_internal_parts_and_hides_their_loads(
    world: World, network: Team
) -> None:
    asked = 'title != "" && text != "" && teams.size() > 0'
    rule("turns", asked, name="By turns", team="network", assignee=ROUND_ROBIN)
    incident = opened(world, description="CANARY of a text")
    adam, rita = signed_in(world.agent), signed_in(world.requester)
    page = adam.get(f"/incidents/{incident.number}/history/").content.decode()
    for word in ("What rules did", "By turns", "It is silent", "In turn", "Ann", "Ben", "Cleo", "It is new"):
        assert word in page, word
    assert "CANARY" not in page
    assert accounts(world.as_requester(), incident) == []
    assert "By turns" not in rita.get(f"/cases/{incident.number}/").content.decode()
    (account,) = accounts(world.as_agent(), incident)
    assert [name for name, _value in account.rules[0].because] == ["Title"]


def test_the_account_names_no_team_that_does_not_work_there(world: World, network: Team) -> None:
    rival = create_organisation(by=BY, slug="canary", name="CANARY company")
    hidden = create_team(by=BY, slug="canary-team", name="CANARY team", organisation=rival)
    give(Role.objects.get(slug="agent"), by=BY, organisation=rival, team=hidden)
    far = create_person(by=BY, name="Far", email="far@canary.example", organisation=rival)
    join_team(far, hidden, by=BY)
    rule("one", team="canary-team", call="canary-team", watchers="network")
    (account,) = accounts(world.as_agent(), opened(world))
    assert account.rules[0].does == [("Watchers", "Network"), ("Notify", "")]
    assert account.rules[0].refused == [("Team", "this team does not work there")]
    address = f"/incidents/{Record.objects.get().number}/history/"
    assert "CANARY" not in signed_in(world.agent).get(address).content.decode()


def test_the_account_keeps_the_facts_the_time_and_the_candidates(world: World, network: Team) -> None:
    rule("turns", team="network", assignee=ROUND_ROBIN)
    incident = opened(world, description="As told")
    trace = Trace.objects.get()
    assert (trace.record_id, trace.kind, trace.occasions) == (incident.pk, "incident", ["created"])
    assert (trace.facts["title"], trace.facts["text"], trace.facts["team"]) == ("It is silent", "As told", "")
    assert trace.choice is not None
    assert {one["person"] for one in trace.choice["candidates"]} == {str(one.uuid) for one in network.members.all()}
    assert trace.choice["chosen"] == str(incident.assignee.uuid)


CANDIDATES = st.lists(
    st.builds(
        Candidate,
        st.uuids().map(str),
        st.integers(0, 5),
        st.integers(0, 5),
        st.lists(st.sampled_from("abc"), unique=True, max_size=3).map(tuple),
    ),
    unique_by=lambda one: one.person,
)


@settings(deadline=None)
@given(CANDIDATES, st.randoms(), st.sampled_from(sorted(ORDERS)))
def test_the_order_hangs_on_nothing_but_the_candidates_and_the_first_is_the_best(
    candidates: list[Candidate], chance: Any, strategy: str
) -> None:
    order = in_order(strategy, candidates)
    mixed = [*candidates]
    chance.shuffle(mixed)
    assert in_order(strategy, mixed) == order
    if order:
        best = order[0]
        measure = {
            ROUND_ROBIN: lambda one: one.turn,
            LEAST_LOADED: lambda one: one.load,
            SKILLED: lambda one: -len(one.skills),
        }[strategy]
        assert measure(best) == min(measure(one) for one in candidates if strategy != SKILLED or one.skills)
