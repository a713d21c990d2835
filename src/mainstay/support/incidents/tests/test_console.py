"""The console's pages, through the browser's own requests."""

import json

import pytest
from django.test import Client

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.records.actions import comment
from mainstay.kernel.records.models import AttributeDefinition, Category, Link, Task
from mainstay.kernel.records.queries import comments_for
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import Incident
from tests.world import World, statements

HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}


@pytest.fixture
def agent(world: World) -> Client:
    client = Client()
    client.force_login(world.agent)
    return client


@pytest.fixture
def requester(world: World) -> Client:
    client = Client()
    client.force_login(world.requester)
    return client


@pytest.fixture
def incident(world: World) -> Incident:
    return actions.create(by=world.as_requester(), title="The printer does not print", description="Since today.")


def at(incident: Incident, *rest: str) -> str:
    return "/".join(["/incidents", incident.number, *rest, ""])


def now(world: World, incident: Incident) -> Incident:
    return queries.get(world.as_agent(), incident.number)


def test_the_record_page_shows_the_words_of_the_caller_and_only_the_moves_allowed_now(
    agent: Client, incident: Incident
) -> None:
    page = agent.get(at(incident)).content.decode()
    assert "The printer does not print" in page
    assert "Since today." in page
    assert at(incident, "do", "start") in page
    assert at(incident, "do", "reopen") not in page


@pytest.mark.parametrize("rest", [(), ("history",), ("peek",), ("edit",), ("do", "assign"), ("do", "hold")])
def test_a_requester_finds_nothing_in_the_console_where_an_agent_does(
    agent: Client, requester: Client, incident: Incident, rest: tuple[str, ...]
) -> None:
    assert requester.get(at(incident, *rest)).status_code == 404
    assert agent.get(at(incident, *rest)).status_code == 200


def test_another_spelling_of_a_number_leads_to_the_page(agent: Client, incident: Incident) -> None:
    answer = agent.get(at(incident).lower())
    assert (answer.status_code, answer.headers["Location"]) == (303, at(incident))


def test_a_move_without_questions_is_made_at_once_and_answers_the_page_in_place(
    agent: Client, world: World, incident: Incident
) -> None:
    answer = agent.post(at(incident, "do", "start"), headers=HTMX)
    assert answer.status_code == 200
    assert answer.content.startswith(b"\n") or b"<html" not in answer.content
    assert now(world, incident).state == "in_progress"


