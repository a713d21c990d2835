"""Merging: nothing moves, nobody sees more than before, and taking it back is exact."""

import io
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.queries import recipients_of
from mainstay.kernel.people.actions import create_person
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Missing, NotPermitted, NotPossible
from mainstay.kernel.records.actions import (
    add_task,
    attach,
    comment,
    comment_with_files,
    link,
    log_work,
    merge,
    unmerge,
    watch,
)
from mainstay.kernel.records.actions.attachment import Upload
from mainstay.kernel.records.models import Attachment, Comment, Link, Record, Task, Watch, WorkLog
from mainstay.kernel.records.queries import attachments_for, comments_for, find, moves_for
from mainstay.kernel.records.surroundings import surroundings
from mainstay.kernel.records.timeline import timeline
from mainstay.kernel.search.queries import search
from mainstay.support.incidents import actions as incident_actions
from mainstay.support.incidents import queries as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions, queries
from mainstay.support.service_desk.models import Contact, Type
from mainstay.support.service_desk.queries import cases, desk
from tests.sizes import size
from tests.world import World, signed_in

BY = system("command")


def brought(world: World, requester: Person | None = None, **values: Any) -> Contact:
    given = {"title": "It does not print", "description": "Since today.", **values}
    return actions.create(by=world.as_agent(), requester=requester or world.requester, **given)


def opened(world: World, requester: Person | None = None, **values: Any) -> Incident:
    given = {"title": "No printing anywhere", "description": "The server is down.", **values}
    return incident_actions.create(by=world.as_agent(), requester=requester or world.requester, **given)


def followed(client: Any, answer: Any) -> tuple[str, str]:
    """Return the page that an answer leads to, and its address."""
    address = ""
    while answer.status_code in (302, 303):
        address = answer.headers["Location"]
        answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode(), address


