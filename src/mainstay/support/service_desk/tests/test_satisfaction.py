"""Whether requesters are satisfied: who is asked, who answers, what becomes of it, and the figures."""

import re
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from mainstay.kernel.access.actions import change_setting, create_token, give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.actions import choose
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_person, join_team
from mainstay.kernel.people.models import Membership, Person
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible
from mainstay.kernel.records.actions import merge, watch
from mainstay.kernel.records.models import Link, Record
from mainstay.kernel.reports import queries as reports
from mainstay.kernel.reports.queries.asking import understand
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import closing_categories
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.models import Contact, Rating
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
BY = system("command")


def solved(world: World, title: str = "Printer does not print") -> Incident:
    incident = incidents.create(by=world.as_requester(), title=title)
    incidents.assign(incident, by=world.as_agent(), team=world.team, person=world.agent)
    category = closing_categories().first()
    assert category is not None
    incidents.resolve(incident, by=world.as_agent(), solution="A new fuser.", closing_category=category)
    return incident


def ended(world: World, title: str = "Printer does not print") -> Incident:
    incident = solved(world, title)
    incidents.close(incident, by=system("job"))
    return incident


def asked() -> list[str]:
    return list(Rating.objects.exclude(asked=None).order_by("pk").values_list("record__title", flat=True))


def every_time() -> None:
    change_setting(by=BY, key="service_desk.survey_every_days", value=0)