def test_a_refused_form_brings_back_what_was_typed(agent: Client, world: World, incident: Incident) -> None:
    answer = agent.post(at(incident, "do", "resolve"), {"solution": "The cable was out."}, headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (422, "#work")
    assert "The cable was out." in answer.content.decode()
    assert now(world, incident).state == "new"


def test_an_incident_is_resolved_with_its_solution(agent: Client, world: World, incident: Incident) -> None:
    category = Category.objects.get(slug="hardware-printer")
    agent.post(at(incident, "do", "resolve"), {"solution": "The cable was out.", "closing_category": category.slug})
    resolved = now(world, incident)
    assert (resolved.state, resolved.closing_category) == ("resolved", category)
    assert "The cable was out." in agent.get(at(incident)).content.decode()


def test_the_queue_shows_what_the_address_asks_for(agent: Client, world: World, incident: Incident) -> None:
    other = actions.create(by=world.as_requester(), title="No network")
    actions.start(other, by=world.as_agent())
    page = agent.get("/incidents/?state=new").content.decode()
    assert incident.number in page
    assert other.number not in page
    assert agent.get("/incidents/?colour=blue").status_code == 422


def form_of(incident: Incident, **typed: str) -> dict[str, str]:
    """What a browser sends from the edit form: every field, and the hidden twins of what was shown."""
    shown = {
        "title": incident.title,
        "description": incident.description,
        "impact": str(incident.impact),
        "urgency": str(incident.urgency),
        "access": incident.access,
        "call_back": incident.call_back,
        "category": incident.category.slug if incident.category else "",
    }
    twins = {f"initial-{name}": value for name, value in shown.items()}
    return {**shown, **twins, "version": str(incident.version), **typed}


def test_an_edit_saves_what_was_touched_and_says_why_the_priority_is_what_it_is(
    agent: Client, world: World, incident: Incident
) -> None:
    agent.post(at(incident, "edit"), form_of(incident, impact="1", urgency="1", category="hardware-printer"))
    edited = now(world, incident)
    assert (edited.priority, edited.category and edited.category.slug) == (1, "hardware-printer")
    history = agent.get(at(incident, "history")).content.decode()
    assert "Planning" in history
    assert "Critical" in history


def test_how_the_caller_wants_to_be_reached_is_taken_down_corrected_and_kept_in_the_history(
    agent: Client, world: World
) -> None:
    values = {"requester": "rita@acme.example", "title": "No light", "impact": "3", "urgency": "3"}
    assert agent.post("/incidents/new/", {**values, "call_back": "Room 12"}).status_code == 303
    incident = queries.get(world.as_agent(), Incident.objects.get().number)
    assert "Room 12" in agent.get(at(incident, "edit")).content.decode()
    agent.post(at(incident, "edit"), form_of(incident, call_back="0341 5550100"))
    assert "0341 5550100" in agent.get(at(incident)).content.decode()
    history = agent.get(at(incident, "history")).content.decode()
    assert [word in history for word in ("Call back", "Room 12", "0341 5550100")] == [True, True, True]
    assert [row.call_back for row in incident.incident_history.all()] == ["Room 12"]


def test_the_second_to_save_sees_what_changed_and_loses_nothing(
    agent: Client, world: World, incident: Incident
) -> None:
    second = form_of(incident, description="It is the cable, I think.")
    agent.post(at(incident, "edit"), form_of(incident, title="The printer in room 12 does not print"))
    answer = agent.post(at(incident, "edit"), second, headers=HTMX)
    page = answer.content.decode()
    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#work")
    assert "It is the cable, I think." in page
    assert "<ins>The printer in room 12 does not print</ins>" in page
    assert now(world, incident).description == "Since today."
    merged = form_of(now(world, incident), description="It is the cable, I think.")
    agent.post(at(incident, "edit"), merged)
    saved = now(world, incident)
    assert (saved.title, saved.description) == ("The printer in room 12 does not print", "It is the cable, I think.")


def test_a_comment_goes_to_whom_it_is_meant_for_and_a_refused_one_comes_back(
    agent: Client, world: World, incident: Incident
) -> None:
    agent.post(at(incident, "comments"), {"body": "Is the cable in?", "visibility": "public"})
    agent.post(at(incident, "comments"), {"body": "Not the sharpest.", "visibility": "internal"})
    seen = comments_for(world.as_requester(), incident)
    assert [comment.body for comment in seen] == ["Is the cable in?"]
    refused = agent.post(at(incident, "comments"), {"body": "Kept text", "visibility": "secret"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Kept text" in refused.content.decode()


def test_an_assignment_can_be_taken_back(agent: Client, world: World, incident: Incident) -> None:
    actions.assign(incident, by=world.as_agent(), team=world.team)
    chosen = {"team": world.team.slug, "person": str(world.agent.uuid)}
    answer = agent.post(at(incident, "do", "assign"), chosen, headers=HTMX)
    assert now(world, incident).assignee == world.agent
    undo = json.loads(answer.headers["HX-Trigger"])["toasts"]["messages"][0]["undo"]
    agent.post(undo, headers=HTMX)
    taken_back = now(world, incident)
    assert (taken_back.team, taken_back.assignee) == (world.team, None)


def test_tasks_links_and_working_time_are_kept_on_the_record(agent: Client, world: World, incident: Incident) -> None:
    child = actions.create(by=world.as_requester(), title="Mine neither")
    agent.post(at(incident, "tasks"), {"title": "Look at the cable", "mandatory": "on"})
    agent.post(at(incident, "links"), {"relation": "child", "number": child.number.lower()})
    agent.post(at(incident, "work"), {"minutes": "25", "note": "On the phone"})
    page = agent.get(at(incident)).content.decode()
    assert all(words in page for words in ("Look at the cable", child.number, "25 minutes"))
    task, link = Task.objects.get(), Link.objects.get()
    assert (link.kind, link.source_id, link.target_id) == ("parent_of", incident.pk, child.pk)
    agent.post(at(incident, "tasks", str(task.uuid), "done"))
    removed = agent.post(at(incident, "links", str(link.uuid), "remove"), headers=HTMX)
    assert not Link.objects.exists()
    agent.post(json.loads(removed.headers["HX-Trigger"])["toasts"]["messages"][-1]["undo"], headers=HTMX)
    again = Link.objects.get()
    assert (again.kind, again.source_id, again.target_id) == ("parent_of", incident.pk, child.pk)
    agent.post(at(incident, "links", str(again.uuid), "remove"))
    assert Task.objects.get().done is not None
    assert not Link.objects.exists()
    assert agent.post(at(child, "tasks", str(task.uuid), "done")).status_code == 404


def test_a_link_to_what_one_may_not_see_reads_like_one_to_nothing(
    agent: Client, world: World, incident: Incident
) -> None:
    hidden = actions.create(by=world.as_stranger(), title="Not yours")
    for number in (hidden.number, "INC-999999"):
        answer = agent.post(at(incident, "links"), {"relation": "child", "number": number})
        assert answer.status_code == 422
        assert "There is nothing here, or you may not see it." in answer.content.decode()


@pytest.mark.parametrize("caller", ["rita@acme.example", "Rita Requester", "Rita Requester <rita@acme.example>"])
def test_an_agent_opens_an_incident_for_a_caller(agent: Client, world: World, caller: str) -> None:
    answer = agent.post("/incidents/new/", {"requester": caller, "title": "No network", "impact": "1", "urgency": "2"})
    opened = Incident.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (303, at(opened))
    assert (opened.requester, opened.priority, opened.source) == (world.requester, 2, "console")


def test_a_caller_of_another_organisation_reads_like_nobody(agent: Client, world: World) -> None:
    for caller in ("sven@rival.example", "nobody@rival.example"):
        form = {"requester": caller, "title": "No network", "impact": "3", "urgency": "3"}
        answer = agent.post("/incidents/new/", form)
        assert answer.status_code == 422
        assert "Nobody here has this name or address." in answer.content.decode()
    assert "Sven" not in agent.get("/incidents/new/callers/?requester=sven").content.decode()
    assert "Rita" in agent.get("/incidents/new/callers/?requester=rita").content.decode()


def test_a_custom_field_is_asked_for_and_kept(agent: Client, world: World, incident: Incident) -> None:
    AttributeDefinition.objects.create(kind="incident", slug="room", label="Room", type="text", required=True)
    form = {"requester": "rita@acme.example", "title": "No network", "impact": "3", "urgency": "3"}
    assert agent.post("/incidents/new/", form).status_code == 422
    agent.post("/incidents/new/", {**form, "attributes.room": "12"})
    opened = Incident.objects.get(title="No network")
    assert opened.attributes == {"room": "12"}
    twins = {"attributes.room": "14", "initial-attributes.room": "12"}
    agent.post(at(opened, "edit"), {**form_of(opened), **twins})
    assert now(world, opened).attributes == {"room": "14"}


def test_only_who_may_override_sets_a_priority_and_says_why(agent: Client, world: World, incident: Incident) -> None:
    form = {"priority": "1", "reason": "The boss waits", "version": str(incident.version)}
    assert agent.post(at(incident, "priority"), form).status_code == 404
    role = Role.objects.get(slug="manager")
    give(role, by=system("command"), organisation=world.organisation, person=world.agent)
    assert agent.post(at(incident, "priority"), {**form, "reason": ""}).status_code == 422
    agent.post(at(incident, "priority"), form)
    assert now(world, incident).priority == 1
    assert "The boss waits" in agent.get(at(incident)).content.decode()


def test_what_comes_again_after_closing_is_a_new_incident(agent: Client, world: World, incident: Incident) -> None:
    actions.cancel(incident, by=world.as_agent(), reason="A test")
    answer = agent.post(at(incident, "follow-up"), {"reason": "It is back."})
    follower = Incident.objects.exclude(pk=incident.pk).get()
    assert answer.headers["Location"] == at(follower)
    assert incident.number in agent.get(at(follower)).content.decode()


def test_the_record_page_takes_as_many_queries_for_many_entries_as_for_few(
    agent: Client, world: World, incident: Incident
) -> None:
    def talk(times: int) -> int:
        for _each in range(times):
            comment(incident, by=world.as_agent(), body="Hello", visibility="public")
            comment(incident, by=world.as_requester(), body="Hello")
        return statements(agent, at(incident))

    agent.get(at(incident))
    few = talk(1)
    assert talk(9) == few
    assert few <= 19
