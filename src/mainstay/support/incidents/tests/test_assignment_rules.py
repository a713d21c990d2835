"""Rules that give an incident its team, through the doors that open one."""

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import create_organisation, create_person, create_team
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import Category
from mainstay.kernel.records.timeline import timeline
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import AssignmentRule, Incident
from tests.world import World, signed_in

BY = system("command")


def rule(key: str, **values: Any) -> None:
    put(kinds()["assignment-rules"], key, {"name": f"Rule {key}", "team": "desk", **values}, by=BY)


@pytest.fixture
def network(world: World) -> Team:
    team = create_team(by=BY, slug="network", name="Network", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, team=team)
    return team


def opened(world: World, **values: Any) -> Incident:
    return actions.create(by=world.as_requester(), title="It is silent", **values)


def test_a_report_goes_to_the_team_of_its_rule_and_the_history_says_why_to_those_who_work_there(world: World) -> None:
    rule("printers", name="Printers to the desk", category="hardware")
    rita, adam = signed_in(world.requester), signed_in(world.agent)
    incident = opened(world, category=Category.objects.get(slug="hardware-printer"))
    assert (incident.state, incident.team, incident.hand_overs) == ("assigned", world.team, 0)
    told = Event.objects.get(name="incident.assigned")
    assert (told.door, told.actor_id, told.reason) == ("rule", None, "Printers to the desk")
    assert "Printers to the desk" in adam.get(f"/incidents/{incident.number}/history/").content.decode()
    assert "Printers to the desk" not in rita.get(f"/cases/{incident.number}/").content.decode()
    reasons = [entry.reason for entry in timeline(world.as_requester(), incident)[0]]
    assert reasons == ["", ""]


def test_the_order_decides_among_the_rules_that_fit_not_what_is_more_exact(world: World, network: Team) -> None:
    rule("exact", position=2, category="hardware-printer", source="portal", team="desk")
    rule("broad", position=1, category="hardware", team="network")
    printer, other = (Category.objects.get(slug=slug) for slug in ("hardware-printer", "other"))
    assert opened(world, category=printer).team == network
    rule("broad", position=3)
    assert opened(world, category=printer).team == world.team
    assert [opened(world, category=category).team for category in (other, None)] == [None, None]


def test_a_rule_of_an_organisation_holds_for_all_below_it_and_for_no_other(world: World, network: Team) -> None:
    site = create_organisation(by=BY, slug="site", name="Site", parent=world.organisation)
    below = create_organisation(by=BY, slug="floor", name="Floor", parent=site)
    rule("site", organisation="site", team="network")
    for organisation, team in ((world.organisation, None), (site, network), (below, network)):
        person = create_person(by=BY, name="Pia", email=f"pia@{organisation.slug}.example", organisation=organisation)
        assert actions.create(by=BY, requester=person, title="No light").team == team


def test_a_rule_of_a_source_holds_for_what_is_opened_there(world: World) -> None:
    rule("console", source="console")
    assert opened(world).team is None
    adam = signed_in(world.agent)
    values = {"requester": "rita@acme.example", "title": "No light", "impact": "3", "urgency": "3"}
    assert adam.post("/incidents/new/", values).status_code == 303
    assert Incident.objects.get(source="console").team == world.team


def test_a_rule_whose_team_may_not_work_there_or_that_is_retired_is_passed_over(world: World, network: Team) -> None:
    create_team(by=BY, slug="idle", name="Idle", organisation=world.organisation)
    rule("first", position=1, team="idle")
    rule("second", position=2, team="network")
    rule("third", position=3)
    assert opened(world).team == network
    rule("second", retired=True)
    assert opened(world).team == world.team


def test_a_team_that_was_chosen_stays_and_costs_no_question(world: World, network: Team) -> None:
    rule("all", team="network")
    with CaptureQueriesContext(connection) as asked:
        incident = opened(world, team=world.team)
    assert (incident.state, incident.team) == ("new", world.team)
    assert not [query for query in asked.captured_queries if "assignmentrule" in query["sql"]]


def test_without_rules_opening_asks_for_them_once(world: World) -> None:
    opened(world)
    with CaptureQueriesContext(connection) as first:
        assert opened(world, category=Category.objects.get(slug="hardware-printer")).team is None
    assert len([query for query in first.captured_queries if "assignmentrule" in query["sql"]]) == 1
    with CaptureQueriesContext(connection) as with_team:
        opened(world, category=Category.objects.get(slug="hardware-printer"), team=world.team)
    assert len(first) <= len(with_team)


def test_another_category_applies_the_rules_to_what_is_new_and_nobody_has_and_nothing_else_does(world: World) -> None:
    changed, renamed, held = (opened(world) for _ in range(3))
    agent, printer = world.as_agent(), Category.objects.get(slug="hardware-printer")
    rule("everything")
    actions.edit(renamed, by=agent, version=1, values={"title": "Still silent", "category": None})
    assert (renamed.state, renamed.team) == ("new", None)
    actions.hold(held, by=agent, reason=queries.hold_reasons().get(slug="vendor"))
    actions.edit(held, by=agent, version=2, values={"category": printer})
    assert (held.state, held.team) == ("pending", None)
    actions.edit(changed, by=agent, version=1, values={"category": printer})
    now = queries.get(agent, changed.number)
    assert (now.state, now.team, now.version) == ("assigned", world.team, 3)


def test_a_rule_without_a_team_or_with_what_does_not_exist_is_refused(world: World) -> None:
    for values in ({"team": None}, {"source": "pigeon"}, {"category": "nowhere"}):
        with pytest.raises(Invalid):
            rule("wrong", **values)
    assert not AssignmentRule.objects.exists()
