"""Splitting: what was said goes on in a case of its own, nothing moves, and nobody reads more than before."""

import io
from typing import Any

import pytest

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.people.actions import create_person, create_team
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid, Missing, NotPermitted, NotPossible
from mainstay.kernel.records.actions import comment, comment_with_files, merge
from mainstay.kernel.records.actions.attachment import Upload
from mainstay.kernel.records.models import Comment, Record
from mainstay.kernel.records.queries import attachment_for, attachments_for, comments_for
from mainstay.kernel.records.surroundings import surroundings
from mainstay.kernel.records.timeline import timeline
from mainstay.support.incidents import actions as incident_actions
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Contact
from tests.world import World, signed_in, statements

BY = system("command")


def brought(world: World) -> Contact:
    return actions.create(by=world.as_agent(), requester=world.requester, title="It does not print", source="mail")


def said(record: Record, by: Actor, body: str, visibility: str = "public") -> Comment:
    files = [Upload(f"{body}.txt", io.BytesIO(b"x"))]
    return comment_with_files(record, by=by, body=body, visibility=visibility, files=files)


def bodies(actor: Actor, record: Record) -> list[str]:
    entries, _more = timeline(actor, record)
    return [entry.body for entry in entries if entry.body]


def read(actor: Actor, record: Record) -> tuple[list[str], list[str], list[str]]:
    """Return what an actor reads on a record in each of the ways: comments, files, and files on its page."""
    return (
        [each.body for each in comments_for(actor, record)],
        [each.name for each in attachments_for(actor, record)],
        [each.name for each in surroundings(actor, record).attachments],
    )


@pytest.mark.parametrize("kind", ["contact", "incident"])
def test_what_was_split_off_shows_in_the_new_case_and_stays_where_it_was(world: World, kind: str) -> None:
    agent, contact = world.as_agent(), brought(world)
    said(contact, agent, "About the printer.")
    chosen = [said(contact, world.as_requester(), "My telephone, too."), said(contact, agent, "Looks old.", "internal")]
    made = actions.split(contact, by=agent, comments=chosen, title="Telephone", kind=kind)
    assert (made.kind, made.requester, made.organisation) == (kind, world.requester, world.organisation)
    assert made.source == "mail"
    assert bodies(agent, made) == ["My telephone, too.", "Looks old."]
    files = ["My telephone, too..txt", "Looks old..txt"]
    assert read(agent, made) == (["My telephone, too.", "Looks old."], files, files)
    assert bodies(world.as_requester(), made) == ["My telephone, too."]
    assert read(world.as_requester(), made) == (["My telephone, too."], files[:1], files[:1])
    assert bodies(agent, contact) == ["About the printer.", "My telephone, too.", "Looks old."]
    entries, _more = timeline(agent, contact)
    assert [entry.goes_on for entry in entries if entry.body] == [(), (made.number,), (made.number,)]
    assert [(entry.author, entry.number) for entry in timeline(agent, made)[0] if entry.body] == [
        (world.requester, contact.number),
        (world.agent, contact.number),
    ]
    assert Comment.objects.filter(record=made).count() == 0


def test_both_histories_tell_of_a_split_and_both_cases_lead_to_each_other(world: World) -> None:
    agent, contact = world.as_agent(), brought(world)
    made = actions.split(contact, by=agent, comments=[said(contact, agent, "My telephone, too.")], title="Telephone")
    client = signed_in(world.agent)
    page = client.get(f"/desk/{contact.number}/").content.decode()
    assert f"Adam Agent took messages out into {made.number}" in page
    assert "Goes on in" in page
    page = client.get(f"/desk/{made.number}/").content.decode()
    assert f"Adam Agent took messages out of {contact.number} into it" in page
    assert "My telephone, too." in page
    for one, other in ((contact, made), (made, contact)):
        assert [each.other.pk for each in surroundings(agent, one).related] == [other.pk]


