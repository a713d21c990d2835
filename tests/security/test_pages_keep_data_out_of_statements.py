"""Whatever stands in an address of a page reaches the database as a value, never as part of a statement (D05, D06)."""

from collections.abc import Iterator
from itertools import product
from typing import Any
from urllib.parse import urlencode

import pytest
from django.db import connection
from django.test import Client

from mainstay.kernel.access.actions import give
from mainstay.kernel.access.actor import system
from mainstay.kernel.access.models import Role
from mainstay.kernel.records.models import SavedView
from mainstay.support.incidents import actions
from tests.security.test_api_keeps_data_out_of_statements import HOSTILE
from tests.sizes import size
from tests.world import World

#: Each hostile text by itself and in the company of what is harmless, 200 in all; at full size each goes everywhere.
WAYS = ("{}", "new{}", "{}new", "printer {}", "{} printer", "-{}", '"{}"', "INC-{}", "({})", "{}{}")
PAYLOADS = [way.replace("{}", text) for text, way in product(HOSTILE, WAYS)]
#: Addresses that take something, with the parameters they take; the queue's are those of the export and of views.
QUEUE = ["phase", "state", "priority", "team", "assignee", "category"]
QUEUE += ["organisation", "requester", "q", "sort", "columns", "cursor"]
LISTS = {
    "/incidents/": QUEUE,
    "/incidents/export/": ["q", "sort"],
    "/incidents/new/callers/": ["requester"],
    "/incidents/new/attributes/": ["category"],
    "/search/": ["q", "page"],
    "/web/palette/": ["q"],
    "/cases/": ["q", "state"],
    "/administration/people/": ["q", "after"],
    "/administration/audit/": ["who", "about", "before"],
}
PLACES = [(address, name) for address, names in LISTS.items() for name in names]
#: Values that are meant to come: a text may find something or not, and its last word may go on.
MEANT = ["", "1", "new", "the printer", "loud printer", "-loud", "INC-000001"]
LEAKS = ("_connector=OR", "requester__password__startswith=a", "title__regex=.*", "pk=1", "order_by=id", "extra=1")


@pytest.fixture
def somebody(world: World) -> Client:
    """Somebody whom every list is open to."""
    for role in ("administrator", "auditor", "manager"):
        give(Role.objects.get(slug=role), by=system("command"), organisation=world.organisation, person=world.agent)
    actions.create(by=world.as_requester(), title="Printer")
    client = Client()
    client.force_login(world.agent)
    return client


def statements(client: Client, address: str, name: str, value: str) -> set[str]:
    """Return the texts of all statements that asking for a list runs, as they were before values were put in."""
    found: set[str] = set()

    def watch(execute: Any, sql: Any, parameters: Any, many: bool, context: Any) -> Any:
        found.add(sql if isinstance(sql, str) else sql.as_string(None))
        return execute(sql, parameters, many, context)

    with connection.execute_wrapper(watch):
        answer = client.get(f"{address}?{urlencode({name: value})}")
        assert answer.status_code in (200, 422), (address, name, value, answer.status_code)
        if answer.streaming:
            answer.getvalue()
    return found


def shares() -> Iterator[tuple[str, str, list[str]]]:
    """Every place with its share of the payloads."""
    count = size("statement payloads")
    for place, (address, name) in enumerate(PLACES):
        start = place * count % len(PAYLOADS)
        yield address, name, (PAYLOADS + PAYLOADS)[start : start + count]


@pytest.mark.parametrize("start", LISTS)
def test_hostile_values_of_an_address_change_no_statement(somebody: Client, start: str) -> None:
    wrong = []
    # All that the page was ever seen to ask: counters are asked for again every ten seconds, whatever stands in it.
    known: set[str] = set()
    for address, name, payloads in shares():
        if address == start:
            known = known.union(*(statements(somebody, address, name, value) for value in MEANT))
            wrong += [(name, text) for text in payloads if not statements(somebody, address, name, text) <= known]
    assert wrong == []


def test_a_statement_that_holds_what_was_sent_is_seen(somebody: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from mainstay.kernel.administration import queries

    real = queries.people

    def careless(actor: Any, text: str = "") -> Any:
        return real(actor).extra(where=[f"people_person.name <> '{text.replace(chr(39), '')}'"])  # the fault

    monkeypatch.setattr(queries, "people", careless)
    place = ("/administration/people/", "q")
    assert not statements(somebody, *place, "1; DROP") <= statements(somebody, *place, "printer")


@pytest.mark.parametrize("query", LEAKS)
def test_a_list_knows_no_operator_and_no_relation(somebody: Client, query: str) -> None:
    for address in ("/incidents/", "/incidents/export/"):
        assert somebody.get(f"{address}?{query}").status_code == 422


def test_a_saved_view_holds_nothing_that_the_list_would_not_take(somebody: Client) -> None:
    for text in (*LEAKS, *(urlencode({"state": text}) for text in HOSTILE)):
        assert somebody.post(f"/incidents/views/?{text}", {"name": "Mine", "owner_of": "me"}).status_code == 422
    assert not SavedView.objects.exists()
    somebody.post("/incidents/views/?state=new&q=';--", {"name": "Mine", "owner_of": "me"})
    assert SavedView.objects.get().query == "state=new&q=%27%3B--"
