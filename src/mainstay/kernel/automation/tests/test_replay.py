"""A rule tried on past records: unchanged rules give what happened, a changed one its difference."""

import random
from typing import Any

import pytest
from django.urls import reverse

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.automation.actions.replaying import AT_ONCE, try_rule
from mainstay.kernel.automation.engine.comparing import PERSON, outcome
from mainstay.kernel.automation.models import Replay, Rule, Trace
from mainstay.kernel.automation.queries.books import kept
from mainstay.kernel.automation.queries.past import runs_of
from mainstay.kernel.automation.tests.stage import BY, person, rule, team
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.models import Category, Record
from mainstay.support.incidents import actions
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions as contacts
from tests.sizes import size
from tests.world import World, signed_in

CONDITIONS = (
    "",
    "impact == 1",
    "urgency < 3 && priority <= 3",
    'team == ""',
    'team == "network" || assigned',
    '"hardware" in categories',
    'category in ["network", "other"]',
    'title.contains("silent")',
    'text.matches("(?i)vpn")',
    "priority == 1 && !assigned",
)
VALUES: dict[str, tuple[Any, ...]] = {
    "category": ("network", "hardware-printer", "other"),
    "team": ("network", "desk", "idle"),
    "impact": ("1", "2", "3"),
    "urgency": ("1", "3"),
    "assignee": ("round_robin", "least_loaded"),
    "watchers": ("network", "desk"),
    "call": ("network",),
}


@pytest.fixture
def keeper(world: World) -> Person:
    made = person(world, "Kim")
    give(Role.objects.get(slug="administrator"), by=BY, organisation=world.organisation, person=made)
    return made


@pytest.fixture(autouse=True)
def teams(world: World) -> None:
    team(world, "network", "Ann", "Ben")
    team(world, "idle")


def random_rules(chance: random.Random, count: int) -> None:
    for number in range(count):
        does = {name: chance.choice(VALUES[name]) for name in chance.sample(sorted(VALUES), chance.randint(1, 3))}
        rule(
            f"r{number}",
            chance.choice(CONDITIONS),
            position=chance.randint(0, 5),
            occasions=sorted({"created", chance.choice(("category", "impact", "created"))}),
            stops=chance.random() < 0.15,
            **does,
        )


def opened(world: World, **values: Any) -> Incident:
    return actions.create(by=world.as_requester(), **{"title": "It is silent", **values})


def random_incident(world: World, chance: random.Random) -> Incident:
    slugs = (None, "network", "hardware-printer", "other", "e-mail")
    category = (slug := chance.choice(slugs)) and Category.objects.get(slug=slug)
    incident = opened(
        world,
        title=chance.choice(("It is silent", "No light")),
        description=chance.choice(("", "The VPN is slow")),
        impact=chance.randint(1, 3),
        urgency=chance.randint(1, 3),
        category=category,
    )
    if chance.random() < 0.5:
        values = {"impact": chance.randint(1, 3), "category": Category.objects.get(slug=chance.choice(slugs[1:]))}
        actions.edit(incident, by=world.as_agent(), version=incident.version, values=values)
    return incident


@pytest.mark.parametrize("seed", range(3))
def test_unchanged_rules_replayed_give_what_happened(world: World, seed: int) -> None:
    chance = random.Random(seed)
    random_rules(chance, 12)
    ids = [random_incident(world, chance).pk for _number in range(size("replayed records"))]
    book = kept().books["incident"]
    compared = 0
    for key, runs in runs_of("incident", ids, kept()):
        traces = list(Trace.objects.filter(record_id=key).order_by("pk"))
        assert len(traces) == len(runs)
        for trace, each in zip(traces, runs, strict=True):
            happened = dict(trace.wanted)
            if trace.choice:
                happened[PERSON] = trace.choice["chosen"] or ""
            assert outcome(book, each) == happened
            compared += 1
    assert compared >= len(ids)


@pytest.mark.parametrize("seed", range(2))
def test_how_a_record_came_in_is_read_from_its_events_where_no_account_was_kept(world: World, seed: int) -> None:
    chance = random.Random(seed)
    random_rules(chance, 8)
    ids = [random_incident(world, chance).pk for _number in range(size("replayed records"))]
    told = {trace.record_id: trace.facts for trace in Trace.objects.order_by("-pk")}
    Trace.objects.all().delete()
    for key, runs in runs_of("incident", ids, kept()):
        assert [dict(each.facts) for each in runs] == [told[key]]


def values(**more: Any) -> dict[str, Any]:
    return {
        "name": "Tried",
        "position": 0,
        "occasions": ["created"],
        "condition": "",
        "stops": False,
        "retired": False,
        "does": {},
        **more,
    }


def tried(keeper: Person, number: int = 100, **more: Any) -> Replay:
    by = actor_for(keeper, door="page")
    return try_rule(by=by, kind="incident", slug=more.pop("slug", "new"), values=values(**more), number=number)