def test_a_split_shows_nothing_to_the_new_caller_who_could_not_read_it_before(world: World, bob: Person) -> None:
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, world.as_requester(), "My salary is on that page.")
    made = actions.split(contact, by=agent, comments=[chosen], title="Pages", description="About pages.", requester=bob)
    of_bob = actor_for(bob, door="page")
    assert read(of_bob, made) == ([], [], [])
    assert bodies(of_bob, made) == []
    page = signed_in(bob).get(f"/cases/{made.number}/").content.decode()
    assert "About pages." in page
    assert "salary" not in page
    assert contact.number not in page
    with pytest.raises(Missing):
        attachment_for(of_bob, chosen.attachments.get().uuid)
    # Rita reads her words where she wrote them, and learns nothing of Bob's case.
    assert bodies(world.as_requester(), contact) == ["My salary is on that page."]
    page = signed_in(world.requester).get(f"/cases/{contact.number}/").content.decode()
    assert "My salary" in page
    assert made.number not in page
    assert bodies(agent, made) == ["My salary is on that page."]


def test_who_reads_only_the_new_case_does_not_read_what_was_split_off(world: World) -> None:
    outsider = create_person(by=BY, name="Olga", email="olga@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=outsider)
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, world.as_requester(), "About a theft.")
    made = actions.split(contact, by=agent, comments=[chosen], title="Another matter")
    olga = actor_for(outsider, door="page")
    assert bodies(olga, made) == ["About a theft."]
    actions.assign(contact, by=agent, team=world.team)
    actions.edit(contact, by=agent, version=contact.version, values={"access": "confidential"})
    assert bodies(olga, made) == []
    assert read(olga, made) == ([], [], [])
    assert bodies(agent, made) == ["About a theft."]
    page = signed_in(outsider).get(f"/desk/{made.number}/").content.decode()
    assert "theft" not in page
    assert contact.number not in page


@pytest.mark.parametrize("kind", ["contact", "incident"])
def test_what_is_split_off_from_a_hidden_case_is_as_hidden(world: World, kind: str) -> None:
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, agent, "About a theft.", "internal")
    actions.assign(contact, by=agent, team=world.team)
    for access in ("internal", "confidential"):
        actions.edit(contact, by=agent, version=contact.version, values={"access": access})
        made = actions.split(contact, by=agent, comments=[chosen], title="Another matter", kind=kind)
        made = Record.objects.get(pk=made.pk)
        assert made.access == access
        if access == "confidential":
            assert made.team == world.team
        assert not world.as_requester().can(f"{kind}.read", made)


def test_only_what_the_actor_reads_there_is_split_off(world: World, bob: Person) -> None:
    agent, contact, other = world.as_agent(), brought(world), brought(world)
    mine, foreign = said(contact, agent, "Here."), said(other, agent, "There.")
    with pytest.raises(Invalid, match="this record"):
        actions.split(contact, by=agent, comments=[mine, foreign], title="Both")
    with pytest.raises(Invalid, match="Choose 1"):
        actions.split(contact, by=agent, comments=[], title="Nothing")
    with pytest.raises(NotPermitted):
        actions.split(contact, by=world.as_requester(), comments=[mine], title="By myself")
    with pytest.raises(Missing):
        actions.split(contact, by=world.as_stranger(), comments=[mine], title="By a stranger")
    with pytest.raises(Invalid, match="organisation"):
        actions.split(contact, by=agent, comments=[mine], title="Elsewhere", requester=world.stranger)
    assert actions.split(contact, by=agent, comments=[mine], title="Mine", requester=bob).requester == bob


def test_a_confidential_case_of_a_team_without_incidents_is_not_split_into_one(world: World) -> None:
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, agent, "About a theft.")
    team = create_team(by=BY, slug="security", name="Security", organisation=world.organisation)
    Record.objects.filter(pk=contact.pk).update(access="confidential", team=team)
    contact = Contact.objects.get(pk=contact.pk)
    with pytest.raises(NotPossible, match="no incidents"):
        actions.split(contact, by=BY, comments=[chosen], title="Theft", kind="incident")


