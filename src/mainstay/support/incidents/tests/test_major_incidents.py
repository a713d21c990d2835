"""Major incidents: proposed, decided, led, ended, looked back on (IM-11)."""

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from mainstay.kernel.access.actions import change_setting, give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.actions import deliver
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.queries import recipients_of
from mainstay.kernel.people.actions import create_person, join_team
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible
from mainstay.kernel.records.actions import add_task, comment, link, promise
from mainstay.support.incidents import actions
from mainstay.support.incidents.actions import major as deeds
from mainstay.support.incidents.models import Incident, MajorIncident
from tests.api.conftest import caller
from tests.world import World, signed_in


@pytest.fixture
def manager(world: World) -> Client:
    """Adam, who is incident manager as well."""
    give(Role.objects.get(slug="manager"), by=system("command"), organisation=world.organisation, person=world.agent)
    return signed_in(world.agent)


@pytest.fixture
def outage(world: World) -> Incident:
    return actions.create(by=world.as_agent(), title="No mail for anybody", requester=world.requester, team=world.team)


def text(answer: Any) -> str:
    body = b"".join(answer) if answer.streaming else answer.content
    return unescape(body.decode())


def steps(incident: Incident) -> list[str]:
    names = (
        Event.objects.filter(record_id=incident.pk, name__contains="major")
        .order_by("id")
        .values_list("name", flat=True)
    )
    return [name.removeprefix("incident.major_") for name in names]


def test_a_major_incident_goes_from_proposal_to_review(world: World, manager: Client, outage: Incident) -> None:
    base = f"/incidents/{outage.number}/major/"
    assert manager.get(base).status_code == 404
    assert "Propose as major incident" in text(manager.get(f"/incidents/{outage.number}/"))
    assert manager.post(f"{base}propose/", {"reason": "The whole house"}).status_code == 303
    assert "Accept as major incident" in text(manager.get(base))
    assert manager.post(f"{base}accept/", {"leader": str(world.agent.uuid)}).status_code == 303
    add_task(outage, by=world.as_agent(), title="Tell the branches every hour")
    comment(outage, by=world.as_agent(), body="We know and are working on it.", visibility="public")
    page = text(manager.get(base))
    for words in ("Adam Agent", "Tell the branches every hour", "We know and are working on it.", "The whole house"):
        assert words in page
    assert manager.post(f"{base}end/", {"reason": "The store was moved"}).status_code == 303
    refused = manager.post(f"{base}review/", {"went_well": "Quick calls"})
    assert (refused.status_code, "Quick calls" in text(refused)) == (422, True)
    assert manager.post(f"{base}review/", {"causes": "A full disk", "went_well": "Quick calls"}).status_code == 303
    assert "A full disk" in text(manager.get(base))
    assert steps(outage) == ["proposed", "accepted", "ended", "reviewed"]


def test_a_rejected_proposal_says_why_and_may_come_again(world: World, manager: Client, outage: Incident) -> None:
    base = f"/incidents/{outage.number}/major/"
    manager.post(f"{base}propose/", {"reason": "Perhaps"})
    assert manager.post(f"{base}reject/", {"reason": ""}).status_code == 422
    manager.post(f"{base}reject/", {"reason": "Only one floor"})
    assert "Only one floor" in text(manager.get(base))
    manager.post(f"{base}propose/", {"reason": "Now all floors"})
    assert MajorIncident.objects.get().stage == "candidate"
    assert steps(outage) == ["proposed", "rejected", "proposed"]


def test_only_who_may_decides(world: World, outage: Incident) -> None:
    agent = world.as_agent()
    major = actions.propose_major(outage, by=agent, reason="The whole house")
    with pytest.raises(NotPermitted):
        deeds.accept(major, by=agent, leader=world.agent)
    base = f"/incidents/{outage.number}/major/"
    adam = signed_in(world.agent)
    assert "Accept as major incident" not in text(adam.get(base))
    refused = adam.post(f"{base}accept/", {"leader": str(world.agent.uuid)})
    assert (refused.status_code, MajorIncident.objects.get().stage) == (422, "candidate")
    for person in (world.requester, world.stranger):
        assert signed_in(person).get(base).status_code == 404


