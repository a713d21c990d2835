"""Children and duplicates follow what is done with another record, by the policy of their link."""

from typing import Any

import pytest

from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.queries import recipients_of
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, Missing, NotPossible
from mainstay.kernel.records.actions import add_task, comment, link
from mainstay.kernel.records.models import Category, Comment, Record
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions, tasks
from mainstay.support.service_desk.models import Broadcast, Contact, Following, FollowingTarget, LinkPolicy
from mainstay.support.service_desk.queries.following import last_following
from tests.world import World, signed_in

BY = system("command")


def policy(slug: str, **values: Any) -> None:
    LinkPolicy.objects.filter(slug=slug).update(**values)


def opened(world: World, requester: Person | None = None, title: str = "No printing") -> Incident:
    return incidents.create(by=world.as_agent(), title=title, requester=requester or world.requester)


def brought(world: World, requester: Person | None = None) -> Contact:
    return actions.create(by=world.as_agent(), title="No printing", requester=requester or world.requester)


def resolve(world: World, incident: Incident, by: Actor | None = None) -> None:
    other = Category.objects.get(slug="other")
    incidents.resolve(incident, by=by or world.as_agent(), solution="Restarted.", closing_category=other)


def run() -> None:
    """Do what was deferred, as the worker does, until nothing more follows; twice, for a job may be done again."""
    for _ in range(10):
        for row in Following.objects.all():
            tasks.follow(row.pk)
            tasks.follow(row.pk)
    for broadcast in Broadcast.objects.all():
        tasks.broadcast(broadcast.pk)


def state(record: Record) -> str:
    return Record.objects.values_list("state", flat=True).get(pk=record.pk)


def test_resolving_the_parent_resolves_its_children_each_with_its_own_event(world: World) -> None:
    agent, parent = world.as_agent(), opened(world)
    first, late, contact = opened(world), opened(world), brought(world)
    for child in (first, late, contact):
        link(parent, "parent_of", child, by=agent)
    incidents.cancel(late, by=agent, reason="A mistake")
    resolve(world, parent)
    assert state(first) == "new"  # a job does it
    run()
    assert [state(each) for each in (first, late, contact)] == ["resolved", "cancelled", "answered"]
    solution = Incident.objects.get(pk=first.pk).solution
    assert parent.number in solution
    assert "Restarted." in solution
    assert Event.objects.filter(record_id=first.pk, name="incident.resolved").count() == 1
    progress = last_following(agent, parent)
    assert progress is not None
    assert (progress.total, progress.done, progress.left_out) == (2, 2, [])


@pytest.mark.parametrize("choice", ["nothing", "ask"])
def test_nothing_follows_where_the_policy_does_not_say_so(world: World, choice: str) -> None:
    parent, child = opened(world), opened(world)
    link(parent, "parent_of", child, by=world.as_agent())
    policy("parent_of", resolving=choice)
    resolve(world, parent)
    run()
    assert state(child) == "new"
    assert last_following(world.as_agent(), parent) is None


def test_a_duplicate_of_a_duplicate_follows_the_original(world: World) -> None:
    agent, original = world.as_agent(), opened(world)
    duplicate, further = opened(world), brought(world)
    link(duplicate, "duplicates", original, by=agent)
    link(further, "duplicates", duplicate, by=agent)
    policy("duplicates", resolving="propagate", closing="propagate")
    resolve(world, duplicate)
    run()
    assert [state(each) for each in (original, duplicate, further)] == ["new", "resolved", "answered"]
    incidents.reopen(Incident.objects.get(pk=duplicate.pk), by=agent, reason="Not yet")
    actions.reopen(Contact.objects.get(pk=further.pk), by=agent, reason="Not yet")
    resolve(world, original)
    run()
    assert [state(each) for each in (original, duplicate, further)] == ["resolved", "resolved", "answered"]
    incidents.close(original, by=BY)
    run()
    assert [state(each) for each in (original, duplicate, further)] == ["closed", "closed", "closed"]


def test_duplicates_have_no_circles(world: World) -> None:
    agent = world.as_agent()
    a, b, c = (opened(world) for _ in range(3))
    link(a, "duplicates", b, by=agent)
    link(b, "duplicates", c, by=agent)
    link(a, "duplicates", c, by=agent)  # of several originals is no circle
    for source, target in ((c, a), (b, a)):
        with pytest.raises(NotPossible, match="already"):
            link(source, "duplicates", target, by=agent)


