"""The desk's console: its queue, the page of a contact, the phone log."""

from typing import Any

import pytest
from django.test import Client

from mainstay.kernel.access.actor import system
from mainstay.kernel.people.actions import create_person, create_team
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.records.actions import add_task, comment
from mainstay.kernel.records.models import Record
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions, queries
from mainstay.support.service_desk.models import Contact
from mainstay.support.service_desk.queries.desk import callers, first_contact
from tests.world import World, signed_in, statements

pytestmark = pytest.mark.django_db
BY = system("command")
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def desk(world: World) -> World:
    put(kinds()["desks"], "desk", {"name": "The desk", "team": "desk"}, by=BY)
    return world


@pytest.fixture
def adam(desk: World) -> Client:
    return signed_in(desk.agent)


@pytest.fixture
def contact(desk: World) -> Contact:
    return actions.create(by=desk.as_requester(), title="The printer is silent", description="Since today.")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_page_of_a_contact_shows_its_words_its_owner_and_only_the_moves_allowed_now(
    adam: Client, contact: Contact
) -> None:
    page = text(adam.get(f"/desk/{contact.number}/"))
    for words in ("Since today.", "Rita Requester", "Service desk", "Answer", "Turn into an incident", "Start work"):
        assert words in page
    assert "/do/reopen/" not in page
    assert signed_in(contact.requester).get(f"/desk/{contact.number}/").status_code == 404


def test_a_contact_is_answered_from_its_page(adam: Client, contact: Contact) -> None:
    address = f"/desk/{contact.number}/do/answer/"
    assert adam.post(address, {"solution": " "}).status_code == 422
    assert adam.post(address, {"solution": "Put the cable in."}).status_code == 303
    page = text(adam.get(f"/desk/{contact.number}/"))
    assert "Put the cable in." in page
    assert "Turn into an incident" not in page


def test_a_contact_becomes_an_incident_from_its_page_and_its_address_leads_there(
    adam: Client, contact: Contact
) -> None:
    address = f"/desk/{contact.number}/turn-into-incident/"
    assert "Leave it open to let the rules decide." in text(adam.get(address))
    answer = adam.post(address, {"impact": "1", "urgency": "1", "version": contact.version})
    incident = Incident.objects.get()
    assert answer.headers["Location"] == f"/incidents/{incident.number}/"
    assert (incident.priority, incident.pk) == (1, contact.pk)
    page = text(adam.get(answer.headers["Location"]))
    assert "Since today." in page
    assert f"found out what it is: it was {contact.number} before" in page
    history = text(adam.get(f"/incidents/{incident.number}/history/"))
    assert "Contact" in history
    lead = adam.get(f"/desk/{contact.number}/").headers["Location"]
    assert adam.get(lead).headers["Location"] == f"/incidents/{incident.number}/"
    late = adam.post(f"/desk/{contact.number}/comments/", {"body": "Too late", "visibility": "internal"})
    assert (late.status_code, incident.number in text(late)) == (409, True)


def test_who_comes_second_keeps_what_was_typed(adam: Client, contact: Contact, desk: World) -> None:
    actions.edit(contact, by=desk.as_agent(), version=1, values={"title": "Silent printer"})
    address = f"/desk/{contact.number}/"
    answer = adam.post(f"{address}turn-into-incident/", {"impact": "2", "urgency": "2", "version": "1"})
    assert (answer.status_code, "Somebody else has changed this" in text(answer)) == (422, True)
    edited = {"title": "The printer is silent", "initial-title": "The printer is silent", "version": "1"}
    fields = {"description": "Since Monday.", "initial-description": "Since today.", "type": "case", "access": "public"}
    seen = adam.post(f"{address}edit/", {**edited, **fields, "initial-type": "case", "initial-access": "public"})
    assert (seen.status_code, "Since Monday." in text(seen), "Silent printer" in text(seen)) == (409, True, True)