def test_of_two_decisions_one_counts(world: World, manager: Client, outage: Incident) -> None:
    by = world.as_agent()
    first = actions.propose_major(outage, by=by, reason="The whole house")
    second = MajorIncident.objects.select_related("incident").get()
    deeds.accept(first, by=by, leader=world.agent)
    with pytest.raises(NotPossible):
        deeds.reject(second, by=by, reason="No")
    assert MajorIncident.objects.get().stage == "accepted"
    with pytest.raises(NotPossible):
        actions.propose_major(outage, by=by, reason="Again")


def test_a_highest_priority_or_many_children_propose_by_themselves_if_wanted(world: World) -> None:
    by = world.as_agent()
    assert not MajorIncident.objects.exists()
    actions.create(by=by, title="Quiet", requester=world.requester, impact=1, urgency=1)
    assert not MajorIncident.objects.exists(), "nothing is proposed unless an administrator wants it"
    change_setting(by=system("command"), key="incidents.major_from_priority", value=1)
    change_setting(by=system("command"), key="incidents.major_from_children", value=2)
    actions.create(by=by, title="Not yet", requester=world.requester)
    critical = actions.create(by=by, title="All is dark", requester=world.requester, impact=1, urgency=1)
    assert [each.incident_id for each in MajorIncident.objects.all()] == [critical.pk]
    parent, *children = (actions.create(by=by, title=f"Case {n}", requester=world.requester) for n in range(3))
    link(parent, "parent_of", children[0], by=by)
    assert MajorIncident.objects.count() == 1
    link(parent, "parent_of", children[1], by=by)
    assert MajorIncident.objects.filter(incident=parent).exists()


def test_the_page_counts_cases_and_people(world: World, manager: Client, outage: Incident) -> None:
    by = world.as_agent()
    other = create_person(by=system("command"), name="Otto", email="otto@acme.example", organisation=world.organisation)
    for requester in (world.requester, other, other):
        child = actions.create(by=by, title="My mail does not come", requester=requester)
        link(outage, "parent_of", child, by=by)
    actions.propose_major(outage, by=by, reason="Three already")
    page = text(manager.get(f"/incidents/{outage.number}/major/"))
    assert "3 linked cases" in page
    assert "2 people affected" in page
    assert "No mail for anybody" in text(manager.get("/incidents/")).partition("<table")[0]
    assert "Proposed" in text(manager.get(f"/incidents/{outage.number}/"))


def test_the_report_holds_all_of_it_and_is_for_those_who_work_on_it(
    world: World, manager: Client, outage: Incident
) -> None:
    by = world.as_agent()
    major = deeds.accept(actions.propose_major(outage, by=by, reason="The whole house"), by=by, leader=world.agent)
    deeds.end(major, by=by, reason="The store was moved")
    deeds.review(major, by=by, causes="A full disk", to_improve="Watch the disk")
    add_task(outage, by=by, title="Order a larger disk")
    path = f"/incidents/{outage.number}/major/report/"
    page = text(manager.get(f"{path}html/"))
    for words in (
        "Report of a major incident",
        "A full disk",
        "Watch the disk",
        "Order a larger disk",
        "The store was moved",
    ):
        assert words in page
    assert manager.get(f"{path}pdf/").content[:5] == b"%PDF-"
    assert manager.get(f"{path}exe/").status_code == 404
    for person in (world.requester, world.stranger):
        assert signed_in(person).get(f"{path}html/").status_code == 404


def test_a_program_takes_the_same_steps(world: World, manager: Client, outage: Incident) -> None:
    api, path = caller(world.agent), f"/incidents/{outage.number}/major"
    assert api.get(path).status_code == 404
    made = api.post(path, {"reason": "The whole house"})
    assert (made.status_code, made.json()["stage"], made.headers["Location"]) == (201, "candidate", f"/api/v1{path}")
    assert api.post(f"{path}/accept", {"leader": "nobody@acme.example"}).status_code == 422
    assert api.post(f"{path}/accept", {"leader": "adam@acme.example"}).json()["leader"]["name"] == "Adam Agent"
    assert api.post(f"{path}/reject", {"reason": "No"}).status_code == 409
    assert api.post(f"{path}/end", {"reason": "Restored"}).json()["stage"] == "ended"
    assert api.post(f"{path}/review", {"causes": "A full disk"}).json()["causes"] == "A full disk"
    assert "A full disk" in text(api.get(f"{path}/report", Accept="text/html"))
    assert caller(world.requester).get(path).status_code == 404
    assert caller(world.stranger).post(f"{path}/end", {"reason": "x"}).status_code == 404


