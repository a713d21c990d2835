import io
import json
import re
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import pytest

from mainstay.kernel.access.actions import change_setting
from mainstay.kernel.access.actor import system
from mainstay.kernel.mail import actions as mail
from mainstay.kernel.mail.gateways import smtp
from mainstay.kernel.mail.models import Delivery
from mainstay.kernel.mail.tests.server import Keeper
from mainstay.kernel.notify.actions import choose, deliver
from mainstay.kernel.notify.tests.jobs import run
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice import settings as product
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.records.actions import Upload, comment, comment_with_files
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.incidents.queries import closing_categories, hold_reasons
from tests.world import World

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def incident(world: World) -> Incident:
    return incidents.create(by=world.as_requester(), title="Printer does not print")


def send_all() -> int:
    return run("notify.deliver", "mail.send")


def plain(message: Any) -> str:
    return str(message.get_body(("plain",)).get_content())


def page(message: Any) -> str:
    return str(message.get_body(("html",)).get_content())


def test_nothing_is_mailed_until_a_server_is_named(world: World, incident: Incident) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    send_all()
    assert not Delivery.objects.exists()


def test_the_requester_reads_what_happened_and_what_comes_next(
    world: World, incident: Incident, keeper: Keeper, settings: Any
) -> None:
    settings.BASE_URL = "https://desk.acme.example"
    files = [Upload("log.txt", io.BytesIO(b"x"))]
    comment_with_files(incident, by=world.as_agent(), body="Is it <b>on</b>?\nReally?", files=files)
    send_all()
    (message,) = keeper.messages
    assert keeper.recipients == [["rita@acme.example"]]
    assert message["Subject"] == f"[{incident.number}] Printer does not print"
    assert message["To"] == "Rita Requester <rita@acme.example>"
    assert message["From"] == "Mainstay <desk@acme.example>"
    assert (message["Auto-Submitted"], message["X-Auto-Response-Suppress"]) == ("auto-generated", "All")
    assert message["Message-ID"].startswith(f"<{incident.pk}-")
    assert re.fullmatch(rf"<{incident.pk}-[a-z2-7]{{16}}@desk\.acme\.example>", message["References"])
    assert parsedate_to_datetime(message["Date"]).tzinfo is not None
    text, html = plain(message), page(message)
    for part in ("Adam Agent wrote to you.", "> Is it <b>on</b>?\n> Really?", "log.txt", "please answer"):
        assert part in text.replace("\r\n", "\n")
    assert f"https://desk.acme.example/records/{incident.number}" in text
    assert "&lt;b&gt;on&lt;/b&gt;" in html
    assert "<b>" not in html


def test_the_story_of_a_case_is_one_thread(world: World, incident: Incident, keeper: Keeper) -> None:
    agent = world.as_agent()
    reason = hold_reasons().get(slug="vendor")
    incidents.hold(incident, by=agent, reason=reason)
    incidents.resume(incident, by=agent)
    category = closing_categories().first()
    assert category is not None
    incidents.resolve(incident, by=agent, solution="A new fuser went in.", closing_category=category)
    incidents.close(incident, by=system("job"))
    send_all()
    held, resolved, closed, asked = [message for message in keeper.messages if "rita" in message["To"]]
    assert "We are waiting for a supplier" in plain(held)
    assert "A new fuser went in." in plain(resolved)
    assert "Your report is closed." in plain(closed)
    assert len({message["References"] for message in (held, resolved, closed, asked)}) == 1
    assert len({message["Message-ID"] for message in (held, resolved, closed, asked)}) == 4


def test_a_mail_speaks_its_readers_language(world: World, incident: Incident, keeper: Keeper) -> None:
    Person.objects.filter(pk=world.requester.pk).update(language="de")
    comment(incident, by=world.as_agent(), body="Hallo")
    send_all()
    assert '<html lang="de">' in page(keeper.messages[0])


def test_an_event_is_mailed_to_a_person_once_however_often_its_jobs_run(
    world: World, incident: Incident, keeper: Keeper
) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    send_all()
    delivery = Delivery.objects.get()
    deliver(delivery.event_id)
    send_all()
    mail.send(delivery.pk, by_way_of=smtp.send)
    assert (len(keeper.raw), Delivery.objects.count()) == (1, 1)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("sent", 1, "")
    assert delivery.sent is not None


def test_people_who_want_no_mail_get_none(world: World, incident: Incident, keeper: Keeper) -> None:
    choose(by=world.as_requester(), choices={"conversation": "app"})
    comment(incident, by=world.as_agent(), body="Hello")
    send_all()
    assert keeper.raw == []


def test_a_server_that_cannot_now_is_asked_again(world: World, incident: Incident, keeper: Keeper) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver")
    delivery = Delivery.objects.get()
    keeper.answer = "451 try later"
    with pytest.raises(mail.Postponed):
        mail.send(delivery.pk, by_way_of=smtp.send)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error) == ("waiting", 1, "451 try later")
    keeper.answer = "250 OK"
    mail.send(delivery.pk, by_way_of=smtp.send)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts, delivery.error, len(keeper.raw)) == ("sent", 2, "", 1)


def test_a_server_that_never_will_is_not_asked_again(world: World, incident: Incident, keeper: Keeper) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver")
    keeper.answer = "550 no such user"
    send_all()
    assert [(row.state, row.error) for row in Delivery.objects.all()] == [("failed", "550 no such user")]


def test_after_the_last_attempt_a_mail_has_failed(world: World, incident: Incident, keeper: Keeper) -> None:
    comment(incident, by=world.as_agent(), body="Hello")
    run("notify.deliver")
    Delivery.objects.update(attempts=mail.MOST_ATTEMPTS - 1)
    keeper.answer = "451 try later"
    send_all()
    assert Delivery.objects.get().state == "failed"


def test_the_password_is_kept_sealed_and_forgotten_when_it_would_go_elsewhere(db: None) -> None:
    by = system("command")
    for key, value in (("mail.host", "smtp.acme.example"), ("mail.password", "hunter2 and more")):
        change_setting(by=by, key=key, value=value)
    assert "hunter2" not in json.dumps(list(Setting.objects.values_list("value", flat=True)))
    assert product.value("mail.password") == "hunter2 and more"
    change_setting(by=by, key="mail.sender", value="desk@acme.example")
    assert product.value("mail.password") == "hunter2 and more"
    change_setting(by=by, key="mail.host", value="evil.example")
    assert product.value("mail.password") == ""