def colleague(world: World) -> Person:
    """Somebody else who asks for help in the same organisation."""
    person = create_person(by=BY, name="Nora Neighbour", email="nora@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="requester"), by=BY, organisation=world.organisation, person=person)
    return person


def links_in(keeper: Keeper) -> dict[str, str]:
    """Return the links of the last mail by the score that each carries."""
    text = str(keeper.messages[-1].get_body(("plain",)).get_content())
    return {score: link for link, score in re.findall(r"https?://\S+?(/letters/[\w-]+/)\?score=(\d)", text)}


def test_a_mail_asks_after_closing_and_its_links_choose_but_a_click_in_the_page_says_it(
    world: World, keeper: Keeper
) -> None:
    incident = ended(world)
    run("notify.deliver", "mail.send")
    assert keeper.recipients[-1] == ["rita@acme.example"]
    assert "Are you satisfied" in str(keeper.messages[-1].get_body(("html",)))
    links = links_in(keeper)
    assert list(links) == ["5", "4", "3", "2", "1"]

    stranger = Client()
    page = stranger.get(f"{links['4']}?score=4").content.decode()
    assert re.search(r'name="score" value="4" checked', page)
    assert not Rating.objects.exclude(score=None).exists(), "programs open the links in mails, too"

    sent = stranger.post(links["4"], {"deed": "rate", "score": "5", "words": "Quick and kind."})
    assert "Thank you for your answer." in stranger.get(sent.headers["Location"]).content.decode()
    rating = Rating.objects.get()
    assert (rating.record_id, rating.person_id, rating.score, rating.words) == (
        incident.pk,
        world.requester.pk,
        5,
        "Quick and kind.",
    )
    assert not [name for name in stranger.cookies if "session" in name]
    event = Event.objects.get(name="incident.rated")
    assert (event.actor_id, event.door, event.data["score"]) == (world.requester.pk, "mail", 5)
    assert "Quick" not in str(event.data), "an event keeps no words of people"


def test_wrong_answers_by_a_link_change_nothing_and_say_so(world: World, keeper: Keeper) -> None:
    ended(world)
    run("notify.deliver", "mail.send")
    link = links_in(keeper)["1"]
    for wrong in ("", "0", "6", "x", "5.0"):
        answer = Client().post(link, {"deed": "rate", "score": wrong})
        assert answer.status_code == 200
        assert "is-invalid" in answer.content.decode() or "invalid-feedback" in answer.content.decode()
    assert Client().post(link[:-2] + "/", {"deed": "rate", "score": "5"}).status_code == 404
    assert not Rating.objects.exclude(score=None).exists()


def test_a_person_is_asked_once_in_so_many_days(world: World) -> None:
    for title in ("One", "Two"):
        ended(world, title)
    assert asked() == ["One"]
    Rating.objects.update(asked=timezone.now() - timedelta(days=31))
    ended(world, "Three")
    assert asked() == ["One", "Three"]
    every_time()
    ended(world, "Four")
    assert asked() == ["One", "Three", "Four"]


def test_only_those_are_asked_who_may_answer_and_want_to_be(world: World) -> None:
    every_time()
    hidden = solved(world, "Internal")
    incidents.edit(hidden, by=world.as_agent(), version=hidden.version, values={"access": "internal"})
    incidents.close(hidden, by=system("job"))
    cancelled = incidents.create(by=world.as_requester(), title="Cancelled")
    incidents.cancel(cancelled, by=world.as_agent(), reason="Withdrawn")
    assert asked() == []
    choose(by=world.as_requester(), choices={"survey": "none"})
    ended(world, "Not wanted")
    assert asked() == []
    choose(by=world.as_requester(), choices={"survey": "app"})
    ended(world, "Wanted")
    assert asked() == ["Wanted"]
    change_setting(by=BY, key="service_desk.survey", value=False)
    ended(world, "Switched off")
    assert asked() == ["Wanted"]


def test_contacts_are_asked_about_too_and_when_solved_where_an_administrator_wants_that(world: World) -> None:
    every_time()
    for title, when_solved in (("Late", False), ("Early", True)):
        change_setting(by=BY, key="service_desk.survey_when_solved", value=when_solved)
        contact = actions.create(by=world.as_requester(), title=title)
        actions.answer(contact, by=world.as_agent(), solution="Like this.")
        assert (title in asked()) is when_solved
        actions.close(contact, by=world.as_requester())
    assert asked() == ["Late", "Early"], "each is asked about once"


def test_nobody_but_the_requester_rates(world: World) -> None:
    incident = ended(world)
    watch(incident, by=world.as_agent())
    with pytest.raises(NotPermitted):
        actions.rate(incident, by=world.as_agent(), score=5)
    for wrong in (0, 6, True):
        with pytest.raises(Invalid):
            actions.rate(incident, by=world.as_requester(), score=wrong)
    actions.rate(incident, by=world.as_requester(), score=5)


def test_an_answer_may_be_changed_until_it_is_old_and_said_twice_it_is_said_once(world: World) -> None:
    incident = solved(world)
    early = incidents.create(by=world.as_requester(), title="Not solved yet")
    with pytest.raises(NotPossible):
        actions.rate(early, by=world.as_requester(), score=5)
    for _twice in range(2):
        actions.rate(incident, by=world.as_requester(), score=4, words="Good.")
    actions.rate(incident, by=world.as_requester(), score=5)
    first = Rating.objects.get()
    assert (first.score, first.words, first.asked) == (5, "", None)
    assert Event.objects.filter(name="incident.rated").count() == 2
    Record.objects.filter(pk=incident.pk).update(resolved=timezone.now() - timedelta(days=31))
    with pytest.raises(NotPossible):
        actions.rate(incident, by=world.as_requester(), score=1)
    assert "You were" not in (page := portal(world, incident)) or "5/5" in page
    assert 'name="score"' not in page


def portal(world: World, incident: Incident) -> str:
    return signed_in(world.requester).get(f"/cases/{incident.number}/").content.decode()


def test_a_low_rating_opens_one_internal_follow_up_and_tells_who_answers_for_it(world: World) -> None:
    lead = create_person(by=BY, name="Lea Lead", email="lea@acme.example", organisation=world.organisation)
    join_team(lead, world.team, by=BY)
    Membership.objects.filter(person=lead).update(leads=True)
    incident = ended(world)
    for score in (3, 2, 1, 5, 1):
        actions.rate(incident, by=world.as_requester(), score=score, words="It broke again.")
    follower = Contact.objects.get()
    assert (follower.title, follower.access, follower.team, follower.requester) == (
        "Not satisfied: Printer does not print",
        "internal",
        world.team,
        world.requester,
    )
    assert follower.description == "Rated 2 of 5.\n\nIt broke again."
    assert Rating.objects.get().follow_up_id == follower.pk
    assert Link.objects.filter(kind="follows", source=follower, target=incident).exists()
    run("notify.deliver")
    told = Notification.objects.filter(event="incident.rated").values_list("person__name", flat=True)
    assert sorted(told) == ["Adam Agent", "Lea Lead"]
    assert not Notification.objects.filter(record=follower, person=world.requester).exists()
    assert signed_in(world.requester).get(f"/cases/{follower.number}/").status_code == 404
    page = signed_in(world.agent).get(f"/incidents/{incident.number}/").content.decode()
    assert ("1 of 5" in page, "It broke again." in page, follower.number in page) == (True, True, True)


def test_administrators_say_what_is_low(world: World) -> None:
    change_setting(by=BY, key="service_desk.survey_low", value=0)
    actions.rate(ended(world), by=world.as_requester(), score=1)
    assert not Contact.objects.exists()


def test_the_page_of_the_case_asks_too(world: World) -> None:
    incident = solved(world)
    page = signed_in(world.requester)
    address = f"/cases/{incident.number}/rate/"
    assert "Are you satisfied" in portal(world, incident)
    refused = page.post(address, {"score": "", "words": "Typed already"})
    assert (refused.status_code, "Typed already" in refused.content.decode()) == (422, True)
    page.post(address, {"score": "3", "words": "Slow."})
    assert re.search(r'name="score" value="3" checked', portal(world, incident))
    assert signed_in(world.agent).post(address, {"score": "5"}).status_code == 403
    assert signed_in(world.stranger).post(address, {"score": "5"}).status_code == 404
    assert Rating.objects.get().score == 3


def test_what_goes_on_in_another_case_is_not_rated_by_itself(world: World) -> None:
    every_time()
    one, other = (actions.create(by=world.as_requester(), title=title) for title in ("One", "Other"))
    merge(one, other, by=world.as_agent())
    one.refresh_from_db()
    with pytest.raises(NotPossible):
        actions.rate(one, by=world.as_requester(), score=5)
    actions.answer(other, by=world.as_agent(), solution="Done.")
    actions.close(other, by=world.as_requester())
    assert asked() == ["Other"]


def test_programs_read_and_rate_what_their_person_may(world: World) -> None:
    incident = ended(world)
    address = f"/api/v1/records/{incident.number}/rating"
    neighbour = colleague(world)

    def ask(person: Person, method: str = "get", at: str = address, **values: Any) -> Any:
        token = create_token(person, by=BY, name="test", scopes=None)[1]
        headers = {"Authorization": f"Bearer {token}"}
        body = {"data": values, "content_type": "application/json"} if values else {}
        return getattr(Client(), method)(at, headers=headers, **body)

    assert ask(world.requester).status_code == 404, "nothing was said yet"
    rated = ask(world.requester, "put", score=2, words="Slow.")
    assert (rated.status_code, rated.json()["score"], rated.json()["follow_up"]) == (200, 2, None)
    assert ask(world.requester, "put", score=2, words="Slow.").json() == rated.json(), "the same again is the same"
    assert ask(world.agent).json()["follow_up"] == Contact.objects.get().number
    for person, status in ((world.agent, 403), (world.stranger, 404), (neighbour, 404)):
        assert ask(person, "put", score=5).status_code == status
    assert ask(world.requester, "put", score=9).status_code == 422
    assert (ask(neighbour).status_code, ask(world.stranger).status_code) == (404, 404)
    listed = ask(world.agent, at="/api/v1/ratings?at_most=2").json()["items"]
    assert [each["words"] for each in listed] == ["Slow."]
    assert ask(world.agent, at="/api/v1/ratings?at_most=1").json()["items"] == []
    assert ask(world.stranger, at="/api/v1/ratings").json()["items"] == []
    assert ask(world.requester, at="/api/v1/ratings").status_code == 403


def test_a_manager_without_the_internal_part_reads_no_rating(world: World) -> None:
    incident = ended(world)
    actions.rate(incident, by=world.as_requester(), score=5, words="Between us.")
    overseer = create_person(by=BY, name="Olga", email="olga@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="organisation-manager"), by=BY, organisation=world.organisation, person=overseer)
    token = create_token(overseer, by=BY, name="test", scopes=None)[1]
    headers = {"Authorization": f"Bearer {token}"}
    assert Client().get(f"/api/v1/records/{incident.number}", headers=headers).status_code == 200
    assert Client().get(f"/api/v1/records/{incident.number}/rating", headers=headers).status_code == 404


def test_the_figures_are_those_of_their_formula_and_lead_to_their_cases(world: World) -> None:
    every_time()
    scores = {"A": 5, "B": 4, "C": 2, "D": None}
    cases = {title: ended(world, title) for title in scores}
    unasked = solved(world, "E")
    for title, score in scores.items():
        if score:
            actions.rate(cases[title], by=world.as_requester(), score=score)
    actions.rate(unasked, by=world.as_requester(), score=3)
    agent, zone = world.as_agent(), ZoneInfo("Europe/Berlin")

    def of(**parameters: str) -> Any:
        given = MultiValueDict({name: [value] for name, value in parameters.items()})
        return understand(agent, "satisfaction", given, zone)

    table = reports.tabulate(agent, of(by="team"))
    expected = {
        "answers": 4,
        "mean": 3.5,
        "satisfied": 2,
        "dissatisfied": 1,
        "rate": 50.0,
        "asked": 4,
        "replied": 3,
        "response": 75.0,
    }
    assert dict(table.total.values) == expected
    assert [(row.label, dict(row.values)) for row in table.rows] == [("Service desk", expected)]
    asked_for = of(by="team")
    measure = asked_for.report.measure("dissatisfied")
    assert measure is not None
    behind = reports.behind(agent, asked_for, measure, "desk")
    assert [each.title for each in behind] == ["C"]
    stranger = actor_for(world.stranger, door="page")
    nothing = reports.tabulate(stranger, understand(stranger, "satisfaction", MultiValueDict({}), zone)).total
    assert nothing.values["answers"] == 0
    page = signed_in(world.agent)
    csv = page.get("/reports/satisfaction/export/", {"form": "csv", "by": "category"})
    assert csv.status_code == 200