def test_those_who_decide_and_those_who_lead_hear_of_it(world: World, outage: Incident) -> None:
    by = system("command")
    people = [
        create_person(by=by, name=name, email=f"{name}@acme.example", organisation=world.organisation)
        for name in ("mia", "lea", "nils")
    ]
    mia, lea, nils = people
    for person in (lea, nils):
        join_team(person, world.team, by=by)
    give(Role.objects.get(slug="manager"), by=by, organisation=world.organisation, person=mia)
    major = actions.propose_major(outage, by=world.as_agent(), reason="The whole house")
    proposed = Event.objects.get(name="incident.major_proposed")
    assert recipients_of(proposed) == {mia.pk}
    deeds.accept(major, by=actor_for(mia, door="page"), leader=lea, speaker=nils)
    accepted = Event.objects.get(name="incident.major_accepted")
    assert recipients_of(accepted) == {lea.pk, nils.pk}
    assert set(outage.watches.values_list("person", flat=True)) == {lea.pk, nils.pk}
    deliver(accepted.pk)
    assert set(Notification.objects.filter(event="incident.major_accepted").values_list("person", flat=True)) == {
        lea.pk,
        nils.pk,
    }
    deeds.appoint(major, by=actor_for(mia, door="page"), leader=nils)
    assert recipients_of(Event.objects.get(name="incident.major_appointed")) == {nils.pk}


def test_whoever_acts_on_the_page_of_the_response_stays_there(world: World, manager: Client, outage: Incident) -> None:
    actions.propose_major(outage, by=world.as_agent(), reason="The whole house")
    task = add_task(outage, by=world.as_agent(), title="Tell the branches")
    record, page = f"/incidents/{outage.number}/", f"/incidents/{outage.number}/major/"
    within = {"HX-Request": "true", "HX-Request-Type": "partial"}
    sent = manager.post(
        f"{record}tasks/{task.uuid}/done/", headers={**within, "HX-Current-URL": f"http://testserver{page}"}
    )
    assert (sent.status_code, sent.headers["HX-Redirect"]) == (204, page)
    for here in (record, "http://elsewhere.example/", "/incidents/", ""):
        answer = manager.post(f"{record}tasks/{task.uuid}/reopen/", headers={**within, "HX-Current-URL": here})
        assert (answer.status_code, "HX-Redirect" in answer.headers) == (200, False), here


def test_the_page_leads_to_a_message_to_all_and_promises_the_next(
    world: World, manager: Client, outage: Incident
) -> None:
    by = world.as_agent()
    child = actions.create(by=by, title="My mail does not come", requester=world.requester)
    link(outage, "parent_of", child, by=by)
    actions.propose_major(outage, by=by, reason="The whole house")
    add_task(outage, by=by, title="Tell the branches", due=timezone.now() - timedelta(hours=1))
    page = text(manager.get(f"/incidents/{outage.number}/major/"))
    assert f"/desk/broadcasts/new/?parent={outage.number}" in page
    assert "1 of them open" in page
    assert "overdue" in page
    promise(outage, by=by, at=timezone.now() + timedelta(hours=1))
    assert "Change" in text(manager.get(f"/incidents/{outage.number}/major/")).partition("Next news to the caller")[2]


def test_what_was_learnt_has_an_end(world: World, manager: Client, outage: Incident) -> None:
    by = actor_for(world.agent, door="page")
    major = deeds.accept(actions.propose_major(outage, by=by, reason="The whole house"), by=by, leader=world.agent)
    deeds.end(major, by=by, reason="Restored")
    with pytest.raises(Invalid, match="10000"):
        deeds.review(major, by=by, causes="x" * 10_001)
    assert deeds.review(major, by=by, causes="x" * 10_000).causes == "x" * 10_000
