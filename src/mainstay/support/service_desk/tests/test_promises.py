from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone

from mainstay.kernel.access.actions import create_token
from mainstay.kernel.access.actor import system
from mainstay.kernel.events.models import Event
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, NotPermitted, NotPossible
from mainstay.kernel.records.actions import comment, promise
from mainstay.kernel.records.models import Record
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.queries import closing_categories, hold_reasons
from mainstay.support.service_desk import actions
from mainstay.support.service_desk.queries.promises import promised_from
from mainstay.support.service_desk.tasks import call_for_news
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)
HALF_AN_HOUR = timedelta(minutes=30)


def rule(priority: int, minutes: int, **more: Any) -> None:
    values = {"name": f"Priority {priority}", "priority": str(priority), "minutes": minutes, **more}
    put(kinds()["update-promises"], f"priority-{priority}", values, by=system("command"))


def now_of(record: Record) -> Record:
    return Record.objects.get(pk=record.pk)


def last(record: Record, name: str) -> datetime:
    return Event.objects.filter(record_id=record.pk, name=name).latest("pk").occurred


def look(at: datetime) -> None:
    """Let the job of this minute run."""
    call_for_news(int(at.timestamp()))


def test_nothing_is_promised_where_nobody_said_so(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    comment(incident, by=world.as_agent(), body="Hello")
    assert now_of(incident).next_update is None


@pytest.mark.parametrize("kind", ["incident", "contact"])
def test_each_word_to_the_requester_renews_the_promise_of_its_priority(world: World, kind: str) -> None:
    create = {"incident": incidents.create, "contact": actions.create}[kind]
    record = create(by=world.as_requester(), title="Printer")
    rule(now_of(record).priority, 240)
    rule(1, 30)
    record = create(by=world.as_requester(), title="Screen")
    assert now_of(record).next_update == last(record, f"{kind}.created") + timedelta(minutes=240)

    first = now_of(record).next_update
    comment(record, by=world.as_requester(), body="Any news?")
    comment(record, by=world.as_agent(), body="Not yet", visibility="internal")
    assert now_of(record).next_update == first, "neither their own words nor ours among us are news to them"

    comment(record, by=world.as_agent(), body="We wait for a part.")
    assert now_of(record).next_update == last(record, f"{kind}.commented") + timedelta(minutes=240)
    assert now_of(record).version == record.version, "a promise is no edit"


def test_minutes_are_counted_in_the_hours_of_a_calendar(world: World) -> None:
    rule(4, 60, calendar="office-hours")
    incident = incidents.create(by=world.as_requester(), title="Printer")
    Record.objects.filter(pk=incident.pk).update(priority=4)
    comment(incident, by=world.as_agent(), body="Hello")

    friday_evening = datetime(2026, 11, 20, 22, 0, tzinfo=UTC)
    at = promised_from(incident.pk, friday_evening)
    assert at is not None
    assert at.weekday() == 0, "Saturday and Sunday are no office hours"


def test_a_hold_for_the_requester_owes_them_nothing_until_they_answer(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    rule(now_of(incident).priority, 60)
    agent = world.as_agent()
    incidents.hold(incident, by=agent, reason=hold_reasons().get(slug="vendor"))
    assert now_of(incident).next_update == last(incident, "incident.held") + timedelta(minutes=60)
    incidents.resume(incident, by=agent)
    incidents.hold(incident, by=agent, reason=hold_reasons().get(slug="caller"))
    assert now_of(incident).next_update is None
    comment(incident, by=world.as_requester(), body="Here is my answer.")
    assert now_of(incident).next_update == last(incident, "incident.resumed") + timedelta(minutes=60)


def test_the_end_of_the_work_ends_the_promise_and_taking_it_up_again_begins_another(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    rule(now_of(incident).priority, 60)
    comment(incident, by=world.as_agent(), body="Hello")
    look(timezone.now() + timedelta(minutes=61))
    assert now_of(incident).attention == "update_overdue"
    incident.refresh_from_db()
    category = closing_categories().first()
    assert category is not None
    incidents.resolve(incident, by=world.as_agent(), solution="Done.", closing_category=category)
    resolved = now_of(incident)
    assert (resolved.next_update, resolved.attention) == (None, "")
    incidents.reopen(incident, by=world.as_requester(), reason="Not at all.")
    assert now_of(incident).next_update == last(incident, "incident.reopened") + timedelta(minutes=60)


def test_whoever_has_it_is_reminded_once_before_and_told_once_when_it_is_late(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    incidents.assign(incident, by=world.as_agent(), team=world.team, person=world.agent)
    at = timezone.now() + timedelta(hours=2)
    promise(incident, by=world.as_agent(), at=at)

    def told() -> list[str]:
        run("notify.deliver")
        rows = Notification.objects.filter(person=world.agent, event__startswith="incident.update_")
        return list(rows.order_by("pk").values_list("event", flat=True))

    look(at - HALF_AN_HOUR - MINUTE)
    assert (now_of(incident).attention, told()) == ("", [])
    for _twice in range(2):
        look(at - HALF_AN_HOUR + MINUTE)
        assert (now_of(incident).attention, told()) == ("update_due", ["incident.update_due"])
    for _twice in range(2):
        look(at + MINUTE)
        assert (now_of(incident).attention, told()[1:]) == ("update_overdue", ["incident.update_overdue"])
    assert not Notification.objects.filter(person=world.requester, event__startswith="incident.update_").exists()
    promise(incident, by=world.as_agent(), at=at + timedelta(hours=2))
    assert now_of(incident).attention == "", "a new promise is not yet late"


def test_what_drew_attention_for_another_reason_keeps_it(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    promise(incident, by=world.as_agent(), at=timezone.now() + MINUTE)
    Record.objects.filter(pk=incident.pk).update(attention="escalated")
    look(timezone.now() + timedelta(hours=1))
    assert now_of(incident).attention == "escalated"


def test_only_those_who_work_on_it_promise_and_only_what_can_be_kept(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    soon = timezone.now() + timedelta(hours=1)
    with pytest.raises(NotPermitted):
        promise(incident, by=world.as_requester(), at=soon)
    for wrong in (timezone.now() - MINUTE, timezone.now() + timedelta(days=400)):
        with pytest.raises(Invalid):
            promise(incident, by=world.as_agent(), at=wrong)
    promise(incident, by=world.as_agent(), at=soon)
    incidents.cancel(incident, by=world.as_agent(), reason="Withdrawn")
    with pytest.raises(NotPossible):
        promise(incident, by=world.as_agent(), at=soon)


def test_the_requester_reads_by_when_they_hear_and_the_agent_changes_it_in_a_dialog(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    page = signed_in(world.agent)
    address = f"/incidents/{incident.number}/promise/"
    refused = page.post(address, {"next_update": "2020-01-01T10:00"})
    assert (refused.status_code, b"within the next year" in refused.content) == (422, True)
    day = (timezone.now() + timedelta(days=3)).date()
    page.post(address, {"next_update": f"{day}T10:00"})
    assert b"Next news to the caller" in page.get(f"/incidents/{incident.number}/").content
    portal = signed_in(world.requester).get(f"/cases/{incident.number}/").content.decode()
    assert "You will hear from us by" in portal
    assert f"{day.day}" in portal
    assert signed_in(world.requester).post(address, {"next_update": ""}).status_code == 404
    page.post(address, {"next_update": ""})
    assert now_of(incident).next_update is None
    assert "You will hear" not in signed_in(world.requester).get(f"/cases/{incident.number}/").content.decode()


def test_a_document_says_by_when_the_caller_hears_next_as_long_as_something_is_promised(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")

    def said() -> list[bool]:
        found = []
        for person, page, words in (
            (world.agent, "incidents", "Next news to the caller"),
            (world.requester, "cases", "Next news"),
        ):
            answer: Any = signed_in(person).get(f"/{page}/{incident.number}/document/html/")
            found.append(words in b"".join(answer).decode())
        return found

    assert said() == [False, False]
    promise(incident, by=world.as_agent(), at=timezone.now() + timedelta(days=3))
    assert said() == [True, True]


def test_the_queue_finds_late_promises_by_a_filter_and_shows_them_in_columns(world: World) -> None:
    late, _calm = (incidents.create(by=world.as_requester(), title=title) for title in ("Late one", "Calm one"))
    promise(late, by=world.as_agent(), at=timezone.now() + MINUTE)
    look(timezone.now() + timedelta(hours=1))
    for address in ("/desk/", "/incidents/"):
        query = {"attention": "update_overdue", "columns": "number,title,next_update,attention"}
        page = signed_in(world.agent).get(address, query).content.decode()
        assert ("Late one" in page, "Calm one" in page, "Promised news is overdue" in page) == (True, False, True)


def test_programs_promise_and_read_promises(world: World) -> None:
    incident = incidents.create(by=world.as_requester(), title="Printer")
    address = f"/api/v1/records/{incident.number}/next-update"
    at = (timezone.now() + timedelta(days=1)).replace(microsecond=0)

    def put_as(person: Any, value: Any) -> Any:
        token = create_token(person, by=system("command"), name="test", scopes=None)[1]
        return signed_in(person).put(
            address,
            {"next_update": value},
            content_type="application/json",
            headers={"Authorization": f"Bearer {token}"},
        )

    answer = put_as(world.agent, at.isoformat())
    assert (answer.status_code, datetime.fromisoformat(answer.json()["next_update"])) == (200, at)
    assert put_as(world.requester, None).status_code == 403
    assert put_as(world.stranger, None).status_code == 404
    assert put_as(world.agent, "2020-01-01T00:00:00Z").status_code == 422
    assert put_as(world.agent, None).json()["next_update"] is None
