"""The queue: filters, order, pages, columns, export, views and action on many."""

import csv
import io
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.http import QueryDict
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import given
from hypothesis import strategies as st

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.practice.errors import Invalid
from mainstay.kernel.records.actions.configuration import save_attribute
from mainstay.kernel.records.lists import page, read
from mainstay.kernel.records.models import Category, SavedView
from mainstay.kernel.reports.engine.cells import FORMULA, cell
from mainstay.support.incidents import actions, queries
from mainstay.support.incidents.models import Incident
from tests.world import World, statements


@pytest.fixture
def agent(world: World) -> Client:
    client = Client()
    client.force_login(world.agent)
    return client


@pytest.fixture
def four(world: World) -> list[Incident]:
    """Four incidents of different states, priorities, categories and holders."""
    by = world.as_requester()
    printer = Category.objects.get(slug="hardware-printer")
    made = [
        actions.create(by=by, title="The printer does not print", category=printer),
        actions.create(by=by, title="No network", impact=1, urgency=1),
        actions.create(by=by, title="Printing is slow", impact=1),
        actions.create(by=by, title="=HYPERLINK(1)"),
    ]
    actions.assign(made[1], by=world.as_agent(), team=world.team, person=world.agent)
    actions.assign(made[2], by=world.as_agent(), team=world.team)
    actions.cancel(made[3], by=world.as_agent(), reason="A test")
    return made


def found(world: World, address: str) -> list[str]:
    actor = world.as_agent()
    selection = read(actor, queries.KIND, QueryDict(address))
    return [row["title"] for row in page(actor, queries.rows_in_console, selection, size=10).rows]


ALL = ["The printer does not print", "No network", "Printing is slow", "=HYPERLINK(1)"]


@pytest.mark.parametrize(
    ("address", "titles"),
    [
        ("", [0, 1, 2, 3]),
        ("state=new", [0]),
        ("state=new&state=assigned", [0, 1, 2]),
        ("phase=closed", [3]),
        ("priority=1", [1]),
        ("team=desk", [1, 2]),
        ("team=none", [0, 3]),
        ("team=mine", [1, 2]),
        ("assignee=me", [1]),
        ("assignee=nobody&phase=open", [0, 2]),
        ("category=hardware", [0]),
        ("category=hardware-printer", [0]),
        ("organisation=acme", [0, 1, 2, 3]),
        ("q=print", [0, 2]),
        ("q=does+prin", [0]),
        ("q=network+no", [1]),
        ("q=%25", []),
        ("q=nothing", []),
    ],
)
def test_a_filter_finds_what_it_says(world: World, four: list[Incident], address: str, titles: list[int]) -> None:
    assert found(world, f"{address}&sort=number") == [ALL[place] for place in titles]


def test_a_number_is_found_however_it_is_written(world: World, four: list[Incident]) -> None:
    number = four[1].number
    digits = number.partition("-")[2]
    for text in (number, number.lower(), digits, digits.lstrip("0"), f"inc{digits.lstrip('0')}"):
        assert found(world, f"q={text}") == ["No network"]


@pytest.mark.parametrize(
    "address",
    ["state=mended", "team=elsewhere", "assignee=1", "priority=9", "colour=blue", "sort=title", "columns=a"],
)
def test_what_the_list_does_not_know_is_refused(agent: Client, address: str) -> None:
    assert agent.get(f"/incidents/?{address}").status_code == 422


@given(cursor=st.text(max_size=80))
def test_no_cursor_but_our_own_is_understood(cursor: str) -> None:
    from mainstay.kernel.records.lists import SORTS, _decode

    for names in SORTS.values():
        try:
            backwards, position = _decode(cursor, names)
        except Invalid:
            continue
        assert len(position) == len(names)
        assert backwards in (True, False)


@pytest.mark.parametrize("sort", ["number", "-number", "updated", "-updated", "opened", "-priority", "priority"])
def test_the_pages_of_a_list_hold_every_row_once_and_lead_back(world: World, sort: str) -> None:
    for number in range(7):
        actions.create(by=world.as_requester(), title=f"Number {number}", impact=1 + number % 2)
    actor = world.as_agent()
    seen, places, cursor = [], [], ""
    while True:
        selection = read(actor, queries.KIND, QueryDict(f"sort={sort}&cursor={cursor}"))
        part = page(actor, queries.rows_in_console, selection, size=3)
        seen.append([row["number"] for row in part.rows])
        places.append(part)
        cursor = part.next
        if not cursor:
            break
    assert [len(part) for part in seen] == [3, 3, 1]
    assert len({number for part in seen for number in part}) == 7
    back = read(actor, queries.KIND, QueryDict(f"sort={sort}&cursor={places[2].previous}"))
    before = page(actor, queries.rows_in_console, back, size=3)
    assert [row["number"] for row in before.rows] == seen[1]
    first = page(
        actor,
        queries.rows_in_console,
        read(actor, queries.KIND, QueryDict(f"sort={sort}&cursor={before.previous}")),
        size=3,
    )
    assert ([row["number"] for row in first.rows], first.previous) == (seen[0], "")


@pytest.mark.parametrize("address", ["/incidents/", "/incidents/?team=mine&phase=open", "/incidents/start/"])
def test_a_list_takes_as_many_queries_for_three_rows_as_for_one(agent: Client, world: World, address: str) -> None:
    def another() -> None:
        incident = actions.create(by=world.as_requester(), title="No network")
        actions.assign(incident, by=world.as_agent(), team=world.team, person=world.agent)

    another()
    agent.get(address)
    another()
    one = statements(agent, address)
    another()
    another()
    assert statements(agent, address) == one
    assert one <= (13 if "start" in address else 9), "with the counters counted anew"


