"""Announcements and planned outages: whom they concern, who sees them, who is told, and how often."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actions import create_token, give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.access.queries import actor_for
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.actions import choose
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.queries import unread_count
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import create_organisation, create_person, create_team, join_team
from mainstay.kernel.people.models import Organisation, Person
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible, Stale
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.actions import telling
from mainstay.support.service_desk.engine import icalendar
from mainstay.support.service_desk.models import Announcement, Telling
from mainstay.support.service_desk.queries import announcements as queries
from mainstay.support.service_desk.tasks import find_untold
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
BY = system("command")
JOBS = ("service_desk.tell", "service_desk.mail_tellings")
DAY = timedelta(days=1)


@pytest.fixture
def manager(world: World) -> Actor:
    """Who may announce to Acme, and to nobody else."""
    person = create_person(by=BY, name="Mona Manager", email="mona@acme.example", organisation=world.organisation)
    give(Role.objects.get(slug="manager"), by=BY, organisation=world.organisation, person=person)
    return actor_for(person, door="page")


@pytest.fixture
def governor(world: World) -> Actor:
    """Who may announce to everybody."""
    top = Organisation.objects.get(slug="acme")
    person = create_person(by=BY, name="Gwen", email="gwen@acme.example", organisation=top)
    give(Role.objects.get(slug="manager"), by=BY, organisation=top, person=person)
    assert top.parent is None
    return actor_for(person, door="page")


def planned(by: Actor, **values: Any) -> Announcement:
    begins = values.pop("begins", timezone.now() + 3 * DAY)
    given = {"title": "No mail on Sunday", "outage": True, "begins": begins, "ends": begins + timedelta(hours=4)}
    row = actions.announce(by=by, **{**given, **values})
    run(*JOBS)
    row.refresh_from_db()
    return row


def told(row: Announcement) -> list[tuple[str, int]]:
    found = Telling.objects.filter(announcement=row, told__isnull=False).order_by("round", "person__name")
    return list(found.values_list("person__name", "round"))


def words(keeper: Keeper, name: str) -> str:
    """Return what the last mail to somebody says."""
    mail = [message for message in keeper.messages if name in message["To"]][-1]
    return str(mail.get_body(("plain",)).get_content())


def test_exactly_those_concerned_are_told_once_in_their_own_zone_and_why(
    world: World, manager: Actor, keeper: Keeper
) -> None:
    Person.objects.filter(pk=world.requester.pk).update(zone="Asia/Tokyo")
    begins = datetime(2099, 3, 1, 20, 0, tzinfo=UTC)
    row = planned(manager, begins=begins, body="We renew the disks.", organisations=[world.organisation])
    everybody = ["Adam Agent", "Mona Manager", "Rita Requester"]
    assert told(row) == [(name, 1) for name in everybody]
    find_untold(0)
    run(*JOBS)
    telling.tell(row.pk)
    run(*JOBS)
    assert told(row) == [(name, 1) for name in everybody], "nobody is told twice"
    assert sorted(each[0] for each in keeper.recipients) == [
        "adam@acme.example",
        "mona@acme.example",
        "rita@acme.example",
    ]
    text = words(keeper, "rita")
    assert "An outage is planned that concerns you: No mail on Sunday" in text
    assert "Mar 2, 2099, 5:00" in text
    assert "(Asia/Tokyo)" in text
    assert "You read this because you belong to Acme." in text
    assert f"/announcements/{row.uuid}/" in text
    assert not Notification.objects.filter(person=world.stranger).exists()


def test_how_one_wants_to_hear_of_news_is_kept(world: World, manager: Actor, keeper: Keeper) -> None:
    choose(by=world.as_requester(), choices={"news": "none"})
    choose(by=world.as_agent(), choices={"news": "app"})
    choose(by=manager, choices={"news": "mail"})
    row = planned(manager, organisations=[world.organisation])
    assert told(row) == [("Adam Agent", 1), ("Mona Manager", 1)]
    assert keeper.recipients == [["mona@acme.example"]]
    assert [each.person for each in Notification.objects.exclude(subject="")] == [world.agent]
    found = queries.coverage(row)
    assert (found.people, found.in_time, found.later, found.unwilling, found.untold) == (3, 2, 0, 1, 0)
    assert found.share == pytest.approx(200 / 3)


def test_a_moved_or_cancelled_outage_is_told_again_to_those_who_had_heard(
    world: World, manager: Actor, keeper: Keeper
) -> None:
    row = planned(manager, organisations=[world.organisation])
    newcomer = create_person(by=BY, name="Nina New", email="nina@acme.example", organisation=world.organisation)
    actions.change_announcement(row, by=manager, version=row.version, title="No mail on Monday")
    run(*JOBS)
    everybody = ["Adam Agent", "Mona Manager", "Nina New", "Rita Requester"]
    assert told(row) == [(name, 1) for name in everybody], "another title is no news but to who is concerned anew"
    row.refresh_from_db()
    actions.change_announcement(row, by=manager, version=row.version, ends=row.ends + DAY)
    run(*JOBS)
    assert told(row)[4:] == [(name, 2) for name in everybody]
    assert "The time of this has changed" in words(keeper, "rita")
    assert "The time of this has changed" in words(keeper, "nina")
    row.refresh_from_db()
    actions.cancel_announcement(row, by=manager, reason="The disks did not come.")
    late = create_person(by=BY, name="Late", email="late@acme.example", organisation=world.organisation)
    run(*JOBS)
    assert len([name for name, round in told(row) if round == 3]) == 4
    assert not Telling.objects.filter(person=late).exists(), "who never heard of it need not know that it is off"
    assert "The disks did not come." in words(keeper, "rita")
    assert Telling.objects.filter(person=newcomer).count() >= 2
    row.refresh_from_db()
    actions.cancel_announcement(row, by=manager)
    with pytest.raises(NotPossible):
        actions.change_announcement(row, by=manager, version=row.version, title="On again")
    assert Event.objects.filter(name="announcement.cancelled").count() == 1


def test_anything_else_is_told_and_seen_when_it_begins(world: World, manager: Actor) -> None:
    row = planned(manager, outage=False, title="New cafeteria", organisations=[world.organisation])
    page = signed_in(world.requester)
    assert told(row) == []
    assert page.get(f"/announcements/{row.uuid}/").status_code == 404
    assert "New cafeteria" in signed_in(manager.person).get("/announcements/").content.decode()
    Announcement.objects.filter(pk=row.pk).update(begins=timezone.now() - timedelta(minutes=1))
    find_untold(0)
    run(*JOBS)
    assert len(told(row)) == 3
    assert "New cafeteria" in page.get("/").content.decode()
    assert page.get(f"/announcements/{row.uuid}/").status_code == 200


def test_a_large_audience_is_told_in_slices(world: World, manager: Actor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(telling, "SLICE", 3)
    for number in range(5):
        create_person(by=BY, name=f"Person {number}", email=f"p{number}@acme.example", organisation=world.organisation)
    row = actions.announce(
        by=manager,
        title="Outage",
        outage=True,
        begins=timezone.now() + DAY,
        ends=timezone.now() + 2 * DAY,
        organisations=[world.organisation],
    )
    assert run(*JOBS) == 3
    assert len(told(row)) == 8
    row.refresh_from_db()
    assert row.told_round == row.round


def test_a_mail_server_that_is_away_delays_and_repeats_nothing(world: World, manager: Actor, keeper: Keeper) -> None:
    keeper.answer = "451 later"
    with pytest.raises(Exception, match="later"):
        planned(manager, organisations=[world.organisation])
    row = Announcement.objects.get()
    assert set(Telling.objects.values_list("mail", flat=True)) == {"waiting"}
    keeper.answer = "250 OK"
    people = list(Telling.objects.values_list("person", flat=True))
    for _twice in range(2):
        telling.mail_tellings(row.pk, 1, people, by_way_of=_by_smtp)
    assert len(keeper.messages) == 3


def _by_smtp(message: Any) -> None:
    from mainstay.kernel.mail.gateways import smtp

    smtp.send(message)


def test_others_see_and_hear_nothing_of_it(world: World, manager: Actor) -> None:
    row = planned(manager, organisations=[world.organisation])
    stranger = signed_in(world.stranger)
    for address in ("", "calendar/"):
        assert stranger.get(f"/announcements/{row.uuid}/{address}").status_code == 404
    for address in ("/announcements/", "/desk/", "/incidents/start/"):
        assert row.title not in stranger.get(address).content.decode()
        if address != "/announcements/":
            assert row.title in signed_in(world.agent).get(address).content.decode()
    assert row.title not in Client().get("/accounts/sign-in/").content.decode()
    assert unread_count(world.as_stranger()) == 0


def test_agents_see_what_concerns_those_they_work_for(world: World, manager: Actor) -> None:
    below = create_organisation(by=BY, slug="acme-south", name="Acme South", parent=world.organisation)
    network = create_team(by=BY, slug="network", name="Network", organisation=below)
    assert manager.person is not None
    row = planned(actor_for(manager.person, door="page"), teams=[network])
    assert told(row) == [], "nobody is in this team"
    assert queries.visible_to(world.as_agent()).filter(pk=row.pk).exists()
    assert not queries.visible_to(world.as_requester()).filter(pk=row.pk).exists()
    join_team(world.requester, network, by=BY)
    assert queries.visible_to(actor_for(world.requester, door="page")).filter(pk=row.pk).exists()
    page = signed_in(world.requester).get(f"/announcements/{row.uuid}/").content.decode()
    assert "you are in the team Network" in page
    assert "Who was told" not in page


def test_access_that_ends_ends_the_notification_too(world: World, manager: Actor) -> None:
    team = create_team(by=BY, slug="network", name="Network", organisation=world.organisation)
    join_team(world.requester, team, by=BY)
    row = planned(manager, teams=[team])
    page = signed_in(world.requester)
    assert unread_count(world.as_requester()) == 1
    assert row.title in page.get("/notifications/").content.decode()
    notification = Notification.objects.get(person=world.requester)
    opened = page.post(f"/notifications/{notification.uuid}/open/")
    assert opened.headers["Location"] == f"/announcements/{row.uuid}/"
    assert unread_count(world.as_requester()) == 0
    Notification.objects.update(read=None)
    team.memberships.all().delete()
    assert unread_count(actor_for(world.requester, door="page")) == 0
    assert row.title not in page.get("/notifications/").content.decode()
    assert page.post(f"/notifications/{notification.uuid}/open/").status_code == 404


def test_nobody_announces_beyond_their_own_organisations(world: World, manager: Actor) -> None:
    rival = world.stranger.organisation
    times = {"begins": timezone.now() + DAY, "ends": timezone.now() + 2 * DAY, "title": "x"}
    with pytest.raises(NotPermitted):
        actions.announce(by=world.as_agent(), organisations=[world.organisation], **times)
    for wrong in (
        {"organisations": [rival]},
        {"organisations": [world.organisation, rival]},
        {},
        {"organisations": [world.organisation], "public": True},
        {"organisations": [world.organisation], "ends": timezone.now()},
        {"organisations": [world.organisation], "title": " "},
    ):
        with pytest.raises(Invalid):
            actions.announce(by=manager, **{**times, **wrong})
    row = planned(manager, organisations=[world.organisation])
    with pytest.raises(NotPermitted):
        actions.change_announcement(row, by=world.as_agent(), version=1, title="y")
    with pytest.raises(NotPermitted):
        actions.cancel_announcement(row, by=world.as_requester())
    with pytest.raises(Stale):
        actions.change_announcement(row, by=manager, version=7, title="y")
    assert signed_in(world.agent).post(f"/announcements/{row.uuid}/edit/").status_code in (403, 404)


def test_only_what_is_for_everybody_stands_on_the_page_to_sign_in(world: World, governor: Actor) -> None:
    public = {"everybody": True, "public": True, "outage": False, "begins": timezone.now() - timedelta(hours=1)}
    planned(governor, title="The telephones are down", severity="critical", **public)
    planned(governor, title="For those inside", everybody=True, begins=timezone.now() - timedelta(hours=1))
    page = Client().get("/accounts/sign-in/").content.decode()
    assert ("The telephones are down" in page, "For those inside" in page, "UTC" in page) == (True, False, True)
    assert Client().get("/announcements/").status_code == 302
    home = signed_in(world.requester).get("/").content.decode()
    assert ("The telephones are down" in home, "For those inside" in home) == (True, True)


def test_the_board_shows_what_comes_what_holds_and_what_is_over(world: World, governor: Actor) -> None:
    for title, begins in (("Soon", DAY), ("Now", -timedelta(hours=1)), ("Off", DAY)):
        planned(governor, title=title, everybody=True, begins=timezone.now() + begins)
    over = planned(governor, title="Over", everybody=True, begins=timezone.now() - timedelta(hours=1))
    Announcement.objects.filter(pk=over.pk).update(begins=timezone.now() - 2 * DAY, ends=timezone.now() - DAY)
    actions.cancel_announcement(Announcement.objects.get(title="Off"), by=governor)
    rows = queries.visible_to(world.as_requester())
    assert [each.title for each in queries.coming(rows)] == ["Soon"]
    assert [each.title for each in queries.under_way(rows)] == ["Now"]
    assert [each.title for each in queries.past(rows)] == ["Off", "Over"]
    page = signed_in(world.requester).get("/announcements/").content.decode()
    assert [
        page.index(title) for title in ("Now</strong>", "Soon</strong>", "Off</strong>", "Over</strong>")
    ] == sorted(page.index(title) for title in ("Now</strong>", "Soon</strong>", "Off</strong>", "Over</strong>"))


def test_a_manager_announces_changes_and_cancels_on_pages(world: World, manager: Actor) -> None:
    assert manager.person is not None
    page = signed_in(manager.person)
    times = {"begins": "2099-03-01T20:00", "ends": "2099-03-01T18:00"}
    given = {"title": "No <b>mail</b>", "severity": "warning", "outage": "on", "organisations": "acme", **times}
    refused = page.post("/announcements/new/", given)
    assert (refused.status_code, "after the beginning" in refused.content.decode()) == (422, True)
    made = page.post("/announcements/new/", {**given, "ends": "2099-03-01T23:00"})
    shown = page.get(made.headers["Location"]).content.decode()
    assert "No &lt;b&gt;mail&lt;/b&gt;" in shown
    row = Announcement.objects.get()
    assert (row.everybody, row.public) == (False, False)
    changed = {**given, "ends": "2099-03-01T22:00"}
    assert page.post(f"/announcements/{row.uuid}/edit/", {**changed, "version": "9"}).status_code == 422
    assert page.post(f"/announcements/{row.uuid}/edit/", {**changed, "version": "1"}).status_code == 303
    assert page.post(f"/announcements/{row.uuid}/cancel/", {"reason": "Not needed."}).status_code == 303
    assert "Not needed." in page.get(f"/announcements/{row.uuid}/").content.decode()


def test_programs_announce_change_cancel_and_ask_who_was_told(world: World, manager: Actor) -> None:
    def call(person: Person | None, method: str, path: str, **values: Any) -> Any:
        token = create_token(person or world.agent, by=BY, name="test", scopes=None)[1]
        headers = {"Authorization": f"Bearer {token}"}
        body = {"data": values, "content_type": "application/json"} if method != "get" else {}
        return getattr(Client(), method)(f"/api/v1/announcements{path}", headers=headers, **body)

    times = {"begins": "2099-03-01T20:00:00Z", "ends": "2099-03-01T23:00:00Z"}
    new = {"title": "No mail", "outage": True, "organisations": ["acme"], **times}
    assert call(world.agent, "post", "", **new).status_code == 403
    assert call(manager.person, "post", "", **{**new, "organisations": ["rival"]}).status_code == 422
    made = call(manager.person, "post", "", **new)
    assert (made.status_code, made.json()["audience"]["organisations"]) == (201, ["acme"])
    path = f"/{made.json()['id']}"
    run(*JOBS)
    seen = call(world.requester, "get", path)
    assert (seen.status_code, seen.json()["audience"]) == (200, None)
    assert [each["title"] for each in call(world.requester, "get", "?state=coming").json()["items"]] == ["No mail"]
    for method, at in (("get", path), ("patch", path), ("post", f"{path}/actions/cancel"), ("get", f"{path}/coverage")):
        assert call(world.stranger, method, at).status_code in (403, 404)
    changed = call(manager.person, "patch", path, ends="2099-03-02T00:00:00Z")
    assert (changed.status_code, changed.json()["version"]) == (200, 2)
    run(*JOBS)
    covered = call(manager.person, "get", f"{path}/coverage").json()
    assert (covered["people"], covered["in_time"], covered["share"]) == (3, 3, 100.0)
    assert call(world.requester, "get", f"{path}/coverage").status_code == 403
    off = call(manager.person, "post", f"{path}/actions/cancel", reason="No disks.")
    assert (off.json()["state"], off.json()["reason"]) == ("cancelled", "No disks.")


def test_it_is_a_file_for_calendars(world: World, manager: Actor) -> None:
    begins = datetime(2099, 3, 1, 20, 0, tzinfo=UTC)
    row = planned(manager, begins=begins, title="Mail; phones, all", organisations=[world.organisation])
    answer = signed_in(world.requester).get(f"/announcements/{row.uuid}/calendar/")
    text = answer.content.decode()
    assert answer.headers["Content-Type"].startswith("text/calendar")
    assert "DTSTART:20990301T200000Z\r\n" in text
    assert "SUMMARY:Mail\\; phones\\, all\r\n" in text


@given(title=st.text(max_size=200), text=st.text(max_size=500))
def test_no_text_breaks_out_of_a_calendar_file(title: str, text: str) -> None:
    moment = datetime(2099, 3, 1, tzinfo=UTC)
    made = icalendar.event(uid="u", made=moment, begins=moment, ends=moment, title=title, text=text)
    lines = made.split(b"\r\n")
    assert all(len(line) <= 75 for line in lines)
    unfolded = made.replace(b"\r\n ", b"").decode()
    names = [line.partition(":")[0] for line in unfolded.split("\r\n") if line]
    known = {*("BEGIN", "VERSION", "PRODID", "METHOD", "UID", "SEQUENCE", "DTSTAMP", "DTSTART", "DTEND"), "SUMMARY"}
    assert set(names) <= known | {"DESCRIPTION", "STATUS", "TRANSP", "END"}
    assert names.count("BEGIN") == 2