def test_a_split_is_taken_back_as_long_as_nothing_was_said_in_the_new_case(world: World) -> None:
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, agent, "My telephone, too.")
    made = actions.split(contact, by=agent, comments=[chosen], title="Telephone")
    actions.unsplit(contact, made, by=agent)
    assert bodies(agent, made) == []
    assert [entry.goes_on for entry in timeline(agent, contact)[0] if entry.body] == [()]
    assert Record.objects.get(pk=made.pk).state == "cancelled"
    with pytest.raises(NotPossible, match="Nothing was taken out"):
        actions.unsplit(contact, made, by=agent)
    made = actions.split(contact, by=agent, comments=[chosen], title="Telephone", kind="incident")
    comment(made, by=agent, body="We replace it.")
    with pytest.raises(NotPossible, match="merge it"):
        actions.unsplit(contact, made, by=agent)
    assert bodies(agent, made) == ["My telephone, too.", "We replace it."]


def test_a_split_and_a_merge_go_together(world: World) -> None:
    """What was split off shows once where both cases go on, and from a merged case one can split off, too."""
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, agent, "My telephone, too.")
    made = actions.split(contact, by=agent, comments=[chosen], title="Telephone")
    merge(made, contact, by=agent)
    assert bodies(agent, contact) == ["My telephone, too."]
    assert [entry.goes_on for entry in timeline(agent, contact)[0] if entry.body] == [()]
    incident = incident_actions.create(by=agent, title="No printing", requester=world.requester)
    merge(Contact.objects.get(pk=contact.pk), incident, by=agent)
    again = actions.split(incident, by=agent, comments=[chosen], title="Telephone")
    assert bodies(agent, again) == ["My telephone, too."]
    actions.unsplit(incident, again, by=agent)
    assert bodies(agent, again) == []


def test_an_agent_splits_on_the_page_and_takes_it_back(world: World) -> None:
    agent, contact = world.as_agent(), brought(world)
    chosen = said(contact, agent, "My telephone, too.")
    client = signed_in(world.agent)
    address = f"/desk/records/{contact.number}/split/"
    assert "My telephone, too." in client.get(address).content.decode()
    assert address in client.get(f"/desk/{contact.number}/").content.decode()
    refused = client.post(address, {"title": "Telephone", "kind": "contact", "for_whom": "nobody@here"})
    assert refused.status_code == 422
    values = {"comments": [str(chosen.uuid)], "title": "Telephone", "kind": "incident"}
    refused = client.post(address, {**values, "for_whom": "nobody@here"})
    assert "Nobody here is called so." in refused.content.decode()
    answer = client.post(address, {**values, "for_whom": "rita@acme.example"})
    made = Record.objects.get(title="Telephone")
    assert answer.headers["Location"] == f"/incidents/{made.number}/"
    page = client.get(answer.headers["Location"]).content.decode()
    undo = f"/desk/records/{contact.number}/split/{made.number}/undo/"
    assert undo in page
    answer = client.post(undo)
    assert answer.headers["Location"] == f"/desk/{contact.number}/"
    assert "is cancelled" in client.get(answer.headers["Location"]).content.decode()


def test_nobody_splits_on_the_page_without_the_right(world: World) -> None:
    contact = brought(world)
    chosen = said(contact, world.as_agent(), "My telephone, too.")
    values = {"comments": [str(chosen.uuid)], "title": "Telephone", "kind": "contact", "for_whom": ""}
    address = f"/desk/records/{contact.number}/split/"
    for person in (world.requester, world.stranger):
        assert signed_in(person).get(address).status_code == 404
        assert signed_in(person).post(address, values).status_code == 404
    assert signed_in(world.agent).post(address, values).status_code == 303


def test_a_page_asks_as_often_however_much_was_split_off(world: World) -> None:
    agent, contact = world.as_agent(), brought(world)
    chosen: list[Any] = [said(contact, agent, f"Message {number}") for number in range(5)]
    few = actions.split(contact, by=agent, comments=chosen[:1], title="Few")
    many = actions.split(contact, by=agent, comments=chosen, title="Many")
    client = signed_in(world.agent)
    client.get(f"/desk/{few.number}/")
    counts = [statements(client, f"/desk/{case.number}/") for case in (few, many)]
    assert counts[0] == counts[1]
