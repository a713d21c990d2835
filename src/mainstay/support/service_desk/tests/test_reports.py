"""The desk's figures: what they count, who sees them, and that each number leads to the very cases behind it."""

import csv
import io
import re
import zipfile
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import Actor, system
from mainstay.kernel.access.models import Role
from mainstay.kernel.people.actions import create_team
from mainstay.kernel.people.models import Team
from mainstay.kernel.practice.configuration import kinds, put
from mainstay.kernel.practice.errors import Invalid, Missing, NotPossible
from mainstay.kernel.records.actions import log_work
from mainstay.kernel.records.models import Category, Record
from mainstay.kernel.reports import queries
from mainstay.kernel.reports.engine.sheet import Sheet
from mainstay.kernel.reports.gateways.tables import written
from mainstay.kernel.reports.queries.asking import Asked, understand
from mainstay.kernel.reports.registry import reports
from mainstay.support.incidents import actions as incidents
from mainstay.support.incidents.models import Incident
from mainstay.support.service_desk import actions
from tests.world import World, signed_in

pytestmark = pytest.mark.django_db
BY = system("command")
BERLIN = ZoneInfo("Europe/Berlin")
NOW = "2026-11-20T09:00:00Z"
YEAR = {"start": "2026-01-01", "end": "2026-12-31"}


def asked(actor: Actor, name: str, **parameters: str) -> Asked:
    return understand(actor, name, MultiValueDict({key: [value] for key, value in parameters.items()}), BERLIN)


def table(actor: Actor, name: str, **parameters: str) -> dict[str, dict[str, float | None]]:
    """Return the rows of a report by their labels, and what all of them amount to."""
    found = queries.tabulate(actor, asked(actor, name, **{**YEAR, **parameters}))
    return {row.label: dict(row.values) for row in [*found.rows, found.total]}


def opened_at(record: Record, moment: str, **columns: Any) -> None:
    """Let a case have come in, and been resolved, at other times than now."""
    Record.objects.filter(pk=record.pk).update(opened=moment, **columns)


@pytest.fixture
def desk(world: World) -> World:
    """Two answered contacts, one of them reopened; one turned; three incidents, of which one is handed over."""
    with time_machine.travel(NOW, tick=False):
        put(kinds()["desks"], "desk", {"name": "The desk", "team": "desk"}, by=BY)
        agent, rita = world.as_agent(), world.as_requester()
        solved = [actions.create(by=rita, title=f"Question {n}") for n in range(3)]
        for each in solved:
            actions.MOVES["answer"](each, by=agent, solution="Like this.")
        actions.MOVES["reopen"](solved[2], by=agent, reason="No.")
        actions.MOVES["answer"](solved[2], by=agent, solution="Like that.")
        turned = actions.create(by=rita, title="It is broken")
        actions.turn_into_incident(turned, by=agent, version=turned.version, impact=1, urgency=1)
        quick, slow = (incidents.create(by=agent, title=title, source="phone") for title in ("Quick", "Slow"))
        other = create_team(by=BY, slug="network", name="Network", organisation=world.organisation)
        give(Role.objects.get(slug="agent"), by=BY, organisation=world.organisation, team=other)
        incidents.assign(quick, by=agent, team=world.team)
        incidents.assign(slow, by=agent, team=world.team)
        incidents.hand_over(slow, by=agent, team=other, reason="It is the network.")
        other_category = Category.objects.get(slug="other")
        for each, minutes in ((quick, 30), (slow, 90)):
            log_work(each, by=agent, minutes=minutes)
            incidents.resolve(each, by=agent, solution="Done.", closing_category=other_category)
        opened_at(quick, "2026-11-20T07:00:00Z")
        opened_at(slow, "2026-10-31T23:30:00Z")  # already November in Berlin
        opened_at(Record.objects.get(title="It is broken"), "2026-08-31T12:00:00Z")
    return world


@time_machine.travel(NOW, tick=False)
def test_figures_are_those_of_their_formulas(desk: World) -> None:
    agent = desk.as_agent()
    assert table(agent, "first-contact")["Total"] == {"at_once": 2, "settled": 4, "rate": 50.0}
    assert table(agent, "reopened")["Total"] == {"solved": 5, "reopened": 1, "times": 1, "rate": 20.0}
    assert table(agent, "hand-overs")["Total"] == {
        "opened": 3,
        "handed_over": 1,
        "hand_overs": 1,
        "mean": pytest.approx(1 / 3),
    }
    assert table(agent, "work")["Total"] == {"cases": 2, "minutes": 120, "mean": 60}
    phone = table(agent, "resolution-time", channel="phone")["Total"]
    slow = 19 * 24 + 9.5
    assert phone == {
        "resolved": 2,
        "median": pytest.approx((2 + slow) / 2),
        "ninetieth": pytest.approx(2 + 0.9 * (slow - 2)),
        "mean": pytest.approx((2 + slow) / 2),
    }
    assert table(agent, "assignment", channel="phone")["Total"]["median"] == pytest.approx((2 + slow) / 2)
    assert table(agent, "channels") == {
        "Portal": {"opened": 4},
        "Telephone": {"opened": 2},
        "Total": {"opened": 6},
    }


