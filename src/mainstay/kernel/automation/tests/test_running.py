"""Rules that are asked of what comes in and changes, through the doors that open and edit."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from mainstay.kernel.access.models import Role
from mainstay.kernel.automation.actions.sweeping import sweep
from mainstay.kernel.automation.models import Rule, Trace
from mainstay.kernel.automation.tests.stage import BY, person, rule, team
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_organisation, create_person, create_team
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import AttributeDefinition, Category, Watch
from mainstay.kernel.records.timeline import timeline
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions as contacts
from tests.sizes import size
from tests.world import World, signed_in


@pytest.fixture
def network(world: World) -> Team:
    return team(world, "network")


def opened(world: World, **values: Any) -> Incident:
    return actions.create(by=world.as_requester(), **{"title": "It is silent", **values})


def category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def test_a_report_goes_to_the_team_of_its_rule_and_the_history_says_why_to_those_who_work_there(world: World) -> None:
    rule("printers", '"hardware" in categories', name="Printers to the desk", team="desk")
    rita, adam = signed_in(world.requester), signed_in(world.agent)
    incident = opened(world, category=category("hardware-printer"))
    assert (incident.state, incident.team, incident.hand_overs) == ("assigned", world.team, 0)
    told = Event.objects.get(name="incident.assigned")
    assert (told.door, told.actor_id, told.reason) == ("rule", None, "Printers to the desk")
    assert "Printers to the desk" in adam.get(f"/incidents/{incident.number}/history/").content.decode()
    assert "Printers to the desk" not in rita.get(f"/cases/{incident.number}/").content.decode()
    reasons = [entry.reason for entry in timeline(world.as_requester(), incident)[0]]
    assert reasons == ["", ""]


def test_rules_are_asked_in_their_order_and_each_sees_what_the_former_set(world: World, network: Team) -> None:
    rule("third", "priority == 1 && team == 'network'", position=3, call="desk", name="Third")
    rule("first", 'title.contains("silent")', position=1, category="network", impact="1", urgency="1")
    rule("second", '"network" in categories && priority == 1', position=2, team="network")
    incident = opened(world)
    assert (incident.category, incident.impact, incident.priority) == (category("network"), 1, 1)
    assert (incident.team, incident.state, incident.version) == (network, "assigned", 3)
    assert [step["rule"] for step in Trace.objects.get().steps] == ["first", "second", "third"]
    assert Trace.objects.get().facts["priority"] == 5
    assert queries.get(world.as_agent(), incident.number).version == incident.version


def test_of_two_rules_that_set_the_same_the_later_is_right_and_one_that_stops_ends_the_run(
    world: World, network: Team
) -> None:
    rule("first", position=1, team="network")
    rule("second", position=2, team="desk")
    assert opened(world).team == world.team
    rule("first", stops=True)
    assert opened(world).team == network
    rule("first", retired=True)
    assert opened(world).team == world.team


def test_what_rules_set_starts_no_rules_again(world: World) -> None:
    rule("there", 'category == "other"', occasions=["category", "created"], category="network")
    rule("back", 'category == "network"', occasions=["category", "created"], category="other", position=1)
    incident = opened(world, category=category("other"))
    assert incident.category == category("other")
    assert [step["rule"] for step in Trace.objects.get().steps] == ["there", "back"]
    rule("back", retired=True)
    actions.edit(incident, by=world.as_agent(), version=1, values={"category": category("hardware")})
    actions.edit(incident, by=world.as_agent(), version=2, values={"category": category("other")})
    assert (incident.category, Trace.objects.count()) == (category("network"), 3)


def test_rules_are_asked_on_the_changes_that_they_name_and_on_no_others(world: World) -> None:
    rule("urgent", "impact == 1", occasions=["impact"], team="desk")
    incident = opened(world, impact=1)
    assert incident.team is None
    actions.edit(incident, by=world.as_agent(), version=1, values={"title": "Still silent"})
    actions.edit(incident, by=world.as_agent(), version=2, values={"impact": 2})
    assert incident.team is None
    actions.edit(incident, by=world.as_agent(), version=3, values={"impact": 1, "title": "No sound"})
    assert (incident.team, incident.state, incident.version) == (world.team, "assigned", 5)


def test_a_move_is_a_change_like_any_other(world: World) -> None:
    rule("held", 'state == "pending"', occasions=["state"], call="desk")
    incident = opened(world)
    actions.start(incident, by=world.as_agent())
    assert not Event.objects.filter(name="incident.called").exists()
    actions.hold(incident, by=world.as_agent(), reason=queries.hold_reasons().get(slug="vendor"))
    assert Event.objects.get(name="incident.called").data == {"people": [world.agent.pk]}


def test_a_team_that_may_not_work_there_is_passed_over_and_the_account_says_so(world: World) -> None:
    create_team(by=BY, slug="idle", name="Idle", organisation=world.organisation)
    rule("idle", team="idle", impact="1")
    incident = opened(world)
    assert (incident.team, incident.impact) == (None, 1)
    (step,) = Trace.objects.get().steps
    assert (step["refused"], step["does"]) == ({"team": "team"}, {"impact": "1"})


def test_an_organisation_is_asked_for_with_all_above_it(world: World, network: Team) -> None:
    site = create_organisation(by=BY, slug="site", name="Site", parent=world.organisation)
    below = create_organisation(by=BY, slug="floor", name="Floor", parent=site)
    rule("site", '"site" in organisations', team="network")
    for organisation, given in ((world.organisation, None), (site, network), (below, network)):
        one = create_person(by=BY, name="Pia", email=f"pia@{organisation.slug}.example", organisation=organisation)
        assert actions.create(by=BY, requester=one, title="No light").team == given


def test_custom_fields_are_asked_for_by_name_and_type(world: World) -> None:
    for slug, kind in (("room", "text"), ("seats", "number"), ("vip", "yes_no")):
        AttributeDefinition.objects.create(kind="incident", slug=slug, label=slug, type=kind, public=True)
    rule("all", 'attributes["vip"] && attributes["seats"] > 2 && attributes["room"] != ""', team="desk")
    values = {"room": "12", "seats": 3, "vip": True}
    assert opened(world, attributes=values).team == world.team
    for missing in values:
        assert opened(world, attributes={**values, missing: None}).team is None
    with pytest.raises(Invalid) as refused:
        rule("wrong", 'attributes["seats"] == "3"', team="desk")
    assert list(refused.value.errors) == ["condition"]


def test_a_rule_whose_field_is_gone_is_passed_over_and_the_account_says_so(world: World) -> None:
    field = AttributeDefinition.objects.create(kind="incident", slug="room", label="Room", type="text")
    rule("room", 'attributes["room"] == "12"', team="desk")
    rule("other", 'title != ""', position=1, impact="2")
    AttributeDefinition.objects.filter(pk=field.pk).update(retired=timezone.now())
    incident = opened(world)
    assert (incident.team, incident.impact) == (None, 2)
    first, second = Trace.objects.get().steps
    assert (first["rule"], "room" in first["failed"], second["does"]) == ("room", True, {"impact": "2"})


def test_what_is_not_possible_is_kept_as_such_and_refuses_nobody(world: World) -> None:
    rule("closed", 'state == "resolved"', occasions=["state"], team="desk", impact="1")
    incident = opened(world, impact=3)
    agent = world.as_agent()
    actions.resolve(incident, by=agent, solution="Switched on", closing_category=category("other"))
    assert (incident.state, incident.team, incident.impact) == ("resolved", None, 3)
    assert "state" in Trace.objects.get().failed
    actions.reopen(incident, by=agent, reason="Silent again")
    assert queries.get(agent, incident.number).state == "assigned"


def test_a_contact_is_given_another_team_than_the_desks_unless_one_was_chosen(world: World, network: Team) -> None:
    put(kinds()["desks"], "desk", {"name": "Desk", "team": "desk"}, by=BY)
    rule("network", 'team == "" && text.contains("VPN")', about="contact", team="network")
    by = world.as_requester()
    contact = contacts.create(by=by, title="Home", description="The VPN is down")
    assert (contact.team, contact.owner, contact.state) == (network, world.team, "new")
    chosen = contacts.create(
        by=world.as_agent(), requester=world.requester, title="x", description="VPN", team=world.team
    )
    assert chosen.team == world.team
    other = contacts.create(by=by, title="Home", description="The door is shut")
    assert other.team == world.team


def test_watchers_and_those_who_are_called_are_members_who_may_read_it(world: World, network: Team) -> None:
    member, outsider = (
        person(world, "Nina", network),
        create_person(by=BY, name="Otto", email="otto@acme.example", organisation=world.organisation),
    )
    blind = create_team(by=BY, slug="blind", name="Blind", organisation=world.organisation)
    blind.members.add(outsider)
    rule("watch", watchers="network", call="blind")
    rule("call", call="network", watchers="blind", position=1)
    incident = opened(world)
    assert list(Watch.objects.values_list("person", "record")) == [(member.pk, incident.pk)]
    run("notify.deliver")
    assert set(Notification.objects.filter(event="incident.called").values_list("person", flat=True)) == {member.pk}
    assert b"A rule asks you to look at this." in signed_in(member).get("/notifications/").content


def test_without_rules_opening_asks_one_short_question_and_keeps_nothing(world: World) -> None:
    opened(world)
    with CaptureQueriesContext(connection) as first:
        assert opened(world, category=category("hardware-printer")).team is None
    assert [query["sql"] for query in first.captured_queries if "automation" in query["sql"]] == [
        "SELECT version FROM automation_version"
    ]
    rule("another", occasions=["impact"], team="desk")
    opened(world)
    with CaptureQueriesContext(connection) as second:
        opened(world, category=category("hardware-printer"))
    assert (len(second), Trace.objects.count()) == (len(first), 0)


def test_a_rule_holds_from_the_next_record_on_also_when_it_was_written_past_all_code(world: World) -> None:
    rule("one", team="desk")
    assert opened(world).team == world.team
    Rule.objects.update(retired=timezone.now())
    assert opened(world).team is None


def test_a_rule_that_is_none_is_refused_where_it_is_written(world: World) -> None:
    wrong: list[tuple[dict[str, Any], str]] = [
        ({"team": "desk", "condition": "nowhere == 1"}, "condition"),
        ({"team": "desk", "condition": 'impact == "1"'}, "condition"),
        ({"team": "nowhere"}, "team"),
        ({"occasions": [], "team": "desk"}, "occasions"),
        ({"occasions": ["number"], "team": "desk"}, "occasions"),
        ({"hours": "office-hours", "team": "desk"}, "hours"),
        ({"colour": "red", "team": "desk"}, "colour"),
        ({}, ""),
    ]
    for values, field in wrong:
        with pytest.raises(Invalid) as refused:
            put(kinds()["incident-rules"], "wrong", {"name": "Wrong", **values}, by=BY)
        assert list(refused.value.errors) == [field]
    assert not Rule.objects.exists()


def test_thousands_of_rules_and_sixty_patterns_cost_two_statements(world: World) -> None:
    rows = [
        Rule(kind="incident", slug=f"r{n}", name="R", occasions=["created"], condition=condition, does={"impact": "2"})
        for n, condition in enumerate(
            [f'title == "{n}" && impact == 1' for n in range(size("rules at once"))] + [r'text.matches("(a+)+$")'] * 60
        )
    ]
    Rule.objects.bulk_create(rows, 1000)
    opened(world)
    description = "a" * 9_999 + "!"
    with CaptureQueriesContext(connection) as asked:
        incident = opened(world, description=description)
    assert (incident.impact, Trace.objects.last().steps) == (3, [])
    assert len([query for query in asked.captured_queries if "automation" in query["sql"]]) == 2


def test_the_account_is_forgotten_after_its_days_and_what_happened_stays(world: World) -> None:
    rule("one", team="desk")
    incident = opened(world)
    Trace.objects.update(at=timezone.now() - timedelta(days=366))
    opened(world)
    assert (sweep(), Trace.objects.exclude(record_id=incident.pk).count()) == (1, 1)
    assert Event.objects.filter(record_id=incident.pk, name="incident.assigned").exists()


def test_the_role_of_a_rule_is_no_role(world: World) -> None:
    """Rules act for nobody: whoever opens a report needs no right to what a rule does with it."""
    rule("one", team="desk", impact="1")
    assert "incident.assign" not in Role.objects.get(slug="requester").capabilities
    assert (opened(world).team, opened(world).impact) == (world.team, 1)
