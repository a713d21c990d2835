"""Reports that somebody keeps, and that come by mail."""

from datetime import datetime
from email.message import EmailMessage
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine

from mainstay.kernel.access.models import Grant
from mainstay.kernel.mail.actions import Refused
from mainstay.kernel.people.models import Person
from mainstay.kernel.practice.models import Setting
from mainstay.kernel.reports import actions, tasks
from mainstay.kernel.reports.models import SavedReport
from mainstay.support.incidents import actions as incidents
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
NOW = "2026-11-20T09:00:00Z"
PAGE = "/reports/volume/save/?range=last-week&by=day"


@pytest.fixture
def kept(world: World) -> SavedReport:
    """A report that an agent in Berlin has mailed to himself each week."""
    Setting.objects.create(key="mail.host", value="mail.example")
    Setting.objects.create(key="mail.sender", value="desk@acme.example")
    Person.objects.filter(pk=world.agent.pk).update(zone="Europe/Berlin", language="de")
    with time_machine.travel(NOW, tick=False):
        incidents.create(by=world.as_agent(), title="=1+1 is broken")
        answer = signed_in(world.agent).post(PAGE, {"name": "Weekly", "every": "week", "form": "csv"})
        assert answer.status_code == 303
    return SavedReport.objects.get()


def mailed(monkeypatch: pytest.MonkeyPatch) -> list[EmailMessage]:
    """Queue what is due, do the jobs, and return the mails."""
    sent: list[EmailMessage] = []
    jobs: list[dict[str, Any]] = []
    monkeypatch.setattr(actions, "defer", lambda name, **arguments: jobs.append(arguments))
    tasks.find_due(timestamp=0)
    for arguments in jobs:
        actions.send(pk=arguments["saved"], due=arguments["due"], make=tasks.make, by_way_of=sent.append)
    return sent


def test_a_report_is_kept_shown_replaced_and_removed_by_its_owner_alone(world: World, kept: SavedReport) -> None:
    adam, sven = signed_in(world.agent), signed_in(world.stranger)
    assert "Weekly" in adam.get("/reports/").content.decode()
    assert "Weekly" not in sven.get("/reports/").content.decode()
    adam.post(PAGE, {"name": "Weekly", "every": "", "form": "xlsx"})
    saved = SavedReport.objects.get()
    assert (saved.every, saved.form, saved.due, saved.query) == ("", "xlsx", None, "range=last-week&by=day")
    assert adam.post(PAGE, {"name": " ", "every": "", "form": "xlsx"}).status_code == 422
    assert adam.post(PAGE, {"name": "Other", "every": "year", "form": "xlsx"}).status_code == 422
    assert sven.post(f"/reports/saved/{saved.uuid}/remove/").status_code == 404
    assert adam.post(f"/reports/saved/{saved.uuid}/remove/").status_code == 303
    assert not SavedReport.objects.exists()


def test_a_report_comes_by_mail_on_monday_at_six_in_its_readers_words(
    world: World, kept: SavedReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert kept.due == datetime(2026, 11, 23, 6, tzinfo=ZoneInfo("Europe/Berlin"))
    with time_machine.travel("2026-11-23T04:59:00Z", tick=False):
        assert mailed(monkeypatch) == []
    with time_machine.travel("2026-11-23T05:01:00Z", tick=False):
        (mail,) = mailed(monkeypatch)
        assert mailed(monkeypatch) == [], "once is enough"
    assert mail["To"] == "Adam Agent <adam@acme.example>"
    assert "16.11.2026 bis 22.11.2026" in mail["Subject"]
    (attached,) = mail.iter_attachments()
    assert attached.get_filename() == "volume-2026-11-16-2026-11-22.csv"
    lines = attached.get_payload(decode=True).decode("utf-8-sig").splitlines()
    assert lines[0].startswith("Tag,")
    assert lines[5] == "20.11.2026,1,0,1"
    assert "/reports/volume/?range=last-week&by=day" in mail.get_body().get_content()
    kept.refresh_from_db()
    assert kept.due == datetime(2026, 11, 30, 6, tzinfo=ZoneInfo("Europe/Berlin"))


@time_machine.travel("2026-11-23T05:01:00Z", tick=False)
def test_a_mailed_report_counts_what_its_reader_sees_at_that_moment_and_goes_to_nobody_who_may_not(
    world: World, kept: SavedReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    Grant.objects.filter(team=world.team).delete()
    assert mailed(monkeypatch) == []
    assert SavedReport.objects.get().due > kept.due, "it is tried again next time"


@time_machine.travel("2026-11-23T05:01:00Z", tick=False)
def test_the_same_mail_sent_again_is_the_same_mail(
    world: World, kept: SavedReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[EmailMessage] = []
    for _again in range(2):
        assert actions.send(kept.pk, kept.due.isoformat(), make=tasks.make, by_way_of=sent.append)
    assert sent[0]["Message-ID"] == sent[1]["Message-ID"]

    def refuse(message: EmailMessage) -> None:
        raise Refused("550 no")

    assert not actions.send(kept.pk, kept.due.isoformat(), make=tasks.make, by_way_of=refuse)


@time_machine.travel("2026-11-23T05:01:00Z", tick=False)
def test_a_report_that_can_no_longer_be_computed_says_so(
    world: World, kept: SavedReport, monkeypatch: pytest.MonkeyPatch
) -> None:
    SavedReport.objects.update(query="team=gone")
    (mail,) = mailed(monkeypatch)
    assert "gone" in mail.get_body().get_content()
    assert list(mail.iter_attachments()) == []