@time_machine.travel(NOW, tick=False)
def test_a_month_begins_at_midnight_where_the_reader_is(desk: World) -> None:
    found = table(desk.as_agent(), "volume", by="month")
    assert found["2026-11-01"] == {"opened": 5, "resolved": 5, "growth": 0}
    assert found["2026-10-01"] == {"opened": 0, "resolved": 0, "growth": 0}
    assert found["2026-08-01"] == {"opened": 1, "resolved": 0, "growth": 1}


@time_machine.travel(NOW, tick=False)
def test_the_backlog_is_what_stood_open_at_each_end(desk: World) -> None:
    agent = desk.as_agent()
    found = table(agent, "backlog", end="2026-11-20")
    assert [found[f"2026-{month:02}-01"]["cases"] for month in (7, 8, 9, 10, 11)] == [0, 1, 1, 1, 1]
    assert found["2026-10-01"]["mean_age"] == pytest.approx(61 + 11 / 24)
    assert table(agent, "backlog", by="age")["31 to 90 days"]["cases"] == 1
    with time_machine.travel("2026-11-30T09:00:00Z", tick=False):
        assert table(agent, "backlog", by="age")["More than 90 days"]["cases"] == 1
    # What is resolved later stood open before.
    opened_at(Record.objects.get(title="Slow"), "2026-10-05T10:00:00Z", resolved="2026-11-01T00:00:00+01:00")
    assert table(agent, "backlog", end="2026-11-20")["2026-10-01"]["cases"] == 2
    assert table(agent, "backlog", end="2026-11-20")["2026-11-01"]["cases"] == 1


@time_machine.travel(NOW, tick=False)
def test_every_number_leads_to_the_cases_that_it_counts(desk: World) -> None:
    """Each count of each report, however it is divided, is the length of the list behind it."""
    agent, counted = desk.as_agent(), 0
    for name, report in reports().items():
        for by in {"quarter", "team", "channel", *("age",) * report.stock}:
            question = asked(agent, name, start="2026-07-01", end="2026-11-20", by=by)
            found = queries.tabulate(agent, question)
            for row in [*found.rows, found.total]:
                key = None if row is found.total else row.key
                for measure in report.measures:
                    if measure.listed and measure.unit == "cases":
                        listed = queries.behind(agent, question, measure, key).count()
                        assert (name, by, row.label, measure.name, listed) == (
                            *(name, by, row.label, measure.name),
                            row.values[measure.name],
                        )
                        counted += bool(listed)
    assert counted > 80, "hardly anything was counted: it proves nothing"


@time_machine.travel(NOW, tick=False)
def test_reports_count_only_what_their_reader_sees(desk: World) -> None:
    own = desk.as_agent()
    before = {name: table(own, name) for name in reports()}
    for n in range(5):
        foreign = incidents.create(by=desk.as_stranger(), title=f"Elsewhere {n}", source="phone")
        opened_at(foreign, "2026-11-02T10:00:00Z")
    assert {name: table(own, name) for name in reports()} == before
    assert table(desk.as_stranger(), "volume")["Total"]["opened"] == 5
    assert table(desk.as_requester(), "volume")["Total"]["opened"] == 0, "the work is not a requester's to measure"


@time_machine.travel(NOW, tick=False)
def test_the_pages_of_reports_open_for_whoever_may_see_them_and_for_nobody_else(desk: World) -> None:
    adam, rita = signed_in(desk.agent), signed_in(desk.requester)
    for path in ("/reports/", "/reports/volume/", "/reports/volume/cases/?measure=opened", "/reports/volume/export/"):
        assert (adam.get(path).status_code, rita.get(path).status_code) == (200, 404), path
    page = adam.get("/reports/volume/?range=exact&start=2026-08-01&end=2026-11-20&by=team").content.decode()
    assert "Cases that came in" not in page
    assert "Opened: cases that came in." in page, "the formula is shown"
    for words in ("Service desk", "Network", "None"):
        assert words in page
    assert adam.get("/reports/none-such/").status_code == 404
    assert adam.get("/reports/volume/cases/?measure=none-such").status_code == 404