def test_the_queue_holds_every_kind_and_its_filters_find_what_they_say(
    adam: Client, contact: Contact, desk: World
) -> None:
    other = actions.create(by=desk.as_requester(), title="No network")
    taken = actions.turn_into_incident(other, by=desk.as_agent(), version=1)
    direct = incidents.create(by=desk.as_requester(), title="Opened directly")
    complaint = actions.create(by=desk.as_requester(), title="It takes too long", type="complaint")
    everything = {contact.number, taken.number, direct.number, complaint.number}
    expected = {
        "": everything,
        "kind=contact": {contact.number, complaint.number},
        "kind=incident&phase=open": {taken.number, direct.number},
        "owner=mine": {contact.number, taken.number, complaint.number},
        "owner=desk&kind=incident": {taken.number},
        "type=complaint": {complaint.number},
        "type=case": {contact.number},
        "state=answered": set(),
        "q=network": {taken.number},
    }
    for query, numbers in expected.items():
        page = text(adam.get(f"/desk/?{query}"))
        assert {number for number in everything if f">{number}<" in page} == numbers, query
    assert adam.get("/desk/?kind=nothing").status_code == 422
    page = text(adam.get("/desk/?columns=kind,owner,due"))
    for words in ("Contact", "Incident", "Service desk"):
        assert f'<td class="name">{words}</td>' in page
    assert text(adam.get("/desk/filters/?kind=contact")).count("checked") == 1 + len(("number",)) + 6


def test_the_desk_keeps_what_it_took_in_until_the_user_confirms_whoever_works_on_it(
    adam: Client, contact: Contact, desk: World
) -> None:
    from mainstay.kernel.access.actions import give
    from mainstay.kernel.access.models import Role
    from mainstay.kernel.records.models import Category

    network = create_team(by=BY, slug="network", name="Network", organisation=desk.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=desk.organisation, team=network)
    incident = actions.turn_into_incident(contact, by=desk.as_agent(), version=1, team=network)
    taken_in = "/desk/?phase=open&phase=paused&phase=resolved&owner=mine"
    assert (incident.team, incident.owner) == (network, desk.team)
    assert incident.number in text(adam.get(taken_in))
    other = Category.objects.get(slug="other")
    incidents.resolve(incident, by=desk.as_agent(), solution="Done.", closing_category=other)
    assert incident.number in text(adam.get(taken_in))
    incidents.close(incident, by=desk.as_requester())
    assert f">{incident.number}<" not in text(adam.get(taken_in))


def test_the_caller_is_found_by_name_address_telephone_and_case_number(desk: World, contact: Contact) -> None:
    Person.objects.filter(pk=desk.requester.pk).update(phone="+49 341 555-0100")
    actor = desk.as_agent()
    for words in ("rita", "Requester", "rita@acme", "0341 5550100", "341 555", contact.number.lower()):
        assert callers(actor, words) == [desk.requester], words
    for words in ("", "  ", "%", "sven", "sven@rival.example", "SD-999999", "12"):
        assert callers(actor, words) == [], words
    assert callers(desk.as_stranger(), "rita") == callers(desk.as_stranger(), contact.number) == []
    assert callers(desk.as_requester(), "rita") == []


def test_the_phone_log_shows_who_calls_and_what_they_have(adam: Client, contact: Contact, desk: World) -> None:
    comment(contact, by=desk.as_agent(), body="Between us.", visibility="internal")
    old = actions.create(by=desk.as_requester(), title="Old story")
    actions.cancel(old, by=desk.as_agent(), reason="Twice")
    address = f"/desk/phone/{desk.requester.uuid}/"
    assert address in text(adam.get("/desk/phone/?q=rita", headers=HTMX))
    page = text(adam.get(address))
    for words in ("rita@acme.example", "Acme", contact.number, old.number, "Open cases", "Last cases"):
        assert words in page
    assert adam.get(f"/desk/phone/{desk.stranger.uuid}/").status_code == 404
    assert signed_in(desk.requester).get("/desk/phone/").status_code == 404


@pytest.mark.parametrize(
    ("outcome", "kind", "state"),
    [("take_in", "contact", "new"), ("answer", "contact", "answered"), ("incident", "incident", "new")],
)
def test_a_call_is_taken_in_answered_or_turned_into_an_incident_from_one_page(
    adam: Client, desk: World, outcome: str, kind: str, state: str
) -> None:
    values = {"title": "No network", "description": "Room 12", "solution": "Plug it in.", "impact": "1", "urgency": "1"}
    answer = adam.post(f"/desk/phone/{desk.requester.uuid}/", {**values, "outcome": outcome})
    record = Record.objects.get()
    assert (record.kind, record.state, record.requester, record.owner) == (kind, state, desk.requester, desk.team)
    assert answer.headers["Location"].endswith(f"/{record.number}/")
    detail = Contact.objects.get() if kind == "contact" else Incident.objects.get()
    assert (detail.source, detail.description) == ("phone", "Room 12")


