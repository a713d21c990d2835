"""What incidents promise, one sentence each."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people import actions as people
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible, Stale
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import AttributeDefinition, Category, Link, Record
from mainstay.support.incidents import actions, queries, tasks
from mainstay.support.incidents.models import Incident, PriorityRule
from tests.world import World

BY = system("command")


def reported(world: World, **values: object) -> Incident:
    return actions.create(by=world.as_requester(), title="The printer does not print", **values)


def resolved(world: World, incident: Incident) -> Incident:
    other = Category.objects.get(slug="other")
    actions.resolve(incident, by=world.as_agent(), solution="Done.", closing_category=other)
    return incident


@pytest.mark.parametrize(
    ("impact", "urgency", "priority"), [(1, 1, 1), (1, 2, 2), (2, 1, 2), (1, 3, 3), (2, 2, 3), (3, 2, 4), (3, 3, 5)]
)
def test_the_matrix_gives_the_priority(world: World, impact: int, urgency: int, priority: int) -> None:
    assert reported(world, impact=impact, urgency=urgency).priority == priority


def test_the_matrix_can_be_edited_and_holds_for_the_next_incident(world: World) -> None:
    PriorityRule.objects.filter(impact=3, urgency=3).update(priority=4)
    assert reported(world).priority == 4


def test_levels_outside_the_matrix_are_refused(world: World) -> None:
    for impact, urgency in ((0, 1), (4, 1), (1, -1), (10**9, 1)):
        with pytest.raises(Invalid):
            reported(world, impact=impact, urgency=urgency)


def test_an_override_needs_the_right_and_a_reason_and_ends_when_the_levels_change(world: World) -> None:
    incident = reported(world)
    with pytest.raises(NotPermitted):
        actions.override_priority(incident, by=world.as_agent(), version=1, priority=1, reason="The director")
    give(Role.objects.get(slug="manager"), by=BY, organisation=world.organisation, person=world.agent)
    with pytest.raises(Invalid):
        actions.override_priority(incident, by=world.as_agent(), version=1, priority=1, reason=" ")
    actions.override_priority(incident, by=world.as_agent(), version=1, priority=1, reason="The director")
    assert (incident.priority, incident.priority_reason) == (1, "The director")
    actions.edit(incident, by=world.as_agent(), version=2, values={"impact": 2})
    assert (incident.priority, incident.priority_reason) == (4, "")


def test_the_second_of_two_editors_is_refused_and_overwrites_nothing(world: World) -> None:
    incident = reported(world)
    second = queries.get(world.as_agent(), incident.number)
    actions.edit(incident, by=world.as_agent(), version=1, values={"title": "No toner"})
    with pytest.raises(Stale):
        actions.edit(second, by=world.as_agent(), version=1, values={"title": "Broken"})
    assert Incident.objects.get(pk=incident.pk).title == "No toner"


def test_stamps_and_other_fields_cannot_be_edited(world: World) -> None:
    incident = reported(world)
    for name in ("opened", "number", "state", "priority", "requester", "organisation", "version", "hand_overs"):
        with pytest.raises(Invalid) as refusal:
            actions.edit(incident, by=world.as_agent(), version=1, values={name: 1})
        assert name in refusal.value.errors


def test_every_hand_over_is_counted_but_the_first_assignment_is_none(world: World) -> None:
    network = people.create_team(by=BY, slug="network", name="Network", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, team=network)
    incident = reported(world)
    for person, count in ((None, 0), (world.agent, 1)):
        actions.assign(incident, by=world.as_agent(), team=world.team, person=person)
        assert incident.hand_overs == count
    actions.hand_over(incident, by=world.as_agent(), team=network, reason="It is the switch")
    assert incident.hand_overs == 2
    actions.assign(incident, by=world.as_agent(), team=network)
    assert incident.hand_overs == 2


def test_work_goes_only_to_teams_that_work_there_and_to_their_members(world: World) -> None:
    elsewhere = people.create_organisation(by=BY, slug="elsewhere", name="Elsewhere")
    strangers = people.create_team(by=BY, slug="strangers", name="Strangers", organisation=elsewhere)
    give(Role.objects.get(slug="agent"), by=BY, organisation=elsewhere, team=strangers)
    incident = reported(world)
    with pytest.raises(Invalid) as refusal:
        actions.assign(incident, by=world.as_agent(), team=strangers)
    assert "team" in refusal.value.errors
    with pytest.raises(Invalid) as refusal:
        actions.assign(incident, by=world.as_agent(), team=world.team, person=world.requester)
    assert "person" in refusal.value.errors
    actions.assign(incident, by=world.as_agent(), person=world.agent)
    assert (incident.team, incident.assignee) == (world.team, world.agent)


def test_whoever_starts_an_unassigned_incident_takes_it(world: World) -> None:
    incident = reported(world)
    actions.start(incident, by=world.as_agent())
    assert (incident.assignee, incident.team) == (world.agent, world.team)


def test_a_hold_ends_by_itself_at_its_date_and_not_before(world: World) -> None:
    vendor = queries.hold_reasons().get(slug="vendor")
    incident = reported(world)
    until = datetime.now(UTC) + timedelta(days=2)
    with pytest.raises(Invalid):
        actions.hold(incident, by=world.as_agent(), reason=vendor, until=datetime.now(UTC) - timedelta(minutes=1))
    actions.hold(incident, by=world.as_agent(), reason=vendor, until=until)
    without_end = reported(world)
    actions.hold(without_end, by=world.as_agent(), reason=vendor)
    tasks.wake(timestamp=int(until.timestamp()) - 60)
    assert Incident.objects.get(pk=incident.pk).state == "pending"
    tasks.wake(timestamp=int(until.timestamp()) + 1)
    tasks.wake(timestamp=int(until.timestamp()) + 1)
    assert Incident.objects.get(pk=without_end.pk).state == "pending"
    assert Incident.objects.get(pk=incident.pk).state == "in_progress"


def test_a_word_of_somebody_else_does_not_end_the_hold(world: World) -> None:
    incident = reported(world)
    actions.hold(incident, by=world.as_agent(), reason=queries.hold_reasons().get(slug="caller"))
    records.comment(incident, by=world.as_agent(), body="Still waiting for you.")
    assert Incident.objects.get(pk=incident.pk).state == "pending"
    records.comment(incident, by=world.as_requester(), body="Here I am.")
    assert Incident.objects.get(pk=incident.pk).state == "in_progress"


def test_resolved_becomes_closed_after_the_days_of_the_setting_in_the_organisations_zone(world: World) -> None:
    Setting.objects.create(key="incidents.close_after_days", value=3)
    with time_machine.travel(datetime(2026, 3, 27, 12, 0, tzinfo=UTC), tick=False):  # 13:00 in Berlin, winter time
        incident = resolved(world, reported(world))
    just_before = datetime(2026, 3, 30, 10, 59, tzinfo=UTC)
    tasks.close_resolved(int(just_before.timestamp()))
    assert Incident.objects.get(pk=incident.pk).state == "resolved"
    tasks.close_resolved(int(just_before.timestamp()) + 60)  # 13:00 in Berlin, summer time
    assert Incident.objects.get(pk=incident.pk).state == "closed"


def test_it_is_reopened_inside_the_window_and_followed_up_after_it(world: World) -> None:
    incident = resolved(world, reported(world, description="Again and again"))
    actions.reopen(incident, by=world.as_requester(), reason="Still broken")
    assert (incident.state, incident.reopenings, incident.resolved) == ("assigned", 1, None)
    with pytest.raises(NotPossible):
        actions.follow_up(incident, by=world.as_requester(), reason="Too early")
    actions.close(resolved(world, incident), by=world.as_requester())
    with pytest.raises(NotPossible):
        actions.reopen(incident, by=world.as_requester(), reason="Too late")
    follower = actions.follow_up(incident, by=world.as_requester(), reason="Broken again")
    assert (follower.state, follower.description, follower.requester) == ("new", "Broken again", world.requester)
    assert Link.objects.filter(kind="follows", source=follower, target=incident).exists()


def test_a_child_has_one_parent_and_families_have_no_circles(world: World) -> None:
    a, b, c = (reported(world) for _ in range(3))
    records.link(a, "parent_of", b, by=world.as_agent())
    records.link(b, "parent_of", c, by=world.as_agent())
    for source, target in ((c, a), (a, c), (a, a)):
        with pytest.raises(NotPossible):
            records.link(source, "parent_of", target, by=world.as_agent())
    assert Link.objects.count() == 2


def test_an_open_mandatory_task_keeps_the_incident_from_being_resolved(world: World) -> None:
    incident = reported(world)
    task = records.add_task(incident, by=world.as_agent(), title="Ask for the serial number", mandatory=True)
    with pytest.raises(NotPossible, match="Mandatory tasks"):
        resolved(world, incident)
    records.complete_task(task, by=world.as_agent())
    with pytest.raises(NotPossible):
        records.complete_task(task, by=world.as_agent())
    assert resolved(world, incident).state == "resolved"


def test_categories_at_opening_and_at_closing_are_chosen_apart(world: World) -> None:
    Category.objects.filter(slug="hardware-printer").update(closes=False)
    printer = Category.objects.get(slug="hardware-printer")
    incident = reported(world, category=printer)
    with pytest.raises(Invalid):
        actions.resolve(incident, by=world.as_agent(), solution="Done.", closing_category=printer)
    resolved(world, incident)
    assert (incident.category, incident.closing_category) == (printer, Category.objects.get(slug="other"))


def test_custom_fields_are_typed_required_and_refused_when_unknown(world: World) -> None:
    AttributeDefinition.objects.create(
        kind="incident", slug="room", label="Room", type="text", required=True, public=True
    )
    AttributeDefinition.objects.create(kind="incident", slug="floor", label="Floor", type="number", public=True)
    with pytest.raises(Invalid) as refusal:
        reported(world, attributes={"floor": "high", "door": 1})
    assert set(refusal.value.errors) == {"attributes.room", "attributes.floor", "attributes.door"}
    assert reported(world, attributes={"room": "12", "floor": "3"}).attributes == {"room": "12", "floor": 3}


def test_working_time_is_logged_and_corrected_but_never_edited(world: World) -> None:
    incident = reported(world)
    records.log_work(incident, by=world.as_agent(), minutes=30, note="On site")
    records.log_work(incident, by=world.as_agent(), minutes=-10)
    for minutes in (0, 1441, -1441):
        with pytest.raises(Invalid):
            records.log_work(incident, by=world.as_agent(), minutes=minutes)
    assert sum(entry.minutes for entry in incident.work_log.all()) == 20
    with pytest.raises(NotPermitted):
        records.log_work(incident, by=world.as_requester(), minutes=5)


def test_comments_watchers_and_links_do_not_count_as_edits(world: World) -> None:
    incident, other = reported(world), reported(world)
    records.comment(incident, by=world.as_agent(), body="Hello")
    records.watch(incident, by=world.as_agent())
    records.link(incident, "relates_to", other, by=world.as_agent())
    assert Record.objects.get(pk=incident.pk).version == 1
    actions.edit(incident, by=world.as_agent(), version=1, values={"title": "Another title"})
    assert Record.objects.get(pk=incident.pk).version == 2


def test_every_number_ever_given_resolves(world: World) -> None:
    incident = reported(world)
    incident.former_numbers.create(number="SD-000042")
    assert queries.get(world.as_agent(), "sd-000042").pk == incident.pk