def test_counters_are_counted_again_after_an_event_and_only_then(world: World, four: list[Incident]) -> None:
    before = queries.counters(world.as_agent())
    with CaptureQueriesContext(connection) as captured:
        actor = world.as_agent()
        assert queries.counters(actor) == before
    assert len(captured) == 1, "the rights alone were read"
    actions.create(by=world.as_requester(), title="Another")
    assert queries.counters(world.as_agent())["open"] == before["open"] + 1
    assert queries.counters(world.as_stranger())["open"] == 0


def test_a_stranger_of_another_organisation_sees_none_of_it(world: World, four: list[Incident]) -> None:
    client = Client()
    client.force_login(world.stranger)
    page = client.get("/incidents/").content.decode()
    assert not any(incident.number in page for incident in four)
    assert list(csv_of(client, "/incidents/export/"))[1:] == []


def csv_of(client: Client, address: str) -> Iterator[list[str]]:
    answer: Any = client.get(address)
    return csv.reader(io.StringIO(answer.getvalue().decode()))


def test_the_export_is_what_the_list_shows_and_no_formula(agent: Client, four: list[Incident]) -> None:
    rows = list(csv_of(agent, "/incidents/export/?sort=number&columns=title,state&phase=closed&phase=open"))
    assert rows[0] == ["Number", "Title", "State"]
    assert [row[1:] for row in rows[1:]] == [
        ["The printer does not print", "New"],
        ["No network", "Assigned"],
        ["Printing is slow", "Assigned"],
        ["'=HYPERLINK(1)", "Cancelled"],
    ]


def test_a_custom_field_is_a_column_of_the_list_and_of_its_export(
    agent: Client, world: World, four: list[Incident]
) -> None:
    save_attribute(by=system("command"), slug="asset-tag", kind="incident", label="Asset tag", type="text")
    actions.edit(four[0], by=world.as_agent(), version=four[0].version, values={"attributes": {"asset-tag": "TW-1"}})
    page = agent.get("/incidents/?sort=number&columns=title,attributes.asset-tag").content.decode()
    assert "Asset tag" in page
    assert '<td class="name">TW-1</td>' in page
    rows = list(csv_of(agent, "/incidents/export/?sort=number&columns=attributes.asset-tag"))
    assert [row[1] for row in rows] == ["Asset tag", "TW-1", "", "", ""]
    assert agent.get("/incidents/?columns=attributes.colour").status_code == 422


@given(st.text())
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not cell(text).startswith(FORMULA)
    assert cell(text).removeprefix("'") == text.removeprefix("'") or cell(text) == text


def test_the_export_needs_its_own_right(agent: Client, world: World) -> None:
    auditor = Client()
    give(
        Role.objects.get(slug="auditor"), by=system("command"), organisation=world.organisation, person=world.requester
    )
    auditor.force_login(world.requester)
    assert auditor.get("/incidents/").status_code == 200
    assert auditor.get("/incidents/export/").status_code == 404
    assert agent.get("/incidents/export/").status_code == 200


def test_many_are_changed_each_by_itself_and_what_was_refused_is_said(
    agent: Client, world: World, four: list[Incident]
) -> None:
    chosen = {"verb": "hold", "selected": [incident.number for incident in four]}
    preview = agent.post("/incidents/bulk/", chosen).content.decode()
    assert "3 incidents will be changed" in preview
    assert "Not possible: its state is Cancelled." in preview
    assert {incident.state for incident in Incident.objects.all()} == {"new", "assigned", "cancelled"}
    assert agent.post("/incidents/bulk/", {**chosen, "confirmed": "yes"}).status_code == 422
    report = agent.post("/incidents/bulk/", {**chosen, "confirmed": "yes", "reason": "vendor"}).content.decode()
    assert "3 incidents were changed" in report
    assert "1 incident was refused" in report
    assert Incident.objects.filter(state="pending", hold_reason__slug="vendor").count() == 3


def test_nobody_changes_many_of_another_organisation(world: World, four: list[Incident]) -> None:
    client = Client()
    client.force_login(world.stranger)
    chosen = {"verb": "start", "selected": [incident.number for incident in four], "confirmed": "yes"}
    client.post("/incidents/bulk/", chosen)
    assert not Incident.objects.filter(state="in_progress").exists()


def test_a_view_is_kept_for_oneself_or_the_team_but_for_everyone_only_by_who_configures(
    agent: Client, world: World
) -> None:
    address = "/incidents/views/?phase=open&sort=priority"
    assert agent.post(address, {"name": "Urgent", "owner_of": "me"}).status_code == 303
    assert agent.post(address, {"name": "Ours", "owner_of": str(world.team.uuid)}).status_code == 303
    assert agent.post(address, {"name": "All", "owner_of": "everyone"}).status_code == 422
    assert set(SavedView.objects.values_list("name", "query", "person", "team")) == {
        ("Urgent", "phase=open&sort=priority", world.agent.pk, None),
        ("Ours", "phase=open&sort=priority", None, world.team.pk),
    }
    page = agent.get("/incidents/").content.decode()
    assert "Urgent" in page
    other = Client()
    other.force_login(world.stranger)
    assert "Urgent" not in other.get("/incidents/").content.decode()
    mine = SavedView.objects.get(name="Urgent")
    assert other.post(f"/incidents/views/{mine.uuid}/remove/").status_code == 404
    assert agent.post(f"/incidents/views/{mine.uuid}/remove/").status_code == 303
