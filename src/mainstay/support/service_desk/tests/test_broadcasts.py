from typing import Any

import pytest

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_person, deactivate
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted
from mainstay.kernel.records.actions import link
from mainstay.kernel.records.models import Comment, Record
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Broadcast, BroadcastTarget
from mainstay.support.service_desk.queries import broadcasts
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db

WORDS = "Please use the printer on the first floor."


@pytest.fixture
def parent(world: World) -> Incident:
    return incidents.create(by=world.as_agent(), title="No printer prints", requester=world.agent)


@pytest.fixture
def family(world: World, parent: Incident) -> list[Incident]:
    """Two cases of one requester, one of another, and one that is done: all below one parent."""
    other = create_person(by=system("command"), name="Otto Other", organisation=world.organisation)
    by, agent = world.as_requester(), world.as_agent()
    made = [incidents.create(by=by, title=title) for title in ("First", "Second")]
    made.append(incidents.create(by=agent, title="Third", requester=other))
    made.append(incidents.create(by=by, title="Withdrawn"))
    for child in made:
        link(parent, "parent_of", child, by=agent)
    incidents.cancel(made[-1], by=agent, reason="No longer")
    return made


def send(world: World, cases: list[Any], parent: Record | None = None) -> Broadcast:
    row = actions.broadcast(by=world.as_agent(), body=WORDS, cases=cases, parent=parent)
    run("service_desk.broadcast", "notify.deliver")
    return row


def states(row: Broadcast) -> dict[str, str]:
    return dict(row.targets.values_list("record__title", "state"))


def test_a_message_reaches_every_open_child_and_each_requester_is_told_once(
    world: World, parent: Incident, family: list[Incident]
) -> None:
    run("notify.deliver")
    before = Notification.objects.filter(person=world.requester).count()
    cases = broadcasts.children(world.as_agent(), parent)
    assert [case.title for case in cases] == ["First", "Second", "Third"]
    row = send(world, cases, parent)
    assert states(row) == {"First": "written", "Second": "written", "Third": "written"}
    written = Comment.objects.filter(body=WORDS)
    assert {comment.record_id for comment in written} == {case.pk for case in cases}
    assert {(comment.author_id, comment.visibility) for comment in written} == {(world.agent.pk, "public")}
    assert Notification.objects.filter(person=world.requester).count() == before + 1


def test_a_job_that_runs_again_writes_nothing_again(world: World, parent: Incident, family: list[Incident]) -> None:
    row = send(world, broadcasts.children(world.as_agent(), parent), parent)
    for target in BroadcastTarget.objects.filter(broadcast=row):
        actions.write_to(target)
    assert Comment.objects.filter(body=WORDS).count() == 3


def test_what_changed_meanwhile_is_left_out_with_the_reason_and_stops_nobody_else(
    world: World, parent: Incident, family: list[Incident]
) -> None:
    row = actions.broadcast(
        by=world.as_agent(), body=WORDS, cases=broadcasts.children(world.as_agent(), parent), parent=parent
    )
    incidents.cancel(family[0], by=world.as_agent(), reason="Solved itself")
    run("service_desk.broadcast")
    assert states(row) == {"First": "left_out", "Second": "written", "Third": "written"}
    assert row.targets.get(record=family[0]).why == "Nobody works on it any more."


def test_an_author_who_left_writes_nothing_more(world: World, parent: Incident, family: list[Incident]) -> None:
    row = actions.broadcast(
        by=world.as_agent(), body=WORDS, cases=broadcasts.children(world.as_agent(), parent), parent=parent
    )
    deactivate(world.agent, by=system("command"), reason="Left")
    run("service_desk.broadcast")
    assert set(states(row).values()) == {"left_out"}
    assert not Comment.objects.filter(body=WORDS).exists()


def test_nobody_writes_to_cases_of_others(world: World, parent: Incident, family: list[Incident]) -> None:
    assert broadcasts.children(world.as_stranger(), parent) == []
    with pytest.raises(Missing):
        actions.broadcast(by=world.as_stranger(), body=WORDS, cases=[family[0]])
    with pytest.raises(Invalid):
        actions.broadcast(by=world.as_agent(), body=" ", cases=[family[0]])
    with pytest.raises(Invalid):
        actions.broadcast(by=world.as_agent(), body=WORDS, cases=[])
    assert broadcasts.listed(actor_for(world.requester, door="page"), _query("")) == []
    with pytest.raises(NotPermitted):
        actions.broadcast(by=system("rule"), body=WORDS, cases=[family[0]])


def _query(text: str) -> Any:
    from django.http import QueryDict

    return QueryDict(text)


def test_the_page_shows_who_gets_it_and_writes_to_those_chosen(
    world: World, parent: Incident, family: list[Incident]
) -> None:
    page = signed_in(world.agent)
    record = page.get(f"/incidents/{parent.number}/").content.decode()
    address = f"/desk/broadcasts/new/?parent={parent.number}"
    assert address in record
    shown = page.get(address).content.decode()
    assert [child.title in shown for child in family] == [True, True, True, False]
    refused = page.post(address, {"body": "", "cases": [family[0].number]})
    assert refused.status_code == 422
    # A case that is not among those shown cannot be slipped in.
    sent = page.post(address, {"body": WORDS, "cases": [family[1].number, parent.number]})
    row = Broadcast.objects.get()
    assert (sent.status_code, sent.headers["Location"]) == (303, f"/desk/broadcasts/{row.uuid}/")
    run("service_desk.broadcast")
    assert states(row) == {"Second": "written"}
    assert "Written to 1 of 1 cases." in page.get(sent.headers["Location"]).content.decode()
    for other in (world.requester, world.stranger):
        assert signed_in(other).get(sent.headers["Location"]).status_code == 404
        assert signed_in(other).get(address).status_code == 404


def test_a_list_of_the_queue_can_be_written_to(world: World, family: list[Incident]) -> None:
    page = signed_in(world.agent)
    address = "/desk/broadcasts/new/?phase=open&q=second"
    assert address.replace("&", "&amp;") in page.get("/desk/?phase=open&q=second").content.decode()
    shown = page.get(address).content.decode()
    assert ("Second" in shown, "First" in shown) == (True, False)


def test_programs_write_to_many_and_see_how_far_it_is(world: World, parent: Incident, family: list[Incident]) -> None:
    def ask(person: Person, method: str, address: str, body: dict[str, Any] | None = None) -> Any:
        token = create_token(person, by=system("command"), name="test", scopes=None)[1]
        client, headers = signed_in(person), {"Authorization": f"Bearer {token}"}
        return getattr(client, method)(address, body, content_type="application/json", headers=headers)

    made = ask(world.agent, "post", "/api/v1/broadcasts", {"body": WORDS, "parent": parent.number})
    assert (made.status_code, made.json()["total"], made.json()["written"]) == (201, 3, 0)
    run("service_desk.broadcast")
    seen = ask(world.agent, "get", made.headers["Location"]).json()
    assert (seen["written"], seen["left_out"], seen["body"]) == (3, 0, WORDS)
    assert ask(world.stranger, "get", made.headers["Location"]).status_code == 404
    numbers = {"body": WORDS, "cases": [family[0].number]}
    assert ask(world.agent, "post", "/api/v1/broadcasts", numbers).json()["total"] == 1
    assert ask(world.stranger, "post", "/api/v1/broadcasts", numbers).status_code == 422
