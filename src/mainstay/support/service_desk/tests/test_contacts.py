"""The life of a contact, told through the actions every door calls."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.postgres.search import SearchQuery
from django.utils import timezone

from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.people.actions import create_organisation, create_team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible, Stale
from mainstay.kernel.records.actions import add_task, attach, comment, link, log_work, watch
from mainstay.kernel.records.models import AttributeDefinition, Category, Record, RecordNumber
from mainstay.kernel.records.queries import comments_for, find
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.search.queries import search
from mainstay.support.incidents import queries as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions, queries, tasks
from mainstay.support.service_desk.models import Contact
from tests.world import World

pytestmark = pytest.mark.django_db
BY = system("command")


@pytest.fixture
def desk(world: World) -> World:
    """The small world, whose desk takes in what everybody brings."""
    values = {"name": "The desk", "team": "desk", "complaints": None, "organisation": None, "position": 0}
    put(kinds()["desks"], "desk", values, by=BY)
    return world


def brought(world: World, **values: object) -> Contact:
    return actions.create(by=world.as_requester(), **{"title": "The printer does not print", **values})


def events(pk: int) -> list[str]:
    return list(Event.objects.filter(record_id=pk).order_by("id").values_list("name", flat=True))


def test_a_contact_is_taken_in_answered_on_the_spot_and_confirmed(desk: World) -> None:
    contact = brought(desk, description="Since today.")
    assert contact.number.startswith("SD-0")
    assert (contact.state, contact.team, contact.owner, contact.due) == ("new", desk.team, desk.team, None)
    agent = desk.as_agent()
    found = queries.get(agent, contact.number.lower())
    actions.answer(found, by=agent, solution="Put the cable in.")
    assert (found.state, found.state_category, found.assignee) == ("answered", "resolved", desk.agent)
    actions.close(queries.get(desk.as_requester(), contact.number), by=desk.as_requester())
    happened = ["contact.created", "contact.answered", "contact.closed", "contact.rating_asked"]
    assert events(contact.pk) == happened


def test_who_is_no_agent_can_neither_answer_nor_assign_nor_convert(desk: World) -> None:
    contact = brought(desk)
    for refused in (
        lambda by: actions.answer(contact, by=by, solution="I know."),
        lambda by: actions.assign(contact, by=by, team=desk.team),
        lambda by: actions.turn_into_incident(contact, by=by, version=contact.version),
    ):
        with pytest.raises(NotPermitted):
            refused(desk.as_requester())
        with pytest.raises(Missing):
            refused(desk.as_stranger())


def test_everything_stays_when_a_contact_becomes_an_incident(desk: World) -> None:
    agent, requester = desk.as_agent(), desk.as_requester()
    contact = brought(desk, description="Since today.", category=Category.objects.get(slug="hardware-printer"))
    other, number = brought(desk, title="Another"), contact.number
    comment(contact, by=requester, body="It is room 12.")
    comment(contact, by=agent, body="Probably the cable.", visibility="internal")
    attach(contact, by=requester, name="note.txt", stream=io.BytesIO(b"Hello"))
    add_task(contact, by=agent, title="Look")
    log_work(contact, by=agent, minutes=5)
    link(contact, "relates_to", other, by=agent)
    watch(contact, by=agent)
    actions.start(contact, by=agent)
    incident = actions.turn_into_incident(contact, by=agent, version=contact.version, impact=1, urgency=1)
    again = incidents.get(agent, incident.number)
    assert again == incident
    assert again.number.startswith("INC-")
    assert (again.pk, again.opened, again.requester, again.title) == (
        other.pk - 1,
        contact.opened,
        desk.requester,
        "The printer does not print",
    )
    assert (again.kind, again.state, again.priority, again.team, again.owner, again.assignee) == (
        "incident",
        "new",
        1,
        desk.team,
        desk.team,
        None,
    )
    assert (again.description, again.source) == ("Since today.", "portal")
    assert again.category == Category.objects.get(slug="hardware-printer")
    hanging = ("comments", "attachments", "tasks", "work_log", "links_out", "watches")
    assert {name: getattr(again, name).count() for name in hanging} == {
        "comments": 2,
        **dict.fromkeys(hanging[1:], 1),
    }
    assert not Contact.objects.filter(pk=again.pk).exists()
    assert find(requester, number.lower()).number == again.number
    assert [entry.body for entry in comments_for(requester, again)] == ["It is room 12."]
    told, _more = timeline(agent, again)
    assert [entry.event for entry in told][:1] == ["created"]
    assert told[-1].data == {"former": number}
    assert told[-1].changes["kind"] == ["contact", "incident"]
    assert told[-1].changes["state"] == ["in_progress", "new"]


def test_what_a_contact_was_stays_in_its_history(desk: World) -> None:
    contact = brought(desk, description="Since today.")
    pk = contact.pk
    actions.turn_into_incident(contact, by=desk.as_agent(), version=1)
    assert Contact.contact_history.rel.related_model.objects.get(pgh_obj_id=pk).description == "Since today."


def test_search_lists_and_counters_follow_a_contact_to_what_it_becomes(desk: World) -> None:
    agent = desk.as_agent()
    contact = brought(desk, title="Jammed", description="The device eats paper.")
    comment(contact, by=agent, body="It is the banana printer.", visibility="internal")
    number = contact.number
    assert incidents.counters(desk.as_agent())["open"] == 0
    incident = actions.turn_into_incident(contact, by=agent, version=contact.version)
    for text in ("paper", "banana", number, incident.number):
        assert [(hit.kind, hit.number) for hit in search(desk.as_agent(), text).hits] == [("incident", incident.number)]
    assert search(desk.as_requester(), "banana").hits == []
    named = SearchQuery(incident.number, config="simple")
    assert incident.documents.filter(words=named).count() == incident.documents.count() == 2
    assert incidents.counters(desk.as_agent())["open"] == 1
    assert not queries.visible_to(agent).exists()
    assert list(incidents.visible_to(agent)) == [incident]


def test_a_word_said_while_a_contact_becomes_an_incident_is_said_about_the_incident(desk: World) -> None:
    agent, contact = desk.as_agent(), brought(desk)
    seen = queries.get(agent, contact.number)
    incident = actions.turn_into_incident(contact, by=agent, version=contact.version)
    comment(seen, by=agent, body="The fuser zebrafied itself.")
    assert Event.objects.filter(record_id=incident.pk).latest("id").name == "incident.commented"
    assert [hit.number for hit in search(agent, "zebrafied").hits] == [incident.number]


def test_a_former_number_leads_on_through_everything_it_becomes_and_is_never_given_again(desk: World) -> None:
    contact = brought(desk)
    number = contact.number
    actions.turn_into_incident(contact, by=desk.as_agent(), version=1)
    assert RecordNumber.objects.get(number=number).record.kind == "incident"
    assert brought(desk).number != number
    with pytest.raises(NotPossible, match="INC-"):
        queries.still_contact(desk.as_agent(), number)
    with pytest.raises(Missing):
        queries.still_contact(desk.as_stranger(), number)


def test_of_two_who_convert_the_same_reading_the_second_is_refused(desk: World) -> None:
    number = brought(desk).number
    first, second, third = (queries.get(desk.as_agent(), number) for _ in range(3))
    actions.turn_into_incident(first, by=desk.as_agent(), version=1)
    for late in (
        lambda: actions.turn_into_incident(second, by=desk.as_agent(), version=1),
        lambda: actions.answer(third, by=desk.as_agent(), solution="Too late"),
    ):
        with pytest.raises(Stale):
            late()
    assert Record.objects.count() == Incident.objects.count() == 1


def test_an_edited_contact_is_not_converted_unseen(desk: World) -> None:
    contact = brought(desk)
    seen = contact.version
    actions.edit(contact, by=desk.as_agent(), version=seen, values={"title": "Better"})
    with pytest.raises(Stale):
        actions.turn_into_incident(contact, by=desk.as_agent(), version=seen)


def test_an_answered_contact_is_not_converted_but_a_reopened_one_is(desk: World) -> None:
    agent, contact = desk.as_agent(), brought(desk)
    actions.answer(contact, by=agent, solution="Try again.")
    with pytest.raises(NotPossible):
        actions.turn_into_incident(contact, by=agent, version=contact.version)
    actions.reopen(contact, by=desk.as_requester(), reason="It still does not.")
    assert contact.reopenings == 1
    assert actions.turn_into_incident(contact, by=agent, version=contact.version).resolved is None


def test_the_rules_of_incidents_give_what_a_contact_becomes_its_team(desk: World) -> None:
    network = create_team(by=BY, slug="network", name="Network", organisation=desk.organisation)
    from mainstay.kernel.access.actions import give
    from mainstay.kernel.access.models import Role

    give(Role.objects.get(slug="agent"), by=BY, organisation=desk.organisation, team=network)
    rule = {"name": "Network", "condition": 'team == "" && "network" in categories', "team": "network"}
    put(kinds()["incident-rules"], "network", rule, by=BY)
    for category, team, state in (("network", network, "assigned"), ("other", desk.team, "new")):
        contact = brought(desk, category=Category.objects.get(slug=category))
        incident = actions.turn_into_incident(contact, by=desk.as_agent(), version=1)
        assert (incident.team, incident.owner, incident.state) == (team, desk.team, state)


def test_required_fields_of_incidents_are_asked_for_and_those_of_contacts_kept(desk: World) -> None:
    for kind, slug in (("contact", "room"), ("incident", "asset")):
        AttributeDefinition.objects.create(
            kind=kind, slug=slug, label=slug, type="text", public=True, required=kind == "incident"
        )
    contact = brought(desk, attributes={"room": "12"})
    with pytest.raises(Invalid) as refused:
        actions.turn_into_incident(contact, by=desk.as_agent(), version=1)
    assert list(refused.value.errors) == ["attributes.asset"]
    contact = queries.get(desk.as_agent(), contact.number)
    incident = actions.turn_into_incident(contact, by=desk.as_agent(), version=1, attributes={"asset": "P1"})
    assert incident.attributes == {"room": "12", "asset": "P1"}


def test_the_first_desk_that_fits_takes_it_in(desk: World) -> None:
    far = create_organisation(by=BY, slug="far", name="Far", parent=desk.organisation)
    team = create_team(by=BY, slug="far-desk", name="Far desk", organisation=far)
    here = {"name": "Far", "team": "far-desk", "organisation": "far", "position": 0}
    put(kinds()["desks"], "desk", {"name": "The desk", "team": "desk", "position": 5}, by=BY)
    put(kinds()["desks"], "far", here, by=BY)
    assert queries.desk_for(far).team == team
    assert queries.desk_for(desk.organisation).team == desk.team
    put(kinds()["desks"], "far", {**here, "retired": True}, by=BY)
    assert queries.desk_for(far).team == desk.team


def test_without_a_desk_a_contact_waits_for_whoever_takes_it(world: World) -> None:
    contact = brought(world)
    assert (contact.team, contact.owner) == (None, None)
    actions.assign(contact, by=world.as_agent(), person=world.agent)
    assert (contact.team, contact.assignee, contact.owner, contact.state) == (world.team, world.agent, None, "new")


def test_what_was_answered_closes_by_itself_when_nobody_objects(desk: World) -> None:
    old, young = brought(desk), brought(desk)
    for each, days in ((old, 8), (young, 6)):
        actions.answer(each, by=desk.as_agent(), solution="Try again.")
        Record.objects.filter(pk=each.pk).update(resolved=timezone.now() - timedelta(days=days))
    tasks.close_answered(int(datetime.now(UTC).timestamp()))
    assert [queries.get(BY, each.number).state for each in (old, young)] == ["closed", "answered"]


def test_what_happens_again_is_a_new_contact_that_follows_the_old_record_of_any_kind(desk: World) -> None:
    requester, contact = desk.as_requester(), brought(desk)
    with pytest.raises(NotPossible):
        actions.follow_up(contact, by=requester, reason="Again")
    actions.answer(contact, by=desk.as_agent(), solution="Try again.")
    actions.close(contact, by=requester)
    follower = actions.follow_up(contact, by=requester, reason="Once more.")
    assert (follower.title, follower.description, follower.requester) == (contact.title, "Once more.", desk.requester)
    assert follower.links_out.get().target_id == contact.pk
    with pytest.raises(Missing):
        actions.follow_up(contact, by=desk.as_stranger(), reason="Mine")