def test_policies_that_lead_in_a_circle_come_to_an_end(world: World) -> None:
    """A stands above B, and duplicates it: each follows the other."""
    agent, a, b = world.as_agent(), opened(world), opened(world)
    link(a, "parent_of", b, by=agent)
    link(a, "duplicates", b, by=agent)
    for slug in ("parent_of", "duplicates"):
        policy(slug, resolving="propagate", closing="propagate", commenting="propagate")
    comment(a, by=agent, body="Soon.")
    run()
    resolve(world, a)
    run()
    incidents.close(Incident.objects.get(pk=a.pk), by=BY)
    run()
    assert [state(each) for each in (a, b)] == ["closed", "closed"]
    assert [Comment.objects.filter(record=each).count() for each in (a, b)] == [1, 1]


def test_each_caller_of_a_family_is_told_once(world: World, bob: Person) -> None:
    agent, parent = world.as_agent(), opened(world)
    same, first, second = opened(world), opened(world, bob), opened(world, bob)
    for child in (same, first, second):
        link(parent, "parent_of", child, by=agent)
    resolve(world, parent)
    run()
    resolved = Event.objects.filter(name="incident.resolved").order_by("pk")
    told = [person for event in resolved for person in recipients_of(event)]
    assert sorted(told) == sorted([world.requester.pk, bob.pk])
    assert {state(each) for each in (same, first, second)} == {"resolved"}


def test_what_cannot_follow_is_left_out_with_the_reason(world: World) -> None:
    agent, parent, child, ready = world.as_agent(), opened(world), opened(world), opened(world)
    for each in (child, ready):
        link(parent, "parent_of", each, by=agent)
    add_task(child, by=agent, title="Look", mandatory=True)
    resolve(world, parent)
    run()
    assert [state(each) for each in (child, ready)] == ["new", "resolved"]
    page = signed_in(world.agent).get(f"/incidents/{parent.number}/").content.decode()
    assert "1 of 2: Resolve" in page
    assert "Mandatory tasks are still open: 1." in page


def test_whoever_is_not_to_see_a_child_does_not_learn_of_it_from_what_followed(world: World) -> None:
    agent, parent, child = world.as_agent(), opened(world), opened(world)
    link(parent, "parent_of", child, by=agent)
    resolve(world, parent)
    run()
    Record.objects.filter(pk=child.pk).update(access="confidential", team=None)
    assert last_following(agent, parent) is None
    assert last_following(BY, parent) is not None


def test_nothing_follows_what_was_taken_up_again_meanwhile(world: World) -> None:
    parent, child = opened(world), opened(world)
    link(parent, "parent_of", child, by=world.as_agent())
    resolve(world, parent)
    incidents.reopen(parent, by=world.as_agent(), reason="Not yet")
    run()
    assert state(child) == "new"
    assert "taken up again" in FollowingTarget.objects.get().why


def test_unresolved_children_keep_their_parent_from_being_closed_where_the_policy_says_so(world: World) -> None:
    parent, child = opened(world), opened(world)
    link(parent, "parent_of", child, by=world.as_agent())
    policy("parent_of", resolving="nothing", blocks=True)
    resolve(world, parent)
    with pytest.raises(NotPossible, match="Not resolved yet of what hangs on it: 1"):
        incidents.close(parent, by=BY)
    resolve(world, child)
    incidents.close(parent, by=BY)
    assert state(parent) == "closed"


def test_who_resolves_is_asked_whether_duplicates_follow(world: World) -> None:
    agent, original, chosen, left = world.as_agent(), opened(world), opened(world), opened(world)
    for each in (chosen, left):
        link(each, "duplicates", original, by=agent)
    client, address = signed_in(world.agent), f"/incidents/{original.number}/do/resolve/"
    page = client.get(address).content.decode()
    assert f'value="{chosen.number}" checked' in page
    values = {"solution": "Restarted.", "closing_category": "other"}
    refused = client.post(address, {**values, "solution": "", "followers": [chosen.number]})
    assert refused.status_code == 422
    assert f'value="{left.number}" checked' not in refused.content.decode()
    assert client.post(address, {**values, "followers": ["INC-999999"]}).status_code == 422
    client.post(address, {**values, "followers": [chosen.number]})
    run()
    assert [state(each) for each in (original, chosen, left)] == ["resolved", "resolved", "new"]
    event = Event.objects.get(record_id=chosen.pk, name="incident.resolved")
    assert (event.actor_id, event.door) == (world.agent.pk, "job")