def fresh(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def told(actor: Actor, record: Record) -> list[tuple[str, str | None]]:
    entries, _more = timeline(actor, record)
    return [(entry.event, entry.body) for entry in entries]


def bodies(actor: Actor, record: Record) -> list[str]:
    return [body for _event, body in told(actor, record) if body]


def test_what_was_merged_shows_through_where_it_goes_on(world: World) -> None:
    agent, contact, incident = world.as_agent(), brought(world), opened(world)
    comment(incident, by=agent, body="We are on it.")
    comment(contact, by=world.as_requester(), body="It is room 12.")
    comment(contact, by=agent, body="Not again.", visibility="internal")
    attach(contact, by=agent, name="photo.txt", stream=io.BytesIO(b"x"))
    add_task(contact, by=agent, title="Look", mandatory=True)
    log_work(contact, by=agent, minutes=5)
    watch(contact, by=world.as_requester())
    other = brought(world)
    link(contact, "relates_to", other, by=agent)
    merge(contact, incident, by=agent)

    assert bodies(agent, incident) == ["We are on it.", "It is room 12.", "Not again."]
    assert bodies(world.as_requester(), incident) == ["We are on it.", "It is room 12."]
    around = surroundings(agent, incident)
    assert [task.title for task in around.tasks] == ["Look"]
    assert around.minutes == 5
    assert [file.name for file in around.attachments] == ["photo.txt"]
    assert [person.pk for person in around.watchers] == [world.requester.pk]
    assert [each.other.number for each in around.related] == [other.number]
    assert [each.number for each in around.merged] == [contact.number]
    assert [entry.body for entry in comments_for(agent, incident)] == ["We are on it.", "It is room 12.", "Not again."]
    assert [file.name for file in attachments_for(world.as_requester(), incident)] == ["photo.txt"]
    with pytest.raises(NotPossible, match="Mandatory"):
        incident_actions.resolve(
            incident, by=agent, solution="Done", closing_category=incidents.closing_categories()[0]
        )


def test_the_number_of_what_was_merged_leads_to_where_it_goes_on(world: World) -> None:
    agent, contact, incident = world.as_agent(), brought(world), opened(world)
    merge(contact, incident, by=agent)
    for actor in (agent, world.as_requester()):
        assert find(actor, contact.number.lower()).number == incident.number
    assert cases.get(world.as_requester(), contact.number).number == incident.number
    assert [case.number for case in cases.mine(world.as_requester())] == [incident.number]
    client = signed_in(world.agent)
    page, address = followed(client, client.get(f"/desk/{contact.number}/"))
    assert address == f"/incidents/{incident.number}/"
    assert "Since today." in page
    assert contact.number in page
    with pytest.raises(Missing):
        find(world.as_stranger(), contact.number)


def test_what_was_merged_is_found_by_its_own_words_and_number_and_says_where_it_goes_on(
    world: World, bob: Person
) -> None:
    agent, contact, incident = world.as_agent(), brought(world, title="A squeaking noise"), opened(world, bob)
    merge(contact, incident, by=agent)
    for text in ("squeaking", contact.number):
        (hit,) = search(agent, text).hits
        assert (hit.number, hit.merged_into) == (contact.number, incident.number)
    (hit,) = search(world.as_requester(), "squeaking").hits
    assert (hit.number, hit.merged_into) == (contact.number, "")  # she may not know of the other
    page = signed_in(world.agent).get("/search/?q=squeaking").content.decode()
    assert f"/records/{incident.number}" in page
    page = signed_in(world.requester).get("/search/?q=squeaking").content.decode()
    assert contact.number in page
    assert incident.number not in page


def test_what_was_merged_stands_in_no_list_of_open_cases(world: World) -> None:
    agent, contact, incident = world.as_agent(), brought(world), opened(world)
    assert desk.counters(agent)["contacts"] == 1
    merge(contact, incident, by=agent)
    assert desk.counters(world.as_agent())["contacts"] == 0
    assert moves_for(agent, fresh(contact)) == []


def test_a_merge_and_its_undo_leave_two_entries_in_both_histories(world: World) -> None:
    agent, contact, incident = world.as_agent(), brought(world), opened(world)
    merge(contact, incident, by=agent)
    unmerge(fresh(contact), by=agent)
    assert [event for event, _ in told(agent, contact)] == ["created", "merged", "unmerged"]
    assert [event for event, _ in told(agent, incident)] == ["created", "absorbed", "separated"]
    page = signed_in(world.agent).get(f"/incidents/{incident.number}/").content.decode()
    assert f"Adam Agent merged {contact.number} into it" in page


def test_a_merge_widens_nobodys_view(world: World, bob: Person) -> None:
    """Rita and Bob report the same: neither reads what the other said, also not through the other's case."""
    agent, rita = world.as_agent(), world.as_requester()
    of_rita, of_bob = brought(world, title="Rita's words"), opened(world, bob)
    comment(of_rita, by=rita, body="My salary is on that page.")
    comment(of_bob, by=actor_for(bob, door="page"), body="Bob's own affair.")
    watch(of_rita, by=rita)
    merge(of_rita, of_bob, by=agent)
    assert bodies(actor_for(bob, door="page"), of_bob) == ["Bob's own affair."]
    assert surroundings(actor_for(bob, door="page"), of_bob).merged == []
    assert find(rita, of_rita.number).number == of_rita.number
    assert bodies(rita, fresh(of_rita)) == ["My salary is on that page."]
    with pytest.raises(Missing):
        find(rita, of_bob.number)
    assert bodies(agent, of_bob) == ["My salary is on that page.", "Bob's own affair."]
    page = signed_in(bob).get(f"/cases/{of_bob.number}/").content.decode()
    assert "salary" not in page
    assert of_rita.number not in page
    page = signed_in(world.requester).get(f"/cases/{of_rita.number}/").content.decode()
    assert "salary" in page
    assert "affair" not in page


def test_a_confidential_record_shows_through_to_its_team_alone(world: World) -> None:
    secret, incident = brought(world), opened(world)
    comment(secret, by=world.as_agent(), body="About a theft.")
    actions.assign(secret, by=world.as_agent(), team=world.team)
    actions.edit(secret, by=world.as_agent(), version=secret.version, values={"access": "confidential"})
    outsider = create_person(by=BY, name="Olga", email="olga@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=outsider)
    merge(secret, incident, by=world.as_agent())
    olga = actor_for(outsider, door="page")
    assert "About a theft." in bodies(world.as_agent(), incident)
    assert bodies(olga, incident) == []
    assert secret.number not in signed_in(outsider).get(f"/incidents/{incident.number}/").content.decode()
    with pytest.raises(Missing):
        unmerge(fresh(secret), by=olga)


def test_the_caller_of_a_merged_case_goes_on_hearing_and_is_heard(world: World, bob: Person, client: Any) -> None:
    agent, rita = world.as_agent(), world.as_requester()
    of_rita, of_bob = brought(world), opened(world, bob)
    incident_actions.assign(of_bob, by=agent, team=world.team, person=world.agent)
    merge(of_rita, of_bob, by=agent)
    said = comment(of_bob, by=agent, body="The server is back soon.")
    comment(of_bob, by=actor_for(bob, door="page"), body="I wait.")
    comment(of_bob, by=agent, body="Bob is nervous.", visibility="internal")
    for event in Event.objects.filter(record_id=of_bob.pk, name="incident.commented"):
        if actions.needs_relaying(event):
            for _ in range(2):  # a job runs at least once
                actions.relay(event.pk)
    assert bodies(rita, fresh(of_rita)) == ["The server is back soon."]
    assert bodies(agent, of_bob) == ["The server is back soon.", "I wait.", "Bob is nervous."]
    passed_on = Event.objects.get(data__relayed__isnull=False)
    assert recipients_of(passed_on) == {world.requester.pk}
    assert said.author == world.agent

    answered = comment(fresh(of_rita), by=rita, body="Thank you!")
    event = Event.objects.get(data__comment=answered.pk)
    assert recipients_of(event) == {world.agent.pk}
    assert bodies(agent, of_bob)[-1] == "Thank you!"
    assert not actions.needs_relaying(event)

    solved = incident_actions.resolve(
        of_bob, by=agent, solution="Restarted.", closing_category=incidents.closing_categories()[0]
    )
    assert actions.needs_relaying(solved)
    actions.relay(solved.pk)
    assert bodies(rita, fresh(of_rita))[-1] == "News: We think it is solved.\n\nRestarted."
    page = signed_in(world.requester).get(f"/cases/{of_rita.number}/").content.decode()
    assert "We think it is solved" in page


def test_who_watched_what_was_merged_hears_of_what_it_goes_on_in(world: World) -> None:
    contact, incident = brought(world), opened(world)
    watch(contact, by=world.as_agent())
    merge(contact, incident, by=world.as_agent())
    comment(incident, by=world.as_requester(), body="Well?")
    event = Event.objects.filter(record_id=incident.pk, name="incident.commented").latest("id")
    assert recipients_of(event) == {world.agent.pk}
    assert Notification.objects.count() == 0


def test_what_cannot_be_merged_is_refused_with_the_reason(world: World, bob: Person) -> None:
    agent, contact, incident = world.as_agent(), brought(world), opened(world)
    complaint = brought(world, type=Type.COMPLAINT)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.stranger.organisation, person=world.agent)
    foreign = incident_actions.create(by=world.as_agent(), title="Theirs", requester=world.stranger)
    agent = world.as_agent()
    for record, into, why in (
        (contact, contact, "itself"),
        (incident, contact, "kind"),
        (complaint, contact, "complaint"),
        (contact, foreign, "same organisation"),
    ):
        with pytest.raises(NotPossible, match=why):
            merge(record, into, by=agent)
    done = opened(world)
    incident_actions.cancel(done, by=agent, reason="No")
    with pytest.raises(NotPossible, match="closed"):
        merge(contact, done, by=agent)
    merge(contact, incident, by=agent)
    for record, into in ((contact, incident), (brought(world), contact)):
        with pytest.raises(NotPossible, match="already"):
            merge(record, into, by=agent)
    with pytest.raises(NotPossible):
        unmerge(incident, by=agent)


def test_merging_needs_the_right_on_both(world: World) -> None:
    contact, incident = brought(world), opened(world)
    for actor, refusal in ((world.as_requester(), NotPermitted), (world.as_stranger(), Missing)):
        with pytest.raises(refusal):
            merge(contact, incident, by=actor)
    merge(contact, incident, by=world.as_agent())
    for actor, refusal in ((world.as_requester(), NotPermitted), (world.as_stranger(), Missing)):
        with pytest.raises(refusal):
            unmerge(fresh(contact), by=actor)


TABLES = (Record, Contact, Incident, Comment, Attachment, Task, Link, Watch, WorkLog)


def rows(without: set[int]) -> dict[str, list[Any]]:
    """Every row of a case, but for what counts its edits, and without the given comments."""
    counted = ("version", "updated", "record_ptr")
    found = {
        model.__name__: [
            {name: value for name, value in row.items() if name not in counted}
            for row in model._default_manager.order_by("pk").values()
        ]
        for model in TABLES
    }
    found["Comment"] = [row for row in found["Comment"] if row["id"] not in without]
    return found


def views(world: World, records: list[Record], numbers: list[str]) -> list[Any]:
    """What everybody reads of them, but for the merging itself and for what was said later."""
    seen: list[Any] = []
    for actor in (world.as_agent(), world.as_requester(), world.as_stranger()):
        for record, number in zip(records, numbers, strict=True):
            if not actor.can(f"{record.kind}.read", record):
                seen.append(None)
                continue
            around = surroundings(actor, record)
            seen += [
                find(actor, number).number,
                [each for each in told(actor, record) if each[0] not in MERGING and each[1] != "Later"],
                around.tasks,
                around.minutes,
                around.attachments,
                around.watchers,
                [each.link for each in around.related],
                [move.verb for move in moves_for(actor, record)],
            ]
    return seen


MERGING = ("merged", "unmerged", "absorbed", "separated")
DEEDS = st.lists(st.sampled_from(["say", "note", "attach", "task", "work", "watch", "link", "start"]), max_size=5)


@settings(max_examples=size("merges"), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(on_first=DEEDS, on_second=DEEDS, later=st.booleans(), chained=st.booleans())
def test_to_merge_and_to_take_it_back_changes_nothing(
    world: World, on_first: list[str], on_second: list[str], later: bool, chained: bool
) -> None:
    agent = world.as_agent()
    with transaction.atomic():
        first, second, third = brought(world), brought(world), opened(world)
        for record, deeds in ((first, on_first), (second, on_second)):
            for deed in deeds:
                do(deed, record, third, world)
        records = [fresh(each) for each in (first, second, third)]
        numbers = [each.number for each in records]
        before = rows(set()), views(world, records, numbers)
        merge(records[0], records[1], by=agent)
        if chained:
            merge(records[1], records[2], by=agent)
        new = {comment(fresh(second), by=agent, body="Later").pk} if later else set()
        if chained:
            unmerge(fresh(second), by=agent)
        unmerge(fresh(first), by=agent)
        records = [fresh(each) for each in records]
        assert (rows(new), views(world, records, numbers)) == before
        transaction.set_rollback(True)


def do(deed: str, record: Contact, other: Record, world: World) -> None:
    agent = world.as_agent()
    match deed:
        case "say":
            comment_with_files(record, by=world.as_requester(), body="Hello", files=[Upload("a.txt", io.BytesIO(b"a"))])
        case "note":
            comment(record, by=agent, body="Hm", visibility="internal")
        case "attach":
            attach(record, by=agent, name="b.txt", stream=io.BytesIO(b"b"), visibility="internal")
        case "task":
            add_task(record, by=agent, title="Do it")
        case "work":
            log_work(record, by=agent, minutes=3)
        case "watch":
            watch(record, by=agent)
        case "link":
            link(record, "relates_to", other, by=agent)
        case "start":
            if record.state == "new":
                actions.start(record, by=agent)


def test_a_merge_is_made_and_taken_back_on_the_page(world: World) -> None:
    contact, incident, client = brought(world), opened(world), signed_in(world.agent)
    assert "Merge into another" in client.get(f"/desk/{contact.number}/").content.decode()
    refused = client.post(f"/desk/{contact.number}/merge/", {"number": "INC-999999"})
    assert refused.status_code == 422
    merged = client.post(f"/desk/{contact.number}/merge/", {"number": incident.number.lower()})
    page, address = followed(client, merged)
    assert address == f"/incidents/{incident.number}/"
    assert f"/desk/{contact.number}/unmerge/" in page
    _page, address = followed(client, client.post(f"/desk/{contact.number}/unmerge/"))
    assert address == f"/desk/{contact.number}/"
    assert queries.get(world.as_agent(), contact.number).state == "new"
    assert signed_in(world.requester).post(f"/desk/{contact.number}/merge/").status_code == 404
