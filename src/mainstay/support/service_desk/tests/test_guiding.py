"""Checklists and runbooks on cases."""

from typing import Any

import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible, Stale
from mainstay.kernel.records.actions import complete_task
from mainstay.kernel.records.models import Category, Record, Task
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.engine.runbook import Wrong, parse
from mainstay.support.service_desk.models import AttachedChecklist, Checklist, Runbook, RunbookRun
from mainstay.support.service_desk.queries.guiding import checklists_for, runbooks_for, runs_on
from tests.world import World, signed_in

BY = system("command")
PRINTER = """
[light] Does it show a light?
- Yes -> paper
- No -> power

[paper] Clear the paper.
[power] Is it plugged in?
Look behind the desk.
- No -> plug
- Yes -> light
[plug] Plug it in.
"""


def prepare(kind: str, key: str, /, **values: Any) -> None:
    put(kinds()[kind], key, values, by=BY)


def category(slug: str) -> Category:
    return Category.objects.get(slug=slug)


def opened(world: World, slug: str = "hardware-printer") -> Incident:
    return incidents.create(by=world.as_agent(), title="Silent", requester=world.requester, category=category(slug))


def tasks(record: Record) -> list[tuple[str, bool]]:
    return list(Task.objects.filter(record_id=record.pk).values_list("title", "mandatory"))


def recategorised(world: World, incident: Incident, slug: str) -> None:
    incident.refresh_from_db()
    incidents.edit(incident, by=world.as_agent(), version=incident.version, values={"category": category(slug)})


def test_a_runbook_reads_as_it_is_written() -> None:
    steps = parse(PRINTER)
    assert list(steps) == ["light", "paper", "power", "plug"]
    assert steps["power"].words == "Is it plugged in?\nLook behind the desk."
    assert steps["power"].answers == [("No", "plug"), ("Yes", "light")]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "empty"),
        ("Hello", "line"),
        ("[a] A\n[a] B", "twice"),
        ("[a]", "words"),
        ("[a] A\n- Yes", "answer"),
        ("[a] A\n- Yes -> b", "nowhere"),
        ("[a] A\n[b] B", "unreachable"),
        ("[a] A\n" + "- Yes -> a\n" * 21, "many"),
    ],
)
def test_a_text_that_is_no_runbook_says_why(text: str, why: str) -> None:
    with pytest.raises(Wrong) as wrong:
        parse(text)
    assert wrong.value.why == why


@given(st.text(st.sampled_from("[ab]- >\nx"), max_size=60))
def test_whatever_is_written_is_refused_or_leads_somewhere_from_everywhere(text: str) -> None:
    try:
        steps = parse(text)
    except Wrong:
        return
    assert all(target in steps for step in steps.values() for _label, target in step.answers)
    assert all(step.words for step in steps.values())


@pytest.mark.django_db
def test_a_case_gets_the_checklists_of_its_category_and_of_those_above(world: World) -> None:
    prepare("checklists", "device", name="Device", items=["! Label it", "Look"], category="hardware", automatic=True)
    prepare("checklists", "by-hand", name="By hand", items=["Other"], category="hardware")
    prepare("checklists", "contacts", name="Contacts", items=["Greet"], kind="contact", automatic=True)
    prepare("checklists", "rivals", name="Rivals", items=["Spy"], organisation="rival", automatic=True)
    incident = opened(world)
    assert tasks(incident) == [("Label it", True), ("Look", False)]
    assert tasks(opened(world, "software")) == []
    contact = actions.create(by=world.as_requester(), title="Hello")
    assert tasks(contact) == [("Greet", False)]
    assert Event.objects.filter(name="incident.checklist_attached", record_id=incident.pk).count() == 1


@pytest.mark.django_db
def test_a_mandatory_item_keeps_the_case_from_being_resolved(world: World) -> None:
    prepare("checklists", "device", name="Device", items=["! Label it", "Look"], category="hardware", automatic=True)
    incident, agent = opened(world), world.as_agent()
    with pytest.raises(NotPossible, match="Mandatory"):
        incidents.resolve(incident, by=agent, solution="Done.", closing_category=category("other"))
    complete_task(Task.objects.get(mandatory=True), by=agent)
    incidents.resolve(incident, by=agent, solution="Done.", closing_category=category("other"))


@pytest.mark.django_db
def test_another_category_brings_its_checklists_and_takes_away_those_not_begun(world: World) -> None:
    prepare("checklists", "device", name="Device", items=["! Label it"], category="hardware", automatic=True)
    prepare("checklists", "program", name="Program", items=["Install"], category="software", automatic=True)
    prepare("checklists", "by-hand", name="By hand", items=["Ask"])
    incident = opened(world)
    actions.attach_checklist(Checklist.objects.get(slug="by-hand"), incident, by=world.as_agent())
    recategorised(world, incident, "software")
    assert tasks(incident) == [("Ask", False), ("Install", False)]
    complete_task(Task.objects.get(title="Install"), by=world.as_agent())
    recategorised(world, incident, "hardware")
    assert {title for title, _mandatory in tasks(incident)} == {"Ask", "Install", "Label it"}


