"""Callers are reminded that their answer is awaited, and what they let pass is resolved by itself."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.events.models import Event
from mainstay.kernel.mail.tests.server import mail_server
from mainstay.kernel.notify.models import Notification
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.actions import deactivate
from mainstay.kernel.practice.configuration import fingerprint, kinds
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records import actions as records
from mainstay.kernel.records.models import Category
from mainstay.support.incidents import actions, queries, tasks
from mainstay.support.incidents.actions.configuration import save_hold_reason
from mainstay.support.incidents.engine.waiting import Happening, Rule, next_step
from mainstay.support.incidents.models import HoldReason, Incident
from tests.world import World

BEGINNING = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
DAY = timedelta(days=1)
TEXT = "We heard nothing and take it as solved."


@pytest.fixture
def reason(world: World) -> HoldReason:
    return reminding()


def reminding(*, solution: str = TEXT) -> HoldReason:
    """Let two days pass between reminders, of which there are two."""
    label = "We need an answer from you"
    rule = {"reminder_days": 2, "reminders": 2, "solution": solution, "requester_label": label}
    return save_hold_reason(by=system("command"), slug="caller", name="Awaiting caller", **rule)


def held(world: World, reason: HoldReason, *, until: datetime | None = None, **values: object) -> Incident:
    with time_machine.travel(BEGINNING, tick=False):
        incident = actions.create(by=world.as_requester(), title="The printer does not print", **values)
        actions.hold(incident, by=world.as_agent(), reason=reason, until=until)
    return incident


def pass_to(day: float) -> None:
    """Run the job, twice, so many days after the hold began."""
    with time_machine.travel(BEGINNING + day * DAY, tick=False):
        for _again in range(2):
            tasks.remind_callers(int((BEGINNING + day * DAY).timestamp()))


def happened(incident: Incident) -> list[str]:
    names = Event.objects.filter(record_id=incident.pk).order_by("pk").values_list("name", flat=True)
    return [name.removeprefix("incident.") for name in names][2:]  # after `created` and `held`


def test_nobody_is_reminded_until_an_administrator_wants_it(world: World) -> None:
    incident = held(world, queries.hold_reasons().get(slug="caller"))
    pass_to(300)
    assert happened(incident) == []


def test_the_caller_is_reminded_twice_and_then_the_incident_is_resolved(world: World, reason: HoldReason) -> None:
    printer = Category.objects.get(slug="hardware-printer")
    incident = held(world, reason, category=printer)
    found = []
    for day in (1.9, 2, 3.9, 4, 5.9, 6, 9):
        pass_to(day)
        found.append(happened(incident))
    once, twice = ["reminded"], ["reminded", "reminded"]
    assert found == [[], once, once, twice, twice, [*twice, "resolved"], [*twice, "resolved"]]
    incident.refresh_from_db()
    assert (incident.state, incident.solution, incident.closing_category) == ("resolved", TEXT, printer)


def test_a_category_that_may_not_close_gives_way_to_the_first_that_may(world: World, reason: HoldReason) -> None:
    Category.objects.filter(slug="hardware-printer").update(closes=False)
    incident = held(world, reason, category=Category.objects.get(slug="hardware-printer"))
    for day in (2, 4, 6):
        pass_to(day)
    incident.refresh_from_db()
    assert (incident.state, incident.closing_category) == ("resolved", queries.closing_categories().first())


def test_reminders_reach_the_caller_by_bell_and_mail_and_the_last_says_so(world: World, reason: HoldReason) -> None:
    with mail_server() as keeper:
        incident = held(world, reason)
        pass_to(2)
        pass_to(4)
        run("notify.deliver", "mail.send")
        words = [str(message.get_body(("plain",)).get_content()) for message in keeper.messages]
    first, last = [text for text in words if "Your report still waits for your answer." in text]
    assert all("> We need an answer from you" in text and "Please answer on the page" in text for text in (first, last))
    assert ["This is the last reminder." in text for text in (first, last)] == [False, True]
    told = Notification.objects.filter(record=incident, event="incident.reminded").values_list("person", flat=True)
    assert list(told) == [world.requester.pk] * 2
    for person, address, sentence in (
        (world.requester, reverse("portal:case", kwargs={"number": incident.number}), b"We reminded you"),
        (world.agent, reverse("incidents:record", kwargs={"number": incident.number}), b"Mainstay reminded the caller"),
    ):
        client = Client()
        client.force_login(person)
        assert sentence in client.get(address).content


def test_without_a_solution_the_reminders_end_and_it_waits_on(world: World) -> None:
    incident = held(world, reminding(solution=""))
    for day in (2, 4, 6, 90):
        pass_to(day)
    assert (happened(incident), Incident.objects.get(pk=incident.pk).state) == (["reminded", "reminded"], "pending")
    assert not Event.objects.filter(name="incident.reminded", data__last=True).exists()


def test_a_hold_with_a_date_reminds_but_goes_on_only_at_that_date(world: World, reason: HoldReason) -> None:
    incident = held(world, reason, until=BEGINNING + 30 * DAY)
    for day in (2, 4, 6, 20):
        pass_to(day)
    assert happened(incident) == ["reminded", "reminded"]


def test_switched_on_late_it_reminds_once_and_leaves_the_whole_time(world: World) -> None:
    incident = held(world, queries.hold_reasons().get(slug="caller"))
    reminding()
    found = []
    for day in (100, 101.9, 102, 103.9, 104):
        pass_to(day)
        found.append(len(happened(incident)))
    assert found == [1, 1, 2, 2, 3]


def test_an_answer_ends_it_and_a_new_hold_begins_anew(world: World, reason: HoldReason) -> None:
    answered, other = held(world, reason), held(world, reason)
    pass_to(2)
    with time_machine.travel(BEGINNING + 3 * DAY, tick=False):
        records.comment(answered, by=world.as_requester(), body="It is on.")
        actions.resume(other, by=world.as_agent())
        actions.hold(other, by=world.as_agent(), reason=reason)
    pass_to(4.9)
    assert happened(answered) == ["reminded", "commented", "resumed"]
    assert happened(other) == ["reminded", "resumed", "held"]
    pass_to(5)
    assert happened(other)[-1] == "reminded"
    for day in (7, 9, 30):
        pass_to(day)
    assert happened(other)[3:] == ["reminded", "reminded", "resolved"]
    assert happened(answered)[-1] == "resumed"


def test_a_file_of_the_caller_is_an_answer_but_a_word_of_the_desk_is_none(
    world: World, reason: HoldReason, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    sent, asked = held(world, reason), held(world, reason)
    with time_machine.travel(BEGINNING + DAY, tick=False):
        records.attach(sent, by=world.as_requester(), name="screen.txt", stream=io.BytesIO(b"Error 50"))
        records.comment(asked, by=world.as_agent(), body="We still wait.")
    for day in (2, 9):
        pass_to(day)
    assert (happened(sent), happened(asked)) == (["attached"], ["commented", "reminded", "reminded"])


def test_who_may_not_answer_is_neither_reminded_nor_resolved(world: World, reason: HoldReason) -> None:
    hidden, left = held(world, reason), held(world, reason)
    Incident.objects.filter(pk=hidden.pk).update(access="internal")
    pass_to(2)
    assert (happened(hidden), happened(left)) == ([], ["reminded"])
    deactivate(world.requester, by=system("command"), reason="Left")
    pass_to(4)
    assert happened(left) == ["reminded"]


def test_a_mandatory_task_keeps_it_open(world: World, reason: HoldReason) -> None:
    incident = held(world, reason)
    records.add_task(incident, by=world.as_agent(), title="Call back", mandatory=True)
    for day in (2, 4, 6):
        pass_to(day)
    assert Incident.objects.get(pk=incident.pk).state == "pending"


def test_an_administrator_switches_reminders_on_and_nothing_is_resolved_without_one(world: World) -> None:
    organisation = world.organisation
    give(Role.objects.get(slug="administrator"), by=system("command"), organisation=organisation, person=world.agent)
    client = Client()
    client.force_login(world.agent)
    address = reverse("administration:hold-reasons-row", kwargs={"key": "caller"})
    page = client.get(address).content.decode()
    assert all(f'name="{name}"' in page for name in ("reminder_days", "reminders", "solution"))
    values = {"name": "Awaiting caller", "requester_label": "", "position": "0", "reminders": "3", "solution": TEXT}
    values["seen"] = fingerprint(kinds()["hold-reasons"].read()["caller"])
    refused = client.post(address, {**values, "reminder_days": "0"})
    assert refused.status_code == 422
    assert "say after how many days" in refused.content.decode()
    assert TEXT in refused.content.decode()
    assert client.post(address, {**values, "reminder_days": "5"}).status_code == 303
    reason = HoldReason.objects.get(slug="caller")
    assert (reason.reminder_days, reason.reminders, reason.solution) == (5, 3, TEXT)
    with pytest.raises(Invalid):
        save_hold_reason(by=system("command"), slug="caller", name="Awaiting caller", solution=TEXT)


@given(
    days=st.integers(1, 40),
    reminders=st.integers(1, 20),
    resolves=st.booleans(),
    pauses=st.lists(st.integers(1, 24 * 90), max_size=25),
)
def test_however_the_job_runs_no_reminder_is_early_or_too_many(
    days: int, reminders: int, resolves: bool, pauses: list[int]
) -> None:
    rule, now = Rule(days, reminders, resolves), BEGINNING
    history = [Happening("held", BEGINNING), Happening("resumed", BEGINNING), Happening("held", BEGINNING)]
    for hours in pauses:
        now += timedelta(hours=hours)
        due = next_step(history, rule)
        if due is None or due.at > now:
            continue
        assert now - history[-1].occurred >= days * DAY
        sent = len(history) - 3
        assert due.step == ("remind" if sent < reminders else "resolve")
        assert due.last == (resolves and sent + 1 == reminders)
        if due.step == "resolve":
            assert resolves
            break
        history.append(Happening("reminded", now))
        assert next_step([*history, Happening("commented", now)], rule) is None
    assert len(history) - 3 <= reminders
    if len(history) - 3 == reminders and not resolves:
        assert next_step(history, rule) is None


def test_what_is_not_on_hold_waits_for_nobody() -> None:
    rule = Rule(1, 1, resolves=True)
    for pasts in ([], ["reminded"], ["held", "resumed"], ["held", "reminded", "resumed"]):
        assert next_step([Happening(past, BEGINNING) for past in pasts], rule) is None
    assert next_step([Happening("held", BEGINNING)], Rule(0, 1, resolves=True)) is None
