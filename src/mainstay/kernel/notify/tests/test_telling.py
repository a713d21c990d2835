from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actor import system
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify import actions, queries
from mainstay.kernel.notify.engine import CHOICES, Concerned, choice_of, recipients
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_person, join_team
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions import comment, watch
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import closing_categories
from tests.world import World

IDS = st.integers(1, 6)


@given(IDS | st.none(), IDS | st.none(), st.sets(IDS), st.sets(IDS), IDS | st.none(), st.booleans(), st.booleans())
def test_nobody_hears_of_their_own_doing_and_nobody_unconcerned_is_told(
    requester: int | None,
    assignee: int | None,
    team: set[int],
    watchers: set[int],
    author: int | None,
    a: bool,
    b: bool,
) -> None:
    concerned = Concerned(requester, assignee, team, watchers)
    told = recipients(concerned, author=author, tells_requester=a, tells_staff=b, tells_team=b)
    assert author not in told
    assert told <= {requester, assignee, *team, *watchers} - {None}
    assert not (assignee and not a and told - {assignee, *watchers}), "the team is left alone once somebody has it"


@given(st.dictionaries(st.text(max_size=3), st.none() | st.text(max_size=4)) | st.none() | st.text(max_size=3))
def test_any_preferences_give_a_choice(preferences: object) -> None:
    assert choice_of(preferences, "work") == "both"
    assert choice_of({"notify": preferences}, "work") in CHOICES


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer does not print")


def told(person: Person) -> list[str]:
    return list(Notification.objects.filter(person=person).order_by("pk").values_list("event", flat=True))


def last_event() -> Event:
    return Event.objects.latest("pk")


@pytest.mark.django_db
def test_the_whole_story_reaches_those_it_concerns(world: World, incident: Incident) -> None:
    run("notify.deliver")
    assert (told(world.requester), told(world.agent)) == ([], []), "the author knows, and no team has it yet"

    incidents.assign(incident, by=system("rule"), team=world.team)
    incidents.start(incident, by=world.as_agent())
    comment(incident, by=world.as_requester(), body="Any news?")
    comment(incident, by=world.as_agent(), body="The fuser is broken.")
    comment(incident, by=world.as_agent(), body="Third time this year.", visibility="internal")
    category = closing_categories().first()
    assert category is not None
    incidents.resolve(incident, by=world.as_agent(), solution="New fuser.", closing_category=category)
    incidents.close(incident, by=world.as_requester())
    run("notify.deliver")
    assert told(world.agent) == ["incident.assigned", "incident.commented", "incident.closed"]
    of_the_requester = ["incident.started", "incident.commented", "incident.resolved", "incident.rating_asked"]
    assert told(world.requester) == of_the_requester


@pytest.mark.django_db
def test_a_job_that_runs_twice_tells_once(world: World, incident: Incident) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    event = last_event()
    actions.deliver(event.pk)
    actions.deliver(event.pk)
    assert told(world.requester) == ["incident.commented"]


@pytest.mark.django_db
def test_those_who_watch_hear_of_it(world: World, incident: Incident) -> None:
    colleague = create_person(by=system("command"), name="Wanda", organisation=world.organisation)
    join_team(colleague, world.team, by=system("command"))
    watch(incident, by=actor_for(colleague, door="page"))
    comment(incident, by=world.as_agent(), body="A note", visibility="internal")
    run("notify.deliver")
    assert told(colleague) == ["incident.commented"]


@pytest.mark.django_db
def test_no_job_is_deferred_for_what_nobody_is_to_hear(world: World, incident: Incident) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM procrastinate_jobs WHERE task_name = 'notify.deliver'")
        assert cursor.fetchone() == (0,)


@pytest.mark.django_db
def test_telling_costs_a_create_one_query(world: World) -> None:
    with CaptureQueriesContext(connection) as captured:
        incidents.create(by=world.as_requester(), title="Lamp")
    asked = [query for query in captured.captured_queries if "records_watch" in query["sql"]]
    assert len(asked) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(("choice", "count"), [("both", 1), ("app", 1), ("mail", 0), ("none", 0)])
def test_people_choose_how_they_hear(world: World, incident: Incident, choice: str, count: int) -> None:
    actions.choose(by=world.as_requester(), choices={"conversation": choice})
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver")
    assert len(told(world.requester)) == count


@pytest.mark.django_db
def test_a_choice_keeps_other_preferences_and_refuses_nonsense(world: World) -> None:
    Person.objects.filter(pk=world.requester.pk).update(preferences={"theme": "dark"})
    actions.choose(by=world.as_requester(), choices={"work": "none"})
    assert Person.objects.get(pk=world.requester.pk).preferences == {"theme": "dark", "notify": {"work": "none"}}
    for choices in ({"work": "pigeon"}, {"weather": "mail"}):
        with pytest.raises(Invalid):
            actions.choose(by=world.as_requester(), choices=choices)


@pytest.mark.django_db
def test_reading_lowers_the_count(world: World, incident: Incident) -> None:
    for body in ("One", "Two", "Three"):
        comment(incident, by=world.as_agent(), body=body)
    run("notify.deliver")
    actor = world.as_requester()
    assert queries.unread_count(actor) == 3
    (newest, *_), more = queries.lines(actor)
    assert (newest.sentence, newest.number, more) == ("Adam Agent wrote to you.", incident.number, None)
    actions.mark_read(queries.get(actor, newest.uuid), by=actor)
    assert queries.unread_count(actor) == 2
    actions.mark_all_read(by=actor)
    assert queries.unread_count(actor) == 0


@pytest.mark.django_db
def test_old_notifications_are_cleared_away(world: World, incident: Incident) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver")
    Notification.objects.update(created=last_event().recorded - timedelta(days=91))
    comment(incident, by=world.as_agent(), body="Hello again")
    run("notify.deliver")
    assert actions.sweep() == 1
    assert len(told(world.requester)) == 1