@pytest.mark.django_db
def test_a_contact_that_becomes_an_incident_keeps_its_tasks_and_gets_those_of_incidents(world: World) -> None:
    prepare("checklists", "both", name="Both", items=["Greet"], automatic=True)
    prepare("checklists", "incidents", name="Incidents", items=["Mend"], kind="incident", automatic=True)
    contact = actions.create(by=world.as_requester(), title="Hello")
    incident = actions.turn_into_incident(contact, by=world.as_agent(), version=contact.version)
    assert tasks(incident) == [("Greet", False), ("Mend", False)]


@pytest.mark.django_db
def test_a_checklist_is_added_by_hand_once(world: World) -> None:
    prepare("checklists", "device", name="Device", items=["! Label it", "Look"])
    incident, adam = opened(world), signed_in(world.agent)
    address = f"/desk/records/{incident.number}/checklists/"
    assert address in adam.get(f"/incidents/{incident.number}/").content.decode()
    assert adam.post(address, {"checklist": "device"}).status_code == 303
    assert tasks(incident) == [("Label it", True), ("Look", False)]
    assert adam.post(address, {"checklist": "device"}).status_code == 422
    assert checklists_for(incident) == []
    assert address not in adam.get(f"/incidents/{incident.number}/").content.decode()
    assert signed_in(world.requester).get(address).status_code == 404
    with pytest.raises(NotPermitted):
        actions.attach_checklist(Checklist.objects.get(), incident, by=world.as_requester())
    assert AttachedChecklist.objects.count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize("items", [["!"], ["x" * 251]])
def test_an_item_that_says_nothing_or_too_much_is_refused(world: World, items: list[str]) -> None:
    with pytest.raises(Invalid) as refused:
        prepare("checklists", "device", name="Device", items=items)
    assert "items" in refused.value.errors


@pytest.fixture
def guided(world: World) -> Incident:
    prepare("runbooks", "printer", name="Silent printer", text=PRINTER, category="hardware")
    return opened(world)


@pytest.mark.django_db
def test_a_runbook_is_followed_beside_the_case_and_each_step_is_kept(world: World, guided: Incident) -> None:
    adam: Client = signed_in(world.agent)
    page = f"/incidents/{guided.number}/"
    assert "Silent printer" in adam.get(page).content.decode()
    adam.post(f"/desk/records/{guided.number}/runbooks/printer/")
    run = RunbookRun.objects.get()
    address = f"/desk/records/{guided.number}/runs/{run.uuid}/"
    adam.post(address, {"step": 0, "answer": 1})
    adam.post(address, {"step": 1, "answer": 0})
    shown = adam.get(page).content.decode()
    for words in ("Does it show a light?", "Look behind the desk.", "Plug it in.", "Take back"):
        assert words in shown
    ((followed,),) = (runs_on(guided),)
    assert [(step.answer, step.person) for step in followed.taken] == [("No", world.agent), ("No", world.agent)]
    assert followed.answers == []
    adam.post(address, {"step": 2, "back": "yes"})
    assert runs_on(guided)[0].question.startswith("Is it plugged in?")
    told = Event.objects.filter(record_id=guided.pk, name__contains="runbook").order_by("id")
    assert [event.name.partition(".")[2] for event in told] == [
        "runbook_started",
        "runbook_answered",
        "runbook_answered",
        "runbook_taken_back",
    ]
    assert {event.actor_id for event in told} == {world.agent.pk}
    assert signed_in(world.requester).post(address, {"step": 1, "answer": 0}).status_code == 404


@pytest.mark.django_db
def test_of_two_who_answer_at_once_one_is_told_to_look_again(world: World, guided: Incident) -> None:
    agent = world.as_agent()
    run = actions.start_runbook(Runbook.objects.get(), guided, by=agent)
    actions.answer_runbook(run, guided, by=agent, step=0, answer=0)
    with pytest.raises(Stale):
        actions.answer_runbook(run, guided, by=agent, step=0, answer=1)
    with pytest.raises(Invalid):
        actions.answer_runbook(run, guided, by=agent, step=1, answer=0)


@pytest.mark.django_db
def test_a_runbook_in_use_goes_on_as_it_was_when_it_is_written_anew(world: World, guided: Incident) -> None:
    agent = world.as_agent()
    run = actions.start_runbook(Runbook.objects.get(), guided, by=agent)
    prepare("runbooks", "printer", text="[only] Call the vendor.")
    actions.answer_runbook(run, guided, by=agent, step=0, answer=0)
    assert runs_on(guided)[0].question == "Clear the paper."


@pytest.mark.django_db
def test_a_runbook_is_offered_for_its_category_only(world: World, guided: Incident) -> None:
    assert [each.slug for each in runbooks_for(guided)] == ["printer"]
    assert runbooks_for(opened(world, "software")) == []
    with pytest.raises(Invalid) as refused:
        prepare("runbooks", "printer", text="[a] A\n- Yes -> b")
    assert "leads to b" in refused.value.errors["text"]