def test_only_what_the_actor_may_resolve_is_asked_about(world: World) -> None:
    original, hidden = opened(world), opened(world)
    link(hidden, "duplicates", original, by=world.as_agent())
    Record.objects.filter(pk=hidden.pk).update(access="confidential")
    page = signed_in(world.agent).get(f"/incidents/{original.number}/do/resolve/").content.decode()
    assert hidden.number not in page
    assert "These do the same" not in page


def test_chosen_ones_follow_a_record_that_is_resolved(world: World) -> None:
    agent, original, duplicate, other = world.as_agent(), opened(world), opened(world), opened(world)
    link(duplicate, "duplicates", original, by=agent)
    with pytest.raises(NotPossible):
        actions.let_follow(original, by=agent, records=[duplicate])
    resolve(world, original)
    for wrong in ([other], []):
        with pytest.raises(Invalid):
            actions.let_follow(original, by=agent, records=wrong)
    with pytest.raises(Missing):
        actions.let_follow(original, by=world.as_stranger(), records=[duplicate])
    actions.let_follow(original, by=agent, records=[duplicate])
    run()
    assert state(duplicate) == "resolved"


def test_a_reply_is_passed_on_by_policy_to_all_below_and_each_caller_reads_it_once(world: World, bob: Person) -> None:
    agent, parent = world.as_agent(), opened(world)
    same, of_bob, grandchild = opened(world), opened(world, bob), brought(world, bob)
    for above, below in ((parent, same), (parent, of_bob), (of_bob, grandchild)):
        link(above, "parent_of", below, by=agent)
    policy("parent_of", commenting="propagate")
    comment(parent, by=agent, body="Only for us.", visibility="internal")
    comment(parent, by=world.as_requester(), body="What about it?")
    comment(parent, by=agent, body="It takes an hour.")
    run()
    for below in (same, of_bob, grandchild):
        assert list(Comment.objects.filter(record=below).values_list("body", flat=True)) == ["It takes an hour."]
    events = Event.objects.filter(name__endswith=".commented", actor_id=world.agent.pk, public=True)
    told = [person for event in events for person in recipients_of(event)]
    assert sorted(told) == sorted([world.requester.pk, bob.pk])


def test_who_writes_is_asked_whether_a_reply_is_passed_on(world: World, bob: Person) -> None:
    agent, parent, child = world.as_agent(), opened(world), opened(world, bob)
    link(parent, "parent_of", child, by=agent)
    client = signed_in(world.agent)
    assert 'name="pass_on"' not in client.get(f"/incidents/{parent.number}/").content.decode()
    policy("parent_of", commenting="ask")
    assert 'name="pass_on"' in client.get(f"/incidents/{parent.number}/").content.decode()
    address = f"/incidents/{parent.number}/comments/"
    client.post(address, {"body": "One.", "visibility": "public"})
    client.post(address, {"body": "Two.", "visibility": "internal", "pass_on": "on"})
    client.post(address, {"body": "Three.", "visibility": "public", "pass_on": "on"})
    run()
    assert list(Comment.objects.filter(record=child).values_list("body", flat=True)) == ["Three."]
    assert Comment.objects.filter(record=parent).count() == 3


def test_what_follows_is_a_configuration_row(world: World) -> None:
    kind = kinds()["link-policies"]
    assert kind.read()["duplicates"]["resolving"] == "ask"
    row = {**kind.read()["parent_of"], "resolving": "nothing", "blocks": True}
    put(kind, "parent_of", row, by=BY)
    assert kind.read()["parent_of"] == row
    with pytest.raises(Invalid):
        put(kind, "parent_of", {**row, "closing": "sometimes"}, by=BY)


def test_following_asks_as_often_for_one_child_as_for_three(world: World, django_assert_max_num_queries: Any) -> None:
    agent, parent = world.as_agent(), opened(world)
    for _ in range(3):
        link(parent, "parent_of", opened(world), by=agent)
    client = signed_in(world.agent)
    client.get(f"/incidents/{parent.number}/")
    resolve(world, parent)
    run()
    assert actor_for(world.agent, door="page").can("incident.read", parent)
    with django_assert_max_num_queries(5):
        last_following(agent, parent)