def test_a_new_rule_shows_what_it_would_have_done_and_changes_nothing(world: World, keeper: Person) -> None:
    silent, light = opened(world), opened(world, title="No light")
    before = list(Record.objects.order_by("pk").values())
    found = tried(keeper, condition='title.contains("silent")', does={"team": "network", "impact": "1"})
    assert (found.tried, found.differing, found.finished is not None) == (2, 1, True)
    assert found.differences == [[silent.pk, {}, {"team": "network", "impact": "1"}]]
    assert list(Record.objects.order_by("pk").values()) == before
    assert not Rule.objects.exists()
    assert light.pk not in [record for record, _before, _after in found.differences]


def test_the_same_rule_again_makes_no_difference_and_a_retired_one_takes_its_own_away(
    world: World, keeper: Person
) -> None:
    rule("network", "impact == 1", team="network", position=2)
    case = opened(world, impact=1)
    same = {"slug": "network", "condition": "impact == 1", "does": {"team": "network"}, "position": 2}
    assert tried(keeper, **same).differences == []
    assert tried(keeper, **same, retired=True).differences == [[case.pk, {"team": "network"}, {}]]
    other = {**same, "does": {"team": "desk"}}
    assert tried(keeper, **other).differences == [[case.pk, {"team": "network"}, {"team": "desk"}]]


def test_many_records_are_tried_in_a_job_that_shows_how_far_it_is(world: World, keeper: Person) -> None:
    for number in range(3):
        opened(world, title=f"Case {number}")
    Record.objects.filter(kind="incident")
    from mainstay.kernel.automation.actions import replaying

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(replaying, "AT_ONCE", 2)
        found = tried(keeper, does={"impact": "1"})
        assert (found.tried, found.finished) == (0, None)
        assert run("automation.replay") == 1
    found.refresh_from_db()
    assert (found.tried, found.differing, found.finished is not None) == (3, 3, True)
    assert AT_ONCE == 200


def test_a_rule_that_cannot_be_kept_cannot_be_tried(world: World, keeper: Person) -> None:
    with pytest.raises(Invalid):
        tried(keeper, condition="nowhere == 1", does={"impact": "1"})
    assert not Replay.objects.exists()


def test_contacts_are_replayed_as_well_and_the_team_of_their_desk_is_nobodys_choice(
    world: World, keeper: Person
) -> None:
    from mainstay.kernel.practice.configuration import kinds, put

    put(kinds()["desks"], "desk", {"name": "Desk", "team": "desk"}, by=BY)
    contact = contacts.create(by=world.as_requester(), title="Home", description="The VPN is down")
    by = actor_for(keeper, door="page")
    entered = values(condition='team == "" && text.contains("VPN")', does={"team": "network"})
    found = try_rule(by=by, kind="contact", slug="new", values=entered, number=10)
    assert found.differences == [[contact.pk, {}, {"team": "network"}]]


def test_the_screen_tries_what_was_entered_shows_whom_it_may_and_saves_it_at_a_click(
    world: World, keeper: Person
) -> None:
    case = opened(world, title="CANARY of a case")
    browser = signed_in(keeper)
    entered = {
        "name": "By page",
        "position": "0",
        "occasions": ["created"],
        "condition": "",
        "team": "network",
        "key": "",
    }
    form = browser.get(reverse("administration:incident-rules-new")).content.decode()
    assert "Try on the last 200" in form
    answer = browser.post(reverse("administration:incident-rules-try-new"), {**entered, "number": "200"})
    assert answer.status_code == 303
    page = browser.get(answer.headers["Location"]).content.decode()
    assert "1 would have come out otherwise" in page
    assert "CANARY" not in page, "who configures rules does not read cases"
    assert not Rule.objects.exists()
    give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, person=keeper)
    page = browser.get(answer.headers["Location"]).content.decode()
    assert (case.number in page, "CANARY" in page, "Network" in page) == (True, True, True)
    assert signed_in(world.agent).get(answer.headers["Location"]).status_code == 404
    hidden = Replay.objects.get().entered
    assert browser.post(reverse("administration:incident-rules-new"), hidden).status_code == 303
    assert Rule.objects.get().does == {"team": "network"}
    wrong = browser.post(
        reverse("administration:incident-rules-try-new"), {**entered, "condition": "x", "number": "200"}
    )
    assert (wrong.status_code, b"There is no field" in wrong.content) == (422, True)


def test_another_administrator_does_not_see_what_one_tried(world: World, keeper: Person) -> None:
    other = person(world, "Lou")
    give(Role.objects.get(slug="administrator"), by=BY, organisation=world.organisation, person=other)
    found = tried(keeper, does={"impact": "1"})
    address = reverse("administration:incident-rules-tried", kwargs={"uuid": found.uuid})
    assert [signed_in(one).get(address).status_code for one in (keeper, other)] == [200, 404]