@time_machine.travel(NOW, tick=False)
def test_each_link_of_the_table_shows_as_many_cases_as_it_says(desk: World) -> None:
    adam = signed_in(desk.agent)
    for by in ("team", "month", "priority", "channel"):
        page = adam.get(f"/reports/volume/?range=this-year&by={by}").content.decode()
        links = re.findall(r'<td[^>]*><a href="([^"]+)">(\d+)</a>', page)
        assert len(links) >= 4, by
        for address, number in links:
            listed = adam.get(address.replace("&amp;", "&")).content.decode()
            assert listed.count("data-row") == int(number), address


@time_machine.travel(NOW, tick=False)
def test_what_cannot_be_asked_is_refused_with_its_reason(desk: World) -> None:
    agent = desk.as_agent()
    for parameters, field in (
        ({"by": "colour"}, "by"),
        ({"by": "age"}, "by"),
        ({"start": "yesterday"}, "start"),
        ({"start": "2026-11-02", "end": "2026-11-01"}, "end"),
        ({"start": "2020-01-01", "end": "2026-11-01", "by": "day"}, "by"),
        ({"range": "last-century"}, "range"),
        ({"team": "nobodys"}, "team"),
        ({"q": "printer"}, "q"),
    ):
        with pytest.raises(Invalid) as refused:
            asked(agent, "volume", **parameters)
        assert list(refused.value.errors) == [field]
    with pytest.raises(Missing):
        asked(agent, "colours")
    for key in ("2026-01-01x", "\x00"):
        question = asked(agent, "volume", by="month")
        with pytest.raises(Invalid):
            queries.behind(agent, question, question.report.measures[0], key)


def test_a_report_that_takes_too_long_is_given_up_with_advice(desk: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "LONGEST", "20ms")

    def slow(*arguments: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_sleep(5)")

    monkeypatch.setattr(queries, "_flow", slow)
    with pytest.raises(NotPossible, match="Choose fewer days"):
        table(desk.as_agent(), "volume")
    assert Incident.objects.count() == 3, "the connection goes on"
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() != ("20ms",)


@time_machine.travel(NOW, tick=False)
def test_reports_ask_as_many_questions_however_much_there_is(desk: World) -> None:
    agent = desk.as_agent()

    def questions() -> dict[str, int]:
        found = {}
        for name in reports():
            with CaptureQueriesContext(
                connection,
            ) as asked_:
                table(agent, name, by="team")
            found[name] = sum(query["sql"].startswith("SELECT") for query in asked_.captured_queries)
        return found

    before = questions()
    for n in range(4):
        team = create_team(by=BY, slug=f"team-{n}", name=f"Team {n}", organisation=desk.organisation)
        Record.objects.filter(pk=incidents.create(by=agent, title=f"More {n}").pk).update(team=team)
    assert questions() == before
    assert max(before.values()) <= 4


@time_machine.travel(NOW, tick=False)
def test_a_report_leaves_as_a_file_that_a_spreadsheet_does_not_run(desk: World) -> None:
    Team.objects.filter(slug="network").update(name='=HYPERLINK("http://evil.example")')
    adam = signed_in(desk.agent)
    address = "/reports/volume/export/?range=this-year&by=team"
    rows = list(csv.reader(io.StringIO(adam.get(address).content.decode("utf-8-sig"))))
    assert rows[0] == ["Team", "Opened", "Resolved", "Growth"]
    assert ['\'=HYPERLINK("http://evil.example")', "1", "1", "0"] in rows
    assert rows[-1] == ["Total", "6", "5", "1"]
    answer = adam.get(f"{address}&form=xlsx")
    assert answer.headers["Content-Disposition"] == 'attachment; filename="volume-2026-01-01-2026-11-20.xlsx"'
    with zipfile.ZipFile(io.BytesIO(answer.content)) as book:
        texts = book.read("xl/sharedStrings.xml").decode()
        cells = book.read("xl/worksheets/sheet1.xml").decode()
    assert "'=HYPERLINK" in texts
    assert "<f>" not in cells
    assert "Opened: cases that came in." in texts, "the formula travels along"
    assert adam.get(f"{address}&form=exe").status_code == 404
    assert written(Sheet("", ["-"], [[-3, "-3"]]), "csv", made=timezone.now()).split()[-1] == b"-3,'-3", (
        "a number stays one"
    )
