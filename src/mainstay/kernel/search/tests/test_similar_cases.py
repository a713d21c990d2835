from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.people.actions import create_organisation, create_person
from mainstay.kernel.records.actions import comment
from mainstay.kernel.search.actions.learning import learn
from mainstay.kernel.search.models import Similar, Unlearnt
from mainstay.kernel.search.queries.similar import similar_to
from mainstay.kernel.search.tasks import learn_what_was_written
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db


def numbers(actor: Any, record: Incident) -> list[str]:
    return [alike.record.number for alike in similar_to(actor, record)]


@pytest.fixture
def cases(world: World) -> list[Incident]:
    """Two that are alike, and some that are not; the job has looked at all of them."""
    titles = (
        "Fuser of the plotter smells",
        "The plotter: its fuser smokes",
        "Network down",
        "Slow mail",
        "Invoice lost",
    )
    made = [incidents.create(by=world.as_requester(), title=title) for title in titles]
    learn_what_was_written(0)
    return made


def test_what_shares_rare_words_is_similar_both_ways(world: World, cases: list[Incident]) -> None:
    first, second, *_others = cases
    assert numbers(world.as_agent(), first) == [second.number]
    assert numbers(world.as_agent(), second) == [first.number]
    assert not Unlearnt.objects.exists()


def test_a_new_case_shows_on_an_older_one_and_a_changed_one_is_compared_anew(
    world: World, cases: list[Incident]
) -> None:
    first, second, other, *_others = cases
    new = incidents.create(by=world.as_requester(), title="Fuser broken")
    learn_what_was_written(0)
    assert set(numbers(world.as_agent(), first)) == {second.number, new.number}
    incidents.edit(new, by=world.as_agent(), version=new.version, values={"title": "Network broken"})
    learn_what_was_written(0)
    assert numbers(world.as_agent(), first) == [second.number]
    assert numbers(world.as_agent(), other) == [new.number]


def test_the_record_page_shows_them(world: World, cases: list[Incident]) -> None:
    first, second, other, *_others = cases
    page = signed_in(world.agent).get(f"/incidents/{first.number}/").content.decode()
    assert "Similar cases" in page
    assert f"/records/{second.number}" in page
    assert "Similar cases" not in signed_in(world.agent).get(f"/incidents/{other.number}/").content.decode()


def test_similar_cases_are_those_that_the_viewer_may_see(world: World, cases: list[Incident]) -> None:
    first, second, *_others = cases
    assert numbers(world.as_requester(), first) == [], "who sees only their own is shown none"
    incidents.edit(second, by=world.as_agent(), version=second.version, values={"access": "confidential"})
    assert numbers(world.as_agent(), first) == [], "of nobody's team"
    incidents.assign(second, by=system("command"), team=world.team)
    assert numbers(world.as_agent(), first) == [second.number]


def below(world: World, slug: str) -> Any:
    """Let an organisation stand below Acme, with an agent of its own; answers the agent."""
    by = system("command")
    part = create_organisation(by=by, slug=slug, name=slug, parent=world.organisation)
    agent = create_person(by=by, name=slug, email=f"agent@{slug}.example", organisation=part)
    give(Role.objects.get(slug="agent"), by=by, organisation=part, person=agent)
    return actor_for(agent, door="page")


def test_every_agent_sees_what_is_similar_in_all_that_they_serve_and_nothing_else_has_a_say(world: World) -> None:
    sales, store = below(world, "sales"), below(world, "store")
    here = [incidents.create(by=sales, requester=sales.person, title=f"Scanner {n} is blue") for n in ("one", "two")]
    while learn():
        continue
    before = [(alike.record.number, alike.likeness) for alike in similar_to(sales, here[0])]
    assert [number for number, _likeness in before] == [here[1].number]
    elsewhere = [incidents.create(by=store, requester=store.person, title="Scanner one is blue") for _ in range(12)]
    for each in here:
        comment(each, by=sales, body="blue scanner", visibility="internal")
    while learn():
        continue
    assert [(alike.record.number, alike.likeness) for alike in similar_to(sales, here[0])] == before
    above = actor_for(world.agent, door="page")
    assert set(numbers(above, here[0])) & {each.number for each in elsewhere}, "who serves both sees both"


def test_what_is_closed_is_found_but_nothing_is_looked_for_that_is_like_it(world: World, cases: list[Incident]) -> None:
    first, second, *_others = cases
    Similar.objects.all().delete()
    incidents.cancel(second, by=world.as_agent(), reason="Twice")
    for case in (first, second):
        comment(case, by=world.as_agent(), body="Look at this")
    learn_what_was_written(0)
    assert set(Similar.objects.values_list("record", "other")) == {(first.pk, second.pk)}
    assert numbers(world.as_agent(), second) == [first.number]


def test_similar_cases_cost_two_questions(world: World, cases: list[Incident]) -> None:
    actor = world.as_agent()
    similar_to(actor, cases[0])
    with CaptureQueriesContext(connection) as captured:
        assert similar_to(actor, cases[0])
    assert len(captured) == 2