def test_a_refused_call_leaves_nothing_behind_but_what_was_typed(adam: Client, desk: World) -> None:
    address, values = f"/desk/phone/{desk.requester.uuid}/", {"title": "No network", "description": "A long story."}
    refused = adam.post(address, {**values, "outcome": "answer", "solution": ""})
    assert (refused.status_code, "A long story." in text(refused)) == (422, True)
    assert adam.post(address, {**values, "outcome": "something"}).status_code == 422
    assert adam.post(address, {**values, "for_whom": "nobody at all"}).status_code == 422
    assert adam.post(address, {**values, "outcome": "incident", "type": "complaint"}).status_code == 422
    assert not Record.objects.exists()


def test_somebody_calls_on_behalf_of_another(adam: Client, desk: World) -> None:
    otto = create_person(by=BY, name="Otto Other", email="otto@acme.example", organisation=desk.organisation)
    values = {"title": "No network", "for_whom": "otto@acme.example", "outcome": "take_in"}
    assert adam.post(f"/desk/phone/{desk.requester.uuid}/", values).status_code == 303
    contact = Contact.objects.get()
    assert contact.requester == otto
    assert contact.comments.get().body == "Rita Requester turned to us about it."
    assert contact.comments.get().visibility == "internal"


def test_a_complaint_has_its_own_owner_and_date_and_is_no_incident(adam: Client, contact: Contact, desk: World) -> None:
    quality = create_team(by=BY, slug="quality", name="Quality", organisation=desk.organisation)
    put(kinds()["desks"], "desk", {"name": "The desk", "team": "desk", "complaints": "quality"}, by=BY)
    shown = {"title": contact.title, "description": contact.description, "access": "public", "version": "1"}
    changed = {**shown, **{f"initial-{name}": value for name, value in shown.items()}, "initial-type": "case"}
    assert adam.post(f"/desk/{contact.number}/edit/", {**changed, "type": "complaint"}).status_code == 303
    complaint = queries.get(desk.as_agent(), contact.number)
    assert complaint.owner == quality
    assert complaint.due is not None
    assert (complaint.due.date() - complaint.opened.date()).days == 14
    page = text(adam.get(f"/desk/{contact.number}/"))
    assert "Complaint" in page
    assert "due" in page
    assert "Turn into an incident" not in page
    refused = adam.post(f"/desk/{contact.number}/turn-into-incident/", {"version": "2"})
    assert (refused.status_code, "A complaint keeps its owner" in text(refused)) == (422, True)
    assert f">{contact.number}<" in text(adam.get("/desk/?type=complaint&owner=quality"))
    actions.edit(complaint, by=desk.as_agent(), version=complaint.version, values={"type": "case"})
    assert (complaint.owner, complaint.due) == (desk.team, None)


def test_what_was_solved_at_first_contact_is_counted_with_its_formula(adam: Client, desk: World) -> None:
    answered, reopened, turned, _waiting = (
        actions.create(by=desk.as_requester(), title=f"Case {number}") for number in range(4)
    )
    for each in (answered, reopened):
        actions.answer(each, by=desk.as_agent(), solution="Try again.")
    actions.reopen(reopened, by=desk.as_requester(), reason="No")
    actions.answer(reopened, by=desk.as_agent(), solution="And again.")
    actions.turn_into_incident(turned, by=desk.as_agent(), version=1)
    assert (first_contact(desk.as_agent()), first_contact(desk.as_agent()).rate) == ((1, 3), 33)
    assert first_contact(desk.as_stranger()) == (0, 0)
    assert "Solved at first contact: 33 %" in text(adam.get("/desk/"))


@pytest.mark.parametrize("address", ["/desk/", "/desk/?owner=mine&type=case", "record", "call"])
def test_a_page_takes_the_same_queries_for_one_row_and_for_many(
    adam: Client, contact: Contact, desk: World, address: str
) -> None:
    place = {"record": f"/desk/{contact.number}/", "call": f"/desk/phone/{desk.requester.uuid}/"}.get(address, address)
    counted = []
    for rows in (1, 3):
        for number in range(rows):
            actions.create(by=desk.as_requester(), title=f"Case {number}")
            comment(contact, by=desk.as_agent(), body=f"Word {number}")
            add_task(contact, by=desk.as_agent(), title=f"Task {number}")
        counted.append(statements(adam, place))
    assert counted[0] == counted[1]
